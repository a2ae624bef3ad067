"""The read planner: what joining costs on a line, the cheapest requests, and what a denial teaches."""

from drivers import readplan
from drivers.readplan import Known, Line, cost_ns, parted, plan


def spread(gap: int, count: int) -> "list[tuple[int, int, int]]":
    """Values of two registers with `gap` registers between."""
    return [(3, i * (2 + gap), i * (2 + gap) + 2) for i in range(count)]


GAPS = (  # baud, framing, turnaround ms, the widest gap that pays
    (9600, "8N1", 5, 12),
    (9600, "8N1", 20, 20),
    (9600, "8E1", 5, 12),
    (19200, "8E1", 20, 28),
    (115200, "8N1", 5, 61),
)


def test_joining_pays_up_to_a_gap_that_the_line_sets() -> None:
    for baud, framing, turnaround, most in GAPS:
        line = readplan.rtu(baud, framing, turnaround)
        assert line.gap() == most, (baud, framing, turnaround, line.gap())
        assert len(plan(spread(most, 2), line)) == 1
        assert len(plan(spread(most + 1, 2), line)) == 2


def test_on_tcp_all_is_joined_that_the_device_allows() -> None:
    line = readplan.tcp()
    assert plan(spread(60, 3), line) == [(3, 0, 64), (3, 124, 2)] or plan(spread(60, 3), line) == [(3, 0, 2), (3, 62, 64)]
    assert len(plan(spread(10, 4), line, gap=9)) == 4
    assert len(plan(spread(10, 4), line, largest=14)) == 2


def test_a_full_meter_is_one_read() -> None:
    """Eastron SDM630: 17 values of two registers between 0 and 76 (drivers.md: 179 ms on the wire, single reads 765 ms)."""
    places = (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 24, 30, 48, 52, 70, 72, 74)
    spans = [(4, at, at + 2) for at in places]
    line = readplan.rtu(9600, "8N1", 20)
    assert plan(spans, line, largest=80) == [(4, 0, 76)]
    single = cost_ns([(4, at, 2) for at in places], line)
    assert 765 <= single // 1000000 <= 765 + 17, "a millisecond a request is the host's"
    assert 198 <= cost_ns([(4, 0, 76)], line) // 1000000 <= 201


def test_fifty_scattered_quantities() -> None:
    """Points of SunSpec models 1, 103, 120 to 124 and 160: single registers, 6 to 20 apart, over 900 registers."""
    spans, at, step = [], 40002, (6, 19, 9, 26, 14, 31, 8)
    for i in range(50):
        spans.append((3, at, at + 1))
        at += step[i % len(step)]
    planned = plan(spans, readplan.rtu(9600, "8N1", 20))
    assert len(plan(spans, readplan.tcp())) <= 9
    assert len(planned) < 50 and cost_ns(planned, readplan.rtu(9600, "8N1", 20)) < cost_ns(
        [(3, first, 1) for _, first, _ in spans], readplan.rtu(9600, "8N1", 20)
    )


def every(spans: "list[tuple[int, int, int]]") -> "list[list[tuple[int, int, int]]]":
    """All ways to cut sorted spans into requests."""
    ways = []
    for bits in range(1 << (len(spans) - 1)):
        requests, begin = [], 0
        for i in range(len(spans)):
            if i + 1 == len(spans) or bits >> i & 1:
                requests.append((spans[begin][0], spans[begin][1], spans[i][2] - spans[begin][1]))
                begin = i + 1
        ways.append(requests)
    return ways


def test_no_other_plan_is_cheaper() -> None:
    seed = 7
    for _ in range(60):
        spans, at = [], 0
        for _ in range(8):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            at += seed >> 8 & 31
            width = 1 + (seed >> 16 & 3)
            spans.append((3, at, at + width))
            at += width
        line = readplan.rtu(9600, "8N1", seed >> 20 & 15)
        allowed = [way for way in every(spans) if max([count for _, _, count in way]) <= 40]
        best = min([cost_ns(way, line) for way in allowed])
        assert cost_ns(plan(spans, line, largest=40), line) == best


def test_every_value_is_read_whole_and_none_twice() -> None:
    for gap in range(0, 30, 3):
        for largest in (4, 10, 125):
            spans = spread(gap, 9)
            requests = plan(spans, readplan.rtu(9600), largest=largest)
            for function, first, after in spans:
                assert len([1 for f, at, count in requests if f == function and at <= first and after <= at + count]) == 1
            assert max([count for _, _, count in requests]) <= max(largest, 2)


def test_functions_are_not_mixed_and_doubles_are_one() -> None:
    assert plan([(4, 0, 2), (3, 2, 3), (3, 2, 3), (3, 2, 4)], readplan.tcp()) == [(3, 2, 2), (4, 0, 2)]


def test_a_block_is_read_as_it_stands() -> None:
    blocks = ((3, 0, 20), (3, 20, 20), (3, 90, 9))
    assert plan([(3, 3, 4), (3, 25, 27), (3, 50, 51), (3, 55, 56)], readplan.tcp(), blocks=blocks) == [(3, 0, 20), (3, 20, 20), (3, 50, 6)]


def test_nothing_is_joined_over_a_hole() -> None:
    spans = spread(4, 3)
    assert plan(spans, readplan.tcp()) == [(3, 0, 14)]
    assert plan(spans, readplan.tcp(), holes=[(3, 2, 6)]) == [(3, 0, 2), (3, 6, 8)]
    assert plan(spans, readplan.tcp(), holes=[(4, 2, 6)]) == [(3, 0, 14)]
    assert plan(spans, readplan.tcp(), holes=[(3, 6, 8)]) == [(3, 0, 2), (3, 12, 2)], "a value that it lacks is not asked for"
    assert plan([(3, 0, 2), (3, 2, 4)], readplan.tcp(), holes=[(3, 2, 2)]) == [(3, 0, 2), (3, 2, 2)], "a place not to be crossed"


def test_a_denied_request_is_parted_at_its_widest_gap() -> None:
    spans = [(3, 0, 2), (3, 2, 4), (3, 10, 11), (4, 5, 6)]
    assert parted((3, 0, 11), spans) == ((3, 0, 4), (3, 10, 1), (3, 4, 10))
    assert parted((3, 0, 4), spans) == ((3, 0, 2), (3, 2, 2), (3, 2, 2))
    assert parted((3, 10, 1), spans) is None
    assert parted((3, 0, 8), [(3, i, i + 1) for i in range(8)]) == ((3, 0, 4), (3, 4, 4), (3, 4, 4)), "in its middle"


def test_what_was_learned_is_kept_and_absent_values_are_asked_for_again() -> None:
    known = Known()
    assert known.learn([(3, 4, 10)], [(4, 70, 72)], 1000)
    assert not known.learn([(3, 4, 10)], [(4, 70, 72)], 2000)
    again = Known(known.doc())
    assert again.holes() == [(3, 4, 10), (4, 70, 72)]
    assert not again.forgive(1000 + readplan.DAY_S - 1)
    assert again.forgive(1000 + readplan.DAY_S)
    assert again.holes() == [(3, 4, 10)]
    assert Known({"gaps": None}).holes() == []


def test_costs_add_up() -> None:
    assert Line(100, 7).read_ns(3) == 121
    assert Line(100, 7).gap() == 14

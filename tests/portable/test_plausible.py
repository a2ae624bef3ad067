"""Judging devices: what real field faults look like is found, what honest devices do (grains, pauses, sleep, noise) is not."""

from small_street import SLOT, SmallStreet

from drivers.nouns import Reading
from gateway.acts import Note, Save
from gateway.plausible import Judge, Jury

T0 = 1_782_000_000
METER = {"name": "grid", "kind": "meter", "stale_s": 60}


class Meter:
    """A meter whose power wanders; grain: Wh that its counters show; lumps: seconds between two looks of theirs."""

    def __init__(self, grain=1, lumps=1):
        self.grain, self.lumps, self.at, self.power = grain, lumps, T0, 400
        self.ws, self.shown = [4_100_000 * 3600, 2_300_000 * 3600], None

    def frame(self, seconds=10):
        for _ in range(seconds):
            self.at += 1
            minute = (self.at - T0) // 60
            self.power = 300 + 37 * (minute % 7) + (2200 if minute % 31 < 4 else 0) - (4000 if minute // 120 % 3 == 1 else 0)
            self.ws[self.power < 0] += abs(self.power)
        if self.shown is None or self.at % self.lumps < seconds:
            self.shown = [ws // 3600 // self.grain * self.grain for ws in self.ws]
        return {"power_w": self.power, "energy_import_wh": self.shown[0], "energy_export_wh": self.shown[1]}


def heard(judge, meter, frames, change=lambda v: v, seconds=10):
    """How many frames were believed."""
    return sum([judge.heard(change(meter.frame(seconds)), meter.at) for _ in range(frames)])


def caught_after(change, grain=1, kind="meter", most_s=6 * 3600):
    """Seconds until the judge is sure, None when it never is."""
    judge, meter = Judge(kind, 17_000), Meter(grain)
    for _ in range(most_s // 10):
        judge.heard(change(meter.frame()), meter.at)
        if judge.wrong:
            return meter.at - T0
    return None


def with_power(power):
    def change(values):
        values["power_w"] = power(values["power_w"])
        return values

    return change


def test_an_honest_meter_is_believed_whatever_its_grain_and_its_pauses():
    for grain in (1, 10, 100, 1000):
        for lumps in (1, 300, 900):
            for seconds in (10, 60):
                judge = Judge("meter", 17_000)
                assert heard(judge, Meter(grain, lumps), 8 * 3600 // seconds, seconds=seconds) == 8 * 3600 // seconds, judge.wrong


def test_power_ten_times_too_large_turned_round_or_amperes_is_found_by_the_counters():
    for grain, patience_s in ((1, 7200), (10, 10_800), (100, 6 * 3600)):
        for power in (lambda w: 10 * w, lambda w: -w, lambda w: w // 230, lambda w: w // 10):
            assert (caught_after(with_power(power), grain) or 10**9) < patience_s, grain


def test_one_phase_taken_for_all_three_is_found():
    assert caught_after(with_power(lambda w: w // 3), most_s=8 * 3600)


def test_a_demand_read_as_energy_falls_or_leaps_or_stands():
    def demand(scale):
        def change(values):
            values["energy_import_wh"] = abs(values["power_w"]) * scale
            return values

        return change

    assert (caught_after(demand(1)) or 10**9) < 3600 and (caught_after(demand(1000)) or 10**9) < 3600
    judge = Judge("heater", 17_000)
    for i in range(3 * 360):
        judge.heard({"power_w": 3000, "energy_import_wh": 3000}, T0 + 10 * i)
    assert "power_w made" in judge.wrong, judge.wrong


def test_swapped_words_are_out_of_range():
    assert (caught_after(with_power(lambda w: (w & 0xFFFF) << 16 | w >> 16 & 0xFFFF)) or 10**9) <= 30


def test_a_counter_falls_only_when_a_swap_is_declared():
    judge = Judge("meter", 17_000)
    judge.heard({"energy_import_wh": 4_100_123}, T0)
    doc = judge.state(T0)
    assert not judge.heard({"energy_import_wh": 17}, T0 + 10)
    assert not judge.wrong, "once is a glitch"
    for i in range(2, 4):
        judge.heard({"energy_import_wh": 17}, T0 + 10 * i)
    assert "fell from 4100123 to 17" in judge.wrong
    again = Judge("meter", 17_000)
    again.recall(doc, {})
    assert not again.heard({"energy_import_wh": 17}, T0 + 86_400), "also over a restart"
    swapped = Judge("meter", 17_000, swapped="2026-06-22")
    swapped.recall(doc, {})
    assert swapped.heard({"energy_import_wh": 17}, T0 + 86_400) and swapped.heard({"energy_import_wh": 18}, T0 + 86_410)
    assert not swapped.heard({"energy_import_wh": 3_000_000}, T0 + 86_420)


def test_an_inverter_that_sleeps_may_show_no_energy_and_a_computed_counter_may_tremble():
    judge = Judge("pv", 17_000)
    for value in (7_000_123, 7_000_119, 0, 0, 0, 0, 7_000_124):
        assert judge.heard({"power_w": 0, "energy_export_wh": value}, T0), value


def test_phases_and_their_sum():
    judge = Judge("meter", 17_000)
    frame = {"power_l1_w": 400, "power_l2_w": 300, "power_l3_w": 300, "power_w": 1040}
    assert judge.heard(frame, T0)
    frame["power_w"] = 5
    assert not judge.heard(frame, T0) and "phases are 1000 W" in judge.impossible(frame, T0)
    del frame["power_l3_w"]
    assert judge.heard(frame, T0)


def test_no_power_above_what_voltage_and_current_make():
    frame = {"power_w": 6900}
    for phase in ("l1", "l2", "l3"):
        frame["voltage_%s_mv" % phase], frame["current_%s_ma" % phase] = 230_000, 1000
    assert "1380 VA" in Judge("ev", 17_000).impossible(frame, T0)
    frame["power_w"] = 1500
    assert not Judge("ev", 17_000).impossible(frame, T0), "whole amperes: it may be nearly 2 A"
    for phase in ("l1", "l2", "l3"):
        frame["current_%s_ma" % phase] = 1001
    assert "691 VA" in Judge("ev", 17_000).impossible(frame, T0)
    frame["power_w"] = 691
    assert not Judge("ev", 17_000).impossible(frame, T0)


def test_ranges_by_nameplate_by_limit_and_by_nature():
    assert Judge("heater", 17_000).impossible({"power_w": 34_001}, T0)
    heater = Judge("heater", 17_000)
    heater.heard({"power_max_w": 3000}, T0)
    assert heater.impossible({"power_w": 30_000}, T0) and not heater.impossible({"power_w": 3300}, T0)
    battery = Judge("battery", 17_000)
    battery.heard({"power_max_w": 200}, T0)  # nearly full: it charges with little, and gives as ever
    assert not battery.impossible({"power_w": -5000}, T0)
    for quantity, value in (("soc_permille", 5500), ("frequency_mhz", 500_000), ("voltage_l2_mv", 2_300_000), ("energy_import_wh", -1)):
        assert quantity in heater.impossible({quantity: value}, T0)


def test_each_kind_has_its_direction():
    for kind, power in (("pv", 3000), ("ev", -3000), ("heater", -500)):
        assert Judge(kind, 17_000).impossible({"power_w": power}, T0)
        assert not Judge(kind, 17_000).impossible({"power_w": -power}, T0)
    assert not Judge("pv", 17_000).impossible({"power_w": 40}, T0), "standby"
    assert not Judge("pv", 17_000).impossible({"power_w": 3000, "soc_permille": 500}, T0), "a hybrid charges"


def test_a_battery_without_counters_is_held_against_its_charge():
    for factor, fits in ((1, True), (-1, False), (10, False)):
        judge, stored = Judge("battery", 17_000), 2_000 * 3600
        for i in range(4000):
            power = 2000 if i // 1000 % 2 == 0 else -2000
            stored += 10 * (power * 95 // 100 if power > 0 else power * 100 // 95)
            judge.heard({"power_w": power * factor, "soc_permille": stored // 36_000 // 10 * 10, "capacity_wh": 10_000}, T0 + 10 * i)
        assert (not judge.wrong) == fits, (factor, judge.wrong)


def test_a_silence_is_not_taken_for_energy():
    judge, meter = Judge("meter", 17_000), Meter()
    for _ in range(20):
        assert heard(judge, meter, 30) == 30
        for _ in range(60):
            meter.frame()  # nobody listened


def test_counters_that_come_less_often_than_power():
    judge, meter = Judge("meter", 17_000), Meter()
    for i in range(1440):
        frame = meter.frame()
        if i % 6:
            frame = {"power_w": frame["power_w"]}
        assert judge.heard(frame, meter.at), judge.wrong


def test_a_mended_device_is_believed_again():
    judge, meter = Judge("meter", 17_000), Meter()
    heard(judge, meter, 360, with_power(lambda w: 10 * w))
    assert "its counters say" in judge.wrong
    heard(judge, meter, 720)
    assert not judge.wrong
    heard(judge, meter, 5, with_power(lambda w: 99_999))
    assert "99999 W" in judge.wrong
    assert heard(judge, meter, 11) == 0 and heard(judge, meter, 5) == 5


def test_the_guided_test_has_a_say():
    jury = Jury([METER], 17_000)
    jury.recall({"tested": {"grid": {"wrong": "it fell when a load came on", "at": T0}}})
    assert not jury.believes([Reading("grid", "power_w", 5, T0)]) and "a load came on" in jury.wrong()["grid"]
    jury.recall({"tested": {"grid": {"wrong": "", "at": T0}}})
    assert jury.believes([Reading("grid", "power_w", 5, T0)]) and not jury.wrong()


def test_the_owner_is_told_once_and_the_disk_is_spared():
    jury = Jury([METER], 17_000)
    for i in range(360):
        jury.believes([Reading("grid", "power_w", 50_000 + i if i % 90 < 20 else 5, T0 + 10 * i)])
    notes = [act for act in jury.acts if isinstance(act, Note)]
    saves = [act for act in jury.acts if isinstance(act, Save)]
    assert len(notes) == 1 and "grid is not believed" in notes[0].text and notes[0].level == "warning"
    assert len(saves) <= 12, len(saves)


def test_what_is_not_believed_is_not_bid():
    street = SmallStreet()
    street.run(1800)
    assert street.home.status()["wrong"] == {} and not any(isinstance(n, Note) for n in street.notes)
    ordered = len([1 for topic, _ in street.sent if topic.endswith("/order")])
    values = street.house.values

    def amperes():
        said = values()
        said["battery"]["power_w"] *= 1000
        said["battery"]["power_w"] += 99_000
        return said

    street.house.values = amperes
    street.run(1800)
    assert list(street.home.status()["wrong"]) == ["battery"]
    assert len([n for n in street.notes if isinstance(n, Note)]) == 1
    assert len([1 for topic, _ in street.sent if topic.endswith("/order")]) <= ordered + 1
    street.house.values = values
    street.run(1800)
    assert street.home.status()["wrong"] == {}
    assert len([1 for topic, _ in street.sent if topic.endswith("/order")]) > ordered + 1800 // SLOT - 3


def test_a_meter_that_is_not_believed_stops_bids_and_commands():
    street = SmallStreet()
    street.run(1800)
    values = street.house.values

    def swapped():
        said = values()
        said["grid"]["energy_import_wh"] = 12
        return said

    street.house.values = swapped
    street.run(60)
    ordered = len([1 for topic, _ in street.sent if topic.endswith("/order")])
    street.house.battery_w = 1234
    street.run(1200)
    assert street.house.battery_w == 1234
    assert len([1 for topic, _ in street.sent if topic.endswith("/order")]) <= ordered + 4, "what was sent may be sent again"
    assert "fell from" in street.home.status()["wrong"]["grid"]

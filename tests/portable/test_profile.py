"""Profiles: every product reads, drives and plays itself as its capture says."""

import captures
from expect import raises

from drivers import frames, profile
from drivers.nouns import BadProfile, Silent


def pdu(capture, digits):
    data = captures.unhex(digits)
    return frames.unrtu(data)[1] if capture["link"] == "rtu" else frames.untcp(data)[2]


def opened(name):
    """(capture, profile, base, image) of a product's capture."""
    capture = captures.modbus(name)
    base = {int(model): capture["base"][model] for model in capture["base"]}
    image = {}
    for exchange in capture["exchanges"]:
        asked = pdu(capture, exchange["request"])
        request = frames.parse_request(asked)
        for i, register in enumerate(frames.parse_reply(asked, pdu(capture, exchange["reply"]))):
            image[request.function, request.address + i] = register
    return capture, profile.load(capture["profile"]), base, image


def said(readings):
    return {reading.quantity: reading.value for reading in readings}


def test_captures_mean_what_they_say():
    for name in captures.MODBUS:
        capture, product, base, image = opened(name)
        readings = profile.decode(product, base, image, "it", 77)
        assert said(readings) == capture["readings"], (name, said(readings))
        assert {(reading.device, reading.at) for reading in readings} == {("it", 77)}


def test_the_plan_asks_what_the_capture_asked():
    for name in captures.MODBUS:
        capture, product, base, _ = opened(name)
        asked = [pdu(capture, exchange["request"]) for exchange in capture["exchanges"]]
        assert [frames.read(*block) for block in profile.blocks(product, base)] == asked, name


def test_wishes_become_the_writes_of_the_capture():
    for name in captures.MODBUS:
        capture, product, base, image = opened(name)
        for wish in capture["wishes"]:
            if wish.get("release"):
                todo = profile.release(product, base, image, wish["quantity"])
            else:
                todo = profile.writes(product, base, image, wish["quantity"], wish["value"], wish["timeout_s"])
            assert [frames.write(*one) for one in todo] == [pdu(capture, request) for request in wish["requests"]], (name, wish)


def test_a_wish_is_understood_by_the_device():
    for name, quantity, value, heard in (
        ("heidelberg", "current_limit_ma", 13000, [("timeout", 60), ("current_limit_ma", 13000)]),
        ("mypv_elwa", "power_setpoint_w", 1234, [("power_setpoint_w", 1234)]),
        ("sunspec_inverter", "power_limit_w", 2345, [("timeout", 60), ("power_limit_w", 2345), ("enable", 1)]),
        ("sunspec_battery", "power_setpoint_w", -1234, [("power_setpoint_w", -1234), ("timeout", 60), ("enable", 3)]),
    ):
        _, product, base, image = opened(name)
        meant = []
        for function, address, registers in profile.writes(product, base, image, quantity, value, 60):
            meant += profile.understand(product, base, image, function, address, registers)
        assert meant == heard, meant


def test_a_stored_register_is_written_only_when_it_differs():
    _, box, base, image = opened("heidelberg")
    first = profile.writes(box, base, image, "current_limit_ma", 10000, 60)
    for _, address, registers in first:
        image[3, address] = registers[0]
    again = profile.writes(box, base, image, "current_limit_ma", 10000, 60)
    assert [address for _, address, _ in first] == [257, 261] and [address for _, address, _ in again] == [261]


def test_what_was_not_read_is_not_driven():
    for name, quantity in (
        ("mypv_elwa", "power_setpoint_w"),
        ("sunspec_battery", "power_setpoint_w"),
        ("sunspec_inverter", "power_limit_w"),
    ):
        _, product, base, _ = opened(name)
        raises(Silent, profile.writes, product, base, {}, quantity, 100, 60)
    raises(KeyError, profile.writes, profile.load("sdm630"), {}, {}, "power_limit_w", 1, 60)


def test_refresh():
    _, heater, base, image = opened("mypv_elwa")
    assert profile.refresh_s(heater, "power_setpoint_w") == 10  # the shortest it can be set to, until it has told
    assert profile.refresh_s(heater, "power_setpoint_w", base, image) == 60
    assert profile.refresh_s(profile.load("heidelberg"), "current_limit_ma") == 60


def test_a_product_plays_itself():
    """A few, on both Pythons; tests/test_every_profile.py plays all."""
    for name in ("sdm630", "heidelberg", "mypv_elwa", "sunspec_inverter", "sunspec_battery"):
        capture, product, _, _ = opened(name)
        base, image = profile.blank(product)
        before = said(profile.decode(product, base, image, "it", 0))
        assert not product.sunspec or before == {}
        image.update(profile.encode(product, base, capture["readings"]))
        after = said(profile.decode(product, base, image, "it", 0))
        assert after == {q: capture["readings"].get(q, before.get(q)) for q in after}, name


def test_absent_values_give_no_reading():
    for name, quantity in (("sunspec_inverter", "power_w"), ("sunspec_battery", "soc_permille")):
        _, product, base, image = opened(name)
        image.update(profile.encode(product, base, {quantity: None}))
        assert quantity not in said(profile.decode(product, base, image, "it", 0))
        assert profile.decode(product, {}, image, "it", 0) == []


def walk(product, answer):
    """Run the walk against `answer(function, address, count)`; return base."""
    walking = profile.sunspec_walk(product)
    question = next(walking)
    while True:
        try:
            question = walking.send(answer(*question))
        except StopIteration as end:
            return end.value


def test_the_walk_finds_the_models():
    for name in ("sunspec_inverter", "sunspec_battery"):
        capture, product, base, _ = opened(name)
        image = {}
        for one in capture["walk"]:
            asked = pdu(capture, one["request"])
            image[asked] = frames.parse_reply(asked, pdu(capture, one["reply"]))
        assert walk(product, lambda function, address, count, image=image: image[frames.read(function, address, count)]) == base


def test_the_walk_looks_elsewhere_and_takes_a_single_phase_inverter_for_a_103():
    product = profile.load("sunspec_inverter")
    registers = [0x5375, 0x6E53, 1, 1, 0, 101, 1, 0, 120, 1, 0, 123, 1, 0, 0xFFFF, 0]

    def answer(function, address, count):
        return None if address >= 40000 else registers[address : address + count]

    assert walk(product, answer) == {1: 2, 103: 5, 120: 8, 123: 11}


def test_a_wrong_device_is_a_wrong_profile():
    product = profile.load("sunspec_inverter")
    assert "no SunSpec device" in str(raises(BadProfile, walk, product, lambda function, address, count: [0, 0]))
    registers = [0x5375, 0x6E53, 1, 1, 0, 0xFFFF, 0]
    error = raises(BadProfile, walk, product, lambda function, address, count: registers[address - 40000 :][:count])
    assert "lacks SunSpec models [103 or 113]" in str(error)


def test_names():
    for name in ("", "no_such", "../etc", "Sdm630"):
        assert "profile" in str(raises(BadProfile, profile.load, name))

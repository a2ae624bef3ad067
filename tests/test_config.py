"""A wrong config: every error at once, one line each, with the file's line, the key, what was found and what to do."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from host_help import pty_pair
from test_link import Authority

from gateway.host import check, home_toml, keys
from gateway.host.config import BadConfig, decode_toml
from gateway.host.locator import Locator

TOML = '''\
# a comment with = and [table]
title = "x # no comment"   # a comment
"quoted key" = 1
'literal.key' = 2
a.b."c.d" = """
[not.a.table]
x = 1
"""
empty = ""

[home]   # [[device]]
name = 'it'
list = [
  1, # one
  [2, 3],
  { deep = "}", more = [ { at = 1 } ] },
]
when = 1979-05-27 07:32:00
inline = { x = 1, "y z" = { w = "\\"}" }, v.u = 3 }

[home.sub."x.y"]
k = true

[[device]]
name = "one"
[device.wishes]
reserve = 5
[[device.row]]
r = 1
[[device.row]]
r = 2

[[device]]
name = "two"
wishes.reserve = 6
[[device.row]]
r = 3
'''
LINES = {
    ("title",): 2,
    ("quoted key",): 3,
    ("literal.key",): 4,
    ("a", "b", "c.d"): 5,
    ("empty",): 9,
    ("home",): 11,
    ("home", "name"): 12,
    ("home", "list"): 13,
    ("home", "list", 0): 14,
    ("home", "list", 1): 15,
    ("home", "list", 1, 1): 15,
    ("home", "list", 2, "deep"): 16,
    ("home", "list", 2, "more", 0, "at"): 16,
    ("home", "when"): 18,
    ("home", "inline", "y z", "w"): 19,
    ("home", "inline", "v", "u"): 19,
    ("home", "sub", "x.y"): 21,
    ("home", "sub", "x.y", "k"): 22,
    ("device",): 24,
    ("device", 0): 24,
    ("device", 0, "name"): 25,
    ("device", 0, "wishes"): 26,
    ("device", 0, "wishes", "reserve"): 27,
    ("device", 0, "row", 0, "r"): 29,
    ("device", 0, "row", 1, "r"): 31,
    ("device", 1): 33,
    ("device", 1, "name"): 34,
    ("device", 1, "wishes", "reserve"): 35,
    ("device", 1, "row", 0): 36,
    ("device", 1, "row", 0, "r"): 37,
}


def paths(value: object, here: "tuple[str | int, ...]" = ()) -> "list[tuple[str | int, ...]]":
    """Every path of a decoded file."""
    items: "list[tuple[str | int, object]]" = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [here] * bool(here) + [p for key, item in items for p in paths(item, (*here, key))]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_of_keys(newline: str) -> None:
    locator = Locator(TOML.replace("\n", newline))
    assert {path: locator.line(path) for path in LINES} == LINES
    assert locator.line(("device", 1, "missing")) == 33
    assert locator.line(("nowhere",)) == 1


def test_every_path_of_a_file_has_its_line() -> None:
    locator = Locator(TOML)
    missing = [path for path in paths(tomllib.loads(TOML)) if path not in locator._found]
    assert not missing


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("", ("x",), 1),
        ("x=1", ("x",), 1),
        ("\n\n[a]\n[b]\nx={}", ("b", "x"), 5),
        ("x = '''a\n'b'\n''''\ny = 1", ("y",), 4),
        ('x = """a\\"""b""""\ny = 1', ("y",), 2),
        ('"" = 1\n"\\u00e4" = 2', ("ä",), 2),
        ("x = [ [ ], [ [ 1 ] ] ]\n[y]\nz=+1e5", ("y", "z"), 3),
        ("[[a.b]]\n[[a.b]]\nx=1\n[a.b.c]\ny=2", ("a", "b", 1, "c", "y"), 5),
    ],
)
def test_odd_files(text: str, path: "tuple[str | int, ...]", line: int) -> None:
    tomllib.loads(text)
    assert Locator(text).line(path) == line


# -- the generic decoder, which market.toml uses too


class Inner(msgspec.Struct):
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    parity: Literal["N", "E", "O"] = "N"
    names: "list[str]" = []


class Outer(msgspec.Struct):
    name: str
    inner: "list[Inner]" = []
    rate: float = 1.0
    on: "bool | None" = None


def errors(path: Path, kind: Any = Outer) -> "list[str]":
    try:
        decode_toml(path, kind)[1].done()
    except BadConfig as error:
        return [line.removeprefix(f"{path}:") for line in error.lines]
    return []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("name = 'x'\nrate = 3", []),
        ("", ['1: name: missing: add name = "..."']),
        ("name = 3", ["1: name: found 3: write text in quotes"]),
        ("nam = 'x'\nname = 'y'", ["1: nam: unknown key: did you mean name?"]),
        ("name = 'x'\nzzz = 1", ["2: zzz: unknown key: known here: inner, name, on, rate"]),
        ("name = 'x'\nrate = 'fast'\non = 1", ["2: rate: found 'fast': write a number", "3: on: found 1: write true or false"]),
        ("name = 'x'\ninner = 5", ["2: inner: found 5: write a list in [ ]"]),
        ("name = 'x'\ninner = [5]", ["2: inner[0]: found 5: write a table"]),
        ("name = 'x'\n\n[[inner]]\nport = 1\n[[inner]]\nport = 0", ["6: inner[1].port: found 0: write a whole number >= 1"]),
        ("name = 'x'\n[[inner]]\n", ["2: inner[0].port: missing: add port = 1"]),
        ("name = 'x'\n[[inner]]\nport = 1\nparity = 'X'", ["4: inner[0].parity: found 'X': known here: E, N, O"]),
        ("name = 'x'\n[[inner]]\nport = 1\nnames = [\n 'a',\n 2]", ["6: inner[0].names[1]: found 2: write text in quotes"]),
        (
            "name = true\n[[inner]]\nport = true",
            ["1: name: found true: write text in quotes", "3: inner[0].port: found true: write a whole number"],
        ),
    ],
)
def test_decoder(tmp_path: Path, text: str, lines: "list[str]") -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    assert errors(path) == lines


def test_what_is_not_toml(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("name = 'x'\nrate = fast\n")
    assert errors(path)[0].startswith("2: not TOML: Invalid value")
    path.write_bytes(b"name = '\xff'")
    assert "UTF-8" in errors(path)[0]
    assert "cannot be read: No such file" in "".join(_lines(tmp_path / "none.toml"))


def _lines(path: Path) -> "list[str]":
    with pytest.raises(BadConfig) as caught:
        decode_toml(path, Outer)
    return caught.value.lines


# -- home.toml

REGISTRAR = "A" * 43
HOME = """\
[home]
name = "home-1"
limit_w = 17000

[market]
name = "street"
broker = "mqtt://127.0.0.1:1883"
registrar = "{registrar}"

[[device]]
name = "grid"
profile = "sdm630"
serial = "{port}"
unit = 1

[[device]]
name = "roof"
profile = "sunspec_inverter"
host = "127.0.0.1"
port = 1502
"""
HOME_LINES = HOME.count("\n")


class House:
    """A folder with a key, a serial port and a home.toml."""

    def __init__(self, folder: Path, port: str) -> None:
        self.folder, self.port = folder, port
        keys.create(folder / "state")

    def write(self, text: str = HOME, more: str = "") -> Path:
        path = self.folder / "home.toml"
        path.write_text(text.replace("{port}", self.port).replace("{registrar}", REGISTRAR) + more)
        return path

    def errors(self, text: str = HOME, more: str = "") -> "list[str]":
        path = self.write(text, more)
        with pytest.raises(BadConfig) as caught:
            home_toml.load(path)
        return [line.removeprefix(f"{path}:") for line in caught.value.lines]


@pytest.fixture
def house(tmp_path: Path) -> "Any":
    with pty_pair() as (_, port):
        yield House(tmp_path, port)


def test_a_sound_file(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    path = house.write(more='policy = "pv"\nstale_s = 30\n[simulation]\nstart = 5\nrate = 240\nwall = 1.5\n')
    setup = home_toml.load(path)
    assert (setup.poll_s, setup.state, setup.simulation) == (10, house.folder / "state", {"start": 5, "rate": 240.0, "wall": 1.5})
    grid, roof = setup.devices
    assert (grid.place.serial, grid.place.baud, grid.place.framing) == (house.port, 9600, "8N1")
    assert (roof.place.host, roof.place.port, roof.policy, roof.stale_s) == ("127.0.0.1", 1502, "pv", 30)
    assert setup.home["devices"][1] == {"name": "roof", "kind": "pv", "policy": "pv", "wishes": {}, "stale_s": 30}
    assert check.main([str(path), "--file-only"]) == 0
    said = capsys.readouterr().out
    assert "loopback" in said and "roof" in said and setup.signer.kid in said


def test_a_converter_that_passes_rtu_on(house: House) -> None:
    more = '[[device]]\nname = "far"\nprofile = "sdm630"\nhost = "10.0.0.9"\nport = 8899\nframing = "rtu"\nunit = 4\n'
    place = home_toml.load(house.write(more=more)).devices[2].place
    assert (place.rtu, place.serial, place.port, place.baud, place.framing) == (True, "", 8899, 9600, "8N1")
    second = more.replace("far", "near").replace("unit = 4", "unit = 5").replace('framing = "rtu"\n', "")
    assert "framed otherwise: they must agree" in house.errors(more=more + second)[0]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("limit_w = 17000", "limit_w = 17000\nlimt = 3", "4: home.limt: unknown key: did you mean limit_w?"),
        ("limit_w = 17000", "limit_w = '17 kW'", "3: home.limit_w: found '17 kW': write a whole number"),
        ("limit_w = 17000\n", "", "1: home.limit_w: missing: add limit_w = 1"),
        ('name = "street"', 'name = "a/b"', "6: market.name: found 'a/b': write 1 to 32 letters, digits, or any of _ . - in quotes"),
        ('profile = "sdm630"', 'profile = "smd630"', "12: device[0].profile: found 'smd630': did you mean sdm630?"),
        ('name = "roof"', 'name = "grid"', "17: device[1].name: found 'grid': another device has this name: choose a new one"),
        ('name = "grid"', 'name = "gird"', "1: home.meter: found 'grid': no device has this name; did you mean gird?"),
        ("limit_w = 17000", 'limit_w = 17000\nmeter = "roof"', "4: home.meter: found 'roof': this device is a pv: name"),
        ("port = 1502", 'port = 1502\npolicy = "batery"', "21: device[1].policy: found 'batery': did you mean battery?"),
        ("unit = 1", 'unit = 1\npolicy = "pv"', "15: device[0].policy: found 'pv': a meter has no wishes: remove this line"),
        ("port = 1502", "port = 1502\nserial = '/dev/x'", "19: device[1].host: found '127.0.0.1': give either host (Modbus"),
        ('host = "127.0.0.1"\n', "", "16: device[1].host: missing: give either host (Modbus TCP) or serial (Modbus RTU)"),
        ("unit = 1", 'unit = 1\nswapped = "yesterday"', "15: device[0].swapped: found 'yesterday': write a day as \"2026-06-21\""),
        ("unit = 1", "unit = 300", "14: device[0].unit: found 300: write a whole number <= 255"),
        ('broker = "mqtt://127.0.0.1:1883"', 'broker = "127.0.0.1"', "7: market.broker: found '127.0.0.1': write mqtt://127.0.0.1:1883"),
        (REGISTRAR, "AAAA", "8: market.registrar: found 'AAAA': write the registrar's x"),
    ],
)
def test_one_error_one_line(house: House, old: str, new: str, line: str) -> None:
    text = HOME.replace("{registrar}", REGISTRAR)
    assert old in text
    found = house.errors(text.replace(old, new))
    assert len(found) == 1 and found[0].startswith(line), found


def test_all_errors_at_once_in_the_order_of_the_file(house: House) -> None:
    more = '[[device]]\nname = "car"\nprofile = "heidelberg"\nserial = "/dev/ttyNONE"\nbaud = "fast"\nwishes = { need_w = 5 }\n'
    found = house.errors(HOME.replace("limit_w = 17000", "limit = 1"), more)
    assert [line.split(": ")[1] for line in found] == [
        "home.limit_w", "home.limit", "device[2].serial", "device[2].baud", "device[2].wishes.need_w",
    ]  # fmt: skip


def test_a_swapped_meter_is_told_to_the_home(house: House) -> None:
    setup = home_toml.load(house.write(HOME.replace("unit = 1", 'unit = 1\nswapped = "2026-06-21"')))
    assert [device.get("swapped") for device in setup.home["devices"]] == ["2026-06-21", None]


def test_two_devices_on_one_unit(house: House) -> None:
    rtu = '[[device]]\nname = "second"\nprofile = "sdm630"\nserial = "{port}"\n'
    assert house.errors(HOME, rtu.replace("{port}", house.port)) == [
        f"{HOME_LINES + 1}: device[2].unit: found 1: grid has this unit on the same link: set one of the two to another address"
    ]
    tcp = '[[device]]\nname = "store"\nprofile = "{}"\nhost = "127.0.0.1"\nport = 1502\nunit = 1\n'
    found = house.errors(HOME, tcp.format("sunspec_inverter"))
    assert len(found) == 1 and found[0].startswith(f"{HOME_LINES + 6}: device[2].unit: found 1: roof has this unit")
    home_toml.load(house.write(HOME, tcp.format("sunspec_battery")))  # a hybrid is both on one unit


def test_a_bus_has_one_speed(house: House) -> None:
    other = '[[device]]\nname = "car"\nprofile = "heidelberg"\nserial = "{port}"\nunit = 2\n'.replace("{port}", house.port)
    found = house.errors(HOME, other)
    assert len(found) == 1 and "device[2].baud: found 19200: grid on the same bus has 9600" in found[0]
    found = house.errors(HOME, other + "baud = 9600\n")
    assert len(found) == 1 and "device[2].parity: found '8E1': grid on the same bus has 8N1" in found[0]
    home_toml.load(house.write(HOME, other + "baud = 9600\nparity = 'N'\n"))


def test_the_same_port_by_another_name(house: House) -> None:
    alias = house.folder / "port"
    alias.symlink_to(house.port)
    more = f'[[device]]\nname = "p1"\nprofile = "p1"\nserial = "{alias}"\n'
    found = house.errors(HOME, more)
    assert len(found) == 1 and "grid is on this port and a push meter needs its port alone" in found[0]


def test_a_missing_port_and_what_is_none(house: House) -> None:
    found = house.errors(HOME.replace("{port}", "/dev/ttyUSB99"))
    assert found[0].startswith("13: device[0].serial: found '/dev/ttyUSB99': there is no such port: plug it in; this machine has ")
    file = house.folder / "plain"
    file.write_text("")
    assert "is not a serial port" in house.errors(HOME.replace("{port}", str(file)))[0]


def test_keys_that_must_not_be_used(house: House) -> None:
    key = house.folder / "state" / "key"
    key.chmod(0o644)
    remedy = f"mode 0644 lets others read it: run `chmod 600 {key}`; if others did, make a new key"
    assert house.errors() == [f"1: home.state: found 'state': {key}: {remedy}"]
    key.unlink()
    assert "elecbay keys new" in house.errors()[0]
    key.write_text("not a key")
    key.chmod(0o600)
    assert "not a key" in house.errors()[0]


def test_a_key_of_somebody_else(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def denied(path: Any, *more: Any, **named: Any) -> int:
        if str(path).endswith("/key"):
            raise PermissionError(13, "Permission denied")
        return real(path, *more, **named)

    monkeypatch.setattr(os, "open", denied)
    assert "let it belong to the user that runs elecbay" in house.errors()[0]


def test_wishes(house: House) -> None:
    more = '[[device]]\nname = "store"\nprofile = "sunspec_battery"\nhost = "127.0.0.1"\n'
    more += '[device.wishes]\nreserve_permile = 5\nwear = -1\nexport = "no"\n'
    found = house.errors(HOME, more)
    base = HOME_LINES + 5
    assert found[0] == f"{base + 1}: device[2].wishes.reserve_permile: unknown key: did you mean reserve_permille?"
    assert found[1].startswith(f"{base + 2}: device[2].wishes.wear: found -1: must lie between 0 and")
    assert found[2].startswith(f"{base + 3}: device[2].wishes.export: found 'no': needs a whole number")


# -- secure from day one


@pytest.mark.parametrize(
    ("broker", "more", "said"),
    [
        ("mqtt://10.0.0.1", "", ["market.broker: found 'mqtt://10.0.0.1': write mqtts:// and give ca, cert, key"]),
        ("mqtt://broker.example", "", ["market.broker"]),
        ("mqtts://broker.example", "", ["market.ca: missing", "market.cert: missing", "market.key: missing"]),
        ("mqtts://broker.example", 'ca = "ca.pem"\ncert = "home.pem"\n', ["market.key: missing"]),
        ("mqtts://127.0.0.1", "", ["market.ca: missing", "market.cert: missing", "market.key: missing"]),
        ("mqtt://127.0.0.1", 'ca = "ca.pem"\n', ["market.broker"]),
    ],
)
def test_a_broker_off_loopback_needs_tls_that_proves_both_ends(house: House, broker: str, more: str, said: "list[str]") -> None:
    text = HOME.replace('broker = "mqtt://127.0.0.1:1883"\n', f'broker = "{broker}"\n{more}')
    found = house.errors(text)
    assert len(found) == len(said) and all(part in line for part, line in zip(said, found)), found


def test_tls_files_are_looked_at(house: House) -> None:
    (house.folder / "pki").mkdir()
    ours = Authority(house.folder / "pki")
    ours.issue("home")
    ours.issue("other")
    files = 'ca = "pki/ca.pem"\ncert = "pki/home.pem"\nkey = "pki/home.key"\n'
    text = HOME.replace('broker = "mqtt://127.0.0.1:1883"\n', 'broker = "mqtts://broker.example"\n' + files)
    broker = home_toml.load(house.write(text)).broker
    assert (broker.host, broker.port, broker.ca) == ("broker.example", 8883, house.folder / "pki/ca.pem")
    assert "do not go together" in house.errors(text.replace("pki/home.key", "pki/other.key"))[0]
    assert "there is no such file" in house.errors(text.replace("pki/home.pem", "pki/none.pem"))[0]
    (house.folder / "pki/home.key").chmod(0o640)
    assert "chmod 600" in house.errors(text)[0]

"""`elecbay decode` as its user sees it."""

import json
from pathlib import Path

import pytest

from gateway.host.decode_cli import main

CAPTURES = Path(__file__).parent / "captures"


def raw(name: str) -> bytes:
    """The bytes of a capture."""
    path = CAPTURES / name
    if path.suffix != ".hex":
        return path.read_bytes()
    return bytes.fromhex("".join(line.split("#")[0] for line in path.read_text().splitlines()))


@pytest.fixture
def sml(tmp_path: Path) -> Path:
    path = tmp_path / "power.bin"
    path.write_bytes(raw("sml/power.hex"))
    return path


def test_json_is_a_line_for_each_frame(sml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sml", str(sml), "--json"]) == 0
    out, err = capsys.readouterr()
    first, second = [json.loads(line) for line in out.splitlines()]
    assert err == "2 frames with a bad checksum dropped\n"
    assert (first["frame"], second["frame"], first["meter"]) == (1, 2, "0901454c42000000002a")
    assert first["values"][0] == {"code": "129-129:199.130.3*255", "value": "ELB", "exponent": None, "unit": None}
    assert first["values"][2] == {"code": "1-0:1.8.0*255", "value": 19753076, "exponent": -1, "unit": "Wh"}
    assert second["readings"] == [{"quantity": "power_w", "value": 123}, {"quantity": "energy_import_wh", "value": 1577826}]


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dsmr", str(CAPTURES / "dsmr" / "v2.txt")]) == 0
    out, err = capsys.readouterr()
    assert "frame 2: meter 00000000000042" in out and "42.125 m3" in out and "0.42 kW" in out and err == ""
    assert "power_w                420" in out


def test_an_envelope_opens_with_its_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meaning = json.loads((CAPTURES / "dsmr" / "envelope.expected.json").read_text())
    path = tmp_path / "envelope.bin"
    path.write_bytes(raw("dsmr/envelope.hex"))
    assert main(["dsmr", str(path), "--json"]) == 1
    assert capsys.readouterr() == ("", "2 frames encrypted: give --key and --auth-key\n")
    assert main(["dsmr", str(path), "--json", "--key", meaning["key"], "--auth-key", meaning["auth_key"]]) == 0
    out, err = capsys.readouterr()
    frames = [json.loads(line) for line in out.splitlines()]
    assert [frame["meter"] for frame in frames] == [frame["meter"] for frame in meaning["frames"]] and err == ""
    for frame, wanted in zip(frames, meaning["frames"], strict=True):
        assert {reading["quantity"]: reading["value"] for reading in frame["readings"]} == wanted["readings"]
        assert [[v["code"], v["value"], v["exponent"], v["unit"] or ""] for v in frame["values"]] == wanted["values"]
    assert main(["dsmr", str(path), "--key", "ff" * 16, "--auth-key", meaning["auth_key"]]) == 1
    assert capsys.readouterr() == ("", "2 frames with a bad checksum dropped\n")


OWN = [
    ("dlms-hdlc", "dlms/hdlc.hex"),
    ("dlms-hdlc", "dlms/kaifa.hex"),
    ("dlms-hdlc", "dlms/kamstrup.hex"),
    ("dlms-hdlc", "dlms/landis_gyr.hex"),
    ("dlms-mbus", "dlms/mbus.hex"),
    ("dlms", "dlms/raw.hex"),
    ("tic", "tic/historic.txt"),
    ("tic", "tic/standard.txt"),
    ("iec62056-21", "iec62056-21/mode_c.txt"),
    ("dsmr", "dsmr/belgium.txt"),
]


@pytest.mark.parametrize("form", ["bytes", "hex"])
@pytest.mark.parametrize(("protocol", "name"), OWN, ids=[name for _, name in OWN])
def test_every_protocol(protocol: str, name: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without naming a profile; digits of hex are as good as the bytes."""
    meaning = json.loads((CAPTURES / name).with_suffix(".expected.json").read_text())
    path = CAPTURES / name if form == "hex" else tmp_path / "bytes"
    if form == "bytes":
        path.write_bytes(raw(name))
    keys = ["--key", meaning["key"], "--auth-key", meaning["auth_key"]] if "key" in meaning else []
    assert main([protocol, str(path), "--json", *keys]) == 0
    out, err = capsys.readouterr()
    frames = [json.loads(line) for line in out.splitlines()]
    assert [frame["meter"] for frame in frames] == [frame["meter"] for frame in meaning["frames"]]
    for frame, wanted in zip(frames, meaning["frames"], strict=True):
        assert {reading["quantity"]: reading["value"] for reading in frame["readings"]} == wanted["readings"]
        assert [[v["code"], v["value"], v["exponent"], v["unit"] or ""] for v in frame["values"]] == wanted["values"]
    assert err == (f"{meaning['bad']} frame{'s' if meaning['bad'] > 1 else ''} with a bad checksum dropped\n" if meaning["bad"] else "")


def test_help_lists_the_protocols(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "sml, dsmr, dlms-hdlc, dlms-mbus, dlms, tic, iec62056-21" in " ".join(capsys.readouterr().out.split())


def test_lines_without_a_frame_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kept").write_bytes(b"1.8.0(0001.5*kWh)\r\n16.7.0( 000.25*kW)\r\n!")
    assert main(["iec62056-21", str(tmp_path / "kept")]) == 0
    assert "power_w                250" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["smoke", "x"], "invalid choice"),
        (["sml", "no-such-file"], "no-such-file: No such file or directory"),
        (["dsmr", __file__, "--key", "12"], "--key: 32 hex digits are needed, found 2 characters"),
        (["dsmr", __file__, "--key", "00" * 16, "--auth-key", "zz"], "--auth-key: 32 hex digits"),
    ],
)
def test_a_mistake_is_one_sentence(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err


def test_a_file_without_frames(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 20)
    assert main(["sml", str(tmp_path / "noise")]) == 1
    assert "no sml frame in" in capsys.readouterr().err

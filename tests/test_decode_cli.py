"""`elecbay decode` as its user sees it."""

import json
from pathlib import Path

import pytest

from gateway.host.decode_cli import main

CAPTURES = Path(__file__).parent / "captures"


@pytest.fixture
def sml(tmp_path: Path) -> Path:
    lines = (CAPTURES / "sml" / "power.hex").read_text().splitlines()
    path = tmp_path / "power.bin"
    path.write_bytes(bytes.fromhex("".join(line.split("#")[0] for line in lines)))
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
    lines = (CAPTURES / "dsmr" / "envelope.hex").read_text().splitlines()
    path.write_bytes(bytes.fromhex("".join(line.split("#")[0] for line in lines)))
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

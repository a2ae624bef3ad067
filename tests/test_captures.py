"""The captures of real meters beside the project (../shared/data/captures): every value equal, to the last digit."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gateway.host.decode_cli import main

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "captures"
__test__ = FOLDER.is_dir()  # nothing is collected where they are not: the project is whole without them

SML = sorted((FOLDER / "sml").glob("*.bin"))
DSMR = sorted((FOLDER / "dsmr").glob("*.txt"))
LUX = FOLDER / "dsmr" / "lux_encrypted_packet.bin"
# This meter sends a small unsigned power with a signed type (the file's own note); what it means is expected, not what it says.
MEANT = {("DZG_DVS-7412.2_jmberg", "1-0:16.7.0*255"): Fraction("356.24")}


def expected(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.with_suffix(".expected.json").read_text(), parse_float=str)
    return document


def decoded(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[list[dict[str, Any]], str]:
    main([*argv, "--json"])
    out, err = capsys.readouterr()
    return [json.loads(line) for line in out.splitlines()], err


def number(value: dict[str, Any]) -> Fraction:
    return Fraction(value["value"]) * Fraction(10) ** value["exponent"]


def is_number(text: object) -> bool:
    try:
        Fraction(str(text))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("path", SML, ids=[p.stem for p in SML])
def test_sml(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meaning = expected(path)
    frames, err = decoded(capsys, "sml", str(path))
    assert len(frames) == meaning["valid_frames"] and err == ""
    for frame, wanted in zip(frames, meaning["frames"], strict=True):
        assert frame["meter"] == wanted.get("server_id", frame["meter"])
        entries = [entry for entry in wanted["entries"] if entry["value"] is not None]  # an entry without a value is skipped
        for value, entry in zip(frame["values"], entries, strict=True):
            assert value["code"] == entry["obis"]
            if value["exponent"] is None:
                assert value["value"] == str(entry["value"]).replace("-", "").lower() or value["value"] == entry["value"]
                continue
            assert number(value) == MEANT.get((path.stem, value["code"]), Fraction(str(entry["value"])))
            assert value["unit"] == (entry["unit_name"] if "unit_name" in entry else entry["unit"])
            assert (path.stem, value["code"]) in MEANT or "raw" not in entry or value["value"] == entry["raw"]


def leaves(node: Any) -> Iterator[dict[str, Any]]:
    """Every {"value", "unit"} in what dsmr_parser made of a telegram, in its order."""
    if isinstance(node, dict) and "value" in node:
        yield node
    elif isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from leaves(child)


@pytest.mark.parametrize("path", DSMR, ids=[p.stem for p in DSMR])
def test_dsmr(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meaning = expected(path)
    frames, err = decoded(capsys, "dsmr", str(path))
    assert len(frames) == 1 and err == ""
    values = frames[0]["values"]
    check_lines(values, meaning["lines"])
    for leaf in leaves(meaning.get("decoded") or meaning.get("decoded_without_crc") or {}):
        assert any(says(value, leaf) for value in values), leaf


def check_lines(values: list[dict[str, Any]], lines: dict[str, list[list[str]]]) -> None:
    """Each parenthesis of each line is one value under the line's code, in its order."""
    for code, repeats in lines.items():
        mine = [value for value in values if value["code"] == code]
        theirs = [part for parts in repeats for part in parts]
        assert len(mine) == len(theirs), code
        for value, said in zip(mine, theirs, strict=True):
            if value["exponent"] is None:
                assert value["value"] == said
            else:
                assert number(value) == Fraction(said.partition("*")[0])


def says(value: dict[str, Any], leaf: dict[str, Any]) -> bool:
    """Whether a value of ours says what dsmr_parser says; a time stamp (which it converts) is any text of that shape."""
    wanted = leaf["value"]
    if leaf["unit"] is not None:
        return value["unit"] == leaf["unit"] and value["exponent"] is not None and number(value) == Fraction(str(wanted))
    if wanted is None:
        return bool(value["value"] in ("", "0"))
    if value["exponent"] is None:
        stamp = isinstance(wanted, str) and wanted[4:5] == "-" and value["code"] == "0-0:1.0.0"
        return stamp or value["value"] == wanted or (is_number(value["value"]) and str(int(value["value"])) == str(wanted))
    return is_number(wanted) and number(value) == Fraction(str(wanted))


def test_luxembourg(capsys: pytest.CaptureFixture[str]) -> None:
    meaning = expected(LUX)
    frames, err = decoded(capsys, "dsmr", str(LUX))
    assert frames == [] and err == "1 frame encrypted: give --key and --auth-key\n"
    frames, err = decoded(capsys, "dsmr", str(LUX), "--key", meaning["key"], "--auth-key", meaning["auth_key"])
    plain, _ = decoded(capsys, "dsmr", str(FOLDER / "dsmr" / "telegram_sagemcom_t210_d_r.txt"))
    assert frames == plain and err == ""
    for leaf in leaves(meaning["dsmr_parser_1_11_2"]):
        assert any(says(value, leaf) for value in frames[0]["values"]), leaf
    frames, err = decoded(capsys, "dsmr", str(LUX), "--key", "00" * 16, "--auth-key", meaning["auth_key"])
    assert frames == [] and err == "1 frame with a bad checksum dropped\n"

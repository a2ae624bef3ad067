"""The captures of real meters beside the project (../shared/data/captures): every value equal, to the last digit."""

import json
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gateway.host.decode_cli import main

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "captures"
if not FOLDER.is_dir():
    pytest.skip("the captures of real meters are not beside this project", allow_module_level=True)

SML = sorted((FOLDER / "sml").glob("*.bin"))
DSMR = sorted((FOLDER / "dsmr").glob("*.txt"))
DLMS = sorted((FOLDER / "dlms").glob("*.hex"))
TIC = sorted((FOLDER / "tic").glob("*.bin"))
IEC = sorted((FOLDER / "iec62056-21").glob("*.bin"))
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


FRAMING = {"raw": "dlms", "hdlc": "dlms-hdlc", "mbus": "dlms-mbus"}
# What amshan calls it: (group C.D.E of the code, exponent of its unit from ours).
AMSHAN = {
    **{f"{kind}_power_{way}{phase and '_' + phase}": f"{20 * i + c}.7.0"
       for i, phase in enumerate(("", "l1", "l2", "l3"))
       for c, kind, way in ((1, "active", "import"), (2, "active", "export"), (3, "reactive", "import"), (4, "reactive", "export"))},
    **{f"{kind}_power_{way}_total": f"{c}.8.0"
       for c, kind, way in ((1, "active", "import"), (2, "active", "export"), (3, "reactive", "import"), (4, "reactive", "export"))},
    **{f"current_l{i}": f"{20 * i + 11}.7.0" for i in (1, 2, 3)},
    **{f"voltage_l{i}": f"{20 * i + 12}.7.0" for i in (1, 2, 3)},
    "list_ver_id": "0.2.129", "meter_id": "96.1.0", "meter_type": "96.1.7",
}  # fmt: skip
UNITS = {"W", "var", "Wh", "varh", "A", "V"}


def read_dlms(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    meaning = expected(path)
    keys = ["--key", meaning["key"], "--auth-key", meaning["auth_key"]] if "key" in meaning else []
    return decoded(capsys, FRAMING[meaning["framing"]], str(path), *keys)


@pytest.mark.parametrize("path", DLMS, ids=[p.stem for p in DLMS])
def test_dlms(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meaning = expected(path)
    frames, err = read_dlms(path, capsys)
    if path.stem == "mbus_kmswest":  # nobody has its key
        assert frames == [] and err == "1 frame encrypted: give --key and --auth-key\n"
        return
    assert len(frames) == 1 and err == ""
    values = frames[0]["values"]
    if meaning.get("values"):
        assert [value["code"] for value in values] == [entry["obis"] for entry in meaning["values"]]
    for value, entry in zip(values, meaning.get("values", []), strict=False):
        said_by_gurux(value, entry)
    if "amshan_2_1_1_decoded" in meaning:
        said_by_amshan(values, meaning["amshan_2_1_1_decoded"])
    if not meaning.get("values") and "reference_ints_from_repo_xml" in meaning:
        said_by_xml(values, path.with_name(path.stem + "_decoded.xml"))


def said_by_gurux(value: dict[str, Any], entry: dict[str, Any]) -> None:
    if isinstance(entry["raw"], str):
        kind, _, text = entry["raw"].partition(":")
        assert value["exponent"] is None
        assert value["value"] == text or (kind == "hex" and value["value"].encode().hex() == text)
        return
    assert value["value"] == entry["raw"]
    if "scaler" in entry:
        assert (value["exponent"], value["unit"]) == (entry["scaler"], entry["unit"])
        assert number(value) == Fraction(entry["value"])


def said_by_amshan(values: list[dict[str, Any]], meaning: dict[str, Any]) -> None:
    """It knows what the meters leave out: units of Kaifa and Kamstrup, codes of Kaifa."""
    found = {value["code"].partition(":")[2].partition("*")[0]: value for value in values}
    checked = 0
    for name, said in meaning.items():
        value = found.get(AMSHAN.get(name, ""))
        if value is not None and value["exponent"] is not None:
            assert number(value) == Fraction(str(said)) and value["unit"] in UNITS, name
        elif value is not None:
            assert value["value"] == said, name
        checked += value is not None
    assert checked == sum(name in AMSHAN for name in meaning) - sum(
        name in meaning for name in ("list_ver_id", "meter_id", "meter_type") if meaning["meter_manufacturer"] == "Kamstrup"
    )


def said_by_xml(values: list[dict[str, Any]], path: Path) -> None:
    """Each pair of a descriptor and a value, in the order of the file."""
    pairs = [list(node) for node in xml.parse(path).iter("STRUCTURE") if node.find("AttributeDescriptor") is not None]
    assert len(pairs) == len(values) >= 22
    for value, (descriptor, told) in zip(values, pairs, strict=True):
        parts = descriptor.find("InstanceId").get("Value").split(".")  # type: ignore[union-attr]
        assert value["code"] == "{}-{}:{}.{}.{}*{}".format(*parts)
        if told.tag != "OCTETSTRING":
            assert str(value["value"]) == told.get("Value")
        elif told.get("Value") != ".".join(parts):  # an object's own name, which the file prints as a code
            assert value["value"] == told.get("Value")


@pytest.mark.parametrize("path", TIC, ids=[p.stem for p in TIC])
def test_tic(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames, err = decoded(capsys, "tic", str(path))
    assert len(frames) == 1 and err == ""
    values = iter(frames[0]["values"])
    for line in expected(path)["good"]:
        if line["date"] is not None:
            assert next(values) == {"code": line["label"], "value": line["date"], "exponent": None, "unit": None}
        if line["value"] or line["date"] is None:
            value = next(values)
            assert value["code"] == line["label"]
            assert value["value"] == (line["value"] if value["exponent"] is None else int(line["value"]))
    assert list(values) == []
    quantities = {reading["quantity"] for reading in frames[0]["readings"]}
    assert "energy_import_wh" in quantities and ("power_w" in quantities) == (path.stem != "historique_hc_production")


@pytest.mark.parametrize("path", IEC, ids=[p.stem for p in IEC])
def test_iec62056(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames, err = decoded(capsys, "iec62056-21", str(path))
    assert len(frames) == 1 and err == ""
    values = iter(frames[0]["values"])
    for line in expected(path)["lines"]:
        for i, said in enumerate(line["groups"]):
            value = next(values)
            assert value["code"] == line["address"]
            if value["exponent"] is None:
                assert value["value"] == said
            else:
                assert i == 0 and number(value) == Fraction(line["number"]) and value["unit"] == line["unit"]
            assert (value["exponent"] is None) == (i > 0 or line["number"] is None)
    assert list(values) == []


def test_history_does_not_overwrite(capsys: pytest.CaptureFixture[str]) -> None:
    frames, _ = decoded(capsys, "iec62056-21", str(FOLDER / "iec62056-21" / "landisgyr_zmd310_mode_c_full.bin"))
    said = {reading["quantity"]: reading["value"] for reading in frames[0]["readings"]}
    assert (said["power_w"], said["energy_import_wh"], said["energy_export_wh"]) == (30, 94_500, 293_900)

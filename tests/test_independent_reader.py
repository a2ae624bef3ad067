"""The independent reader bites: a true record has no finding, and each way to forge one is found, also when the forger has the keys."""

import json

import independent_reader as reader
import pytest
from sans_io_street import NAME, SLOT, START, Home, Street, signer

from market import envelope

AT = START + 5 * SLOT
SIGNERS = {s.kid: s for s in [signer(n) for n in ("registrar", "supplier", "dso", "market", "home 1", "home 2", "home 3")]}


def honest():
    homes = [Home(1, 100000, -400), Home(2, 250000, 300), Home(3, 200000, 200, deliver=lambda wh: wh * 3 // 4 + 20)]
    return [json.loads(line) for line in Street(homes).run(8 * SLOT, beat=20).broker.lines()]


@pytest.fixture(scope="module")
def record():
    rows = honest()
    assert reader.read([json.dumps(row) for row in rows]) == []
    return rows


def opened(row):
    return json.loads(reader.unb64(row["payload"].split(".")[1])) if row["payload"] else {"type": ""}


def nth(rows, kind, n=0, **wanted):
    """The index of the nth row of a type whose payload has the wanted fields."""
    fits = [i for i, row in enumerate(rows) if (p := opened(row))["type"] == kind and all(p.get(k) == v for k, v in wanted.items())]
    return fits[n]


def resigned(change, kind, n=0, **wanted):
    """A forger with the signer's key: changes the payload and signs anew, everywhere the message appears."""

    def forge(rows):
        row = rows[nth(rows, kind, n, **wanted)]
        old, payload = row["payload"], opened(row)
        change(payload)
        new = envelope.seal(payload, SIGNERS[payload["from"]]).decode()
        for other in rows:
            if other["payload"] == old:
                other["payload"] = new

    return forge


def removed(kind, n=0, **wanted):
    def forge(rows):
        gone = rows[nth(rows, kind, n, **wanted)]["payload"]
        rows[:] = [row for row in rows if row["payload"] != gone]

    return forge


def flipped(rows):
    """One letter of a signature."""
    row = rows[nth(rows, "clear")]
    cut = row["payload"].rindex(".") + 5
    row["payload"] = row["payload"][:cut] + ("A" if row["payload"][cut] != "A" else "B") + row["payload"][cut + 1 :]


def spaced(rows):
    """White space in the payload, well signed."""
    row = rows[nth(rows, "clear")]
    head = row["payload"].split(".")[0]
    body = envelope.b64url(json.dumps(opened(row), sort_keys=True).encode())
    row["payload"] = f"{head}.{body}." + envelope.b64url(signer("market").sign(f"{head}.{body}".encode()))


def swapped(rows):
    a, b = nth(rows, "clear", 1), nth(rows, "clear", 2)
    rows[a], rows[b] = rows[b], rows[a]


def moved(rows):
    row = rows[nth(rows, "award")]
    row["topic"] = row["topic"].replace(signer("home 1").kid, signer("home 2").kid)


def second_book(rows):
    """Two signed roots for one slot."""
    payload = opened(rows[nth(rows, "book")])
    payload.update(root=envelope.b64url(bytes(32)), seq=opened(rows[-1])["at"] + 9**9)
    jws = envelope.seal(payload, signer("market")).decode()
    rows.append({"topic": f"elecbay/1/{NAME}/slot/{payload['slot']}/book", "payload": jws, "retained": False, "at": payload["at"]})


def stranger(rows):
    """A clear that a home signs."""
    row = rows[nth(rows, "clear")]
    payload = opened(row)
    payload["from"] = signer("home 1").kid
    row["payload"] = envelope.seal(payload, signer("home 1")).decode()


def add(field, by=1):
    return lambda payload: payload.update({field: payload[field] + by})


def put(field, value):
    return lambda payload: payload.update({field: value})


def dearer(payload):
    payload["fills"][0][3] += 1


def cheaper_service(payload):
    line = next(line for line in payload["lines"] if line[0] == "service")
    line[2] -= 1
    payload["total"] += line[2] * line[1] - line[3]
    line[3] = line[2] * line[1]


def grafted(payload):
    payload["path"][0][1][0] = envelope.b64url(bytes(32))


def altered_leaf(payload):
    payload["leaves"][0][2][0][0] += 1


HOME = {"from": signer("market").kid, "slot": AT, "awarded_wh": -400}
WAYS = {
    "a flipped signature": (flipped, "BadSignature"),
    "white space in a signed payload": (spaced, "not canonical"),
    "two messages swapped": (swapped, "comes after"),
    "an award on another's topic": (moved, "award should be"),
    "two roots": (second_book, "a second book"),
    "a clear signed by a home": (stranger, "a clear signed by a gateway"),
    "a seq used twice": (resigned(add("seq", -1), "award", slot=AT), "was used in line"),
    "a seq below its time": (resigned(add("at", 40 * SLOT), "tariff"), "is below its time"),
    "an unknown field": (resigned(put("note", "x"), "clear", slot=AT), "fields"),
    "another market": (resigned(put("market", "elsewhere"), "clear", slot=AT), "does not belong under this topic"),
    "a wrong price": (resigned(add("price"), "clear", slot=AT), "clears 400 Wh at"),
    "a wrong volume": (resigned(add("wh"), "clear", slot=AT), "clears 400 Wh at"),
    "an altered leaf": (resigned(altered_leaf, "open", slot=AT), "do not hash to the root"),
    "a leaf altered with its root": (None, "not the 3 live orders"),
    "an accepted order left out": (removed("order", slot=AT), "accepted what this gateway did not send"),
    "a limit for nobody": (resigned(lambda p: p.update(state="congested", limits=[[9, 0]]), "dso", slot=AT), "do not fit the book"),
    "limits with ok": (resigned(put("limits", [[0, 0]]), "dso", slot=AT), "ok with 1 limits"),
    "another fill price": (resigned(dearer, "award", slot=AT), "the award should be"),
    "a path to nowhere": (resigned(grafted, "award", slot=AT), "does not prove"),
    "a missing award": (removed("award", slot=AT), "got no award"),
    "a clear without the DSO": (removed("dso", slot=AT), "without the DSO"),
    "a nano-unit more": (resigned(add("total"), "bill", **HOME), "total of the bill should be"),
    "another measure": (resigned(add("metered_wh"), "bill", **HOME), "metered_wh of the bill"),
    "a cheaper service": (resigned(cheaper_service, "bill", **HOME), "lines of the bill"),
    "a better rating": (resigned(put("rating", 1000), "bill", slot=AT, awarded_wh=100), "rating of the bill"),
    "a missing bill": (removed("bill", **HOME), "no bill for"),
    "a meter message left out": (removed("meter", 4), "prev is not"),
    "a register turned back": (resigned(put("import_wh", 1), "meter", slot=START + 6 * SLOT), "metered_wh of the bill should be 0"),
    "a changed tariff": (resigned(lambda p: p["rows"].append([AT, 1, 1]), "tariff"), "was changed"),
    "a tariff without the slot": (resigned(put("rows", []), "tariff"), "no price was published"),
    "terms that change": (None, "terms changed"),
    "an index too high": (resigned(add("index"), "receipt", 7), "for arrival"),
    "a refusal without a reason": (resigned(put("accepted", False), "receipt", 7), "goes without a reason"),
    "a late order accepted": (resigned(add("at", 2000), "receipt", 3), "was late"),
    "a supplier's bill that mirrors nothing": (resigned(put("lines", []), "bill", slot=AT, awarded_wh=0, metered_wh=0), "mirror"),
}


def leaf_and_root(rows):
    resigned(altered_leaf, "open", slot=AT)(rows)
    leaves = opened(rows[nth(rows, "open", slot=AT)])["leaves"]
    root = reader.b64(reader.root_of([reader.canonical(leaf).encode() for leaf in leaves]))
    resigned(put("root", root), "book", slot=AT)(rows)


def new_terms(rows):
    payload = opened(rows[nth(rows, "terms")])
    payload.update(penalty=1, seq=payload["seq"] + 9**9)
    jws = envelope.seal(payload, signer("market")).decode()
    rows.append({"topic": f"elecbay/1/{NAME}/terms", "payload": jws, "retained": False, "at": payload["at"]})


WAYS["a leaf altered with its root"] = (leaf_and_root, WAYS["a leaf altered with its root"][1])
WAYS["terms that change"] = (new_terms, WAYS["terms that change"][1])


@pytest.mark.parametrize("name", WAYS)
def test_a_forged_record_is_found(record, name: str) -> None:
    forge, words = WAYS[name]
    rows = [dict(row) for row in record]
    forge(rows)
    findings = reader.read([json.dumps(row) for row in rows])
    assert any(words in finding for finding in findings), f"{name}: {findings[:5]}"


def test_redelivered_bytes_and_a_late_will_are_no_findings(record) -> None:
    rows = [dict(row) for row in record]
    rows += rows[5:90]
    home = signer("home 1")
    last = max(p["seq"] for row in rows if (p := opened(row)).get("from") == home.kid)
    seqs = {p["seq"] for row in rows if (p := opened(row)).get("from") == home.kid}
    spent = next(seq for seq in range(last, 0, -1) if seq not in seqs)
    will = {"v": 1, "type": "status", "market": NAME, "from": home.kid, "seq": spent, "at": START, "online": False, "session": 1}
    row = {"topic": f"elecbay/1/{NAME}/gw/{home.kid}/status", "payload": envelope.seal(will, home).decode(), "retained": False, "at": 0}
    assert reader.read([json.dumps(r) for r in [*rows, row]]) == []


def test_the_command_prints_findings_and_fails(record, tmp_path, capsys) -> None:
    file = tmp_path / "record.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in record))
    assert reader.main([str(file)]) == 0
    file.write_text("".join(json.dumps(row) + "\n" for row in record if "/clear" not in row["topic"]))
    assert reader.main([str(file)]) == 1
    assert "without a good clear" in capsys.readouterr().out


def test_what_cannot_be_read_is_a_line(record, tmp_path, capsys) -> None:
    assert reader.main([str(tmp_path / "none.jsonl")]) == 2
    assert capsys.readouterr() == ("", f"{tmp_path / 'none.jsonl'}: No such file or directory\n")
    lines = [json.dumps(row) for row in record]
    for garbage in ("{", "[]", "{}", '{"topic": 1, "payload": 2}', "\ufffd\x00"):
        (finding,) = reader.read([*lines, garbage])
        assert finding.startswith(f"line {len(lines) + 1}: not a line of a record: ")
    assert reader.read([]) == ["line 0: no keys: without them no signature can be checked"]


def test_a_given_trust_root_must_have_signed_the_keys(record) -> None:
    lines = [json.dumps(row) for row in record]
    assert reader.read(lines, envelope.b64url(signer("registrar").public)) == []
    other = envelope.b64url(signer("mallory").public)
    (finding,) = reader.read(lines, other)
    assert f"keys not signed by the registrar {other}" in finding
    (finding,) = reader.read(lines, "no key")
    assert "keys not signed by the registrar no key" in finding

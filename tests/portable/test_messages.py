"""Every message type of docs/protocol.md: one that is right, and what is refused of it field by field."""

from expect import raises

from market import canonical, envelope, messages, shapes
from market.nouns import Refused

KEY = bytes(range(32))
KID = envelope.kid(KEY)
X = envelope.b64url(KEY)
HASH = envelope.b64url(bytes(32))

RIGHT = {
    "terms": {
        "slot_seconds": 300,
        "open_before": 3600,
        "gate_before": 120,
        "mechanism": "auction",
        "service": 2000,
        "network": 8000,
        "penalty": 100000,
        "price_min": 0,
        "price_max": 1000000,
        "max_wh": 10000,
    },
    "tariff": {"rows": [[300, 300000, 80000], [600, 290000, -5]]},
    "keys": {"members": [[KID, X, "gateway", "meter 1", "n1"], [KID, X, "registrar", "", ""]]},
    "order": {"device": "battery", "slot": 600, "steps": [[200000, 500], [300000, -400]], "expires": 480, "replaces": 0},
    "cancel": {"device": "battery", "slot": 600, "replaces": 3},
    "meter": {"slot": 600, "meter": "1EMH0012345678", "import_wh": 12345678, "export_wh": 0, "raw": HASH, "prev": ""},
    "dispute": {"bill": HASH, "reason": "supply is not metered minus awarded"},
    "sync": {"last": 0},
    "status": {"online": True, "session": 4},
    "receipt": {"order": HASH, "index": 0, "accepted": True, "reason": ""},
    "award": {"slot": 600, "fills": [[HASH, 2, -400, 250000], [HASH, 5, 0, 250000]], "path": [[1, [HASH, HASH]], [2, []]]},
    "bill": {
        "slot": 600,
        "awarded_wh": -400,
        "metered_wh": -390,
        "lines": [["trade", -400, 250000, -100000000], ["supply", 10, 300000, 3000000]],
        "total": -97000000,
        "rating": 1000,
    },
    "list": {"slot": 600, "listings": [[0, 200000, 500]]},
    "book": {"slot": 600, "root": HASH, "count": 2, "pages": 1},
    "open": {"slot": 600, "page": 0, "leaves": [[0, HASH, [[200000, 500]]], [3, HASH, []]]},
    "dso": {"slot": 600, "state": "congested", "constraint": "thermal at n2 by 300 W", "limits": [[3, 0], [5, 400]]},
    "clear": {"slot": 600, "price": 250000, "wh": 400},
}

# type, field, a value that does not fit; the field is set to it
WRONG = (
    ("terms", "slot_seconds", 0),
    ("terms", "mechanism", "pay-as-bid"),
    ("terms", "price_min", 1000001),
    ("terms", "open_before", 119),
    ("terms", "penalty", -1),
    ("terms", "max_wh", 0),
    ("tariff", "rows", {}),
    ("tariff", "rows", [[300, 1]]),
    ("tariff", "rows", [[300, 1, 2, 3]]),
    ("tariff", "rows", [[-300, 1, 2]]),
    ("tariff", "rows", [[300, 1, "2"]]),
    ("keys", "members", [[KID, X, "owner", "m", "n"]]),
    ("keys", "members", [[HASH, X, "gateway", "m", "n"]]),
    ("keys", "members", [[KID, X[:-1], "gateway", "m", "n"]]),
    ("keys", "members", [[KID, X, ["gateway"], "m", "n"]]),
    ("order", "device", ""),
    ("order", "device", 7),
    ("order", "slot", -300),
    ("order", "slot", True),
    ("order", "steps", {}),
    ("order", "steps", "steps"),
    ("order", "steps", [[1, 0]]),
    ("order", "steps", [[1]]),
    ("order", "steps", [[1, 2, 3]]),
    ("order", "steps", [[True, 2]]),
    ("order", "steps", [1, 2]),
    ("order", "steps", [[100, 5], [100, -5]]),
    ("order", "steps", [[90, -5], [100, 5], [200, -5]]),
    ("order", "item", -1),
    ("order", "replaces", -1),
    ("order", "expires", "480"),
    ("cancel", "replaces", 0),
    ("meter", "import_wh", -1),
    ("meter", "raw", ""),
    ("meter", "prev", HASH[:-1]),
    ("meter", "prev", HASH + "A"),
    ("meter", "raw", HASH[:-1] + "B"),
    ("dispute", "bill", 600),
    ("dispute", "reason", "x" * 201),
    ("sync", "last", -1),
    ("status", "online", 1),
    ("status", "session", "4"),
    ("receipt", "accepted", False),
    ("receipt", "reason", "late"),
    ("receipt", "reason", "mood"),
    ("award", "fills", [[HASH, 2, -400]]),
    ("award", "path", []),
    ("award", "path", [[1, [HASH]], [2, [""]]]),
    ("bill", "lines", [["tip", 1, 1, 1]]),
    ("bill", "rating", 1001),
    ("bill", "rating", -1),
    ("list", "listings", [[0, 200000, 0]]),
    ("book", "root", ""),
    ("book", "count", -1),
    ("open", "leaves", [[0, HASH, [[1, 0]]]]),
    ("open", "leaves", [[0, HASH, [[100, 5], [100, -5]]]]),
    ("dso", "state", "fine"),
    ("dso", "state", "ok"),
    ("dso", "limits", [[3, -1]]),
    ("clear", "wh", -1),
    ("sync", "v", 2),
    ("sync", "v", True),
    ("sync", "type", "sink"),
    ("sync", "type", ["sync"]),
    ("sync", "market", ""),
    ("sync", "market", "a/b"),
    ("sync", "market", "#"),
    ("sync", "market", "+"),
    ("sync", "market", 1),
    ("sync", "from", "gateway"),
    ("sync", "seq", 0),
    ("sync", "seq", 1 << 53),
    ("sync", "at", -1),
)

LIMITS = (
    ("order", "steps", [[price, 5] for price in range(17)]),
    ("open", "leaves", [[i, HASH, []] for i in range(101)]),
)


def message(kind):
    fields = {"v": 1, "type": kind, "market": "street", "from": KID, "seq": 9, "at": 1000}
    fields.update(RIGHT[kind])
    return fields


def test_right_messages():
    assert set(RIGHT) == set(messages.ROLE_OF_TYPE)
    for kind in RIGHT:
        messages.check(message(kind))
        messages.check(canonical.decode(canonical.encode(message(kind))))
    messages.check(dict(message("order"), item=4))
    messages.check(dict(message("order"), steps=[]))
    messages.check(dict(message("order"), steps=[[price, 5] for price in range(16)]))
    messages.check(dict(message("receipt"), accepted=False, reason="limits"))


def test_fields_that_do_not_fit():
    for kind, field, value in WRONG:
        wrong = message(kind)
        wrong[field] = value
        assert raises(Refused, messages.check, wrong).args[0] == "malformed", (kind, field, value)


def test_more_than_is_allowed():
    for kind, field, value in LIMITS:
        wrong = message(kind)
        wrong[field] = value
        assert raises(Refused, messages.check, wrong).args[0] == "limits", (kind, field)


def test_missing_and_unknown_fields():
    for kind in RIGHT:
        for field in message(kind):
            wrong = message(kind)
            del wrong[field]
            assert raises(Refused, messages.check, wrong).args[0] == "malformed", (kind, field)
        wrong = message(kind)
        wrong["note"] = "x"
        assert raises(Refused, messages.check, wrong).args[0] == "malformed", kind
    assert raises(Refused, messages.check, {}).args[0] == "malformed"
    assert raises(Refused, messages.check, dict(message("sync"), item=1)).args[0] == "malformed"


def test_no_field_takes_just_any_kind_of_value():
    for kind in RIGHT:
        for field in message(kind):
            fitting = 0
            for value in (True, -1, 1 << 60, "\n", [[]], {}, None, 1.5):
                wrong = message(kind)
                wrong[field] = value
                try:
                    messages.check(wrong)
                    fitting += 1
                except Refused:
                    pass
            assert fitting <= 1, (kind, field)


def test_who_may_sign():
    for kind in messages.ROLE_OF_TYPE:
        for role in shapes.ROLES:
            assert messages.may_sign(role, kind) == (messages.ROLE_OF_TYPE[kind] == role)
    assert messages.may_sign("market", "award")
    assert not messages.may_sign("gateway", "award")
    assert not messages.may_sign("market", "keys")
    assert not messages.may_sign("gateway", "nothing")


def test_topics():
    for kind, end in (
        ("terms", "terms"),
        ("tariff", "tariff"),
        ("keys", "keys"),
        ("order", "gw/%s/order" % KID),
        ("cancel", "gw/%s/order" % KID),
        ("meter", "gw/%s/meter" % KID),
        ("dispute", "gw/%s/dispute" % KID),
        ("sync", "gw/%s/sync" % KID),
        ("status", "gw/%s/status" % KID),
        ("receipt", "gw/me/receipt"),
        ("award", "gw/me/award"),
        ("bill", "gw/me/bill"),
        ("list", "slot/600/list"),
        ("book", "slot/600/book"),
        ("open", "slot/600/open/0"),
        ("dso", "slot/600/dso"),
        ("clear", "slot/600/clear"),
    ):
        assert messages.topic_of(message(kind), "me") == "elecbay/1/street/" + end
    assert messages.topic("street", "slot", "+", "open", "#") == "elecbay/1/street/slot/+/open/#"


def test_retained():
    kept = [kind for kind in RIGHT if kind in messages.RETAINED]
    assert sorted(kept) == ["book", "clear", "dso", "keys", "list", "open", "status", "tariff", "terms"]

"""What a message is: a dict that fits the shape of its type, signed by the role that may, on the topic that is its own.

A shape is written as `market/shapes.py` says: ("natural", "hash") is an array of these two, ["hash"] an array of any number.
Units: prices micro-currency per kWh, `*_wh` Wh, money nano-currency, times and slots UTC s. See docs/protocol.md.
"""

from market.envelope import kid, unb64url
from market.lent import Payload
from market.nouns import Refused
from market.shapes import fits

MOST_STEPS = 16
MOST_LEAVES = 100  # a page

ROLE_OF_TYPE = {
    "terms": "market",
    "tariff": "supplier",
    "keys": "registrar",
    "order": "gateway",
    "cancel": "gateway",
    "meter": "gateway",
    "dispute": "gateway",
    "sync": "gateway",
    "status": "gateway",
    "receipt": "market",
    "award": "market",
    "bill": "market",
    "list": "market",
    "book": "market",
    "open": "market",
    "dso": "dso",
    "clear": "market",
}
RETAINED = ("terms", "tariff", "keys", "status", "list", "book", "open", "dso", "clear")

STEPS = [("integer", "nonzero")]
FRAME: "dict[str, object]" = {"v": "version", "type": "word", "market": "name", "from": "hash", "seq": "positive", "at": "natural"}
SHAPES: "dict[str, dict[str, object]]" = {
    "terms": {
        "slot_seconds": "positive",
        "open_before": "natural",
        "gate_before": "natural",
        "mechanism": "mechanism",
        "service": "natural",
        "network": "natural",
        "penalty": "natural",
        "price_min": "integer",
        "price_max": "integer",
        "max_wh": "positive",
    },
    "tariff": {"rows": [("natural", "integer", "integer")]},  # slot, import price, export price
    "keys": {"members": [("hash", "hash", "role", "text", "text")]},  # kid, x, role, meter, node
    "order": {"device": "label", "slot": "natural", "steps": STEPS, "expires": "natural", "replaces": "natural"},
    "cancel": {"device": "label", "slot": "natural", "replaces": "positive"},  # the seq of the order that is withdrawn
    "meter": {"slot": "natural", "meter": "label", "import_wh": "natural", "export_wh": "natural", "raw": "hash", "prev": "hash or none"},
    "dispute": {"bill": "hash", "reason": "text"},  # the digest of the message that is disputed
    "sync": {"last": "natural"},
    "status": {"online": "boolean", "session": "natural"},
    "receipt": {"order": "hash", "index": "natural", "accepted": "boolean", "reason": "reason or none"},
    # one row of fills an own order in the book, 0 Wh too; path holds its place in the tree and the hashes, in the order of fills
    "award": {"slot": "natural", "fills": [("hash", "natural", "integer", "integer")], "path": [("natural", ["hash"])]},
    "bill": {
        "slot": "natural",
        "awarded_wh": "integer",
        "metered_wh": "integer",
        "lines": [("line kind", "integer", "integer", "integer")],  # kind, wh, price, amount
        "total": "integer",
        "rating": "permille",
    },
    "list": {"slot": "natural", "listings": [("natural", "integer", "nonzero")]},  # index, price, wh
    "book": {"slot": "natural", "root": "hash", "count": "natural", "pages": "natural"},
    "open": {"slot": "natural", "page": "natural", "leaves": [("natural", "hash", STEPS)]},  # index, order, steps
    "dso": {"slot": "natural", "state": "state", "constraint": "text", "limits": [("natural", "natural")]},  # index, max_wh
    "clear": {"slot": "natural", "price": "integer", "wh": "natural"},
}
OPTIONAL: "dict[str, dict[str, object]]" = {"order": {"item": "natural"}}  # the listing's index, with mechanism "listing"

_TOPICS = {
    "receipt": ("gw", "<to>", "receipt"),
    "award": ("gw", "<to>", "award"),
    "bill": ("gw", "<to>", "bill"),
    "order": ("gw", "<from>", "order"),
    "cancel": ("gw", "<from>", "order"),
    "meter": ("gw", "<from>", "meter"),
    "dispute": ("gw", "<from>", "dispute"),
    "sync": ("gw", "<from>", "sync"),
    "status": ("gw", "<from>", "status"),
    "list": ("slot", "<slot>", "list"),
    "book": ("slot", "<slot>", "book"),
    "open": ("slot", "<slot>", "open", "<page>"),
    "dso": ("slot", "<slot>", "dso"),
    "clear": ("slot", "<slot>", "clear"),
}


def topic(market: str, *parts: object) -> str:
    """A topic of the market: `topic("m", "slot", 300, "book")` is `elecbay/1/m/slot/300/book`; "+" and "#" pass for subscriptions."""
    return "/".join(["elecbay", "1", market] + [str(part) for part in parts])


def topic_of(payload: Payload, to: str = "") -> str:
    """The one topic a checked message belongs on; `to` is the gateway's kid for what the market tells one gateway."""
    parts = _TOPICS.get(str(payload["type"]), (str(payload["type"]),))
    filled = [_part(payload, to, part) for part in parts]
    return topic(str(payload["market"]), *filled)


def may_sign(role: str, kind: str) -> bool:
    """Whether a key of this role may sign messages of type `kind`."""
    return ROLE_OF_TYPE.get(kind) == role


def check(payload: Payload) -> None:
    """Raise `Refused("malformed" | "limits", why)` unless `payload` has exactly the fields of its type, each of its shape."""
    kind = payload.get("type")
    if not isinstance(kind, str) or kind not in SHAPES:
        raise Refused("malformed", "no type %r" % (kind,))
    shape = dict(FRAME)
    shape.update(SHAPES[kind])
    for field, form in OPTIONAL.get(kind, {}).items():
        if field in payload:
            shape[field] = form
    _check_fields(payload, shape)
    if kind in _RULES:
        _RULES[kind](payload)


def check_steps(steps: "list[list[int]]") -> None:
    """Raise `Refused` unless `steps` are at most 16 (price, wh), none of 0 Wh, and every buying price below every selling price."""
    if not fits(steps, STEPS):
        raise Refused("malformed", "steps are pairs of price and Wh, which is not 0")
    if len(steps) > MOST_STEPS:
        raise Refused("limits", "%d steps, %d are allowed" % (len(steps), MOST_STEPS))
    buys = [price for price, wh in steps if wh > 0]
    sells = [price for price, wh in steps if wh < 0]
    if buys and sells and max(buys) >= min(sells):
        raise Refused("malformed", "buys at %d and sells at %d" % (max(buys), min(sells)))


def _part(payload: Payload, to: str, part: str) -> str:
    if part == "<to>":
        return to
    return str(payload[part[1:-1]]) if part.startswith("<") else part


def _check_fields(payload: Payload, shape: Payload) -> None:
    for field in payload:
        if field not in shape:
            raise Refused("malformed", "unknown field %s" % field)
    for field in shape:
        if field not in payload:
            raise Refused("malformed", "no field %s" % field)
        if not fits(payload[field], shape[field]):
            raise Refused("malformed", "%s is not %s" % (field, shape[field]))


def _check_order(payload: Payload) -> None:
    check_steps(payload["steps"])


def _check_terms(payload: Payload) -> None:
    if payload["price_min"] > payload["price_max"]:
        raise Refused("malformed", "price_min above price_max")
    if payload["gate_before"] > payload["open_before"]:
        raise Refused("malformed", "the gate closes before the book opens")


def _check_keys(payload: Payload) -> None:
    members = payload["members"]
    for name, x, _, _, _ in members:
        if kid(unb64url(x)) != name:
            raise Refused("malformed", "%s is not the kid of its key" % name)


def _check_receipt(payload: Payload) -> None:
    if (payload["reason"] == "") != payload["accepted"]:
        raise Refused("malformed", "accepted goes without a reason, refused with one")


def _check_open(payload: Payload) -> None:
    leaves = payload["leaves"]
    if len(leaves) > MOST_LEAVES:
        raise Refused("limits", "%d leaves, %d a page are allowed" % (len(leaves), MOST_LEAVES))
    for _, _, steps in leaves:
        check_steps(steps)


def _check_award(payload: Payload) -> None:
    fills, paths = payload["fills"], payload["path"]
    if len(fills) != len(paths):
        raise Refused("malformed", "%d fills with %d paths" % (len(fills), len(paths)))


def _check_dso(payload: Payload) -> None:
    if payload["state"] == "ok" and payload["limits"]:
        raise Refused("malformed", "limits without congestion")


_RULES = {
    "order": _check_order,
    "terms": _check_terms,
    "keys": _check_keys,
    "receipt": _check_receipt,
    "open": _check_open,
    "award": _check_award,
    "dso": _check_dso,
}

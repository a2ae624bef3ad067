"""What a value may look like: a shape is a word of KINDS, a tuple of shapes (an array of just these, in this order), or a list of
one shape (an array of any number of it)."""

from market.canonical import INT_MAX
from market.envelope import unb64url
from market.lent import Check
from market.nouns import Refused

ROLES = ("gateway", "market", "dso", "supplier", "registrar")
REASONS = ("late", "early", "signature", "malformed", "unknown", "duplicate", "limits", "slot")
MECHANISMS = ("auction", "listing")
STATES = ("ok", "congested")
LINE_KINDS = ("trade", "supply", "penalty", "service", "network")


def fits(value: object, shape: object) -> bool:
    """Whether a decoded value has this shape."""
    if isinstance(shape, str):
        return KINDS[shape](value)
    if not isinstance(value, (list, tuple)):
        return False
    if isinstance(shape, list):
        return all([fits(item, shape[0]) for item in value])
    assert isinstance(shape, tuple)
    return len(value) == len(shape) and all([fits(value[i], shape[i]) for i in range(len(shape))])


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and value is not True and value is not False and -INT_MAX <= value <= INT_MAX


def _at_least(value: object, least: int) -> bool:
    return isinstance(value, int) and value is not True and value is not False and least <= value <= INT_MAX


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200 and (not value or (min(value) >= " " and max(value) <= "~"))


def _is_name(value: object) -> bool:
    """Text that can be one level of an MQTT topic."""
    return isinstance(value, str) and 0 < len(value) <= 64 and _is_text(value) and not [c for c in "/+# " if c in value]


def _is_hash(value: object) -> bool:
    """43 characters of base64url that stand for 32 bytes."""
    if not isinstance(value, str):
        return False
    try:
        return len(unb64url(value)) == 32
    except Refused:
        return False


KINDS: "dict[str, Check]" = {
    "version": lambda value: type(value) is int and value == 1,
    "word": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "nonzero": lambda value: _is_integer(value) and value != 0,
    "natural": lambda value: _at_least(value, 0),
    "positive": lambda value: _at_least(value, 1),
    "permille": lambda value: _at_least(value, 0) and value <= 1000,
    "boolean": lambda value: value is True or value is False,
    "text": _is_text,
    "label": lambda value: value != "" and _is_text(value),
    "name": _is_name,
    "hash": _is_hash,
    "hash or none": lambda value: value == "" or _is_hash(value),
    "role": lambda value: value in ROLES,
    "mechanism": lambda value: value in MECHANISMS,
    "state": lambda value: value in STATES,
    "reason or none": lambda value: value == "" or value in REASONS,
    "line kind": lambda value: value in LINE_KINDS,
}

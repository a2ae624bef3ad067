"""One value, one byte string: data is canonical if and only if encoding what it decodes to gives the same bytes again.

Canonical JSON of docs/protocol.md: keys sorted, no white space, printable ASCII strings with only `"` and the backslash
escaped, integers within +-(2^53-1), arrays, objects, true, false; no float, no null; at most 6 containers within each other.
"""

import json

from market.lent import Value
from market.nouns import Refused

DEPTH = 6
INT_MAX = (1 << 53) - 1


def encode(value: object) -> bytes:
    """Return the canonical bytes of a dict, list, tuple, str, int or bool; raise `Refused("malformed", why)` for any other value."""
    return _text(value, 0).encode()


def decode(data: bytes, limit: int = 16384) -> Value:
    """Return the value of canonical `data` of at most `limit` bytes; raise `Refused("malformed", why)` for any other bytes."""
    if not 0 < len(data) <= limit:
        raise Refused("malformed", "%d bytes, 1 to %d are allowed" % (len(data), limit))
    if min(data) < 0x20 or max(data) > 0x7E:
        raise Refused("malformed", "not printable ASCII")
    try:
        value = json.loads(data.decode())
    except (ValueError, RuntimeError):  # RuntimeError: brackets deeper than the parser's stack
        raise Refused("malformed", "not JSON") from None
    if encode(value) != data:
        raise Refused("malformed", "not canonical")
    return value


def _text(value: object, depth: int) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, str):
        return _string(value)
    if depth == DEPTH:
        raise Refused("malformed", "more than %d levels, or a value that is no container" % DEPTH)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_text(item, depth + 1) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([_string(key) + ":" + _text(value[key], depth + 1) for key in _sorted_keys(value)]) + "}"
    raise Refused("malformed", "%s has no canonical form" % type(value).__name__)


def _integer(value: int) -> str:
    if not -INT_MAX <= value <= INT_MAX:
        raise Refused("malformed", "an integer beyond 2^53-1")
    return str(value)


def _string(value: str) -> str:
    if value and (min(value) < " " or max(value) > "~"):
        raise Refused("malformed", "a string that is not printable ASCII")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sorted_keys(value: "dict[str, object]") -> "list[str]":
    for key in value:
        if not isinstance(key, str):
            raise Refused("malformed", "a key that is no string")
    return sorted(value)

"""The values in a pushed COSEM list: codes with what follows them, wherever they stand; lists without codes by position.

Shapes that occur: code, value [, (scaler, unit)] in a structure of its own or flat in the list; an array of object descriptors first
and then their values, the n-th of the list being that of the n-th descriptor; values alone, whose codes `drivers/dlms_lists.py` knows.
"""

from drivers.axdr import ENUM, FLOAT32, FLOAT64, INT8, Number
from drivers.dlms_lists import LISTS
from drivers.obis import UNITS, code, unit
from drivers.registers import split, unpack
from drivers.sml import text
from drivers.telegram import Value

CLASS = 18  # type of a descriptor's class, an unsigned of two bytes
_MILLI = 3  # a float is kept in thousandths


def values(node, layout: str, lists: "tuple[str, ...]", title: bytes) -> "list[Value]":  # type: ignore[no-untyped-def]
    """lists: names of the tables in `LISTS` that may hold; title: system title of the envelope it came in, b"" without."""
    items = node if isinstance(node, list) else [node]
    texts = _texts(items) + [text(title[:3])]
    found, table = _coded(items), _fitting(lists, "exponents", layout, texts)
    if not found:
        table = _fitting([name for name in lists if len(items) in LISTS[name].get("positions", {})], "positions", layout, texts)  # type: ignore[operator]
        codes = table["positions"][len(items)] if table else ()
        found = [(name, item, None) for name, item in zip(codes, items)]
    made = [_value(name, item, scaler, table) for name, item, scaler in found]
    return [value for value in made if value is not None]


def _fitting(names, field: str, layout: str, texts: "list[str]"):  # type: ignore[no-untyped-def]
    """The first table that says `field` and fits, None when none does."""
    for name in names:
        table = LISTS[name]
        marked = all([any([one.startswith(mark) for one in texts]) for mark in table.get("marks", ())])  # type: ignore[attr-defined]
        if field in table and marked and table.get("layout", layout) == layout:
            return table
    return None


def _coded(items) -> "list[tuple[str, object, tuple[int, int] | None]]":  # type: ignore[no-untyped-def]
    """[(code, node, (scaler, unit) or None), ...] of a list and of the lists in it."""
    if items and _describes(items[0]) and len(items[0]) == len(items):
        return [(code(one[1]), item, None) for one, item in zip(items[0][1:], items[1:])]
    if len(items) > 1 and isinstance(items[0], Number) and items[0].type == CLASS and _is_code(items[1]):
        return []  # a descriptor, of which nothing says what it is worth
    found: "list[tuple[str, object, tuple[int, int] | None]]" = []
    i = 0
    while i < len(items):
        item, after = items[i], items[i + 1] if i + 1 < len(items) else None
        i += 1
        if isinstance(item, list):
            found += _coded(item)
        elif _is_code(item) and not isinstance(after, list):
            scaler = _scaler(items[i + 1]) if i + 1 < len(items) else None
            found.append((code(item), after, scaler))
            i += 1 if scaler is None else 2
    return found


def _describes(node) -> bool:  # type: ignore[no-untyped-def]
    """Whether it is an array of descriptors: (class, code, ...) each."""
    return isinstance(node, list) and bool(node) and all([isinstance(one, list) and len(one) > 2 and _is_code(one[1]) for one in node])


def _is_code(node) -> bool:  # type: ignore[no-untyped-def]
    """Six bytes, of a medium there is, and of now."""
    return isinstance(node, bytes) and len(node) == 6 and node[0] < 16 and node[5] == 255


def _scaler(node) -> "tuple[int, int] | None":  # type: ignore[no-untyped-def]
    """(exponent, unit code), None when it is not the structure of them."""
    if isinstance(node, list) and len(node) == 2 and all([isinstance(one, Number) for one in node]):
        if node[0].type == INT8 and node[1].type == ENUM:
            return node[0].value, node[1].value
    return None


def _value(name: str, node, scaler, table) -> "Value | None":  # type: ignore[no-untyped-def]
    if isinstance(node, (bytes, str)):
        return Value(name, said(node), None, "")
    if not isinstance(node, Number):
        return None
    plain = "" if table is None else unit(name)
    exponent, word = table.get("exponents", {}).get(plain, 0) if plain else 0, "" if plain == "factor" else plain
    if scaler is not None:
        exponent, word = scaler[0], UNITS.get(scaler[1], "")
    if node.type not in (FLOAT32, FLOAT64):
        return Value(name, node.value, exponent, word)
    words = 2 if node.type == FLOAT32 else 4
    number = unpack("f32" if words == 2 else "f64", "big", split("big", node.value, words), 10**_MILLI)
    return None if number is None else Value(name, number, exponent - _MILLI, word)


def _texts(items) -> "list[str]":  # type: ignore[no-untyped-def]
    """All texts in a list and in the lists in it."""
    found: "list[str]" = []
    for item in items:
        if isinstance(item, list):
            found += _texts(item)
        elif isinstance(item, (bytes, str)):
            found.append(said(item))
    return found


def said(node: "bytes | str") -> str:
    """A text, also one in octets that NULs fill up; other octets as hex."""
    if isinstance(node, str):
        return node
    bare = node.rstrip(b"\x00")
    return text(bare) if all([32 <= byte < 127 for byte in bare]) else text(node)

"""A-XDR, the bytes of a COSEM value: type, length, content. What does not fit into the bytes is Torn, what means nothing Garbled.

Nodes: a list or structure is a list, octets are bytes, printable text is str, null is None, and a number is Number(type, value),
because a scaler is known by its type. Floats stay bits, for whoever knows the scale to turn into integers.
Layouts are what some meters send instead of the standard, tried only when that makes no sense (see `body`):
"described": each pair begins with an untagged descriptor, class (2 bytes) code (6) attribute (1), as in Czech and Sagemcom XT211 pushes;
"swapped": the two bytes before a code are 06 09 where 09 06 is meant, as in some Landis+Gyr firmware.
Sources: IEC 62056-6-2 (Blue Book) clause 4.1.6.1, IEC 61334-6; dumps in esphome-libs/dlms_parser.
"""

from collections import namedtuple

from drivers.nouns import Garbled

NULL, ARRAY, STRUCTURE, BOOLEAN, BITS, OCTETS, VISIBLE, UTF8, INT8, ENUM, FLOAT32, FLOAT64 = 0, 1, 2, 3, 4, 9, 10, 12, 15, 22, 23, 24
# Type -> bytes of content; negative: signed.
NUMBERS = {BOOLEAN: 1, 5: -4, 6: 4, 13: 1, INT8: -1, 16: -2, 17: 1, 18: 2, 20: -8, 21: 8, ENUM: 1, FLOAT32: 4, FLOAT64: 8}
TIMES = {25: 12, 26: 5, 27: 4}  # date and time, date, time
LAYOUTS = ("", "described", "swapped")
DEEPEST = 6


class Torn(Garbled):
    """The bytes end before the value does."""


class Number(namedtuple("Number", ("type", "value"))):
    """A number with its A-XDR type."""

    __slots__ = ()
    type: int
    value: int


def body(data: bytes, i: int):  # type: ignore[no-untyped-def]
    """(node, index after it, layout) of the value at `i`, in the first layout that makes sense of it."""
    torn = None
    for layout in LAYOUTS:
        try:
            node, end = element(data, i, layout)
        except Torn as why:
            torn = why
        except Garbled:
            pass
        else:
            return node, end, layout
    raise torn or Garbled("no COSEM value", data)


def element(data: bytes, i: int, layout: str = "", depth: int = 0):  # type: ignore[no-untyped-def]
    """(node, index after it)."""
    kind = data[i] if i < len(data) else -1
    if layout == "swapped" and data[i : i + 2] == b"\x06\x09" and data[i + 7 : i + 8] in (b"\xff", b""):
        return _take(data, i + 2, 6)
    if kind in NUMBERS:
        width = NUMBERS[kind]
        content, end = _take(data, i + 1, abs(width))
        value = int.from_bytes(content, "big")
        return Number(kind, value - (1 << -8 * width) if width < 0 and content[0] & 0x80 else value), end
    if kind == NULL:
        return None, i + 1
    if kind in TIMES:
        return _take(data, i + 1, TIMES[kind])
    if kind in (ARRAY, STRUCTURE):
        return _items(data, i, layout, depth)
    if kind not in (BITS, OCTETS, VISIBLE, UTF8):
        raise (Torn if kind < 0 else Garbled)("an unknown type %d in a COSEM value" % kind, data)
    count, start = length(data, i + 1)
    content, end = _take(data, start, (count + 7) // 8 if kind == BITS else count)
    return _text(content) if kind in (VISIBLE, UTF8) else content, end


def _items(data: bytes, i: int, layout: str, depth: int):  # type: ignore[no-untyped-def]
    structure = data[i] == STRUCTURE
    count, i = length(data, i + 1)
    if depth == DEEPEST:
        raise Garbled("a COSEM value too deep", data)
    items: "list[object]" = []
    if layout == "described" and structure and count == 2 and _descriptor(data[i : i + 9]):
        nine, i = _take(data, i, 9)
        items.append(nine[2:8])
        count = 1
    if count > len(data) - i:  # the shortest item has one byte
        raise Torn("a COSEM list beyond the end", data)
    for _ in range(count):
        node, i = element(data, i, layout, depth + 1)
        items.append(node)
    return items, i


def _descriptor(nine: bytes) -> bool:
    """Whether these bytes, or what follows them, can be class (below 256), code (of today: it ends with 255) and attribute (few)."""
    return nine[:1] == b"\x00" and nine[1:2] != b"\x00" and nine[7:8] in (b"\xff", b"") and nine[8:] < b"\x20"


def length(data: bytes, i: int) -> "tuple[int, int]":
    """(length, index after it): one byte below 128, else a byte that says how many bytes it has."""
    first, i = _take(data, i, 1)
    if first[0] < 0x80:
        return first[0], i
    if not 1 <= first[0] & 0x7F <= 2:
        raise Garbled("a length of more than two bytes", data)
    more, i = _take(data, i, first[0] & 0x7F)
    return int.from_bytes(more, "big"), i


def _take(data: bytes, i: int, count: int) -> "tuple[bytes, int]":
    if i + count > len(data):
        raise Torn("a COSEM value beyond the end", data)
    return data[i : i + count], i + count


def _text(content: bytes) -> str:
    """Printable characters as they are, without the NULs that fill a field; others become "?"."""
    return "".join([chr(byte) if 32 <= byte < 127 else "?" for byte in content.rstrip(b"\x00")])

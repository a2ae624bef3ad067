"""SunSpec models by the names of their points: where a point lies, and what a whole model says; all facts are in `sunspec_models.py`.

Offsets count from the model's ID word. "103.W" is a point, "160.module[1].DCW" that of the second repeat, "160.module.DCW" that of each.
"""

from drivers.nouns import BadProfile
from drivers.registers import SUNSPEC_ABSENT, WORDS, split, unpack

HEAD = 2  # the ID and length words
MICRO = 1000000  # a float is told in millionths


def same_layout(model: int) -> int:
    """The model whose layout stands for this one: 101 is read as 103."""
    from drivers.sunspec_models import LIKE

    return LIKE.get(model, model)


def layout(model: int):  # type: ignore[no-untyped-def]
    """(points, groups) of a model: points = [(name, type, words, factor's name)], groups = [(name, count, (points, groups))].

    KeyError when the table has no such model.
    """
    from drivers.sunspec_models import MODELS

    stack: "list[tuple[str, str, tuple[list, list]]]" = [("", "1", ([], []))]  # type: ignore[type-arg]
    for word in MODELS[same_layout(model)].replace("(", " ( ").replace(")", " ) ").split():
        if word == ")":
            group = stack.pop()
            stack[-1][2][1].append(group)
        elif "*" in word:
            name, count = word.split("*")
            stack.append((name, count, ([], [])))
        elif word != "(":
            name, kind, factor = (word + ":").split(":")[:3]
            words = int(kind[1:]) if kind[0] == "t" else WORDS.get(kind, 1)
            stack[-1][2][0].append((name, "ascii" if kind[0] == "t" else kind, words, factor))
    return stack[0][2]


def length(model: int, repeats: int = 1) -> int:
    """The length word of a model whose repeating group, if it has one, stands there `repeats` times."""
    return _size(layout(model), repeats)


def _size(group, repeats: int) -> int:  # type: ignore[no-untyped-def]
    points, groups = group
    size: int = sum([words for _, _, words, _ in points])
    return size + sum([_size(inner, repeats) * (1 if count == "1" else repeats) for _, count, inner in groups])


def repeats(model: int) -> bool:
    """Whether a model ends with a group that repeats."""
    return any([count != "1" for _, count, _ in layout(model)[1]])


def unused(model: int, times: int = 1) -> "list[int]":
    """The registers after the length word of a model that has no values at all, its groups standing there `times` times."""
    return _unused(layout(model), times)


def _unused(group, times: int) -> "list[int]":  # type: ignore[no-untyped-def]
    regs: "list[int]" = []
    for _, kind, words, _ in group[0]:
        raw = {"ascii": 0, "f32": 0x7FC00000, "sf": 0x8000, "pad": 0x8000}.get(kind, SUNSPEC_ABSENT.get(kind, 0))
        regs += split("big", raw, words)
    for _, count, inner in group[1]:
        regs += _unused(inner, times) * (1 if count == "1" else times)
    return regs


def place(text: str) -> "tuple[tuple[int, ...], str, int, tuple[int, int] | None]":
    """(place, type, words, place of its scale factor or None) of a point; BadProfile when the standard has no such point."""
    try:
        parts = text.split(".")
        model = int(parts[0])
        points, groups = layout(model)
        factors = _factors(model, points)
        if len(parts) == 2:
            offset, kind, words, factor = _find(points, parts[1], HEAD)
            return (same_layout(model), offset), kind, words, factors.get(factor)
        name, _, index = parts[1].partition("[")
        start, group = _group(points, groups, name)
        offset, kind, words, factor = _find(group[0], parts[2], start)
        size = _size(group, 1)
        spot = (same_layout(model), offset + size * int(index[:-1])) if index else (same_layout(model), offset, size)
        return spot, kind, words, factors.get(factor)
    except (KeyError, ValueError, IndexError):
        raise BadProfile("%r is no SunSpec point that drivers/sunspec_models.py has: model.point, as '103.W'" % (text,)) from None


def _factors(model: int, points):  # type: ignore[no-untyped-def]
    found, offset = {}, HEAD
    for name, kind, words, _ in points:
        if kind == "sf":
            found[name] = (same_layout(model), offset)
        offset += words
    return found


def _find(points, wanted: str, offset: int) -> "tuple[int, str, int, str]":  # type: ignore[no-untyped-def]
    for name, kind, words, factor in points:
        if name == wanted:
            return offset, kind, words, factor
        offset += words
    raise KeyError(wanted)


def _group(points, groups, wanted: str):  # type: ignore[no-untyped-def]
    offset = HEAD + sum([words for _, _, words, _ in points])
    for name, _, inner in groups:
        if name == wanted:
            return offset, inner
        offset += _size(inner, 1)
    raise KeyError(wanted)


def values(model: int, registers: "list[int]") -> "list[tuple[str, int | str | None, int]]":
    """All that a model says: [(name, value, power of ten)], None for what the device does not have; a repeat's points are called
    "curve[0].V1". `registers` follow the length word. KeyError when the table has no such model."""
    said: "list[tuple[str, int | str | None, int]]" = []
    _say(said, "", layout(model), registers, 0, {})
    return said


def _say(said, prefix: str, group, registers: "list[int]", at: int, outer: "dict[str, int]") -> int:  # type: ignore[no-untyped-def]
    """Append what `group` says from register `at` on; return where it ends. outer: numbers told by the groups around it."""
    points, groups = group
    told, placed = {name: outer[name] for name in outer}, []
    for name, kind, words, factor in points:
        regs = registers[at : at + words]
        at += words
        if len(regs) == words and kind != "pad":
            value = _value(kind, regs)
            if isinstance(value, int):
                told[name] = value
            placed.append((name, kind, value, factor))
    for name, kind, value, factor in placed:
        exponent = told.get(factor, 0) if kind != "f32" else -6
        said.append((prefix + name, None if factor and factor not in told else value, exponent))
    for name, count, inner in groups:
        many = told.get(count, 0) if not count.isdigit() else int(count) or (len(registers) - at) // _size(inner, 1)
        for i in range(many):
            at = _say(said, prefix + (name if count == "1" else "%s[%d]" % (name, i)) + ".", inner, registers, at, told)
    return at


def _value(kind: str, regs: "list[int]") -> "int | str | None":
    if kind == "ascii":
        return unpack("ascii", "big", regs) or None
    if kind == "sf":
        return unpack("s16", "big", regs, absent=SUNSPEC_ABSENT["s16"])
    return unpack(kind, "big", regs, MICRO if kind == "f32" else 1, absent=SUNSPEC_ABSENT.get(kind))

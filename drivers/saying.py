"""How a profile is refused: BadProfile with the place in the file, what was found there, and what to write instead."""

from drivers.nouns import BadProfile


def must(ok, place, why) -> None:  # type: ignore[no-untyped-def]
    if not ok:
        raise BadProfile("%s: %s" % (place, why))


def one_of(place, value, values) -> None:  # type: ignore[no-untyped-def]
    must(value in values, place, "found %r: one of %s" % (value, ", ".join([repr(v) for v in values])))


def known(place, table, fields) -> None:  # type: ignore[no-untyped-def]
    must(isinstance(table, dict), place, "found %r: write a dict" % (table,))
    for field in table:
        must(field in fields, place, "unknown field %r: one of %s" % (field, " ".join(fields)))


def single(place, names) -> None:  # type: ignore[no-untyped-def]
    for name in names:
        must(names.count(name) == 1, place, "%s is there twice: keep one row, or give each its 'when'" % name)

"""Meters that speak unasked: one framer for each protocol, all of one shape, so that a host need not know which it holds.

    framer.add(data, at)     bytes as they came, at = UTC s of their first byte
    framer.next()            -> Telegram | None; call until None
    framer.bad               frames dropped: bad checksum, torn, meaningless
    framer.locked            encrypted frames for which no key was lent

A bad frame costs itself only: the search for the next one starts inside its bytes. No framer keeps more than its LIMIT.
"""

from drivers import p1, sml
from drivers.stream import Framer

__all__ = ("PROTOCOLS", "Framer", "framer")
PROTOCOLS = ("sml", "dsmr")


def framer(protocol: str, quirks: "dict[str, object] | None" = None, decrypt=None) -> Framer:  # type: ignore[no-untyped-def]
    """The framer of a protocol, with the `quirks` of a profile; `decrypt` as `drivers.envelope.opener` makes it."""
    if protocol == "sml":
        return sml.Framer(quirks or {})
    if protocol == "dsmr":
        return p1.Framer(quirks or {}, decrypt)
    raise ValueError("protocol %r: one of %s" % (protocol, " ".join(PROTOCOLS)))

"""Meters that speak unasked: one framer for each protocol, all of one shape, so that a host need not know which it holds.

    framer.add(data, at)     bytes as they came, at = UTC s of their first byte
    framer.next()            -> Telegram | None; call until None
    framer.bad               frames dropped: bad checksum, torn, meaningless
    framer.locked            encrypted frames for which no key was lent

A bad frame costs itself only: the search for the next one starts inside its bytes. No framer keeps more than its `limit`.
"""

from drivers.p1 import Framer as P1
from drivers.sml import Framer as Sml

PROTOCOLS = ("sml", "dsmr")


def framer(protocol: str, quirks: "dict[str, object] | None" = None, decrypt=None):  # type: ignore[no-untyped-def]
    """The framer of a protocol, with the `quirks` of a profile; `decrypt` as `drivers.envelope.opener` makes it."""
    if protocol == "sml":
        return Sml(quirks or {})
    if protocol == "dsmr":
        return P1(quirks or {}, decrypt)
    raise ValueError("protocol %r: one of %s" % (protocol, " ".join(PROTOCOLS)))

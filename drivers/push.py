"""Meters that speak unasked: one framer for each protocol, all of one shape, so that a host need not know which it holds.

    framer.add(data, at)     bytes as they came, at = UTC s of their first byte
    framer.next()            -> Telegram | None; call until None
    framer.bad               frames dropped: bad checksum, torn, meaningless
    framer.locked            encrypted frames for which no key was lent
    framer.say(now_ms)       -> Say | None: what a meter that speaks only when asked is to be sent now (`drivers/sign_on.py`)

A bad frame costs itself only: the search for the next one starts inside its bytes. No framer keeps more than its LIMIT.
"""

from drivers import dlms, hdlc, iec62056, mbus, p1, sign_on, sml, tic
from drivers.stream import Framer

__all__ = ("CIPHERED", "PROTOCOLS", "Framer", "framer")
PROTOCOLS = ("sml", "dsmr", "dlms-hdlc", "dlms-mbus", "dlms", "tic", "iec62056-21")
CIPHERED = ("dsmr", "dlms-hdlc", "dlms-mbus", "dlms")  # those that may come in an envelope


def framer(protocol: str, quirks: "dict[str, object] | None" = None, decrypt=None) -> Framer:  # type: ignore[no-untyped-def]
    """The framer of a protocol, with the `quirks` of a profile; `decrypt` as `drivers.envelope.opener` makes it."""
    if protocol not in PROTOCOLS:
        raise ValueError("protocol %r: one of %s" % (protocol, " ".join(PROTOCOLS)))
    quirks = quirks or {}
    if protocol in CIPHERED:
        kind = {"dsmr": p1.Framer, "dlms-hdlc": hdlc.Framer, "dlms-mbus": mbus.Framer, "dlms": dlms.RawFramer}[protocol]
        return kind(quirks, decrypt)
    if protocol == "iec62056-21" and quirks.get("mode") == "C":
        return sign_on.Framer(quirks)
    return {"sml": sml.Framer, "tic": tic.Framer, "iec62056-21": iec62056.Framer}[protocol](quirks)

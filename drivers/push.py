"""Meters that speak unasked: one framer for each protocol, all of one shape, so that a host need not know which it holds.

    framer.add(data, at)     bytes as they came, at = UTC s of their first byte
    framer.next()            -> Telegram | None; call until None
    framer.bad               frames dropped: bad checksum, torn, meaningless
    framer.locked            encrypted frames for which no key was lent
    framer.say(now_ms)       -> Say | None: what a meter that speaks only when asked is to be sent now (`drivers/sign_on.py`)

A bad frame costs itself only: the search for the next one starts inside its bytes. No framer keeps more than its LIMIT.
"""

from drivers.stream import Framer

__all__ = ("CIPHERED", "PROTOCOLS", "Framer", "framer")
PROTOCOLS = ("sml", "dsmr", "dlms-hdlc", "dlms-mbus", "dlms", "tic", "iec62056-21")
CIPHERED = ("dsmr", "dlms-hdlc", "dlms-mbus", "dlms")  # those that may come in an envelope
# Module and class of each: imported when wanted, for a small board has one meter and little memory.
_FRAMERS = {
    "sml": ("sml", "Framer"),
    "dsmr": ("p1", "Framer"),
    "dlms-hdlc": ("hdlc", "Framer"),
    "dlms-mbus": ("mbus", "Framer"),
    "dlms": ("dlms", "RawFramer"),
    "tic": ("tic", "Framer"),
    "iec62056-21": ("iec62056", "Framer"),
}


def framer(protocol: str, quirks: "dict[str, object] | None" = None, decrypt=None) -> Framer:  # type: ignore[no-untyped-def]
    """The framer of a protocol, with the `quirks` of a profile; `decrypt` as `drivers.envelope.opener` makes it."""
    if protocol not in PROTOCOLS:
        raise ValueError("protocol %r: one of %s" % (protocol, " ".join(PROTOCOLS)))
    quirks = quirks or {}
    asked = protocol == "iec62056-21" and quirks.get("mode") == "C"
    module, name = ("sign_on", "Framer") if asked else _FRAMERS[protocol]
    kind = getattr(__import__("drivers." + module, None, None, (name,)), name)
    made: Framer = kind(quirks, decrypt) if protocol in CIPHERED else kind(quirks)
    return made

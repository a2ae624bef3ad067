"""Smart meter with an old P1 port, DSMR 2.2 and 3.0: 9600 7E1, a telegram every 10 s that ends with a bare "!".

Without a checksum a torn byte stays unseen but for the parity bit: choose this profile only for a meter that has no better.
A telegram that does carry a checksum must match it. Source: Netbeheer Nederland "P1 Companion Standard" 2.2 and 3.0.
"""

PROFILE = {
    "title": "P1 port of a smart meter, DSMR 2.2 and 3.0",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 9600, "7E1"),),
    "quirks": {"checksum": "optional"},
    "capture": "dsmr/v2",
    "safe": "a meter: nothing to leave",
}

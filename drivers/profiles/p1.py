"""Smart meter with a P1 port, DSMR 4 and later or eSMR 5, also Fluvius (Belgium), Sweden, Norway with RJ12: 115200 8N1, CRC-16.

A telegram without a checksum is refused. An older meter (DSMR 2.2 and 3: 9600 7E1, no checksum) is profile p1_v2.
Sources: Netbeheer Nederland "P1 Companion Standard" 5.0.2, e-MUCS-P1 1.7.1.
"""

PROFILE = {
    "title": "P1 port of a smart meter, DSMR 4 and 5",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 115200, "8N1"),),
    "capture": "dsmr/v5",
    "safe": "a meter: nothing to leave",
}

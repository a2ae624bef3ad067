"""Belgian digital meter with an open P1 port (Fluvius, ORES, Resa, Sibelga): 115200 8N1, CRC-16, a telegram every second.

As profile p1; its telegrams carry the month's power peaks besides. Source: Fluvius e-MUCS P1 1.7.1.
"""

PROFILE = {
    "title": "P1 port of a Belgian meter",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 115200, "8N1"),),
    "capture": "dsmr/belgium",
    "safe": "a meter: nothing to leave",
}

"""Hungarian smart meter with a P1 port (E.ON, MVM): 115200 8N1, CRC-16, a telegram every 10 s.

As profile p1; total and tariffs stand side by side, the total counts. Source: E.ON Hungaria's description of the P1 port.
"""

PROFILE = {
    "title": "P1 port of a Hungarian meter",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 115200, "8N1"),),
    "capture": "dsmr/hungary",
    "safe": "a meter: nothing to leave",
}

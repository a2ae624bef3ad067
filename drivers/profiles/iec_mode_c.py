"""Meter with an optical head that speaks when asked, IEC 62056-21 mode C (and A, B): 300 7E1 to sign on, then as fast as it offers.

Read once a minute: a readout takes seconds, and some meters live on a battery. Source: IEC 62056-21:2002, 6.3.
"""

PROFILE = {
    "title": "Meter with an optical head, IEC 62056-21 mode C",
    "kind": "meter",
    "protocol": "iec62056-21",
    "links": (("serial", 300, "7E1"),),
    "quirks": {"mode": "C", "fastest": 9600, "every_s": 60},
    "capture": "iec62056-21/mode_c",
    "safe": "a meter: nothing to leave",
}

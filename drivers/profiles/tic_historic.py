"""Linky in historic mode (France): TIC at 1200 7E1, a frame every 1 to 2 s.

Historic frames cannot show export: while the apparent power is 0 the house may be giving, and has no power reading then. A home with
production asks its supplier to switch the meter to standard mode. Apparent power (VA) stands for power (W), which TIC does not tell.
Source: Enedis-NOI-CPT_54E version 3, chapter 5.
"""

PROFILE = {
    "title": "Linky, TIC in historic mode",
    "kind": "meter",
    "protocol": "tic",
    "links": (("serial", 1200, "7E1"),),
    "quirks": {"power": "apparent", "export": "hidden"},
    "capture": "tic/historic",
    "safe": "a meter: nothing to leave",
}

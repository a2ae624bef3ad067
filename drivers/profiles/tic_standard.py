"""Linky in standard mode (France): TIC at 9600 7E1, a frame every 1 to 2 s, with production when the contract has it.

Apparent power (VA) stands for power (W), which TIC does not tell: it is never less. Source: Enedis-NOI-CPT_54E version 3, chapter 6.
"""

PROFILE = {
    "title": "Linky, TIC in standard mode",
    "kind": "meter",
    "protocol": "tic",
    "links": (("serial", 9600, "7E1"),),
    "quirks": {"power": "apparent"},
    "capture": "tic/standard",
    "safe": "a meter: nothing to leave",
}

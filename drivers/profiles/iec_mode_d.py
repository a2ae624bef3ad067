"""Meter with an optical head that speaks unasked, IEC 62056-21 mode D (German eHZ with "D0" push, EasyMeter Q3D): 9600 7E1, every 2 s.

The standard has 2400 baud: baud = 2400 in home.toml for such a meter. There is no checksum but each character's parity bit; a readout with
a line out of shape is dropped. Source: IEC 62056-21:2002, 6.4.4; DIN 43863-4.
"""

PROFILE = {
    "title": "Meter with an optical head, IEC 62056-21 mode D",
    "kind": "meter",
    "protocol": "iec62056-21",
    "links": (("serial", 9600, "7E1"),),
    "capture": "iec62056-21/mode_d",
    "safe": "a meter: nothing to leave",
}

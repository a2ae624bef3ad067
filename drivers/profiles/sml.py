"""German smart meter that sends SML through its optical head (INFO-DSS), 9600 8N1, a frame every 1 to 4 s.

Source: BSI TR-03109-1 Anlage IVb, "Smart Message Language" 1.03 and 1.04. Quirk "unsigned": meters of these server ids (prefix,
and the number that follows it) send the power 1-0:16.7.0 in up to three bytes as signed where they mean unsigned: -299.12 W is
356.24 W (DZG DVS74 with serials 42 and 55 million and on; source: libsml sml/src/sml_list.c).
"""

PROFILE = {
    "title": "SML meter behind an optical head",
    "kind": "meter",
    "protocol": "sml",
    "links": (("serial", 9600, "8N1"),),
    "quirks": {"unsigned": (("0a01445a47", 42000000, 48999999), ("0a01445a47", 55000000, 58999999))},
    "capture": "sml/power",
    "safe": "a meter: nothing to leave",
}

"""Kamstrup OMNIPOWER with a HAN module (Norway, Denmark): DLMS over HDLC, 2400 8N1, plain or encrypted, codes without units.

Encrypted ones (Denmark) need the two keys of the grid operator: key_file in home.toml. Energy is in 10 Wh, current in 10 mA, behind
current transformers (types 685...) in mA. Sources: Kamstrup "HAN-NVE interface description" 3.1; amshan han/kamstrup.py.
"""

PROFILE = {
    "title": "Kamstrup OMNIPOWER with a HAN module",
    "kind": "meter",
    "protocol": "dlms-hdlc",
    "links": (("serial", 2400, "8N1"),),
    "quirks": {"lists": ("kamstrup_ct", "kamstrup")},
    "capture": "dlms/kamstrup",
    "safe": "a meter: nothing to leave",
}

"""Smart meter with a customer port that pushes DLMS over HDLC (HAN port of Norway and Sweden, others): 2400 8E1, a list every 2.5 to 10 s.

For meters that say scaler and unit themselves, such as Aidon's, and for those that `drivers/dlms_lists.py` knows by their mark. Some ports
are 8N1: parity = "N" in home.toml. Sources: NVE/NEK "AMS HAN" interface descriptions (Aidon, Kaifa, Kamstrup), DLMS Green Book 9.
"""

PROFILE = {
    "title": "Smart meter that pushes DLMS over HDLC",
    "kind": "meter",
    "protocol": "dlms-hdlc",
    "links": (("serial", 2400, "8E1"),),
    "capture": "dlms/hdlc",
    "safe": "a meter: nothing to leave",
}

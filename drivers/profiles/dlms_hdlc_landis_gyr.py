"""Landis+Gyr E450, E570 with a customer interface (Switzerland, Austria, Cyprus): DLMS over HDLC in blocks, 2400 8E1, mostly encrypted.

key_file in home.toml names the grid operator's keys. Values are W and Wh without saying so. Sources: Landis+Gyr "Consumer Information
Interface"; Netz Burgenland "Spezifikation Kundenschnittstelle E450"; dumps in esphome-libs/dlms_parser.
"""

PROFILE = {
    "title": "Landis+Gyr E450 or E570 with a customer interface",
    "kind": "meter",
    "protocol": "dlms-hdlc",
    "links": (("serial", 2400, "8E1"),),
    "quirks": {"lists": ("landis_gyr",), "encrypted": True},
    "capture": "dlms/landis_gyr",
    "safe": "a meter: nothing to leave",
}

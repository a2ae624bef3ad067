"""Smart meter whose customer port is a wired M-Bus (Austria: Kaifa MA309, Sagemcom T210 and others): DLMS, 2400 8E1, encrypted, every 5 s.

A message runs over two frames. key_file in home.toml names the grid operator's key. Source: Netz NOE "Folder Kundenschnittstelle" 218_15.
"""

PROFILE = {
    "title": "Smart meter that pushes DLMS over wired M-Bus",
    "kind": "meter",
    "protocol": "dlms-mbus",
    "links": (("serial", 2400, "8E1"),),
    "quirks": {"encrypted": True},
    "capture": "dlms/mbus",
    "safe": "a meter: nothing to leave",
}

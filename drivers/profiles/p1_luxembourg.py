"""Smarty meter of Luxembourg with a P1 port: 115200 8N1, encrypted telegrams, one every 10 s.

key_file in home.toml names the keys of the grid operator: the household's, and the authentication key that is the same for all,
00112233445566778899AABBCCDDEEFF. Source: Luxmetering, "Specifications P1" 1.1.3.
"""

PROFILE = {
    "title": "P1 port of a Luxembourg meter",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 115200, "8N1"),),
    "quirks": {"encrypted": True},
    "capture": "dsmr/envelope",
    "safe": "a meter: nothing to leave",
}

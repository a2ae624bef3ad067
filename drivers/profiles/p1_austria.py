"""Austrian smart meter with a P1 port (Sagemcom T210-D of several grid operators): 115200 8N1, encrypted telegrams, one every 10 s.

key_file in home.toml names the keys that the grid operator gives; without a tag (security 20) the telegram's own CRC must hold.
The telegram inside is DSMR 5's. Source: the envelope as Luxembourg's (Luxmetering, "Specifications P1" 1.1.3); seen on no real meter by us.
"""

PROFILE = {
    "title": "P1 port of an Austrian meter",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 115200, "8N1"),),
    "quirks": {"encrypted": True},
    "capture": "dsmr/austria",
    "safe": "a meter: nothing to leave",
}

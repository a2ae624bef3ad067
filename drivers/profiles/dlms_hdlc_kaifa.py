"""Kaifa MA105, MA304 with a HAN port (Norway): DLMS over HDLC, 2400 8E1, lists by position and without units.

A list of the power drawn alone every 2.5 s, a longer one every 10 s, with counters each hour. While the short list says 0 the house may
be giving: that list is no power then. Source: "KFM_001" interface description for AMS HAN; amshan han/kaifa.py.
"""

PROFILE = {
    "title": "Kaifa smart meter with a HAN port",
    "kind": "meter",
    "protocol": "dlms-hdlc",
    "links": (("serial", 2400, "8E1"),),
    "quirks": {"lists": ("kaifa", "power_alone")},
    "capture": "dlms/kaifa",
    "safe": "a meter: nothing to leave",
}

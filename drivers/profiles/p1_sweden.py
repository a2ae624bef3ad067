"""Swedish smart meter with a customer port of the P1 kind (RJ12): 115200 8N1, CRC-16, a telegram every 10 s.

As profile p1; values by phase, energy as 1.8.0 and 2.8.0 alone.
Source: Energiforetagen Sverige, "Branschrekommendation for lokalt kundgranssnitt" 2.0.
"""

PROFILE = {
    "title": "P1 port of a Swedish meter",
    "kind": "meter",
    "protocol": "dsmr",
    "links": (("serial", 115200, "8N1"),),
    "capture": "dsmr/sweden",
    "safe": "a meter: nothing to leave",
}

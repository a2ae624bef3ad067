"""One home on the street's market: `home.py` decides without waiting for anything, `host/` waits."""

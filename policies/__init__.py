"""One file per way of wanting energy."""

"""One literal-only file per product: what it is called here is what a config names; the folder listing is the registry."""

"""`elecbay trust HOME.toml [--again]`: why this home bids no more, and the owner's word that it may. Only the owner gives trust back."""

import sys
from pathlib import Path

from gateway.acts import Save
from gateway.host import home_toml
from gateway.host.store import Store

USAGE = "elecbay trust HOME.toml [--again]: say whether this home trusts its market and why not; --again: trust it from now on\n"


def main(argv: "list[str]") -> int:
    """0: it trusts (again), 1: it does not, 2: wrong words. The gateway must be stopped for --again."""
    files = [word for word in argv if word != "--again"]
    if len(files) != 1 or files[0].startswith("-"):
        sys.stderr.write(USAGE)
        return 2
    store = Store(Path(home_toml.load(files[0]).state))
    try:
        return _again(store) if "--again" in argv else _told(store)
    finally:
        store.close()


def _told(store: Store) -> int:
    doc = store.tables().get("home", {}).get("distrust")
    if doc is None:
        sys.stdout.write("This home trusts its market.\n")
        return 0
    why = doc.get("why", "see the ledger")
    sys.stdout.write(f"This home bids no more since slot {doc['slot']}: {why}\nThe signed proofs are in the ledger, kind `evidence`.\n")
    return 1


def _again(store: Store) -> int:
    """The chain of bills was broken where trust ended: the next bill is taken over, and said to be."""
    store.commit([Save("home", "distrust", None), Save("home", "adopting", {"since": 0})])
    sys.stdout.write("This home will bid again; the first bill that comes is not checked, all others are.\n")
    return 0

"""`elecbay clear BOOK.json`: clear a book from a file as every gateway and the market do, and print the result as one JSON line.

The book is {"orders": [{"index": 0, "steps": [[price, wh], ...]}, ...], "limits": [[index, max_wh], ...]}; limits may be left
out, other fields of an order are not read. Printed is {"price", "wh", "fills": [[index, wh], ...]}.
"""

import json
import sys
from pathlib import Path
from typing import Any

from market.clearing import clear
from market.messages import check_steps
from market.nouns import Refused
from market.shapes import fits

USAGE = "usage: elecbay clear BOOK.json ('-' reads standard input)\n"


class BadBook(Exception):
    """A book that cannot be cleared: says where and why."""


def main(argv: list[str]) -> int:
    """Return 0, or 2 with one line on stderr when the book cannot be read."""
    if len(argv) != 1 or argv[0] in ("-h", "--help"):
        asked = len(argv) == 1
        (sys.stdout if asked else sys.stderr).write(USAGE)
        return 0 if asked else 2
    try:
        orders, limits = read(argv[0])
    except BadBook as error:
        sys.stderr.write(f"elecbay clear: {argv[0]}: {error}\n")
        return 2
    price, wh, fills = clear(orders, limits)
    sys.stdout.write(json.dumps({"price": price, "wh": wh, "fills": fills}) + "\n")
    return 0


def read(path: str) -> tuple[list[tuple[int, list[tuple[int, int]]]], list[tuple[int, int]]]:
    """The orders and limits of the book at `path`; raises BadBook."""
    try:
        book = json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBook(error.strerror or str(error)) from None
    except (ValueError, RecursionError) as error:
        raise BadBook(f"no JSON: {error}") from None
    if not isinstance(book, dict) or not isinstance(book.get("orders"), list):
        raise BadBook('write {"orders": [{"index": 0, "steps": [[price, wh], ...]}, ...]}: docs/protocol.md, step 4')
    orders = [_order(order, place) for place, order in enumerate(book["orders"])]
    indices = [index for index, _ in orders]
    if len(set(indices)) != len(indices):
        raise BadBook("two orders with one index: give each its own")
    limits = book.get("limits", [])
    if not fits(limits, [("natural", "natural")]):
        raise BadBook('"limits" are pairs [index, max_wh] of integers from 0 on')
    return orders, [(index, most) for index, most in limits]


def _order(order: Any, place: int) -> tuple[int, list[tuple[int, int]]]:
    if not isinstance(order, dict) or not fits(order.get("index"), "natural"):
        raise BadBook(f'orders[{place}]: found no "index", an integer from 0 on')
    steps = order.get("steps")
    try:
        check_steps(steps)  # type: ignore[arg-type]
    except Refused as error:
        raise BadBook(f"orders[{place}].steps: {error.args[1]}") from None
    assert steps is not None
    return order["index"], [(price, wh) for price, wh in steps]

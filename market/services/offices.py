"""Who runs the reference market: four keys, so four offices, each with a store of its own; they know each other only by messages."""

from market.envelope import b64url, kid
from market.feeder import Feeder
from market.lent import Signer, Verify
from market.services.auctioneer import Auctioneer
from market.services.book import Book
from market.services.desk import Desk
from market.services.dso import Dso
from market.services.letters import Doc, LetterBook, Tables
from market.services.office import Office, Service
from market.services.registrar import Member, Registrar
from market.services.settlement import Settlement
from market.services.supplier import Row, Supplier
from market.services.trust import Trust

ROLES = ("registrar", "supplier", "dso", "market")


class Founding:
    """What all offices of one market share: its name, the public keys of its roles, and the rules.

    public: {role: 32 bytes}; terms as in the `terms` message; daily: the supplier's rows; gateways: the registrar's rows.
    """

    def __init__(
        self, name: str, public: "dict[str, bytes]", verify: Verify, terms: Doc, daily: "list[Row]", gateways: "list[Member]", grid: Feeder
    ) -> None:
        self.name, self.public, self.verify = name, public, verify
        self.terms, self.daily, self.gateways, self.grid = terms, daily, gateways, grid

    def office(self, role: str, signer: Signer, tables: Tables) -> Office:
        """The office of a role, as its store kept it."""
        letters = LetterBook(self.name, signer, tables)
        trust = Trust(self.name, self.public["registrar"], self.verify)
        if role == "registrar":
            return Office(letters, trust, [Registrar(letters, self.gateways + officers(self.public))])
        if role == "supplier":
            return Office(letters, trust, [Supplier(letters, int(self.terms["slot_seconds"]), self.daily)])
        if role == "dso":
            return Office(letters, trust, [Dso(letters, trust, self.terms, self.grid)])
        services: list[Service] = [
            Desk(letters, trust, self.terms),
            Book(letters, trust, self.terms, tables),
            Auctioneer(letters, trust),
            Settlement(letters, trust, self.terms, tables),
        ]
        return Office(letters, trust, services)


def officers(public: "dict[str, bytes]") -> "list[Member]":
    """The registrar's rows of the market's own roles."""
    return [(kid(key), b64url(key), role, "", "") for role, key in public.items()]

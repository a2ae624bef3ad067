"""Who belongs to the market: one signed `keys` message, a new one only when the list has changed."""

from market import envelope, messages
from market.canonical import INT_MAX
from market.services.letters import Act, LetterBook

Member = tuple[str, str, str, str, str]  # kid, x, role, meter, node


class Registrar:
    """Publishes the members, sorted by kid so that the same list gives the same message."""

    topics: tuple[str, ...] = ()

    def __init__(self, book: LetterBook, members: list[Member]) -> None:
        self.book = book
        self.rows = [list(member) for member in sorted(members)]

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """The registrar hears nobody: members come from its owner's file."""
        return []

    def tick(self, now: int) -> list[Act]:
        """Publish the list if what was published last is another."""
        letter = self.book.find("keys")
        if letter and letter.payload["members"] == self.rows:
            return []
        return self.book.write("keys", {"members": self.rows}, now)


class _Unsigned:
    """Stands for any signer: all kids and signatures have the same length."""

    public = bytes(32)
    kid = envelope.kid(public)

    def sign(self, message: bytes) -> bytes:
        return bytes(64)


def keys_bytes(market: str, members: list[Member]) -> int:
    """How large a `keys` message with these members gets at most. Raises Refused when one cannot stand in it."""
    frame = {"v": 1, "type": "keys", "market": market, "from": _Unsigned.kid, "seq": INT_MAX, "at": INT_MAX}
    payload = {**frame, "members": [list(member) for member in members]}
    messages.check(payload)
    return len(envelope.seal(payload, _Unsigned()))

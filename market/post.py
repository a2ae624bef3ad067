"""One signer, one seq: it rises with every message, over restarts too, even when the store was lost."""

from market.envelope import seal
from market.lent import Signer


class Post:
    """Seals what one key has to say in one market. The caller keeps `seq` in the same commit as the message."""

    def __init__(self, signer: Signer, market: str, seq: int = 0) -> None:
        self.signer, self.market, self.seq = signer, market, seq

    def seal(self, kind: str, fields: "dict[str, object]", now: int) -> "tuple[dict[str, object], bytes]":
        """(payload, JWS) of a message of that type. seq is at least the time in seconds, so a lost store does not repeat one."""
        self.seq = max(self.seq + 1, now)
        payload = dict(fields)
        payload.update({"v": 1, "type": kind, "market": self.market, "from": self.signer.kid, "seq": self.seq, "at": now})
        return payload, seal(payload, self.signer)

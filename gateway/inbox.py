"""What the market says counts only with a signature of the key that the registrar names for that role, on its own topic, once.

The registrar's key is in the owner's config: it is the root of all trust. A message whose key is not known yet waits for `keys`.
"""

from market.envelope import kid, unb64url, unseal
from market.lent import Payload, Verify
from market.messages import check, may_sign, topic_of
from market.messages import topic as topic_name
from market.nouns import Refused

WAITING = 200  # messages kept while the keys have not come
LASTING = ("terms", "tariff", "keys")  # the newest statement holds; an older one is a replay


class Inbox:
    """market: its name; registrar: base64url of the registrar's public key; me: this gateway's kid."""

    def __init__(self, market: str, registrar: str, me: str, verify: Verify) -> None:
        root = unb64url(registrar)
        self.market, self.me, self.verify = market, me, verify
        self.root = kid(root)
        self.members: "dict[str, tuple[bytes, str]]" = {self.root: (root, "registrar")}
        self.newest: "dict[str, int]" = {}
        self._waiting: "list[tuple[str, bytes]]" = []

    def take(self, topic: str, jws: bytes) -> "list[tuple[Payload, bytes]]":
        """Verified (payload, jws) pairs: none while the key is unknown, several when it just became known. Raises `Refused`."""
        try:
            payload = self._check(topic, jws)
        except Refused as why:
            if why.args[0] == "unknown" and not self.known() and topic != topic_name(self.market, "keys"):
                self._waiting = self._waiting[-WAITING:] + [(topic, jws)]
                return []
            raise
        if payload["type"] != "keys":
            return [(payload, jws)]
        self._learn(payload)
        again, self._waiting = self._waiting, []
        return [(payload, jws)] + [pair for item in again for pair in self._again(item)]

    def _again(self, item: "tuple[str, bytes]") -> "list[tuple[Payload, bytes]]":
        try:
            return self.take(item[0], item[1])
        except Refused:
            return []

    def _check(self, topic: str, jws: bytes) -> Payload:
        payload = unseal(jws, self._key, self.verify)
        check(payload)
        kind, signer = str(payload["type"]), str(payload["from"])
        if payload["market"] != self.market or topic_of(payload, self.me) != topic:
            raise Refused("malformed", "a %s of market %s on the topic %s" % (kind, payload["market"], topic))
        if not may_sign(self.members[signer][1], kind):
            raise Refused("unknown", "a %s signed by a %s" % (kind, self.members[signer][1]))
        if kind in LASTING:
            self._newer(kind, signer, payload["seq"])
        return payload

    def _key(self, signer: str) -> "bytes | None":
        return self.members[signer][0] if signer in self.members else None

    def _newer(self, kind: str, signer: str, seq: int) -> None:
        mark = signer if kind == "keys" else signer + kind
        if seq < self.newest.get(mark, 0):
            raise Refused("duplicate", "an older %s came again" % kind)
        self.newest[mark] = seq

    def _learn(self, keys: Payload) -> None:
        """The registrar's list is the whole list: who is not on it any more is revoked."""
        rows: "list[list[str]]" = keys["members"]
        root = self.members[self.root]
        self.members = {row[0]: (unb64url(row[1]), row[2]) for row in rows}
        self.members[self.root] = root

    def known(self) -> bool:
        """Whether the registrar's list has come."""
        return self.root in self.newest

    def enrolled(self) -> bool:
        """Whether the registrar lists this gateway."""
        return self.members.get(self.me, (b"", ""))[1] == "gateway"


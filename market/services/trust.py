"""Who may say what: a message counts only when its signer's role, its type and its topic belong together under the registrar's keys."""

from market import envelope, messages
from market.lent import Verify
from market.nouns import Refused
from market.services.letters import Doc

ALSO = (("dso", "sync"),)  # a grid operator may ask for the receipts again, as a gateway asks for its messages


class Trust:
    """The members of a market, as the registrar signed them.

    registrar: the trust root's public key, 32 bytes. members: {kid: {kid, x, role, meter, node}}, empty until a `keys` message came.
    """

    def __init__(self, market: str, registrar: bytes, verify: Verify) -> None:
        self.market, self.verify = market, verify
        self.root = registrar
        self.root_kid = envelope.kid(registrar)
        self.members: dict[str, dict[str, str]] = {}
        self.seq = 0

    def learn(self, data: bytes) -> None:
        """Take over a `keys` message. Raises Refused; one that is older than what is known changes nothing."""
        payload = self.read(messages.topic(self.market, "keys"), data)
        if payload["seq"] > self.seq:
            self.seq = payload["seq"]
            rows = [dict(zip(("kid", "x", "role", "meter", "node"), row, strict=True)) for row in payload["members"]]
            self.members = {row["kid"]: row for row in rows}

    def role(self, kid: str) -> str:
        """The role of a member, "" for strangers."""
        return "registrar" if kid == self.root_kid else self.members.get(kid, {}).get("role", "")

    def holder(self, role: str) -> str:
        """The kid of the member with a role that one holds, "" while it is unknown."""
        return min((kid for kid, row in self.members.items() if row["role"] == role), default="")

    def key_of(self, kid: str) -> bytes | None:
        """The public key of a member."""
        if kid == self.root_kid:
            return self.root
        row = self.members.get(kid)
        return envelope.unb64url(row["x"]) if row else None

    def read(self, topic: str, data: bytes) -> Doc:
        """The payload of a message that may stand under this full topic. Raises Refused."""
        payload: Doc = envelope.unseal(data, self.key_of, self.verify)
        messages.check(payload)
        if payload["market"] != self.market:
            raise Refused("malformed", f"a message of market {payload['market']}")
        parts = topic.split("/")
        if messages.topic_of(payload, to=parts[4] if len(parts) > 4 else "") != topic:
            raise Refused("malformed", f"a {payload['type']} of {payload['from']} does not belong under {topic}")
        role = self.role(payload["from"])
        if not messages.may_sign(role, payload["type"]) and (role, payload["type"]) not in ALSO:
            raise Refused("unknown", f"a {role} does not sign a {payload['type']}")
        return payload

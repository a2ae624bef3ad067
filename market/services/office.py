"""An office is one key: its letter book, whom it trusts, and the services that speak with it; it waits for nothing and knows no network."""

from typing import Protocol

from gateway.acts import Note
from market.messages import topic as topic_name
from market.nouns import Refused
from market.services.letters import Act, LetterBook
from market.services.trust import Trust

HELD = 1000  # messages kept back until the first `keys` says who signed them


class Service(Protocol):
    """One task of an office. topics: patterns below the market's prefix, as in an MQTT subscription."""

    @property
    def topics(self) -> tuple[str, ...]: ...
    def told(self, topic: str, data: bytes, now: int) -> list[Act]: ...
    def tick(self, now: int) -> list[Act]: ...


class Office:
    """Services under one key. The host commits all Saves of what a call returns before it does any other act of it."""

    def __init__(self, book: LetterBook, trust: Trust, services: list[Service]) -> None:
        self.book, self.trust, self.services = book, trust, services
        self.held: list[tuple[str, bytes]] = []
        self.pruned = 0

    def topics(self) -> list[str]:
        """What to subscribe to; `keys` first."""
        wanted = sorted({pattern for service in self.services for pattern in service.topics})
        return [topic_name(self.book.market, pattern) for pattern in ["keys", *wanted]]

    def start(self, now: int) -> list[Act]:
        """After a start or a new connection: give again what the broker may have forgotten."""
        return self.book.restart(now)

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """A message came from the broker."""
        if topic == topic_name(self.book.market, "keys"):
            return self._learn(data, now)
        if not self.trust.members and any(self._wants(service, topic) for service in self.services):
            self.held = [*self.held, (topic, data)][-HELD:]
            return []
        return self._hand_on(topic, data, now)

    def tick(self, now: int) -> list[Act]:
        """Time went on: do what is due."""
        acts = [act for service in self.services for act in service.tick(now)]
        if now - self.pruned >= 3600:
            self.pruned = now
            acts += self.book.prune(now)
        return acts

    def _learn(self, data: bytes, now: int) -> list[Act]:
        try:
            self.trust.learn(data)
        except Refused as refused:
            return [Note("warning", f"keys: {refused.args[0]}: {refused.args[1]}")]
        held, self.held = self.held, []
        return [act for topic, kept in held for act in self._hand_on(topic, kept, now)]

    def _hand_on(self, topic: str, data: bytes, now: int) -> list[Act]:
        acts: list[Act] = []
        for service in self.services:
            if data and self._wants(service, topic):
                try:
                    acts += service.told(topic, data, now)
                except Refused as refused:
                    acts.append(Note("warning", f"{topic}: {refused.args[0]}: {refused.args[1]}"))
        return acts

    def _wants(self, service: Service, topic: str) -> bool:
        return any(matches(topic_name(self.book.market, pattern), topic) for pattern in service.topics)


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic falls under a subscription with `+` levels."""
    want, have = pattern.split("/"), topic.split("/")
    return len(want) == len(have) and all(w in ("+", h) for w, h in zip(want, have, strict=True))

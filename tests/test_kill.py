"""SIGKILL, on real processes over a real broker: a gateway in mid slot, the market between gate and award; nothing is lost or doubled."""

import asyncio
import os
import signal
from pathlib import Path

from independent_reader import read
from rich.console import Console

from sim_devices.broker import choose
from sim_devices.evening import Evening, Options
from sim_devices.record import Heard

SLOTS, RATE = 7, 60


class Struck(Evening):
    """An evening in which processes are killed and started again."""

    def __init__(self, folder: Path) -> None:
        options = Options(3, RATE, 1, SLOTS, folder / "record.jsonl", choose(None))
        (folder / "street").mkdir()
        super().__init__(options, folder / "street", Console(quiet=True))
        self.struck: list[str] = []

    async def strike(self, child, name: str) -> None:
        """Kill it as a power cut would, wait for its end, and start it again."""
        os.kill(child.process.pid, signal.SIGKILL)
        assert await child.process.wait() == -signal.SIGKILL
        self.struck.append(name)
        await child.start()

    async def gateways_in_mid_slot(self) -> None:
        """Each gateway once, a slot apart, 100 s after its slot began."""
        for number, home in enumerate(self.homes, 1):
            await self.clock.sleep(max(self.slots[number] + 100 - self.clock.now(), 0))
            await self.strike(home.child, home.plan.name)

    async def market_between_gate_and_award(self) -> None:
        """At the sight of a slot's book, before its award was heard; the next slot's when the market was quicker."""
        for slot in self.slots[3:]:
            while not any(k == "book" and s == slot for k, s in self.heard):
                await asyncio.sleep(0.0005)
            if not any(k == "clear" and s == slot for k, s in self.heard):
                await self.strike(self.market, f"market before the award of {slot}")
                if not any(k == "clear" and s == slot for k, s in self.heard):
                    return

    async def run(self) -> None:
        self.heard: list[tuple[str, int]] = []
        told = self.watch.told

        def listen(heard: Heard) -> None:
            parts = heard.topic.split("/")
            if parts[3] == "slot":
                self.heard.append((parts[5], int(parts[4])))
            told(heard)

        self.watch.told = listen
        blows = asyncio.ensure_future(self.blows())
        try:
            await super().run()
        finally:
            blows.cancel()
            await asyncio.gather(blows, return_exceptions=True)

    async def blows(self) -> None:
        while len(self.homes) < 3 or any(home.child.process is None for home in self.homes):
            await asyncio.sleep(0.05)
        await asyncio.gather(self.gateways_in_mid_slot(), self.market_between_gate_and_award())

    def _check(self) -> None:
        """A process that was killed on purpose is no failure."""


async def test_kills_in_mid_slot_and_between_gate_and_award(tmp_path: Path) -> None:
    evening = Struck(tmp_path)
    try:
        await evening.run()
    finally:
        await evening.clear_away()
    assert len([name for name in evening.struck if name.startswith("home")]) == 3
    assert any("market" in name for name in evening.struck), "the market was never caught between gate and award"
    lines = (tmp_path / "record.jsonl").read_text().splitlines()
    assert read(lines) == []  # orders, receipts, books, clearings and bills agree, nothing doubled, sums are zero
    assert evening.watch.unbalanced() == []
    for row in evening.rows():
        assert row.verified == SLOTS and not row.unverified, (row.name, row.unverified)
    awarded = [slot for slot in evening.slots if evening.watch.at(slot).wh > 0]
    assert len(awarded) >= 3, "too little was traded for this to prove anything"

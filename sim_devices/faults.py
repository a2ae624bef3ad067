"""What goes wrong in the field, by switch: each kind strikes by its own seeded dice, so kinds combine and a run can be had again."""

from collections import Counter
from random import Random

from drivers import frames
from drivers.tables import Profile

KINDS = {
    "dead": "says nothing",
    "night": "says nothing for a spell, as an inverter without sun",
    "slow": "takes slow_s for an answer",
    "late": "answers after late_s, when nobody waits any more",
    "denied": "answers with a Modbus exception",
    "unit": "answers as another unit",
    "foreign": "answers with a transaction id that nobody asked with (Modbus TCP)",
    "torn": "sends a part of the frame only",
    "noise": "flips a bit of the frame; of Modbus TCP, which has no check sum of its own, a bit of the head",
    "dropped": "closes the connection instead of an answer (TCP)",
    "swapped": "says values of several registers with the words in the wrong order",
    "rolled": "counters begin anew at ROLL_WH",
}
SPELL = 5  # requests that a night lasts
CODES = (1, 2, 3, 4, 6, 10, 11)
ROLL_WH = 1_000_000
TCP_HEAD = 7  # bytes: transaction, protocol, length, unit


class Faults:
    """`chance`: {kind: 0 to 1}, may be changed at any time; `struck` counts what happened. seed: for this device's dice."""

    def __init__(self, seed: int = 0, slow_s: float = 0.2, late_s: float = 1.5, **chance: float) -> None:
        self.seed, self.slow_s, self.late_s = seed, slow_s, late_s
        self.chance: dict[str, float] = {}
        self.struck: Counter[str] = Counter()
        self._dice: dict[str, Random] = {}
        self._asleep = 0
        self.switch(**chance)

    def switch(self, **chance: float) -> None:
        """Change the chances of these kinds. ValueError names a kind that is none."""
        for kind in chance:
            if kind not in KINDS:
                raise ValueError(f"{kind!r} is no fault: one of {' '.join(KINDS)}")
        self.chance.update(chance)

    def heal(self) -> None:
        """Nothing goes wrong from now on."""
        self.chance.clear()
        self._asleep = 0

    def strikes(self, kind: str) -> bool:
        """Throw the dice of that kind."""
        chance = self.chance.get(kind, 0)
        hit = chance > 0 and self.dice(kind).random() < chance
        self.struck[kind] += hit
        return hit

    def dice(self, kind: str) -> Random:
        """Independent of those of every other kind."""
        return self._dice.setdefault(kind, Random(f"{self.seed}:{kind}"))

    # what the device does

    def silent(self) -> bool:
        """Whether this request, or this telegram, finds nobody."""
        if not self._asleep and self.strikes("night"):
            self._asleep = SPELL
        asleep, self._asleep = self._asleep > 0, max(0, self._asleep - 1)
        return self.strikes("dead") or asleep

    def speaks(self, profile: Profile) -> Profile:
        """The profile by which it shows its values this time."""
        if not self.strikes("swapped"):
            return profile
        rows = [row._replace(order="little" if row.order == "big" else "big") for row in profile.reads]
        return profile._replace(reads=tuple(rows))

    def counts(self, values: "dict[str, int | None]") -> "dict[str, int | None]":
        """The values that it believes in."""
        if not self.strikes("rolled"):
            return values
        return {q: v % ROLL_WH if q.startswith("energy_") and v is not None else v for q, v in values.items()}

    # what the wire does

    def reply(self, pdu: bytes) -> bytes:
        """The answer, or a refusal in its place."""
        return frames.denial(pdu[0], self.dice("denied").choice(CODES)) if self.strikes("denied") else pdu

    def head(self, tag: int, unit: int) -> "tuple[int, int]":
        """(transaction id, unit) of the answer."""
        if self.strikes("foreign"):
            tag = (tag + self.dice("foreign").randrange(1, 0x10000)) & 0xFFFF
        return tag, (unit + 1) % 248 if self.strikes("unit") else unit

    def frame(self, data: bytes, noisy: "int | None" = None) -> bytes:
        """The bytes that get through. noisy: how many of the first may be hit by noise, None: all."""
        if self.strikes("torn"):
            data = data[: self.dice("torn").randrange(1, len(data))]
        if self.strikes("noise"):
            bit = self.dice("noise").randrange(8 * min(len(data), noisy or len(data)))
            data = data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]
        return data

    def delay_s(self) -> float:
        """Seconds of the wall's clock before it is sent."""
        return (self.slow_s if self.strikes("slow") else 0.0) + (self.late_s if self.strikes("late") else 0.0)

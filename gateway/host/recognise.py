"""Which of our profiles fits a unit that answers? By its SunSpec models, by its fingerprint, and else by a guess, which is called one.

A guess needs nearly all that a profile reads, nothing impossible among it, and something telling: a mains voltage, 50 Hz, warm water,
phases that sum up.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from drivers import profile as profiles
from drivers.frames import Denied
from drivers.nouns import BadProfile, Silent
from drivers.plan import SUNSPEC_BASES, SUNSPEC_MARK, spans
from drivers.profile import Profile
from drivers.registers import unpack
from gateway.plausible import Judge

LIMIT_W = 100_000  # of any house
NAME_WORDS = 16  # of the manufacturer and of the model in SunSpec model 1, which begin at its third register
TELLING = {
    "frequency_mhz": (45_000, 65_000),
    "voltage_l1_mv": (90_000, 280_000),
    "temperature_mc": (5_000, 95_000),
    "soc_permille": (10, 1000),
}
Ask = Callable[[int, int, int], Awaitable["list[int]"]]


@dataclass
class Match:
    """A profile that fits. how: by what; certain: no guess; values: what it then says."""

    profile: Profile
    how: str
    certain: bool = True
    values: "dict[str, int]" = field(default_factory=dict)


class Registers:
    """What a unit answered so far: nothing is asked twice. Raises Silent when it falls silent."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[tuple[int, int, int], "list[int] | None"] = {}

    async def read(self, function: int, address: int, count: int) -> "list[int] | None":
        """The registers, None when they are denied."""
        request = (function, address, count)
        if request not in self._known:
            try:
                self._known[request] = await self._ask(*request)
            except Denied:
                self._known[request] = None
        return self._known[request]

    async def image(self, requests: "list[tuple[int, int, int]]") -> "dict[tuple[int, int], int]":
        """All that is not denied of these requests."""
        image = {}
        for function, address, count in requests:
            for i, register in enumerate(await self.read(function, address, count) or ()):
                image[function, address + i] = register
        return image


async def match(known: "list[Profile]", registers: Registers, guess: bool, found: "list[Match]") -> None:
    """Add the profiles that fit to `found`, the best first; what was added before somebody broke it off stays."""
    await _sunspec([p for p in known if p.sunspec], registers, found)
    flat = [p for p in known if not p.sunspec]
    if not found:
        await _by_fingerprint([p for p in flat if p.identity], registers, found)
    if not found and guess:
        await _guessed(flat, registers, found)
    found.sort(key=lambda m: (-len(m.profile.identity), -_telling(m.values), -len(m.profile.sunspec), -len(m.values), m.profile.name))


async def sunspec_name(registers: Registers) -> str:
    """Manufacturer and model as a SunSpec device calls itself, "" when it is none."""
    for start in SUNSPEC_BASES:
        if await registers.read(3, start, 2) == SUNSPEC_MARK:
            words = await registers.read(3, start + 4, 2 * NAME_WORDS) or []
            parts = [unpack("ascii", "big", words[i : i + NAME_WORDS]) for i in (0, NAME_WORDS)]
            return " ".join(str(part) for part in parts if part) or "without a name"
    return ""


async def _sunspec(known: "list[Profile]", registers: Registers, found: "list[Match]") -> None:
    for profile in known:
        base = await _walked(profile, registers)
        if not base:
            continue
        image = await registers.image(profiles.identity_blocks(profile, base))
        if profiles.identify(profile, base, image) is not False:
            models = ", ".join(str(model) for model in sorted(base) if model > 0)
            found.append(Match(profile, f"SunSpec models {models}", True, await _values(profile, base, registers)))


async def _walked(profile: Profile, registers: Registers) -> "dict[int, int]":
    """Where its models are; {} when the device lacks one."""
    walk = profiles.sunspec_walk(profile)
    try:
        wanted = next(walk)
        while True:
            wanted = walk.send(await registers.read(*wanted))
    except StopIteration as done:
        return dict(done.value)
    except BadProfile:
        return {}


async def _by_fingerprint(known: "list[Profile]", registers: Registers, found: "list[Match]") -> None:
    for profile in known:
        base = profiles.placed(profile)
        try:
            image = await registers.image(profiles.identity_blocks(profile, base))
        except Silent:
            continue  # some say nothing about registers that they do not have
        if profiles.identify(profile, base, image):
            found.append(Match(profile, "its fingerprint", True, await _values(profile, base, registers)))


async def _guessed(known: "list[Profile]", registers: Registers, found: "list[Match]") -> None:
    for profile in known:
        base = profiles.placed(profile)
        if profile.identity and profiles.identify(profile, base, await _quietly(profile, base, registers)) is False:
            continue
        values = await _values(profile, base, registers)
        if _could_be(profile, values):
            found.append(Match(profile, "a GUESS: its values look right", False, values))


async def _quietly(profile: Profile, base: "dict[int, int]", registers: Registers) -> "dict[tuple[int, int], int]":
    try:
        return await registers.image(profiles.identity_blocks(profile, base))
    except Silent:
        return {}


async def _values(profile: Profile, base: "dict[int, int]", registers: Registers) -> "dict[str, int]":
    """What it says by this profile. A block that it denies is asked value by value; who denies the first is not asked for the rest."""
    image: dict[tuple[int, int], int] = {}
    with suppress(Silent):  # what came before counts
        for block in profiles.blocks(profile, base):
            parts = _parts(profile, base, block)
            got = await registers.image([block]) or await registers.image(parts[:1])
            if not got and not image:
                break
            image.update(got if len(got) == block[2] else await registers.image(parts))
    return {r.quantity: r.value for r in profiles.decode(profile, base, image, "", 0)}


def _parts(profile: Profile, base: "dict[int, int]", block: "tuple[int, int, int]") -> "list[tuple[int, int, int]]":
    function, first, count = block
    within = [(f, at, after - at) for f, at, after in spans(profile, base) if f == function and first <= at and after <= first + count]
    return [part for part in within if part != block]


def _could_be(profile: Profile, values: "dict[str, int]") -> bool:
    wanted = {row.quantity for row in profile.reads}
    if "power_w" not in values or 4 * len(values) < 3 * len(wanted) or not _telling(values):
        return False
    return not Judge(profile.kind, LIMIT_W).impossible(values, 0)


def _telling(values: "dict[str, int]") -> int:
    """How many values are such as no wrong register shows by chance."""
    phases = [values.get(f"power_l{i}_w", 0) for i in (1, 2, 3)]
    sums = 0 not in phases and abs(sum(phases) - values.get("power_w", 0)) <= abs(sum(phases)) // 20
    return sums + sum(least <= values.get(name, -1) <= most for name, (least, most) in TELLING.items())

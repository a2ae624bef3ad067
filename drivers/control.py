"""Driving a device: wishes become writes, clamped to the profile and the nameplate; a release takes them back in reverse.

The order within a wish is that of the profile's steps. A register that may lie in flash is written only when it must change. A write
is (function, address, registers). `before` is what the registers of a control held before our first write, as `remembered` gives it:
a release restores it where nothing else ends the wish, and a limit that stood there is never raised.
"""

from drivers.nouns import BadProfile, Silent
from drivers.rows import holds, item_raw, item_registers, quantity_of, scaling, value_of, where
from drivers.shown import readback
from drivers.tables import Condition, Control, Item, Profile, Step

STAYING = ("latch", "stored")
LIMITS = ("power_limit_w", "current_limit_ma")


def clamped(control: Control, value: int, nameplate: "int | None") -> int:
    """`value` within the profile's limits and the device's nameplate, in its steps, and out of the gap that it cannot do."""
    low, high = control.low, control.high
    if nameplate is not None:
        low, high = max(low, -nameplate), min(high, nameplate)
    value = min(max(value, low), high)
    value = value // control.step * control.step if value >= 0 else -(-value // control.step * control.step)
    return 0 if control.gap is not None and control.gap[0] <= value <= control.gap[1] else value


def writes(
    profile: Profile,
    base: "dict[int, int]",
    image: "dict[tuple[int, int], int]",
    quantity: str,
    value: int,
    timeout_s: int,
    before: "dict[tuple[int, int], int] | None" = None,
) -> "list[tuple[int, int, list[int]]]":
    """The writes, in order, that make the device do `quantity` = `value` for `timeout_s` seconds; [] when it does, as near as counts.

    Raises Silent when something that they need has not been read yet, BadProfile when this device has no such control after all,
    KeyError when its profile has none.
    """
    control = profile.controls[quantity]
    if not _known(control.when, base, image):
        raise BadProfile("%s: this device's firmware or model has no %s: only read it" % (profile.name, quantity))
    limit = _needed(quantity_of(profile, base, image, control.nameplate), control.nameplate) if control.nameplate else None
    value = _beneath(profile, base, image, control, clamped(control, value, limit), before)
    shown = readback(profile, base, image, quantity) if control.deadband else None
    if shown is not None and abs(shown - value) < control.deadband:
        return []
    seconds = min(max(timeout_s, control.timeout[0]), control.timeout[2])
    todo = []
    for step, address in _steps(profile, control, base, image):
        regs = _registers(profile, base, image, step, address, value, seconds)
        if not (step.stored and _shows(image, address, regs)):
            todo.append((step.function, address, regs))
    return todo


def refresh(
    profile: Profile,
    base: "dict[int, int]",
    image: "dict[tuple[int, int], int]",
    quantity: str,
    value: int,
    timeout_s: int,
    before: "dict[tuple[int, int], int] | None" = None,
) -> "list[tuple[int, int, list[int]]]":
    """The writes that keep a wish alive that stands already; errors as `writes`. By idiom: a setpoint and a timed command are said again,
    of a life register that alone; traffic and what stays need only what the device shows differently."""
    control = profile.controls[quantity]
    again = writes(profile, base, image, quantity, value, timeout_s, before)
    if control.idiom in ("setpoint", "timed"):
        return again
    alive = [address for step, address in _steps(profile, control, base, image) if [i for i in step.items if i.word == "life"]]
    return [one for one in again if one[1] in alive or not _shows(image, one[1], one[2])]


def release(
    profile: Profile,
    base: "dict[int, int]",
    image: "dict[tuple[int, int], int]",
    quantity: str,
    before: "dict[tuple[int, int], int] | None" = None,
) -> "list[tuple[int, int, list[int]]]":
    """The writes, in reverse order, that hand the device back: to what it held `before` if the wish would stay, or if a limit of somebody
    else's was in force then; else to its safe state."""
    control, todo = profile.controls[quantity], []
    held = before or {}
    if control.idiom not in STAYING and _stood(profile, base, image, control, held) is None:
        held = {}
    for step, address in reversed(_steps(profile, control, base, image)):
        regs = _held(step, address, held)
        if regs is None and releases(step):
            regs = _off(step, address, image)
        if regs is not None and not (step.stored and _shows(image, address, regs)):
            todo.append((step.function, address, regs))
    return todo


def remembered(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str
) -> "dict[tuple[int, int], int]":
    """What the registers that a wish would overwrite hold now, to be kept before the first write and given as `before`.

    Raises Silent when one that must be restored has not been read yet.
    """
    control, found = profile.controls[quantity], {}
    for step, address in _steps(profile, control, base, image):
        for key in [(3, address + i) for i in range(size(step)) if step.readable]:
            if key in image:
                found[key] = image[key]
            elif control.idiom in STAYING:
                raise Silent("what %s overwrites has not been read yet" % quantity)
    return found


def stored(profile: Profile, base: "dict[int, int]") -> "set[int]":
    """The addresses whose writes wear out a flash: each such write counts against the control's budget."""
    found: "set[int]" = set()
    for control in profile.controls.values():
        for step in control.steps:
            start = where(step.address, base) if step.stored else None
            if start is not None:
                found.update(range(start, start + size(step)))
    return found


def releases(step: Step) -> bool:
    return any([item.off is not None for item in step.items])


def size(step: Step) -> int:
    return sum([item.words for item in step.items])


def refresh_s(
    profile: Profile, quantity: str, base: "dict[int, int] | None" = None, image: "dict[tuple[int, int], int] | None" = None
) -> "int | None":
    """Seconds within which the device must hear the wish again (give them to `writes` as time-out); None when it stays.

    A device that tells its own time-out tells it through `image`.
    """
    control = profile.controls[quantity]
    least, usual, most = control.timeout
    told = None
    if control.timeout_from is not None and image is not None:
        told = value_of(control.timeout_from, base or {}, image)
    return min(max(told or usual, least), most) or None


def _steps(profile: Profile, control: Control, base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "list[tuple[Step, int]]":
    """(step, address) of the steps whose conditions hold; Silent while a condition is unknown, BadProfile when the device lacks a place."""
    found = []
    for step in control.steps:
        if _known(step.when, base, image):
            address = where(step.address, base)
            if address is None and base:
                raise BadProfile("%s: the device lacks the SunSpec model of %s: only read it" % (profile.name, control.quantity))
            found.append((step, _needed(address, "place of a SunSpec model")))
    return found


def _known(conditions: "tuple[Condition, ...]", base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> bool:
    answer = holds(conditions, base, image)
    if answer is None:
        raise Silent("the firmware or model of the device has not been read yet")
    return answer


def _beneath(
    profile: Profile,
    base: "dict[int, int]",
    image: "dict[tuple[int, int], int]",
    control: Control,
    value: int,
    before: "dict[tuple[int, int], int] | None",
) -> int:
    """A limit that was in force before us is an installer's: ours never goes above it."""
    stood = _stood(profile, base, image, control, before or {})
    return value if stood is None else min(value, stood)


def _stood(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", control: Control, before: "dict[tuple[int, int], int]"
) -> "int | None":
    """The limit that was in force before our first write, None when there was none or that cannot be told."""
    ends = [item for step in control.steps for item in step.items if item.word == "enable"]
    if not before or control.quantity not in LIMITS or not (ends or control.idiom in STAYING):
        return None
    then = {key: image[key] for key in image}
    then.update(before)
    return readback(profile, base, then, control.quantity)


def _registers(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", step: Step, address: int, value: int, seconds: int
) -> "list[int]":
    regs: "list[int]" = []
    for item in step.items:
        regs += _item(profile, base, image, item, address + len(regs), value, seconds)
    return regs


def _item(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", item: Item, address: int, value: int, seconds: int
) -> "list[int]":
    if item.word == "direction":
        return _raw(item, item.codes[0 if value > 0 else 1 if value < 0 else 2], image, address)
    if item.word not in ("value", "timeout"):
        return _raw(item, item.on, image, address)
    scale = scaling(item, 3, base, image)
    if scale is None:
        raise Silent("the scale factor of a control has not been read yet")
    if item.word == "timeout":
        return item_registers(item, seconds, scale, None, True)
    full = _needed(quantity_of(profile, base, image, item.share), item.share) if item.share else None
    return item_registers(item, portion(item, value), scale, full)


def portion(item: Item, value: int) -> int:
    """How much of a wish an item says."""
    said = {"signed": value, "size": abs(value), "drawn": max(value, 0), "given": max(-value, 0)}[item.part]
    return max(said, item.least) if item.least else said


def _raw(item: Item, raw: int, image: "dict[tuple[int, int], int]", address: int) -> "list[int]":
    regs = item_raw(item, raw, image, address)
    if regs is None:
        raise Silent("the other bits of register %d have not been read yet" % address)
    return regs


def _off(step: Step, address: int, image: "dict[tuple[int, int], int]") -> "list[int]":
    regs: "list[int]" = []
    for item in step.items:
        regs += _raw(item, item.off or 0, image, address + len(regs))
    return regs


def _held(step: Step, address: int, held: "dict[tuple[int, int], int]") -> "list[int] | None":
    """A step's registers as they were before us, or None."""
    regs = [held.get((3, address + i), -1) for i in range(size(step))]
    return None if min(regs) < 0 else regs


def _needed(value: "int | None", what: str) -> int:
    if value is None:
        raise Silent("the %s has not been read yet" % what)
    return value


def _shows(image: "dict[tuple[int, int], int]", address: int, regs: "list[int]") -> bool:
    return all([image.get((3, address + i)) == regs[i] for i in range(len(regs))])

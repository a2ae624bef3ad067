"""Driving a device: wishes become writes, clamped to the profile and the nameplate; a release undoes them in reverse.

The order within a wish is that of the profile's steps: time-out, value, enable. A register that may sit in flash is written
only when it must change (`keep`). A write is (function, address, registers).
"""

from drivers.nouns import Silent
from drivers.registers import WORDS, fitted, split
from drivers.rows import item_registers, quantity_of, scaling, value_of, where
from drivers.tables import Control, Item, Profile, Step


def clamped(control: Control, value: int, nameplate: "int | None") -> int:
    """`value` within the profile's limits and the device's nameplate, and out of the gap that it cannot do."""
    low, high = control.low, control.high
    if nameplate is not None:
        low, high = max(low, -nameplate), min(high, nameplate)
    value = min(max(value, low), high)
    return 0 if control.gap is not None and control.gap[0] <= value <= control.gap[1] else value


def writes(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str, value: int, timeout_s: int
) -> "list[tuple[int, int, list[int]]]":
    """The writes, in order, that make the device do `quantity` = `value` for `timeout_s` seconds.

    Raises Silent when a nameplate or scale factor that they need has not been read yet; KeyError when it has no such control.
    """
    control = profile.controls[quantity]
    limit = _needed(quantity_of(profile, base, image, control.nameplate), control.nameplate) if control.nameplate else None
    said = {"value": clamped(control, value, limit), "timeout": min(max(timeout_s, control.timeout[0]), control.timeout[2])}
    todo = []
    for step in control.steps:
        address = _needed(where(step.address, base), "place of a SunSpec model")
        regs: "list[int]" = []
        for item in step.items:
            regs += _registers(profile, base, image, item, said.get(item.word))
        if not (step.keep and _shows(image, address, regs)):
            todo.append((step.function, address, regs))
    return todo


def release(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str
) -> "list[tuple[int, int, list[int]]]":
    """The writes, in reverse order, that hand the device back to its safe state."""
    todo = []
    for step in reversed(profile.controls[quantity].steps):
        if releases(step):
            regs: "list[int]" = []
            for item in step.items:
                regs += _raw(item, item.off or 0)
            todo.append((step.function, _needed(where(step.address, base), "place of a SunSpec model"), regs))
    return todo


def releases(step: Step) -> bool:
    return any([item.off is not None for item in step.items])


def refresh_s(
    profile: Profile, quantity: str, base: "dict[int, int] | None" = None, image: "dict[tuple[int, int], int] | None" = None
) -> "int | None":
    """Seconds within which the device must hear the wish again (give them to `writes` as time-out); None when it latches.

    A device that tells its own time-out tells it through `image`.
    """
    control = profile.controls[quantity]
    least, usual, most = control.timeout
    told = None
    if control.timeout_from is not None and image is not None:
        told = value_of(control.timeout_from, base or {}, image)
    return min(max(told or usual, least), most) or None


def _registers(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", item: Item, said: "int | None"
) -> "list[int]":
    if said is None:
        return _raw(item, item.on)
    scale = scaling(item, 3, base, image)
    if scale is None:
        raise Silent("the scale factor of a control has not been read yet")
    full = _needed(quantity_of(profile, base, image, item.share), item.share) if item.share else None
    return item_registers(item, said, scale, full)


def _raw(item: Item, raw: int) -> "list[int]":
    return split(item.order, fitted(item.type, raw), WORDS[item.type])


def _needed(value: "int | None", what: str) -> int:
    if value is None:
        raise Silent("the %s has not been read yet" % what)
    return value


def _shows(image: "dict[tuple[int, int], int]", address: int, regs: "list[int]") -> bool:
    return all([image.get((3, address + i)) == regs[i] for i in range(len(regs))])

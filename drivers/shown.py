"""What a device shows of a wish: its written registers read backwards, by the gateway to confirm and by a simulated device to obey."""

from drivers.rows import found, holds, item_shown, item_value, quantity_of, scaling, value_of, where
from drivers.tables import Control, Item, Profile


def readback(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str) -> "int | None":
    """The wish that the device shows as being in force, in the quantity's unit; None when it shows none, or cannot be asked.

    KeyError when the profile has no such control.
    """
    control = profile.controls[quantity]
    if control.shows is not None:
        return value_of(control.shows, base, image)
    items = items_of(control, base, image, True)
    on = all([_on(item, found(item, 3, address, image)) for item, address in items if item.word == "enable"])
    return meaning(profile, base, image, items) if on else None


def items_of(
    control: Control, base: "dict[int, int]", image: "dict[tuple[int, int], int]", readable: bool = False
) -> "list[tuple[Item, int]]":
    """(item, address) of all that this device's control is made of; of the `readable` ones only when so asked."""
    placed = []
    for step in control.steps:
        address = where(step.address, base)
        if address is None or not holds(step.when, base, image) or (readable and not step.readable):
            continue
        for item in step.items:
            placed.append((item, address))
            address += item.words
    return placed


def meaning(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", items: "list[tuple[Item, int]]") -> "int | None":
    """What value and direction say together; None when they say no wish of ours."""
    said: "dict[str, int]" = {}
    ways: "tuple[int, ...]" = (1, -1, 0)
    for item, address in items:
        regs = found(item, 3, address, image)
        if regs is None:
            continue
        if item.word == "direction":
            ways = tuple([way for code, way in zip(item.codes, (1, -1, 0)) if code == item_shown(item, regs) and way in ways])
        elif item.word == "value" and item.part not in said:
            value = _value(profile, base, image, item, regs)
            if value is not None:
                said[item.part] = value
    return _combined(said, ways)


def _combined(said: "dict[str, int]", ways: "tuple[int, ...]") -> "int | None":
    if not said or not ways:
        return None
    if ways == (0,):
        return 0
    if "signed" in said:
        return said["signed"]
    if "size" in said:
        return said["size"] if 1 in ways else -said["size"]
    drawn, given = said.get("drawn", 0), said.get("given", 0)
    return (drawn if 1 in ways else 0) - (given if -1 in ways else 0)


def _value(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", item: Item, regs: "list[int]") -> "int | None":
    scale = scaling(item, 3, base, image)
    full = quantity_of(profile, base, image, item.share) if item.share else None
    if scale is None or (item.share and full is None):
        return None
    return item_value(item, regs, scale, full)


def seconds(base: "dict[int, int]", image: "dict[tuple[int, int], int]", item: Item, regs: "list[int]") -> "int | None":
    """The time-out that an item's registers say."""
    scale = scaling(item, 3, base, image)
    return None if scale is None else item_value(item, regs, scale, None)


def _on(item: Item, regs: "list[int] | None") -> bool:
    return regs is not None and item_shown(item, regs) == item.on

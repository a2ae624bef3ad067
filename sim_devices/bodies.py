"""What stands behind a device's registers: an appliance of a house that lives, or a sheet of values that a test fills in."""

from typing import Protocol

from sim_devices.physics import METER, House

Words = list[tuple[str, int]]
Said = dict[str, int | None]


class Body(Protocol):
    """values(): {quantity: value} now, None where it has none; told: words of a write, as `drivers.profile.understand` gives them;
    heard: somebody spoke to it."""

    def values(self) -> Said: ...

    def told(self, words: Words) -> None: ...

    def heard(self) -> None: ...


class Resident:
    """A device of a house, or its grid meter."""

    def __init__(self, house: House, device: str) -> None:
        self.house, self.device = house, device

    def values(self) -> Said:
        return dict(self.house.values(self.device))

    def told(self, words: Words) -> None:
        if self.device != METER:
            self.house.told(self.device, words)

    def heard(self) -> None:
        self.house.heard(self.device)


class Sheet:
    """A device that says what `said` holds, and keeps all that it was told in `words`, the oldest first."""

    def __init__(self, said: "dict[str, int] | None" = None) -> None:
        self.said: Said = dict(said or {})
        self.words: Words = []
        self.asked = 0

    def values(self) -> Said:
        return dict(self.said)

    def told(self, words: Words) -> None:
        self.words += words

    def heard(self) -> None:
        self.asked += 1

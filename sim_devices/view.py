"""The street for the eye: a live table in a terminal, a line a slot anywhere else. What houses do and messages say, no more."""

import time

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from sim_devices.appliances import Battery, Roof, Tank, Wallbox
from sim_devices.physics import House
from sim_devices.watch import Watch
from sim_devices.weather import LOCAL_S

ROWS = 10
REDRAW_S = 0.25


def local(at: int) -> str:
    """UTC s -> HH:MM on the street."""
    return time.strftime("%H:%M", time.gmtime(at + LOCAL_S))


def doing(house: House) -> str:
    """What a home does, in a few words."""
    words = [f"household {house.load_w:.0f} W"]
    for device in house.devices.values():
        if isinstance(device, Roof):
            words.append(f"roof {-device.power_w:.0f} W")
        elif isinstance(device, Battery):
            words.append(f"battery {device.power_w:+.0f} W at {device.values()['soc_permille'] / 10:.0f} %")
        elif isinstance(device, Wallbox):
            words.append(f"car {device.power_w:.0f} W, {device.session_j / 3.6e6:.1f} kWh" if device.plugged else "car away")
        elif isinstance(device, Tank):
            words.append(f"water {device.power_w:.0f} W at {device.temperature_c:.0f} C")
    return ", ".join(words)


class View:
    """watch: the messages; houses: {name: House}; slots: those of the evening; kids: {kid: name}."""

    def __init__(self, console: Console, watch: Watch, houses: dict[str, House], slots: range, kids: dict[str, str]) -> None:
        self.console, self.watch, self.houses, self.slots, self.kids = console, watch, houses, slots, kids
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._drawn_at = 0.0
        self._told = slots.start
        if self._live:
            self._live.start()
        else:
            width = len(f"00:00 000/{len(slots)}")
            head = f"{'slot':{width}}  {'EUR/kWh':>9}  {'traded':>9}  in the book  power at each home's meter"
            console.print(head, highlight=False, soft_wrap=True)

    def tick(self, now: int) -> None:
        """Show what is new at market time `now`."""
        if self._live and time.monotonic() - self._drawn_at > REDRAW_S:
            self._drawn_at = time.monotonic()
            self._live.update(self._picture(now), refresh=True)
        while not self._live and self._told < self.slots.stop and now >= self._told + self.slots.step:
            self._line(self._told)
            self._told += self.slots.step

    def stop(self) -> None:
        """Give the terminal back."""
        if self._live:
            self._live.stop()

    def _line(self, slot: int) -> None:
        price, wh, orders = self._market(slot)
        homes = "  ".join(f"{name} {round(house.power_w):+6d} W" for name, house in self.houses.items())
        number = (slot - self.slots.start) // self.slots.step + 1
        head = f"{local(slot)} {number:3}/{len(self.slots)}  {price:>9}  {wh:>9}  {f'{orders} orders':>11}"
        self.console.print(f"{head}  {homes}", highlight=False, soft_wrap=True)

    def _market(self, slot: int) -> tuple[str, str, int]:
        news = self.watch.at(slot)
        if news.price is None:
            return "-", "-", news.orders
        return f"{news.price / 1e6:.4f}" if news.wh else "no trade", f"{news.wh} Wh", news.orders

    def _picture(self, now: int) -> Group:
        done = min(max((now - self.slots.start) // self.slots.step, 0), len(self.slots))
        head = Text(f"{local(now)}   slot {done} of {len(self.slots)}", style="bold")
        return Group(head, self._slot_table(now), self._home_table())

    def _slot_table(self, now: int) -> Table:
        table = Table("slot", *(self.kids.values()), title="Wh awarded", title_justify="left")
        table.add_column("EUR/kWh", justify="right")
        table.add_column("traded", justify="right")
        table.add_column("orders", justify="right")
        table.add_column("bills", justify="right")
        ahead = now - now % self.slots.step + self.slots.step
        for slot in range(ahead - (ROWS - 1) * self.slots.step, ahead + 1, self.slots.step):
            news, (price, wh, orders) = self.watch.at(slot), self._market(slot)
            awards = [f"{news.awards[kid]:+d}" if kid in news.awards else "" for kid in self.kids]
            bills = sum(kid in news.bills for kid in self.kids)
            runs = slot <= now < slot + self.slots.step
            table.add_row(local(slot), *awards, price, wh, str(orders), str(bills), style="bold" if runs else "")
        return table

    def _home_table(self) -> Table:
        table = Table("home", "at the meter", "what it does")
        for name, house in self.houses.items():
            table.add_row(name, f"{house.power_w:+.0f} W", doing(house))
        return table

"""One simulated home at work: its house lives by the clock, its devices stand on real wires, whoever asks them gets the present second."""

from drivers import profile as profiles
from gateway.host.clock import Clock
from sim_devices.bodies import Resident
from sim_devices.face import Face
from sim_devices.physics import METER, House
from sim_devices.ptys import PushMeter
from sim_devices.pushed import meter_of
from sim_devices.readout import Asked
from sim_devices.servers import RtuBus, TcpServer
from sim_devices.street import Address, Device, Plan
from sim_devices.telegrams import Values
from sim_devices.weather import Sky

PUSH_S = 5  # market seconds between two telegrams


class Site:
    """plan: the home; start: UTC s at which its story begins."""

    def __init__(self, plan: Plan, sky: Sky, clock: Clock, start: int) -> None:
        self.plan, self.clock = plan, clock
        self.house: House = plan.house(sky, start)
        self._number = int(plan.name.removeprefix("home"))
        self.at: dict[str, Address] = {}
        self.meters: list[PushMeter | Asked] = []
        self._servers: list[TcpServer | RtuBus | PushMeter | Asked] = []

    async def start(self) -> None:
        """Put every device on its wire; `at` says where it is."""
        for device in self.plan.devices:
            if device.link == "tcp":
                server = TcpServer({device.unit: self._face(device)}, self.settle)
                await server.start()
                self._servers.append(server)
                self.at[device.name] = Address(port=server.port)
            elif device.link == "push":
                meter = meter_of(profiles.load(device.profile), self._number, self._measured, PUSH_S)
                await meter.start()
                self.meters.append(meter)
                self._servers.append(meter)
                self.at[device.name] = Address(serial=meter.wire.path)
        on_bus = [device for device in self.plan.devices if device.link == "bus"]
        if on_bus:
            bus = RtuBus({device.unit: self._face(device) for device in on_bus}, self.settle)
            await bus.start()
            self._servers.append(bus)
            self.at.update({device.name: Address(serial=bus.wire.path) for device in on_bus})

    async def stop(self) -> None:
        """Unplug everything."""
        for server in self._servers:
            await server.stop()
        self._servers.clear()
        self.meters.clear()

    def settle(self) -> None:
        """Bring the house up to now."""
        self.house.step(self.clock.now())

    def tick(self) -> None:
        """Live on, and let the meters talk that are due."""
        self.settle()
        for meter in self.meters:
            meter.tick(self.house.now)

    def _face(self, device: Device) -> Face:
        return Face(profiles.load(device.profile), Resident(self.house, device.name))

    def _measured(self) -> Values:
        return self.house.values(METER)

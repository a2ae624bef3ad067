"""The Modbus face of one simulated device: the gateway's own profile, backwards. It answers what the device really does at this second."""

from drivers import frames
from drivers.nouns import Garbled
from drivers.profile import Profile, blank, blocks, encode, understand
from drivers.rows import value_of
from sim_devices.physics import METER, House

NO_FUNCTION, NO_ADDRESS = 1, 2


class Face:
    """profile: the product; device: its name in `house`. The registers that the house has no value for stay as in `blank`."""

    def __init__(self, profile: Profile, house: House, device: str) -> None:
        self.profile, self.house, self.device = profile, house, device
        self.base, self.image = blank(profile)
        for function, first, count in blocks(profile, self.base):  # a real map has something between the registers that we know
            for address in range(first, first + count):
                self.image.setdefault((function, address), 0)
        self._known = {row.quantity for row in profile.reads}
        self._shown_at = -1
        self._latching = set()
        for control in profile.controls.values():
            if not any(item.word == "enable" for step in control.steps for item in step.items):
                self._latching.add(control.quantity)
            if control.timeout_from is not None:
                told = value_of(control.timeout_from, self.base, self.image)
                house.told(device, [("timeout", told or 0)])

    def answer(self, pdu: bytes) -> bytes:
        """The reply PDU to a request PDU, a refusal included."""
        try:
            request = frames.parse_request(pdu)
        except Garbled:
            return frames.denial(pdu[0] if pdu else 0, NO_FUNCTION)
        except frames.Denied as denied:
            return frames.denial(pdu[0], denied.code)
        self.house.heard(self.device)
        return self._write(request) if request.registers else self._read(request)

    def _read(self, request: frames.Request) -> bytes:
        self._show()
        places = [(request.function, request.address + i) for i in range(request.count)]
        if any(place not in self.image for place in places):
            return frames.denial(request.function, NO_ADDRESS)
        return frames.reply(request, [self.image[place] for place in places])

    def _write(self, request: frames.Request) -> bytes:
        self._show()
        if self.device == METER or any((3, request.address + i) not in self.image for i in range(request.count)):
            return frames.denial(request.function, NO_ADDRESS)
        regs = list(request.registers)
        words = understand(self.profile, self.base, self.image, request.function, request.address, regs)
        for i, register in enumerate(regs):
            self.image[3, request.address + i] = register
        if any(word in self._latching for word, _ in words):
            words = [*words, ("enable", 1)]
        self.house.told(self.device, words)
        self._shown_at = -1
        return frames.reply(request)

    def _show(self) -> None:
        """Bring the registers up to the house's present second."""
        if self._shown_at == self.house.now:
            return
        values = {q: v for q, v in self.house.values(self.device).items() if q in self._known}
        self.image.update(encode(self.profile, self.base, {**values}))
        self._shown_at = self.house.now

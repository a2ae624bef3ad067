"""The Modbus face of one simulated device: the gateway's own profile, backwards. It answers what stands behind it at this moment.

It is as strict as a device may be: it knows no register besides those of its profile's blocks, no function that the profile does not
write with, and no read that is longer than the profile says.
"""

from drivers import frames
from drivers.nouns import Garbled
from drivers.profile import Profile, blank, blocks, encode, understand
from drivers.rows import value_of
from sim_devices.bodies import Body, Said
from sim_devices.faults import Faults

NO_FUNCTION, NO_ADDRESS, NO_VALUE = 1, 2, 3


class Face:
    """profile: the product; body: what it shows and tells; `faults`: its defects and those of its wire. Registers that the body has no
    value for stay as in `blank`; `base`, `image`: what it shows now. models: those of a SunSpec device, see `blank`."""

    def __init__(self, profile: Profile, body: Body, faults: Faults | None = None, models: "tuple[int, ...] | None" = None) -> None:
        self.profile, self.body, self.faults = profile, body, faults or Faults()
        self.base, self.image = blank(profile, models=models)
        for function, first, count in blocks(profile, self.base):  # a real map has something between the registers that we know
            for address in range(first, first + count):
                self.image.setdefault((function, address), 0)
        self._known = {row.quantity for row in profile.reads}
        self._writers = {step.function for control in profile.controls.values() for step in control.steps}
        if profile.sunspec and self._writers:
            self._writers = {6, 16}  # the standard wants both
        self._shown: Said | None = None
        self._latching = set()
        for control in profile.controls.values():
            if not any(item.word == "enable" for step in control.steps for item in step.items):
                self._latching.add(control.quantity)
            if control.timeout_from is not None:
                body.told([("timeout", value_of(control.timeout_from, self.base, self.image) or 0)])

    def answer(self, pdu: bytes) -> bytes:
        """The reply PDU to a request PDU, a refusal included."""
        try:
            request = frames.parse_request(pdu)
        except Garbled:
            return frames.denial(pdu[0] if pdu else 0, NO_FUNCTION)
        except frames.Denied as denied:
            return frames.denial(pdu[0], denied.code)
        self.body.heard()
        self._show()
        code = self._refusal(request)
        if code:
            return frames.denial(request.function, code)
        return self._write(request) if request.registers else self._read(request)

    def _refusal(self, request: frames.Request) -> int:
        """The Modbus exception that the device answers with, or 0."""
        if request.registers and request.function not in self._writers:
            return NO_FUNCTION if self._writers else NO_ADDRESS
        if not request.registers and request.count > self.profile.bus.get("largest", frames.MOST_READ):
            return NO_VALUE
        function = 3 if request.registers else request.function
        return NO_ADDRESS * any((function, request.address + i) not in self.image for i in range(request.count))

    def _read(self, request: frames.Request) -> bytes:
        return frames.reply(request, [self.image[request.function, request.address + i] for i in range(request.count)])

    def _write(self, request: frames.Request) -> bytes:
        regs = list(request.registers)
        words = understand(self.profile, self.base, self.image, request.function, request.address, regs)
        for i, register in enumerate(regs):
            self.image[3, request.address + i] = register
        if any(word in self._latching for word, _ in words):
            words = [*words, ("enable", 1)]
        self.body.told(words)
        self._shown = None
        return frames.reply(request)

    def _show(self) -> None:
        """Bring the registers up to what the body says now."""
        values = {q: v for q, v in self.faults.counts(self.body.values()).items() if q in self._known}
        speaks = self.faults.speaks(self.profile)
        if values == self._shown and speaks is self.profile:
            return
        self.image.update(encode(speaks, self.base, {**values}))
        self._shown = values if speaks is self.profile else None

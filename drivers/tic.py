"""Linky's TIC ("télé-information client"), historic and standard: a frame counts when every line in it holds its checksum.

02, lines, 03; a line is 0a, label, separator, [date, separator,] data, separator, checksum, 0d. Separators are spaces (historic, 1200 baud)
or tabs (standard, 9600 baud). The checksum is (sum & 3f) + 20, a space among others; of label to data, in standard mode with the last
separator. 04 instead of 03: the meter broke off. Source: Enedis-NOI-CPT_54E version 3.

A frame is dropped whole, for a counter of several tariffs is their sum, and a line that is missing would make it fall.
"""

from drivers import stream
from drivers.nouns import Garbled
from drivers.telegram import Telegram, Value

STX, ETX = 2, 3
HISTORIC, STANDARD = 0x20, 0x09
LIMIT = 4096  # bytes of one frame; the longest, standard with three phases, have 1300
LABEL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"
ENERGY_HISTORIC = ("BASE", "HCHC", "HCHP", "EJPHN", "EJPHPM", "BBRHC", "BBRHP")
# Beginning of a label -> unit; what begins with none of them is text.
UNITS = (
    ("Wh", ENERGY_HISTORIC + ("EAST", "EASF", "EASD", "EAIT")),
    ("varh", ("ERQ",)),
    ("A", ("ISOUSC", "IINST", "IMAX", "ADPS", "ADIR", "IRMS")),
    ("V", ("URMS", "UMOY")),
    ("VA", ("PAPP", "SINST", "SMAX")),
    ("kVA", ("PREF", "PCOUP")),
    ("W", ("PMAX", "CCA")),
)


class Framer(stream.Framer):
    """quirks["power"]: "apparent" lets apparent power (VA) stand for power, which TIC does not tell."""

    def __init__(self, quirks: "dict[str, object] | None" = None) -> None:
        super().__init__()
        self._apparent = (quirks or {}).get("power") == "apparent"

    def next(self) -> "Telegram | None":
        while self._sought():
            data, at = self._stream.data, self._stream.at()
            end = _end(data)
            if end is None and len(data) <= LIMIT:
                return None
            try:
                telegram = decode(data[: end or 0], at, self._apparent)
            except Garbled:
                self.bad += 1
                self._stream.drop(1)
            else:
                self._stream.drop(end or 1)
                return telegram
        return None

    def _sought(self) -> bool:
        """Bring the next start to the front of the buffer."""
        start = self._stream.data.find(bytes([STX]))
        self._stream.drop(start if start >= 0 else len(self._stream.data))
        return start >= 0


def _end(data: bytes) -> "int | None":
    """Length of the frame at the front, 0 when it was broken off or another begins in it, None when it is not whole."""
    i = stream.first(data, (b"\x02", b"\x03", b"\x04"), 1)
    return None if i < 0 else i + 1 if data[i] == ETX else 0


def decode(raw: bytes, at: int, apparent: bool) -> Telegram:
    """The meaning of one whole frame; Garbled when one of its lines is damaged."""
    before, *lines = raw[1:-1].split(b"\n")
    if before.strip() or not lines or max(raw) > 126:
        raise Garbled("a TIC frame that is none", raw)
    values: "list[Value]" = []
    for line in lines:
        values += _line(line)
    numbers = {value.code: value.value for value in values if value.exponent is not None}
    meter = [str(value.value) for value in values if value.code in ("ADCO", "ADSC")]
    return Telegram("".join(meter[:1]), tuple(values), tuple(_readings(numbers, apparent)), raw, at)


def _line(line: bytes) -> "list[Value]":
    """The date, when there is one, and the value; Garbled when the checksum does not hold."""
    if len(line) < 5 or line[-1:] != b"\r" or line[-3] not in (HISTORIC, STANDARD):
        raise Garbled("a TIC line that is none", line)
    separator = line[-3]
    summed = line[:-3] if separator == HISTORIC else line[:-2]
    if (sum(summed) & 0x3F) + 0x20 != line[-2]:
        raise Garbled("a TIC line with a bad checksum", line)
    parts = line[:-3].decode().split(chr(separator), 1 if separator == HISTORIC else 2)
    if len(parts) < 2 or not parts[0] or min(line[:-3]) < min(separator, 32) or not all([c in LABEL for c in parts[0]]):
        raise Garbled("a TIC line without a label", line)
    dated = [Value(parts[0], parts[1], None, "")] if len(parts) == 3 else []
    return dated + ([value(parts[0], parts[-1])] if parts[-1] or not dated else [])


def value(label: str, data: str) -> Value:
    """A number with the unit of its label, or text; Garbled when a number has another digit, which six bits of sum may not show."""
    for unit, labels in UNITS:
        if any([label.startswith(start) for start in labels]):
            if data and not data.isdigit():
                raise Garbled("a TIC number with a letter in it", label.encode())
            return Value(label, int(data), 0, unit) if data else Value(label, "", None, "")
    return Value(label, data, None, "")


def _readings(numbers: "dict[str, int | str]", apparent: bool) -> "list[tuple[str, int]]":
    """In words of `drivers/quantities.py`. Historic frames cannot show export: nothing drawn may be something given, and is no power."""
    found: "list[tuple[str, int | None]]" = []
    if apparent:
        drawn, given = _number(numbers, "SINSTS", "PAPP"), _number(numbers, "SINSTI")
        found.append(("power_w", (drawn or 0) - (given or 0) if drawn or given is not None else None))
        found += [("power_l%s_w" % phase, _number(numbers, "SINSTS" + phase) or None) for phase in "123"]
    historic = [int(numbers[label]) for label in numbers if any([label.startswith(start) for start in ENERGY_HISTORIC])]
    found.append(("energy_import_wh", _number(numbers, "EAST") if "EAST" in numbers else sum(historic) if historic else None))
    found.append(("energy_export_wh", _number(numbers, "EAIT")))
    found += [("voltage_l%s_mv" % phase, _milli(_number(numbers, "URMS" + phase))) for phase in "123"]
    found += [("current_l%s_ma" % phase, _milli(_number(numbers, "IRMS" + phase, "IINST" + phase))) for phase in "123"]
    if "IINST" in numbers:
        found.append(("current_l1_ma", _milli(_number(numbers, "IINST"))))
    return [(quantity, number) for quantity, number in found if number is not None]


def _number(numbers: "dict[str, int | str]", *labels: str) -> "int | None":
    """The first of these labels that is there."""
    for label in labels:
        if label in numbers:
            return int(numbers[label])
    return None


def _milli(number: "int | None") -> "int | None":
    return None if number is None else number * 1000

"""The grid meter at the slot's edges: real registers of a real telegram, chained so that none can be taken out later.

The registers of the first frame at or after a slot's end stand for that end; nothing is interpolated, for `raw` must be the bytes
that anybody can hash again.
"""

import hashlib

from market.envelope import b64url
from market.lent import Payload

KEEP = 64  # edges
CLOCK_S = 5  # clocks of one house may differ by this


class Metering:
    """Registers of one meter: the latest frame, and one mark per slot edge."""

    def __init__(self) -> None:
        self.power_w = 0
        self.import_wh = 0
        self.export_wh = 0
        self.at = 0  # 0: nothing heard yet
        self.marks: "dict[int, tuple[int, int]]" = {}  # slot edge -> (import, export) as published
        self.prev = ""  # hash of the last meter message
        self.billed = 0  # the edge that the last bill was made from; before the first one, the first edge

    def heard(self, values: "dict[str, int]", at: int) -> bool:
        """A frame; False when it lacks what a promise is measured with."""
        if "power_w" not in values or "energy_import_wh" not in values:
            return False
        self.power_w, self.at = values["power_w"], at
        self.import_wh = values["energy_import_wh"]
        self.export_wh = values.get("energy_export_wh", 0)
        return True

    def edge(self, seconds: int) -> "int | None":
        """The slot edge that the latest frame stands for, when it has none yet: the last edge at or before the frame."""
        edge = self.at - self.at % seconds
        return edge if self.at and edge not in self.marks and edge > max(self.marks, default=0) else None

    def mark(self, edge: int, raw: bytes) -> Payload:
        """Fix the present registers as those of `edge`; returns the body of the meter message, without slot and meter."""
        self.marks[edge] = (self.import_wh, self.export_wh)
        self.billed = self.billed or edge
        for old in sorted(self.marks)[:-KEEP]:
            if old != self.billed:
                del self.marks[old]
        return {
            "import_wh": self.import_wh,
            "export_wh": self.export_wh,
            "raw": b64url(hashlib.sha256(raw).digest()),
            "prev": self.prev,
        }

    def forget_future(self, now: int) -> None:
        """A clock that went back leaves frames and marks behind that have not happened yet."""
        if self.at > now + CLOCK_S:
            self.at = 0
        for edge in [e for e in self.marks if e > now + CLOCK_S]:
            del self.marks[edge]

    def since(self, edge: int) -> "int | None":
        """Net energy (import minus export, Wh) from a marked edge to the latest frame; None when that cannot be said."""
        if edge not in self.marks:
            return None
        was_in, was_out = self.marks[edge]
        if self.import_wh < was_in or self.export_wh < was_out:
            return None  # another meter
        return (self.import_wh - was_in) - (self.export_wh - was_out)

    def unbilled(self, edge: int) -> "int | None":
        """Net energy up to a marked edge that no bill has counted yet; None without a mark there. A register that fell is another
        meter's: nothing is counted, and counting goes on from there (docs/protocol.md, step 7)."""
        if edge not in self.marks or self.billed not in self.marks or edge <= self.billed:
            return None
        was = now = self.marks[self.billed]
        for between in sorted([e for e in self.marks if self.billed < e <= edge]):
            now = self.marks[between]
            if now[0] < was[0] or now[1] < was[1]:
                was = now
        return (now[0] - was[0]) - (now[1] - was[1])

    def state(self) -> Payload:
        """What must survive: the chain's end and the marks of slots that may still be billed."""
        return {"prev": self.prev, "billed": self.billed, "marks": [[edge, m[0], m[1]] for edge, m in sorted(self.marks.items())]}

    def recall(self, doc: Payload) -> None:
        """Take back `state`."""
        self.prev, self.billed = str(doc.get("prev", "")), doc.get("billed", 0)
        rows: "list[list[int]]" = doc.get("marks", [])
        self.marks = {edge: (imported, exported) for edge, imported, exported in rows}

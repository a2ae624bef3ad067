"""The grid meter at the slot's edges: real registers of a real telegram, chained so that none can be taken out later.

The registers of the first frame at or after a slot's end stand for that end; nothing is interpolated, for `raw` must be the bytes
that anybody can hash again.
"""

import hashlib

from market.envelope import b64url
from market.lent import Payload


class Metering:
    """Registers of one meter: the latest frame, and one mark per slot edge."""

    def __init__(self) -> None:
        self.power_w = 0
        self.import_wh = 0
        self.export_wh = 0
        self.at = 0  # 0: nothing heard yet
        self.marks: "dict[int, tuple[int, int]]" = {}  # slot edge -> (import, export) as published
        self.prev = ""  # hash of the last meter message

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
        for old in sorted(self.marks)[:-64]:
            del self.marks[old]
        return {
            "import_wh": self.import_wh,
            "export_wh": self.export_wh,
            "raw": b64url(hashlib.sha256(raw).digest()),
            "prev": self.prev,
        }

    def since(self, edge: int) -> "int | None":
        """Net energy (import minus export, Wh) from a marked edge to the latest frame."""
        if edge not in self.marks:
            return None
        was_in, was_out = self.marks[edge]
        return (self.import_wh - was_in) - (self.export_wh - was_out)

    def between(self, start: int, end: int) -> "int | None":
        """Net energy between two marked edges."""
        if start not in self.marks or end not in self.marks:
            return None
        a, b = self.marks[start], self.marks[end]
        return (b[0] - a[0]) - (b[1] - a[1])

    def state(self) -> Payload:
        """What must survive: the chain's end and the marks of slots that may still be billed."""
        return {"prev": self.prev, "marks": [[edge, m[0], m[1]] for edge, m in sorted(self.marks.items())]}

    def recall(self, doc: Payload) -> None:
        """Take back `state`."""
        self.prev = str(doc.get("prev", ""))
        rows: "list[list[int]]" = doc.get("marks", [])
        self.marks = {edge: (imported, exported) for edge, imported, exported in rows}

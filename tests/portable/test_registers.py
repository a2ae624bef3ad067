"""Registers: a table of registers and their meaning, read and written."""

from expect import raises

from drivers.registers import SUNSPEC_ABSENT, pack, pack_text, rounded, unpack

# type, order, registers, up, down, value
TABLE = (
    ("u16", "big", [0xFFFF], 1, 1, 65535),
    ("s16", "big", [0xFFFF], 1, 1, -1),
    ("s16", "big", [0x8000], 1, 1, -32768),
    ("u32", "big", [0x0012, 0xD687], 1, 1, 1234567),
    ("u32", "little", [0xD687, 0x0012], 1, 1, 1234567),
    ("s32", "little", [0xFF23, 0xFFFF], 1, 1, -221),  # the other order read it as -14,418 kW in the field
    ("s32", "big", [0xFF23, 0xFFFF], 1, 1, -14417921),
    ("u64", "big", [0, 0, 1, 2], 1, 1, 65538),
    ("s64", "little", [0xFFFE, 0xFFFF, 0xFFFF, 0xFFFF], 1, 1, -2),
    ("f32", "big", [0x4366, 0x8000], 1000, 1, 230500),
    ("f32", "little", [0x8000, 0x4366], 1000, 1, 230500),
    ("f32", "big", [0xC49C, 0x4000], 1, 1, -1250),
    ("f32", "big", [0x4640, 0xE6B6], 1000, 1, 12345678),  # 12345.677734375 kWh
    ("f32", "big", [0x3F00, 0x0000], 1, 1, 1),  # 0.5: half away from zero
    ("f32", "big", [0xBF00, 0x0000], 1, 1, -1),
    ("f32", "big", [0x0000, 0x0000], 1000, 1, 0),
    ("f32", "big", [0x0000, 0x0001], 1 << 149, 1, 1),  # the smallest subnormal
    ("f64", "big", [0x40C8, 0x1CD6, 0xC8B4, 0x3958], 1000000, 1, 12345678000),
    ("f64", "big", [0xC08F, 0x4000, 0x0000, 0x0000], 1, 1, -1000),
    ("u16", "big", [473], 100, 1, 47300),
    ("u16", "big", [1005], 1, 10, 101),
    ("s16", "big", [0xFC13], 1, 10, -101),  # -100.5
)


def test_unpack():
    for kind, order, regs, up, down, value in TABLE:
        assert unpack(kind, order, regs, up, down) == value, (kind, order, regs)


def test_pack_reverses():
    for kind, order, regs, up, down, value in TABLE:
        again = pack(kind, order, value, up, down)
        assert unpack(kind, order, again, up, down) == value, (kind, order, regs, again)


def test_absent_values():
    for regs in ([0x7FC0, 0], [0x7F80, 0], [0xFF80, 0], [0x7FFF, 0xFFFF]):
        assert unpack("f32", "big", regs) is None
    assert unpack("f64", "little", [0, 0, 0, 0x7FF8]) is None
    assert unpack("u16", "big", [0xFFFF], absent=SUNSPEC_ABSENT["u16"]) is None
    assert unpack("s16", "big", [0x8000], absent=SUNSPEC_ABSENT["s16"]) is None
    assert unpack("u32", "little", [0, 0x8000], absent=0x80000000) is None  # as SMA has it


def test_text_and_bits():
    assert unpack("ascii", "big", [0x454C, 0x4220, 0x0000]) == "ELB"
    assert unpack("ascii", "big", pack_text("ELB-1", 4)) == "ELB-1"
    assert unpack("ascii", "big", [0x41E9]) == "A?"
    assert unpack("bits", "big", [0x8001]) == 0x8001


def test_what_does_not_fit_is_refused():
    for kind, value in (("u16", 65536), ("u16", -1), ("s16", 32768), ("s32", -(1 << 31) - 1), ("f32", 1 << 128)):
        raises(ValueError, pack, kind, "big", value)


def test_rounded():
    for n, d, value in ((5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (7, 7, 1)):
        assert rounded(n, d) == value

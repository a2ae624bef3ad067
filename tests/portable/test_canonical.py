"""Accepted is exactly what encoding gives: every other spelling of the same value is refused."""

from expect import raises

from market import canonical
from market.nouns import Refused

BIG = 9007199254740991

SAME = (
    (b"{}", {}),
    (b"[]", []),
    (b'""', ""),
    (b"0", 0),
    (b"true", True),
    (b"false", False),
    (b"9007199254740991", BIG),
    (b"-9007199254740991", -BIG),
    (b'{"":1,"A":2,"B":3,"a":4,"aa":5,"b":6,"~":7}', {"b": 6, "~": 7, "": 1, "a": 4, "B": 3, "aa": 5, "A": 2}),
    (b'"\\"\\\\/ ~"', '"\\/ ~'),
    (b'{"a":[1,[2,{"b":[true,false,"x"]}]]}', {"a": [1, [2, {"b": [True, False, "x"]}]]}),
    (b"[[[[[[]]]]]]", [[[[[[]]]]]]),
    (b"[[[[[[1]]]]]]", [[[[[[1]]]]]]),
)

REFUSED = (
    b"",
    b" ",
    b"{",
    b"[1,2",
    b'{"a":1}\n',
    b' {"a":1}',
    b'{"a": 1}',
    b"[1, 2]",
    b"[1 2]",
    b"[1,]",
    b"[,]",
    b'{"a":1,}',
    b'{"b":1,"a":2}',
    b'{"a":1,"a":1}',
    b'{"a":1,"a":2}',
    b'{"a":{"b":1,"b":1}}',
    b"{1:2}",
    b"{'a':1}",
    b'{"a":1}{}',
    b'{"a":1} x',
    b"[]]",
    b"null",
    b'{"a":null}',
    b"nan",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1.0",
    b"1.5",
    b"1e2",
    b"1E2",
    b"1e400",
    b"-0",
    b"00",
    b"01",
    b"+1",
    b"--1",
    b"0x10",
    b"9007199254740992",
    b"-9007199254740992",
    b"1" * 400,
    b"1" * 5000,
    b"True",
    b"tru",
    b'"a',
    b'"\t"',
    b'"\\t"',
    b'"\\n"',
    b'"\\/"',
    b'"\\u0041"',
    b'"\\u00e9"',
    b'"\\ud800"',
    b'"\\x41"',
    b'"\x7f"',
    b'"\x00"',
    b'"\xc3\xa9"',
    b'"\xff\xfe"',
    b'\xef\xbb\xbf{"a":1}',
    b"[\x00]",
    b"1\x00",
    b"[\xa0]",
    b'{"\\u0061":1}',
    b"[[[[[[[]]]]]]]",
    b"[[[[[[{}]]]]]]",
    b'{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}',
    b"[" * 8000,
    b"[" * 8000 + b"]" * 8000,
    b'{"a":' * 3000,
)

NO_FORM = (
    None,
    1.5,
    b"bytes",
    {1: 2},
    {"a": None},
    [1.0],
    BIG + 1,
    -BIG - 1,
    "\n",
    "\x7f",
    "\u00e9",
    {"\t": 1},
    [[[[[[[]]]]]]],
    {"a": {1}},
)


def test_values_and_bytes_stand_for_each_other():
    for data, value in SAME:
        assert canonical.encode(value) == data, data
        assert canonical.decode(data) == value, data


def test_a_decoded_boolean_is_no_integer():
    assert canonical.decode(b"[true,1]")[0] is True
    assert canonical.decode(b"[true,1]")[1] is not True


def test_every_other_spelling_is_refused():
    for data in REFUSED:
        error = raises(Refused, canonical.decode, data)
        assert error.args[0] == "malformed", data[:40]


def test_values_without_a_canonical_form_are_refused():
    for value in NO_FORM:
        assert raises(Refused, canonical.encode, value).args[0] == "malformed", value


def test_tuples_are_arrays():
    assert canonical.encode((1, (2, 3))) == b"[1,[2,3]]"


def test_the_limit_counts_bytes():
    assert canonical.decode(b'"abc"', 5) == "abc"
    assert raises(Refused, canonical.decode, b'"abcd"', 5).args[0] == "malformed"
    assert canonical.decode(b'"' + b"a" * 16382 + b'"') == "a" * 16382
    assert raises(Refused, canonical.decode, b'"' + b"a" * 16383 + b'"').args[0] == "malformed"

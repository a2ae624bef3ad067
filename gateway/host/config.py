"""A config is checked whole: every error is one line `FILE:LINE: key: found 'x': what to do`, and all of them come at once.

`decode_toml(path, type)` serves home.toml and market.toml; types are msgspec Structs whose field docs are the tables in docs/.
"""

import difflib
import os
import re
import ssl
import tomllib
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gateway.host import link, locator

T = TypeVar("T")
Where = locator.Path
WORDS = (
    ("`object`", "a table"),
    ("`array`", "a list in [ ]"),
    ("`int`", "a whole number"),
    ("`float`", "a number"),
    ("`str`", "text in quotes"),
    ("`bool`", "true or false"),
    ("`null`", "nothing"),
)


class BadConfig(Exception):
    """A config that cannot be used. lines: one sentence an error, with file, line, key, what was found and what to do."""

    def __init__(self, lines: "list[str]") -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Findings:
    """Gathers the errors of one file; `done()` raises them together."""

    def __init__(self, path: "Path | str", text: str = "") -> None:
        self.path = path
        self.locator = locator.Locator(text)
        self._lines: list[tuple[int, str]] = []

    def add(self, where: Where, found: object, remedy: str) -> None:
        """An error at the key `where`; `found` is the value as read, or a `Said` to be shown as it is."""
        line = self.locator.line(where)
        said = str(found) if isinstance(found, Said) else f"found {shown(found)}"
        self._lines.append((line, f"{self.path}:{line}: {dotted(where)}: {said}: {remedy}"))

    def done(self) -> None:
        """Raise BadConfig when anything was found, in the order of the file."""
        if self._lines:
            raise BadConfig([line for _, line in sorted(self._lines, key=lambda item: item[0])])


class Said(str):
    """Words about a key that stand in an error in the place of a value."""


MISSING = Said("missing")


class Other(typing.NamedTuple):
    """A file that is easily taken for ours: it `has` one table and `lacks` another; `remedy` may name it as {path}."""

    name: str
    has: str
    lacks: str
    remedy: str


def decode_toml(path: "Path | str", kind: "type[T]", other: "Other | None" = None) -> "tuple[T, Findings]":
    """Read `path` as a `kind` (a Struct). A required field that is missing or wrong is msgspec.UNSET in the object, and a line in the
    findings: add what else is wrong, then call `done()`. BadConfig at once when the file cannot be read, is not TOML, or is `other`."""
    try:
        text = Path(path).read_bytes().decode()
        held = tomllib.loads(text)
    except OSError as error:
        raise BadConfig([f"{path}: cannot be read: {error.strerror}: give the path of a file that you may read"]) from None
    except UnicodeDecodeError:
        raise BadConfig([f"{path}: is not text in UTF-8: save it so"]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([_not_toml(path, str(error))]) from None
    if other and other.has in held and other.lacks not in held:
        raise BadConfig([f"{path}: looks like a {other.name}: {other.remedy.format(path=path)}"])
    findings = Findings(path, text)
    return _struct(held, kind, (), findings), findings


def dotted(where: Where) -> str:
    """("device", 1, "port") -> device[1].port"""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the file"


def shown(value: object) -> str:
    """A value as an error shows it, cut when long."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def near(word: str, known: "typing.Iterable[str]") -> str:
    """What to write in the place of an unknown word."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, 1, 0.6)
    return f"did you mean {close[0]}?" if close else "known here: " + (", ".join(names) or "nothing")


def _not_toml(path: "Path | str", error: str) -> str:
    place = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", error)
    line = f":{place[1]}" if place and place[1] else ""
    return f"{path}{line}: not TOML: {error.split(' (at ')[0]}: text needs quotes, a table is [name], a list of tables [[name]]"


def _struct(held: "dict[str, Any]", kind: "type[T]", where: Where, findings: Findings) -> T:
    fields = {field.encode_name: field for field in msgspec.structs.fields(typing.cast(Any, kind))}
    for key in held:
        if key not in fields:
            findings.add((*where, key), Said("unknown key"), near(key, fields))
    values = {field.name: _field(held, field, (*where, name), findings) for name, field in fields.items()}
    return kind(**values)


def _field(held: "dict[str, Any]", field: msgspec.structs.FieldInfo, where: Where, findings: Findings) -> Any:
    name = field.encode_name
    if name in held:
        value = _value(held[name], field.type, where, findings)
        if value is not msgspec.UNSET or field.required:
            return value
    if field.required:
        if name not in held:
            findings.add(where, MISSING, f"add {_example(field)}")
        return msgspec.UNSET
    return field.default_factory() if field.default is msgspec.NODEFAULT and callable(field.default_factory) else field.default


def _value(value: Any, kind: Any, where: Where, findings: Findings) -> Any:
    """`value` as a `kind`; UNSET when it is not, with a finding."""
    bare = _without_none(kind)
    if _is_struct(bare) and isinstance(value, dict):
        return _struct(value, bare, where, findings)
    if typing.get_origin(bare) is list and isinstance(value, list):
        inner = typing.get_args(bare)[0]
        return [_value(item, inner, (*where, i), findings) for i, item in enumerate(value)]
    try:
        return msgspec.convert(value, _loose(bare))
    except msgspec.ValidationError as error:
        findings.add(where, value, _remedy(value, bare, str(error)))
        return msgspec.UNSET


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _loose(kind: Any) -> Any:
    """What msgspec is asked for; a Struct that was not given a table is asked for as a table, to say so in words."""
    return dict[str, Any] if _is_struct(kind) else kind


def _without_none(kind: Any) -> Any:
    """`X | None` -> X: TOML cannot say none, it leaves out."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        some = [part for part in typing.get_args(kind) if part is not type(None)]
        return some[0] if len(some) == 1 else typing.Union[tuple(some)]
    return kind


def _remedy(value: object, kind: Any, error: str) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return near(str(value), [str(word) for word in typing.get_args(kind)])
    told = [meta.description for meta in getattr(kind, "__metadata__", ()) if meta.description]
    if told:
        return f"write {told[0]}"
    wanted = re.split(r", got | - at ", error.removeprefix("Expected "))[0]
    for code, words in WORDS:
        wanted = wanted.replace(code, words)
    return f"write {wanted}"


def _example(field: msgspec.structs.FieldInfo) -> str:
    """A line to add; the example and title of the field's Meta, where it has them, say what is usual and what it means."""
    kind, notes = field.type, []
    if _is_struct(kind):
        return f"a table [{field.encode_name}]"
    if typing.get_origin(kind) is list and _is_struct(typing.get_args(kind)[0]):
        return f"a table [[{field.encode_name}]]"
    while typing.get_origin(kind) is typing.Annotated:
        notes += [meta for meta in kind.__metadata__ if isinstance(meta, msgspec.Meta)]
        kind = typing.get_args(kind)[0]
    for note in notes:
        if note.examples:
            return f"{field.encode_name} = {note.examples[0]!r}" + (f": {note.title}" if note.title else "")
    return f'{field.encode_name} = {"1" if kind in (int, float) else chr(34) + "..." + chr(34)}'


def broker_at(findings: Findings, section: Any, where: Where) -> "link.Broker | None":
    """The broker of a section with the keys broker, ca, cert, key; paths relative to the file. None when there is a finding.

    Off loopback only with TLS that proves both ends: anything less would let a neighbour trade in this home's name.
    """
    folder = Path(findings.path).parent
    try:
        broker = link.broker_of(section.broker)
    except (ValueError, AttributeError) as error:
        if section.broker is not msgspec.UNSET:
            findings.add((*where, "broker"), section.broker, str(error))
        return None
    names = {name: getattr(section, name) for name in ("ca", "cert", "key") if isinstance(getattr(section, name), str)}
    secure = section.broker.startswith("mqtts:")
    if not secure and (names or not broker.on_loopback):
        findings.add((*where, "broker"), section.broker, "write mqtts:// and give ca, cert, key: without TLS a broker must be on loopback")
        return None
    for name in ("ca", "cert", "key"):
        if secure and name not in names:
            findings.add((*where, name), MISSING, f'add {name} = "FILE.pem": a broker is reached by TLS that proves both ends')
    if not secure or len(names) < 3:
        return None if secure else broker
    return _with_files(findings, broker, {name: folder / file for name, file in names.items()}, where)


def _with_files(findings: Findings, broker: "link.Broker", files: "dict[str, Path]", where: Where) -> "link.Broker | None":
    sound = [private_or_public(findings, (*where, name), path, name == "key") for name, path in files.items()]
    full = link.Broker(broker.host, broker.port, files["ca"], files["cert"], files["key"])
    if not all(sound):
        return None
    try:
        full.context()
    except (ssl.SSLError, OSError) as error:
        remedy = f"ca, cert and key do not go together ({error}): give PEM files, cert and key of one pair"
        findings.add((*where, "cert"), str(files["cert"]), remedy)
        return None
    return full


def private_or_public(findings: Findings, where: Where, path: Path, private: bool) -> bool:
    """Check that a file can be read, and by nobody else when it is private."""
    if not path.is_file():
        findings.add(where, str(path), "there is no such file: correct the path (it is relative to this file)")
    elif not os.access(path, os.R_OK):
        findings.add(where, str(path), "cannot be read: let it belong to the user that runs elecbay")
    elif private and path.stat().st_mode & 0o077:
        findings.add(where, str(path), f"others may read it: run `chmod 600 {path}`")
    else:
        return True
    return False

"""The walls of the house: who may import whom, and what portable code may not say. A failure tells what to do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOSTS = ("gateway.host", "market.services", "sim_devices", "firmware")
LAYERS = {"gateway": 3, "policies": 2, "market": 1, "drivers": 1}
STANDARD = {"collections", "struct", "binascii", "hashlib", "json"}
SHARED_HOST = {f"gateway.host.{name}" for name in ("clock", "keys", "journal", "store", "link", "config")}
LARGE_WITH_REASON: dict[str, str] = {}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("gateway", "drivers", "policies", "market", "sim_devices", "firmware"):
        for path in sorted((ROOT / top).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def host_of(name: str) -> str | None:
    return next((h for h in HOSTS if name == h or name.startswith(h + ".")), None)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import by full name, relative imports hide the layer"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


ALL = list(modules())
PORTABLE = [(n, p) for n, p in ALL if host_of(n) is None]
IDS = [n for n, _ in ALL]


def forbidden(name: str, target: str) -> str | None:
    """Why module `name` may not import `target`, or None."""
    top, ours = target.split(".")[0], name.split(".")[0]
    if host_of(name) is None:
        if top not in LAYERS:
            return None if top in STANDARD else f"portable code imports only its own kind and {sorted(STANDARD)}: let a host lend {top}"
        if host_of(target):
            return "portable code must not know its host: let the host lend what is needed"
        if top != ours and LAYERS[top] >= LAYERS[ours]:
            return "layers: gateway > policies > market | drivers"
        return None
    other = host_of(target)
    if other is None or other == host_of(name) or host_of(name) == "sim_devices":
        return None
    if other == "gateway.host" and any(target.startswith(s) for s in SHARED_HOST):
        return None
    return f"a host does not import another host ({other}): what both need belongs into {sorted(SHARED_HOST)} or into portable code"


@pytest.mark.parametrize(("name", "path"), ALL, ids=IDS)
def test_layers(name: str, path: Path) -> None:
    wrong = [f"{path.name}:{line}: {t}: {why}" for line, t in imports(ast.parse(path.read_text())) if (why := forbidden(name, t))]
    assert not wrong, "\n".join(wrong)


def unportable(node: ast.AST) -> str | None:
    """What is wrong with a node of portable code, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return "a float literal: ESP32 floats are 32-bit and would settle differently; use integers"
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
        return "'/' makes a float: use // and say which way it rounds"
    if isinstance(node, (ast.Match, ast.AsyncFunctionDef, ast.Await)):
        return f"{type(node).__name__}: not on MicroPython, or not for code that never waits"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round", "open", "eval", "exec"):
        return f"{node.func.id}(): portable code has no floats, no files and no surprises"
    if isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load) and any(isinstance(e, ast.Starred) for e in node.elts):
        return "[*a, x]: MicroPython cannot; use + or list()"
    if isinstance(node, ast.Dict) and None in node.keys:
        return "{**a}: MicroPython cannot; use a copy and update"
    if isinstance(node, ast.Try) and any(isinstance(n, (ast.Import, ast.ImportFrom)) for n in node.body):
        return "try/except around an import: what differs between hosts is lent by the host"
    return None


@pytest.mark.parametrize(("name", "path"), PORTABLE, ids=[n for n, _ in PORTABLE])
def test_portable_code_stays_portable(name: str, path: Path) -> None:
    tree = ast.parse(path.read_text())
    wrong = [f"{path.name}:{node.lineno}: {why}" for node in ast.walk(tree) if (why := unportable(node))]  # type: ignore[attr-defined]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("bad", ["x = 1.5", "x = a / b", "x /= 2", "x = [*a, 1]", "x = {**a}", "match x:\n case 1: pass", "float(x)"])
def test_the_portability_rule_bites(bad: str) -> None:
    assert any(unportable(node) for node in ast.walk(ast.parse(bad)))


def test_the_layer_rule_bites() -> None:
    assert forbidden("market.clearing", "policies.battery")
    assert forbidden("gateway.home", "gateway.host.run")
    assert forbidden("drivers.sml", "asyncio")
    assert forbidden("gateway.host.run", "sim_devices.street")
    assert not forbidden("gateway.home", "policies.battery")


@pytest.mark.parametrize(("name", "path"), ALL, ids=IDS)
def test_every_module_opens_with_the_rule_that_holds_there(name: str, path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path}: write one sentence at the top that says what rule holds in this module"


@pytest.mark.parametrize(("name", "path"), ALL, ids=IDS)
def test_no_file_is_long_without_a_reason(name: str, path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= 300 or name in LARGE_WITH_REASON, f"{path}: {lines} lines: split it, or name the reason in LARGE_WITH_REASON"

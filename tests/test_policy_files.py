"""The folder of policies is the registry: no policy gets past the properties that hold for all of them."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "portable"))
import test_policies as properties

ROOT = Path(__file__).parent.parent


def has_policy(path: Path) -> bool:
    return any(isinstance(node, ast.ClassDef) and node.name == "Policy" for node in ast.parse(path.read_text()).body)


NAMES = sorted(path.stem for path in (ROOT / "policies").glob("*.py") if has_policy(path))


@pytest.mark.parametrize("name", NAMES)
def test_every_policy_goes_through_the_common_properties(name: str) -> None:
    where = "tests/portable/test_policies.py"
    assert name in properties.ALL, f"import policies/{name}.py in {where} and add it to ALL there"
    assert name in properties.FULL_VIEWS, f"{where}: add to FULL_VIEWS the values with which {name} has something to wish"
    assert name in properties.MOST_W, f"{where}: add to MOST_W the largest power that {name} may ask for with these values"


@pytest.mark.parametrize("name", NAMES)
def test_every_policy_wishes_something_in_its_view(name: str) -> None:
    energy = properties.FORESEEN.get(name, 0)
    assert properties.ALL[name].Policy({}).curve(properties.view(properties.FULL_VIEWS[name], energy=energy)), "the properties were empty"

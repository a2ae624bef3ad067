"""What the docs show is true: a TOML block reads as the file it is said to be, Python keeps the rules and runs, links lead somewhere."""

import ast
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_architecture import forbidden, imports, unportable
from test_profiles import not_literal

from drivers import profile
from gateway.host import cli
from gateway.host.config import decode_toml
from gateway.host.home_file import HomeFile
from market.services.market_file import MarketFile
from policies.nouns import MUST, BadWish, Rate, View

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [(page, block) for page in PAGES for block in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)]

REST = """
[market]
name = "street"
broker = "mqtt://127.0.0.1:1883"
[tariff]
import_price = 300000
export_price = 80000
[[line]]
node = "n1"
r_mohm = 60
max_w = 60000
"""  # of a market.toml of which a page shows a part
EXAMPLES = {"policies/fish_tank.py": ROOT / "docs" / "add-a-policy.md", "drivers/profiles/ex1.py": ROOT / "docs" / "add-a-device.md"}
NOON = 1_782_043_200 - 1_782_043_200 % 86400 + 12 * 3600


def python(page: Path) -> "list[str]":
    return re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)


def example(name: str) -> "tuple[str, dict[str, Any]]":
    """The text of an example and what it defines."""
    (text,) = python(EXAMPLES[name])
    held: dict[str, Any] = {}
    exec(text, held)
    return text, held


def test_every_python_block_is_an_example_that_is_tested() -> None:
    assert {page for page in PAGES if python(page)} == set(EXAMPLES.values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_keeps_the_rules_of_the_house(name: str) -> None:
    text, _ = example(name)
    command = [sys.executable, "-m", "ruff", "check", "--stdin-filename", name, "-"]
    ruff = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True)
    assert ruff.returncode == 0, ruff.stdout + ruff.stderr
    tree, module = ast.parse(text), name.removesuffix(".py").replace("/", ".")
    assert ast.get_docstring(tree)
    assert not [why for node in ast.walk(tree) if (why := unportable(node))]
    assert not [why for _, target in imports(tree) if (why := forbidden(module, target))]


def test_the_example_of_a_device_is_a_profile() -> None:
    text, held = example("drivers/profiles/ex1.py")
    assert not_literal(text) is None
    ex1 = profile.build("ex1", held["PROFILE"])
    base, image = profile.blank(ex1)
    told = {"power_w": -150, "energy_import_wh": 1_000_000, "energy_export_wh": 2_000_000}
    image.update(profile.encode(ex1, base, told))
    assert {r.quantity: r.value for r in profile.decode(ex1, base, image, "grid", 0)} == told


def test_the_example_of_a_policy_lives_a_day() -> None:
    _, held = example("policies/fish_tank.py")
    policy = held["Policy"]({"power_w": 60})
    rates = (Rate(NOON, 300_000, 80_000),)
    for seconds in (300, 900, 1800, 3600):
        waited, whys = 0, set()
        for start in range(NOON, NOON + 86400, seconds):
            ((price, wh),) = policy.curve(View(NOON, start, seconds, {"power_w": 0}, rates, 0, 400))
            assert wh == 60 * seconds // 3600 and price in (MUST, 190_000)
            waited = 0 if price == MUST else waited + seconds
            assert waited < 3600
            whys.add(policy.why)
        assert whys == {"the hour ends: runs at any price"} | ({"can wait: runs below 190000"} if seconds < 3600 else set())
    view = View(NOON, NOON, 300, {}, rates, 0, 400)
    assert policy.curve(view) == () and policy.why == "the pump does not answer"
    assert [policy.dispatch(view, power, 0) for power in (-5, 30, 500)] == [("power_setpoint_w", power) for power in (0, 30, 60)]
    assert policy.safe() == ("power_setpoint_w", 60)
    with pytest.raises(BadWish):
        held["Policy"]({"power_w": 0})


def test_the_commands_of_the_readme_do_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    text = (ROOT / "README.md").read_text()
    (decode,) = re.findall(r"^elecbay (decode [^#\n]*)", text, re.MULTILINE)
    monkeypatch.chdir(ROOT)
    assert cli.main(shlex.split(decode)) == 0
    assert "energy_import_wh" in capsys.readouterr().out
    (book,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (tmp_path / "book.json").write_text(book)
    assert cli.main(["clear", str(tmp_path / "book.json")]) == 0
    printed = capsys.readouterr().out
    assert f"`{printed.strip()}`" in text and json.loads(printed)["wh"] > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_that_a_page_shows_is_there(page: Path) -> None:
    shown = set(re.findall(r"^(?:\.venv/bin/)?elecbay ([a-z]+)|`elecbay ([a-z]+)", page.read_text(), re.MULTILINE))
    assert {a or b for a, b in shown} <= set(cli.COMMANDS), page.name


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{p.name}-{i}" for i, (p, _) in enumerate(BLOCKS)])
def test_a_config_in_the_docs_reads(page: Path, block: str, tmp_path: Path) -> None:
    kind = HomeFile if "[home]" in block else MarketFile
    path = tmp_path / "shown.toml"
    path.write_text(block if "[market]" in block else block + REST)
    _, findings = decode_toml(path, kind)
    findings.done()  # raises what is wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target} is not there"


@pytest.mark.parametrize("page", [p for p in PAGES if p.name in ("tour.md", "add-a-device.md", "add-a-policy.md")], ids=lambda p: p.name)
def test_files_that_the_docs_name_are_there(page: Path) -> None:
    everywhere = {p.name for p in ROOT.rglob("*.*") if p.suffix in (".py", ".md") and ".venv" not in p.parts}
    named = set(re.findall(r"`([a-z0-9_/]+\.(?:py|md))`", page.read_text())) - {"drivers/profiles/ex1.py"}
    missing = [name for name in named if not (ROOT / name).exists() and Path(name).name not in everywhere]
    assert not missing, f"{page.name} names {missing}"

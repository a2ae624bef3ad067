"""What the docs show is true: every TOML block reads as the file that it is said to be, every link leads somewhere."""

import re
from pathlib import Path

import pytest

from gateway.host.config import decode_toml
from gateway.host.home_file import HomeFile
from market.services.market_file import MarketFile

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [(page, block) for page in PAGES for block in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)]


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{p.name}-{i}" for i, (p, _) in enumerate(BLOCKS)])
def test_a_config_in_the_docs_reads(page: Path, block: str, tmp_path: Path) -> None:
    kind = HomeFile if "[home]" in block else MarketFile
    path = tmp_path / "shown.toml"
    path.write_text(block)
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

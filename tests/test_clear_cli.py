"""`elecbay clear`: a book in, one JSON line out; anything else is one line that says where and why."""

import io
import json
from pathlib import Path

import pytest

from market.services import clear_cli

BOOK = {
    "orders": [{"index": 0, "steps": [[300, 10], [280, 10]]}, {"index": 1, "steps": [[200, -10]], "order": "not read"}],
    "limits": [[0, 10]],
}


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = clear_cli.main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def test_a_book_is_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "book.json"
    path.write_text(json.dumps(BOOK))
    code, out, err = run(capsys, str(path))
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert json.loads(out) == {"price": 250, "wh": 10, "fills": [[0, 10], [1, -10]]}


def test_limits_may_be_left_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"orders": BOOK["orders"]})))
    code, out, _ = run(capsys, "-")
    assert code == 0
    assert json.loads(out)["price"] == 290


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100000, "no JSON"),
        ("[]", 'write {"orders": [{"index": 0, "steps": [[price, wh], ...]}, ...]}'),
        ("{}", "orders"),
        ('{"orders": {}}', "orders"),
        ('{"orders": [5]}', "orders[0]"),
        ('{"orders": [{"index": -1, "steps": []}]}', "orders[0]"),
        ('{"orders": [{"index": true, "steps": []}]}', "orders[0]"),
        ('{"orders": [{"index": 1}]}', "orders[0].steps"),
        ('{"orders": [{"index": 1, "steps": [[1, 2]]}, {"index": 2, "steps": [[1.5, 2]]}]}', "orders[1].steps"),
        ('{"orders": [{"index": 1, "steps": [[1, 0]]}]}', "orders[0].steps"),
        ('{"orders": [{"index": 1, "steps": [[5, 1], [5, -1]]}]}', "buys at 5 and sells at 5"),
        ('{"orders": [{"index": 1, "steps": []}, {"index": 1, "steps": []}]}', "one index"),
        ('{"orders": [], "limits": [[1]]}', "limits"),
        ('{"orders": [], "limits": [[1, -1]]}', "limits"),
        ('{"orders": [], "limits": null}', "limits"),
    ],
)
def test_a_bad_book_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str) -> None:
    path = tmp_path / "book.json"
    path.write_text(text)
    code, out, err = run(capsys, str(path))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "book.json" in err
    assert says in err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(tmp_path / "none.json"))
    assert code == 2
    assert "No such file" in err
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    assert run(capsys, str(tmp_path / "bytes.json"))[0] == 2


@pytest.mark.parametrize(("argv", "code"), [((), 2), (("a", "b"), 2), (("--help",), 0)])
def test_usage(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], code: int) -> None:
    found, out, err = run(capsys, *argv)
    assert found == code
    assert (err if code else out).startswith("usage: elecbay clear BOOK.json")

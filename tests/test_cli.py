"""The command table: one line a command, near suggestions, a status, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.host import cli, keys


def run(*argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "gateway.host.cli", *argv], capture_output=True, text=True, timeout=30)


def test_help_lists_every_command_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(cli.COMMANDS)
    assert cli.main([]) == 2


def test_an_unknown_command_suggests_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["chek"]) == 2
    assert capsys.readouterr().err == "elecbay chek: no such command: did you mean check?\n"


@pytest.mark.parametrize("command", ["run", "scan", "read", "check", "keys", "market", "decode", "clear"])
def test_without_arguments_each_says_how_it_is_used(command: str) -> None:
    done = run(command)
    assert done.returncode == 2, done.stderr
    assert command in done.stderr and "Traceback" not in done.stderr


def test_a_bad_config_is_lines_and_exit_2(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text("[home]\nnam = 1\n")
    for command in ("run", "check"):
        done = run(command, str(path))
        assert done.returncode == 2
        assert f"{path}:2: home.nam: unknown key: did you mean name?" in done.stderr.splitlines()
        assert "Traceback" not in done.stderr


def test_keys_new_and_show(tmp_path: Path) -> None:
    new = run("keys", "new", str(tmp_path / "state"))
    show = run("keys", "show", str(tmp_path / "state"))
    assert new.returncode == show.returncode == 0
    assert new.stdout == show.stdout
    signer = keys.load(tmp_path / "state")
    assert signer.kid in new.stdout and len(new.stdout.splitlines()) == 2
    again = run("keys", "new", str(tmp_path / "state"))
    assert again.returncode == 2 and "never overwritten" in again.stderr
    none = run("keys", "show", str(tmp_path / "none"))
    assert none.returncode == 2 and "elecbay keys new" in none.stderr


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (OSError(28, "No space left on device"), 1, "elecbay: [Errno 28] No space left on device\n"),
        (ModuleNotFoundError("No module named 'rich'", name="rich"), 1, "elecbay: rich is not installed: `pip install open-elecbay[demo]`"),
        (keys.BadKey("state/key: not a key"), 2, "state/key: not a key\n"),
        (RuntimeError("odd"), 1, "elecbay: RuntimeError: odd (a fault of ours"),
    ],
)
def test_whatever_a_command_raises(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, said: str
) -> None:
    def command(argv: "list[str]") -> int:
        raise error

    monkeypatch.setattr(keys, "main", command)
    assert cli.main(["keys"]) == status
    shown = capsys.readouterr().err
    assert shown.startswith(said) and (said or not shown)
    assert "Traceback" not in shown


def test_commands_are_imported_when_they_are_called() -> None:
    code = "import sys, gateway.host.cli; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"asyncio", "aiomqtt", "pymodbus", "msgspec", "nacl"} & set(loaded)

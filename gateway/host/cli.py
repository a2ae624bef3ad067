"""`elecbay`: one table of commands, each imported when it is called; no traceback ever reaches a user."""

import os
import sys
import traceback
from importlib import import_module

COMMANDS = {
    "demo": ("sim_devices.demo:main", "a street of simulated homes trades an evening"),
    "run": ("gateway.host.run:main", "run a home: HOME.toml"),
    "market": ("market.services.run:main", "run the reference market: MARKET.toml"),
    "keys": ("gateway.host.keys:main", "new|show [FOLDER]: a home's or market's key"),
    "scan": ("gateway.host.scan_cli:main", "find devices: HOST[:PORT] | /dev/tty... [--units 1-5,71] [--quick] [--rtu]"),
    "read": ("gateway.host.read_cli:main", "what the devices say now: HOME.toml [DEVICE] [--watch]"),
    "check": ("gateway.host.check:main", "is the config sound, every device there and plausible: HOME.toml [--file-only] [--sign DEVICE]"),
    "bus": ("gateway.host.bus_cli:main", "what the links of a home do, and how old its values are: HOME.toml [--seconds N]"),
    "write": ("gateway.host.write_cli:main", "tell a device something by hand: HOME.toml DEVICE QUANTITY VALUE --for SECONDS"),
    "decode": ("gateway.host.decode_cli:main", "what a meter's bytes mean: PROTOCOL FILE [--key HEX] [--auth-key HEX] [--json]"),
    "device": ("sim_devices.device:main", "simulate one: PROFILE [--line tcp|rtu|rtu-tcp] [--set QUANTITY=VALUE] [--fault KIND=CHANCE]"),
    "clear": ("market.services.clear_cli:main", "clear an order book: BOOK.json"),
}
INTERRUPTED = 130


def main(argv: "list[str] | None" = None) -> int:
    """Run one command; returns the exit status: 0 well, 1 not, 2 the command or its files are wrong, 130 interrupted."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help", "help"):
        sys.stdout.write(usage())
        return 0 if argv else 2
    if argv[0] not in COMMANDS:
        from gateway.host.config import near

        sys.stderr.write(f"elecbay {argv[0]}: no such command: {near(argv[0], COMMANDS)}\n")
        return 2
    return _call(COMMANDS[argv[0]][0], argv[1:])


def usage() -> str:
    """The commands, a line each."""
    width = max(len(name) for name in COMMANDS)
    return "elecbay COMMAND ...\n" + "".join(f"  {name:{width}}  {about}\n" for name, (_, about) in COMMANDS.items())


def _call(place: str, argv: "list[str]") -> int:
    """Import and run; whatever it raises becomes lines and a status. ELECBAY_TRACEBACK=1 shows where, for whoever repairs it."""
    module, _, function = place.partition(":")
    try:
        return int(getattr(import_module(module), function)(argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone: nothing to say to nobody
        return 0
    except Exception as error:
        if os.environ.get("ELECBAY_TRACEBACK"):
            traceback.print_exc()
        return _told(error)


def _told(error: Exception) -> int:
    lines = getattr(error, "lines", None)
    if lines is not None:
        sys.stderr.write("\n".join(lines) + "\n")
        return 2
    if isinstance(error, ModuleNotFoundError):
        sys.stderr.write(f"elecbay: {error.name} is not installed: `pip install open-elecbay[demo]` has all of it\n")
    elif isinstance(error, OSError):
        sys.stderr.write(f"elecbay: {error}\n")
    else:
        sys.stderr.write(f"elecbay: {type(error).__name__}: {error} (a fault of ours: ELECBAY_TRACEBACK=1 shows where)\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

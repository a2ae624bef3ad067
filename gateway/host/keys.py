"""A private key stays in its file and in its `Signer`: files are 0600 from their first byte, and no repr, error or log shows a seed."""

import os
import stat
import sys
from pathlib import Path
from typing import NoReturn

from nacl import bindings
from nacl.exceptions import CryptoError

from market import envelope

SEED = 32


class BadKey(Exception):
    """A key file that must not be used; the message says what to do about it."""

    @property
    def lines(self) -> "list[str]":
        """As config.BadConfig has it."""
        return [str(self)]


class Signer:
    """Signs for one identity. kid: RFC 7638 thumbprint; public: 32 bytes."""

    __slots__ = ("__secret", "kid", "public")

    def __init__(self, seed: bytes) -> None:
        self.public, self.__secret = bindings.crypto_sign_seed_keypair(seed)
        self.kid: str = envelope.kid(self.public)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of an Ed25519 signature (RFC 8032)."""
        return bindings.crypto_sign(message, self.__secret)[:64]

    def __repr__(self) -> str:
        return f"<Signer {self.kid}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not copied")


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """True when `signature` is good, by the rules of market.ed25519: S < L, no small-order and no non-canonical point.

    libsodium checks all of these; the tests hold the two against each other.
    """
    if len(public) != SEED or len(signature) != 64:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except CryptoError:
        return False
    return True


def path_of(folder: "Path | str", name: str = "key") -> Path:
    """Where the key `name` of `folder` lives."""
    return Path(folder) / name


def create(folder: "Path | str", name: str = "key") -> Signer:
    """A new key in `folder` (made 0700 when missing). FileExistsError when there is one already: a key is never overwritten.

    Written under another name first, then linked: a power cut leaves a whole key or none.
    """
    path = path_of(folder, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    seed = os.urandom(SEED)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        _write_new(draft, seed.hex().encode() + b"\n")
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return Signer(seed)


def load(folder: "Path | str", name: str = "key") -> Signer:
    """The key of `folder`. BadKey when it is missing, readable by others, or not a key."""
    return load_file(path_of(folder, name))


def load_file(path: Path) -> Signer:
    """The key in `path`; see `load`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise BadKey(f"{path}: no key here: create one with `elecbay keys new {path.parent}`") from None
    except OSError as error:
        raise BadKey(f"{path}: cannot be read ({error.strerror}): let it belong to the user that runs elecbay") from None
    with os.fdopen(handle, "rb") as file:
        mode = stat.S_IMODE(os.fstat(handle).st_mode)
        if mode & 0o077:
            raise BadKey(f"{path}: mode {mode:04o} lets others read it: run `chmod 600 {path}`; if others did, make a new key")
        return Signer(_seed(path, file.read(SEED * 2 + 2)))


def load_or_create(folder: "Path | str", name: str = "key") -> Signer:
    """The key of `folder`, made when there is none yet."""
    return load(folder, name) if path_of(folder, name).exists() else create(folder, name)


def _seed(path: Path, text: bytes) -> bytes:
    """The seed in a key file's text; an error never quotes it."""
    try:
        seed = bytes.fromhex(text.decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        seed = b""
    if len(seed) != SEED:
        raise BadKey(f"{path}: not a key (64 hex digits): restore it, or move it away and run `elecbay keys new {path.parent}`")
    return seed


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def main(argv: "list[str]") -> int:
    """`elecbay keys new|show [FOLDER]`: prints kid and x, never the seed."""
    verbs = {"new": create, "show": load}
    if not 1 <= len(argv) <= 2 or argv[0] not in verbs:
        sys.stderr.write("elecbay keys new|show [FOLDER]: make a key, or show the public half of the one in FOLDER (default: state)\n")
        return 2
    folder = Path(argv[1] if len(argv) == 2 else "state")
    try:
        signer = verbs[argv[0]](folder)
    except BadKey as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except FileExistsError:
        sys.stderr.write(f"{path_of(folder)}: there is a key already, and it is never overwritten: `elecbay keys show {folder}`\n")
        return 2
    sys.stdout.write(f"kid {signer.kid}\nx   {envelope.b64url(signer.public)}\n")
    return 0

"""The keys of an encrypted meter: read from a private file, lent to the portable code as a way to decrypt, never shown.

The file has one or two lines of 32 hex digits: the encryption key (GUEK), and the authentication key (GAK, AK) when the grid operator gave
one; "#" begins a comment. AES comes from the package `cryptography`; on MicroPython a host lends `cryptolib` in its place.
"""

from collections.abc import Callable
from pathlib import Path

from drivers import envelope

Decrypt = Callable[[bytes], bytes]
FORM = "one or two lines of 32 hex digits, the encryption key and the authentication key"


class BadMeterKey(Exception):
    """Keys that cannot be used; the message says what to do and shows no digit of them."""


def read(path: Path) -> Decrypt:
    """decrypt(envelope) -> message with the keys in `path`. Whether others may read the file is checked by whoever names it."""
    try:
        lines = [line.split("#")[0].strip() for line in path.read_text("ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadMeterKey(f"cannot be read as text: write {FORM}") from error
    keys = [line for line in lines if line]
    if not 1 <= len(keys) <= 2:
        raise BadMeterKey(f"has {len(keys)} lines with keys: write {FORM}")
    return decrypter(*[_key(key) for key in keys])


def decrypter(key: bytes, auth_key: bytes = b"") -> Decrypt:
    """decrypt(envelope) -> message; errors as `drivers.envelope.opener` has them. BadMeterKey when there is no AES on this machine."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES
        from cryptography.hazmat.primitives.ciphers.modes import ECB
    except ImportError:
        raise BadMeterKey("needs the package cryptography: pip install 'open-elecbay[keys]'") from None
    block = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - single blocks: the mode is drivers/gcm.py
    opener: Decrypt = envelope.opener(block.update, auth_key)
    return opener


def _key(digits: str) -> bytes:
    return key_of(digits.replace(" ", "").replace(":", ""))


def key_of(digits: str) -> bytes:
    """The 16 bytes of 32 hex digits."""
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != 16:
        raise BadMeterKey(f"32 hex digits are needed, found {len(digits)} characters")
    return key

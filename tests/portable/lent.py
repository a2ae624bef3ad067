"""AES-128 as a host lends it: `cryptolib` on MicroPython, the package `cryptography` on CPython."""

import sys


def block(key):
    """encrypt(16 bytes) -> 16 bytes."""
    if sys.implementation.name == "micropython":
        import cryptolib

        return cryptolib.aes(key, 1).encrypt
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    return Cipher(AES(key), ECB()).encryptor().update

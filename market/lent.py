"""What a host lends to the market's core: a key that signs and a way to verify; `lent.pyi` beside this file tells mypy their shapes.

`Signer` has kid (str), public (32 bytes) and sign(message) -> 64 bytes: PyNaCl's on a Pi, `envelope.SeedSigner` on an ESP32.
`Verify` is verify(public, message, signature) -> bool. `KeyOf` is key_of(kid) -> public key, or None when the kid is unknown.
`Value` is what JSON decodes to, `Payload` a message: a dict of text to such values.
"""

Signer = Verify = KeyOf = Check = Value = Payload = object

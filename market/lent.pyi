from collections.abc import Callable
from typing import Any, Protocol

class Signer(Protocol):
    @property
    def kid(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...

Verify = Callable[[bytes, bytes, bytes], bool]
KeyOf = Callable[[str], bytes | None]
Check = Callable[[Any], bool]
Value = Any
Payload = dict[str, Any]

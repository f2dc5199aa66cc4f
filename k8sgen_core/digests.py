"""
SHA-256 of texts, without OpenSSL: loading that takes milliseconds and 4 MB.

Python has a digest of its own, which ``hashlib`` falls back on where there is no OpenSSL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

sha256: Callable[..., Any]
try:
    from _sha256 import sha256  # type: ignore[import-not-found,no-redef]
except ImportError:
    try:
        from _sha2 import sha256  # type: ignore[import-not-found,no-redef]
    except ImportError:
        from hashlib import sha256


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    made: str = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return made

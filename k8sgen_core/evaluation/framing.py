"""How an answer comes out of a run, so that what the run writes beside it is noticed."""

from __future__ import annotations

import json
from typing import Any


def framed(result: dict[str, Any]) -> bytes:
    """Return a result as one line of JSON behind its length."""
    content = json.dumps(result).encode()
    return b"%d:%s\n" % (len(content), content)


def unframed(received: bytes) -> bytes | None:
    """Return the JSON of what was received; ``None`` if that is not just one answer."""
    length, _, content = received.removesuffix(b"\n").partition(b":")
    return content if length == b"%d" % len(content) and content.startswith(b"{") else None

"""How an answer comes out of a run, so that what the run writes beside it is noticed."""

from __future__ import annotations

import json
from typing import Any

# What a process says once it has taken its request, and before any code of users is run.
BEGUN = b"."
# What is in front of something that is told before the answer.
EARLY = b"~"


def framed(result: dict[str, Any]) -> bytes:
    """Return a result as one line of JSON behind its length."""
    content = json.dumps(_findings_once(result)).encode()
    return b"%d:%s\n" % (len(content), content)


def unframed(received: bytes) -> bytes | None:
    """Return the JSON of what was received; ``None`` if that is not just one answer."""
    length, _, content = received.removesuffix(b"\n").partition(b":")
    return content if length == b"%d" % len(content) and content.startswith(b"{") else None


def split(received: bytes) -> tuple[list[bytes], bytes]:
    """Return the JSON of each line that is told before the answer, and all that is left."""
    early: list[bytes] = []
    while received.startswith(EARLY):
        line, end, rest = received.partition(b"\n")
        content = unframed(line[len(EARLY) :])
        if not end or content is None:
            break
        early.append(content)
        received = rest
    return early, received


def result_of(content: bytes) -> dict[str, Any]:
    """Return the result that was framed."""
    return completed(json.loads(content))


def completed(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result as it was before it was framed."""
    preview = result["preview"]
    return result if preview is None else {**result, "preview": _with(preview, result["findings"])}


def _findings_once(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result without the findings in its preview, which are those of the result."""
    preview = result.get("preview")
    return result if preview is None else {**result, "preview": _with(preview, [])}


def _with(preview: dict[str, Any], findings: list[Any]) -> dict[str, Any]:
    return {**preview, "findings": findings}

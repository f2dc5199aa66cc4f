"""The expressions in the braces of an f-string, which are code though they stand in a text."""

from __future__ import annotations

import re

from k8sgen_lsp.static.layout import Layout

_PREFIX = re.compile(r"(?<!\w)(?:[fF][rR]?|[rR][fF])\Z")
_BRACE = re.compile(r"[{}]")
_FORMAT = re.compile(r"[:!](?!=)")


def exposed(layout: Layout, offset: int) -> str | None:
    """
    Return the text with the expression at an offset as code, and the rest of its string blank.

    Every offset means the same in both. It is ``None`` where no expression is.
    """
    quoted = layout.quoted_at(offset)
    prefix = quoted and _PREFIX.search(layout.code, max(quoted.start - 3, 0), quoted.start)
    if quoted is None or prefix is None or quoted.mark == "#":
        return None
    text = layout.text
    first = quoted.start + len(quoted.mark)
    start = _opened(text, first, offset)
    if start is None or _FORMAT.search(text, start, offset):
        return None
    end = text.find("}", offset, quoted.end)
    end = quoted.end if end < 0 else end
    last = quoted.end + len(quoted.mark) * text.startswith(quoted.mark, quoted.end)
    before = "(".ljust(start - prefix.start())
    after = ")".ljust(last - end) if last > end else ""
    return "".join((text[: prefix.start()], before, text[start:end], after, text[last:]))


def _opened(text: str, start: int, offset: int) -> int | None:
    """Return where the expression begins that the innermost open brace holds."""
    opened: list[int] = []
    begin = start
    while (found := _BRACE.search(text, begin, offset)) is not None:
        begin = found.end()
        if found[0] == "}":
            del opened[-1:]
        elif not opened and text.startswith("{", begin) and begin < offset:
            begin += 1
        else:
            opened.append(begin)
    return opened[-1] if opened else None

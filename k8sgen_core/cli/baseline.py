"""The findings that are known: writing them down, and leaving them out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.report import counted, shown_path
from k8sgen_core.findings import Finding


def write_baseline(path: Path, findings: Sequence[Finding]) -> int:
    """Write a baseline that knows these findings."""
    from k8sgen_core.disk.durable import replace
    from k8sgen_core.reports.baseline import written
    from k8sgen_core.reports.reported import reported

    text = written(reported(findings, shown_path))
    try:
        replace(path, text.encode())
    except OSError as error:
        message = f"{shown_path(path)} cannot be written: {error.strerror}"
        raise Failure("usage", message, "name a file in a folder that exists") from None
    sys.stderr.write(f"{counted(len(findings), 'finding')} in {shown_path(path)}\n")
    return Exit.OK


def unknown_to(path: Path, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that a baseline does not know; tell what it knows and is gone."""
    from k8sgen_core.reports.baseline import BadBaseline, compared
    from k8sgen_core.reports.reported import reported

    try:
        text = path.read_text(encoding="utf-8")
        found = compared(text, reported(findings, shown_path))
    except (OSError, UnicodeDecodeError) as error:
        message = f"{shown_path(path)} cannot be read: {error}"
        raise Failure("unreadable-file", message, "make one with --write-baseline") from None
    except BadBaseline as error:
        message = f"{shown_path(path)}: {error}"
        raise Failure("usage", message, "make one with --write-baseline") from None
    if found.known:
        sys.stderr.write(f"{counted(found.known, 'finding')} of the baseline left out\n")
    if found.stale:
        gone = ", ".join(dict.fromkeys(found.stale))
        sys.stderr.write(
            f"{counted(len(found.stale), 'entry').replace('entrys', 'entries')} of the baseline"
            f" no longer found: {gone}; --write-baseline brings it up to date\n"
        )
    return found.new

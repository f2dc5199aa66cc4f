"""Why a command could not do its work."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8sgen_core.findings import Finding, Place


class Exit(IntEnum):
    """The exit codes; the highest that applies is returned."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    EXTENSION = 3
    INTEGRITY = 4
    INTERNAL = 5


class Failure(Exception):
    """A command ends here; its message has been understood by a person, not a traceback."""

    def __init__(
        self,
        rule: str,
        message: str,
        hint: str | None = None,
        code: Exit = Exit.USAGE,
        places: Sequence[Place] = (),
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.code = code
        self.places = places

    def show(self) -> None:
        """Print it on standard error."""
        from k8sgen_core.cli.report import Report
        from k8sgen_core.cli.terminal import Terminal

        terminal = Terminal(sys.stderr)
        # What is on standard output was said before.
        sys.stdout.flush()
        Report(terminal).show([self._finding()])

    def _finding(self) -> Finding:
        from k8sgen_core.findings import Finding, Related

        place = next(iter(self.places), None)
        related = tuple(Related("and here", each) for each in self.places[1:])
        return Finding(self.rule, self.message, place, hint=self.hint, related=related)


def internal(error: Exception) -> Failure:
    """Return the failure for a defect of ours; the traceback goes to a file."""
    import tempfile
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.replace(chr(92), '/').rpartition('/')[2]}:{last.lineno}"
    with tempfile.NamedTemporaryFile(
        "w", prefix="k8sgen-", suffix=".txt", encoding="utf-8", delete=False
    ) as file:
        traceback.print_exception(error, file=file)
    return Failure(
        "internal",
        f"K8s-Gen failed: {type(error).__name__}: {error} ({place})",
        f"this is a defect of K8s-Gen; report it with the traceback in {file.name}",
        Exit.INTERNAL,
    )


@contextmanager
def disk_failures() -> Iterator[None]:
    """Turn what keeps a command from writing into a failure."""
    from k8sgen_core.cli.report import shown_path
    from k8sgen_core.disk.journal import BadJournal
    from k8sgen_core.disk.ownership import BadRecord
    from k8sgen_core.disk.paths import UnsafePath
    from k8sgen_core.disk.secret_store import (
        SecretNotStored,
        SecretSpecChanged,
        SecretStoreError,
    )
    from k8sgen_core.disk.tree import ForeignFile

    try:
        yield
    except ForeignFile as error:
        message = str(error).replace(str(error.path), shown_path(error.path), 1)
        raise Failure("foreign-file", message, error.hint) from None
    except SecretNotStored as error:
        message, _, hint = str(error).partition(": ")
        raise Failure(error.rule, message, hint, Exit.FINDINGS, error.places) from None
    except SecretSpecChanged as error:
        message, _, hint = str(error).partition(": ")
        raise Failure("secret-store", message, hint, Exit.INTEGRITY, error.places) from None
    except SecretStoreError as error:
        raise Failure("secret-store", str(error), None, Exit.INTEGRITY) from None
    except OSError as error:
        raise unwritable(error, "see that it can be written, or name another folder") from None
    except (BadJournal, BadRecord, UnsafePath) as error:
        message, _, hint = str(error).partition("; ")
        raise Failure("output-folder", message, hint or None, Exit.INTEGRITY) from None


def unwritable(error: OSError, hint: str, code: Exit = Exit.INTEGRITY) -> Failure:
    """Return the failure for what the system refuses, by its path; our own words have a hint."""
    from k8sgen_core.cli.report import shown_path

    message, _, own = str(error).partition("; ")
    if isinstance(error.filename, str | Path):
        message, own = f"cannot write {shown_path(error.filename)}: {error.strerror}", ""
    return Failure("output-folder", message, own or hint, code)

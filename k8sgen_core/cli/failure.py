"""Why a command could not do its work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum


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
        self, rule: str, message: str, hint: str | None = None, code: Exit = Exit.USAGE
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.code = code

    def show(self) -> None:
        """Print it on standard error."""
        sys.stderr.write(f"error[{self.rule}] {self.message}\n")
        if self.hint:
            sys.stderr.write(f"  hint: {self.hint}\n")


@contextmanager
def disk_failures() -> Iterator[None]:
    """Turn what keeps a command from writing into a failure."""
    from k8sgen_core.disk.secret_store import SecretNotStored, SecretStoreError
    from k8sgen_core.disk.tree import ForeignFile

    try:
        yield
    except ForeignFile as error:
        raise Failure("foreign-file", str(error), error.hint) from None
    except SecretNotStored as error:
        hint = "set K8SGEN_SECRETS=placeholder where no real values are needed"
        raise Failure(error.rule, str(error), hint, Exit.FINDINGS) from None
    except SecretStoreError as error:
        raise Failure("secret-store", str(error), None, Exit.INTEGRITY) from None
    except (ValueError, OSError) as error:
        raise Failure("output-folder", str(error), None, Exit.INTEGRITY) from None

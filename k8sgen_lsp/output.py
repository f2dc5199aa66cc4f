"""Writing what a file describes into folders, and finding out what that would change."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pygls.exceptions import JsonRpcException

from k8sgen_lsp.refusing import failed

if TYPE_CHECKING:
    from k8sgen_core.config import Config
    from k8sgen_core.evaluation.planned import Writing
    from k8sgen_core.evaluation.result import Evaluation

Json: TypeAlias = dict[str, Any]


def refuse_blocked(findings: Sequence[Json], config: Config) -> None:
    """Refuse to write as the command line does: what is invalid, or what the project says."""
    from k8sgen_core.findings import SEVERITIES
    from k8sgen_core.ids import registry

    level = SEVERITIES.index(config.fail_on) if config.fail_on else -1
    blocking = [
        each
        for each in findings
        if SEVERITIES.index(each["severity"]) <= level
        or (each["severity"] == "error" and not _is_lint(registry().get(each["rule"])))
    ]
    if blocking:
        first, *more = blocking
        others = f", and {len(more)} more" if more else ""
        reason = f"{first['rule']}: {first['message']}{others}"
        raise failed(f"nothing was written: {reason}; correct what the diagnostics show")


def _is_lint(rule: Any) -> bool:
    return rule is not None and bool(rule.is_lint)


def planned(evaluation: Evaluation, *, dry: bool) -> list[Writing]:
    """Return what writing the files of an evaluation would do; nothing is lost if it is done."""
    from k8sgen_core.evaluation.planned import planned as planned_in
    from k8sgen_core.evaluation.targets import check_conflicts, targets_of

    with disk_errors():
        found = [target for target in targets_of(evaluation) if target.files]
        check_conflicts(found)
        return [planned_in(files, folder, force=dry, dry=dry) for folder, files in found]


def written(evaluation: Evaluation) -> Json:
    """Write the files of an evaluation: all of them, or nothing. Return what that changed."""
    from k8sgen_core.disk.tree import write

    writings = planned(evaluation, dry=False)
    if not writings:
        raise failed("the file describes no resources; nothing was written")
    with disk_errors():
        for writing in writings:
            write(writing.plan)
    return {
        "folders": [_shown(writing) for writing in writings],
        "secretsCreated": [str(spec) for writing in writings for spec in writing.created],
    }


def _shown(writing: Writing) -> Json:
    plan = writing.plan
    kinds = ("created", "changed", "removed")
    changes = {kind: [str(each.path) for each in getattr(plan, kind)] for kind in kinds}
    unchanged = [str(each) for each in plan.unchanged]
    folder = Path(plan.folder)
    return {"uri": folder.as_uri(), "path": str(folder), **changes, "unchanged": unchanged}


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what keeps files from being written into a refusal."""
    from k8sgen_core.disk.journal import BadJournal
    from k8sgen_core.disk.ownership import BadRecord
    from k8sgen_core.disk.paths import UnsafePath
    from k8sgen_core.disk.secret_store import SecretNotStored, SecretStoreError
    from k8sgen_core.disk.tree import ForeignFile
    from k8sgen_core.evaluation.targets import PathConflict

    try:
        yield
    except ForeignFile as error:
        raise _refused(error, error.hint) from None
    except (BadJournal, BadRecord, UnsafePath, OSError) as error:
        raise _refused(error) from None
    except (PathConflict, SecretNotStored, SecretStoreError) as error:
        raise _refused(error) from None


def _refused(error: Exception, hint: str | None = None) -> JsonRpcException:
    return failed(f"nothing was written: {error}" + (f"; {hint}" if hint else ""))

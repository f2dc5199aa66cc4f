"""``k8sgen.generate``: write what a file describes, as the command line would."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcInvalidParams

from k8sgen_core.config import ConfigurationError, load, project_root
from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_core.formats import FORMATS
from k8sgen_lsp.outcomes import Json, Subject
from k8sgen_lsp.output import refuse_blocked, written
from k8sgen_lsp.progress import progress
from k8sgen_lsp.refusing import failed, subject_in
from k8sgen_lsp.server import K8sGenServer

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

COMMAND = "k8sgen.generate"


def register(server: K8sGenServer) -> None:
    """Write on command."""

    @server.command(COMMAND)
    async def generated(ls: K8sGenServer, params: Json) -> Json:
        subject = subject_in(ls, params)
        async with progress(ls, f"Generate {subject.path.name}") as tell:
            evaluation = await evaluated(ls, subject, params)
            refuse_blocked(evaluation.result["findings"], load(evaluation.request.root))
            tell("writing", 0.9)
            return await asyncio.to_thread(written, evaluation)


async def evaluated(ls: K8sGenServer, subject: Subject, params: Json) -> Evaluation:
    """
    Return what a file comes to, with everything that writing it needs.

    Raises:
        JsonRpcException: if it cannot be evaluated, or has no such format.
    """
    from k8sgen_core.evaluation.result import Evaluation

    settings: dict[str, Any] = {
        "drafts": True,
        "preview": True,
        "origins": False,
        "unit": "utf-32",
    }
    output, wanted = params.get("output"), params.get("format")
    if output is not None:
        if not isinstance(output, str):
            raise JsonRpcInvalidParams(f"output is {output!r}: it must be the path of a folder")
        settings["folder"] = _folder(project_root(subject.path), output)
    # Who names a format or a folder does not want what the file itself asks for.
    settings["format"] = wanted or (FORMATS[0] if output else None)
    try:
        came = await ls.evaluations.outcome(subject, **settings)
    except (ConfigurationError, WorkerUnavailable) as error:
        raise failed(str(error)) from None
    if came is None:
        raise failed(f"the evaluation of {subject.path.name} was cancelled")
    _, request, outcome = came
    for finding in outcome["findings"]:
        if finding["rule"] in ("unknown-format", "unknown-environment"):
            raise JsonRpcInvalidParams(f"{finding['message']}: {finding['hint']}")
    return Evaluation(request, outcome)


def _folder(root: Path, output: str) -> str:
    folder = root / Path(output).expanduser()
    try:
        return Path(os.path.relpath(folder, root)).as_posix()
    except ValueError:  # Another drive of Windows.
        return folder.as_posix()

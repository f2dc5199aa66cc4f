"""``k8sgen/preview``, and the command: what a file deploys, and where each line is from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from k8sgen_core.config import project_root
from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_core.formats import FORMATS
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.evaluations import Json, Subject
from k8sgen_lsp.server import K8sGenServer

REQUEST = "k8sgen/preview"
COMMAND = "k8sgen.preview"


def register(server: K8sGenServer) -> None:
    """Answer the request and the command alike."""

    @server.feature(REQUEST)
    async def requested(ls: K8sGenServer, params: Any) -> Json:
        return await preview(ls, params)

    @server.command(COMMAND)
    async def commanded(ls: K8sGenServer, params: dict[str, Any]) -> Json:
        return await preview(ls, params)


async def preview(ls: K8sGenServer, params: Json) -> Json:
    """Return the preview of a file as it is in the editor, saved or not."""
    subject = subject_of(params)
    if not ls.may_run(subject.path):
        raise not_trusted(project_root(subject.path))
    try:
        evaluation = await ls.evaluations.preview(subject)
    except WorkerUnavailable as error:
        raise _failed(str(error)) from None
    if evaluation is None:
        raise _failed(f"the evaluation of {subject.path.name} was cancelled")
    for finding in evaluation.findings:
        if finding["rule"] == "unknown-format":
            raise JsonRpcInvalidParams(f"{finding['message']}: {finding['hint']}")
    return ls.evaluations.shown(evaluation)


def subject_of(params: Json) -> Subject:
    """Return what a preview is asked of."""
    uri = params.get("uri")
    path = path_of(uri) if isinstance(uri, str) else None
    if path is None:
        raise JsonRpcInvalidParams(f"uri is {uri!r}: save the document as a file, then preview it")
    wanted = params.get("format") or FORMATS[0]
    # The first is what is shown anyway, so that diagnostics and preview need one run.
    chosen = None if wanted == FORMATS[0] else wanted
    return Subject(path, params.get("environment") or None, chosen)


def not_trusted(folder: Path) -> JsonRpcException:
    """Return the refusal to run code of a folder, with what lifts it."""
    if folder in (Path(folder.anchor), Path.home()):
        # Whoever trusts this folder trusts everything that is ever unpacked in it.
        remedy = "move the file into a folder of its own, and trust that"
    else:
        remedy = f"trust the folder in your editor, or run: k8sgen trust {folder}"
    return _failed(f"workspace not trusted: a preview runs the code in {folder}; {remedy}")


def _failed(message: str) -> JsonRpcException:
    return JsonRpcException(message, code=types.LSPErrorCodes.RequestFailed)

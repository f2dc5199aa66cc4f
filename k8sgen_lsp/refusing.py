"""Refusals: requests that were understood and cannot be done, with what helps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from k8sgen_core.config import project_root
from k8sgen_core.formats import FORMATS
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.outcomes import Subject

if TYPE_CHECKING:
    from k8sgen_lsp.server import K8sGenServer

Json = dict[str, Any]


def failed(message: str) -> JsonRpcException:
    """Return the answer to what cannot be done."""
    return JsonRpcException(message, code=types.LSPErrorCodes.RequestFailed)


def subject_in(ls: K8sGenServer, params: Json) -> Subject:
    """
    Return the file, environment and format that a request names, if it may be run.

    Raises:
        JsonRpcException: if not, or if they cannot be told.
    """
    path = path_in(params)
    wanted = _text(params, "format") or FORMATS[0]
    # The first is what is shown anyway, so that diagnostics and preview need one run.
    chosen = None if wanted == FORMATS[0] else wanted
    if not ls.may_run(path):
        raise not_trusted(project_root(path))
    if ls.is_too_large(path):
        raise failed(f"{path.name} is too large to be analysed: more than 2 MiB")
    return Subject(path, _text(params, "environment"), chosen)


def path_in(params: Json) -> Path:
    """Return the file that a request names."""
    uri = params.get("uri")
    path = path_of(uri) if isinstance(uri, str) else None
    if path is None:
        raise JsonRpcInvalidParams(f"uri is {uri!r}: save the document as a file, then preview it")
    return path


def _text(params: Json, name: str) -> str | None:
    value = params.get(name)
    if value is not None and not isinstance(value, str):
        raise JsonRpcInvalidParams(f"{name} is {value!r}: it must be a string")
    return value or None


def not_trusted(folder: Path) -> JsonRpcException:
    """Return the refusal to run code of a folder, with what lifts it."""
    if folder in (Path(folder.anchor), Path.home()):
        # Whoever trusts this folder trusts everything that is ever unpacked in it.
        remedy = "move the file into a folder of its own, and trust that"
    else:
        remedy = f"trust the folder in your editor, or run: k8sgen trust {folder}"
    return failed(f"workspace not trusted: a preview runs the code in {folder}; {remedy}")

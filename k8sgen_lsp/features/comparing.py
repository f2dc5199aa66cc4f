"""
``k8sgen/diff``: what the text in the editor would change.

``against`` is ``disk``, the folder that it is generated into, or ``head``, what the last
commit describes.
"""

from __future__ import annotations

import asyncio

from pygls.exceptions import JsonRpcInvalidParams

from k8sgen_core.config import ConfigurationError, project_root
from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.comparison import on_disk, since_head
from k8sgen_lsp.features.generating import evaluated
from k8sgen_lsp.outcomes import Json, Subject
from k8sgen_lsp.output import planned
from k8sgen_lsp.refusing import failed, subject_in
from k8sgen_lsp.repository import NoRepository
from k8sgen_lsp.server import K8sGenServer

REQUEST = "k8sgen/diff"


def register(server: K8sGenServer) -> None:
    """Compare on request."""

    @server.feature(REQUEST)
    async def compared(ls: K8sGenServer, params: Json) -> Json:
        subject = subject_in(ls, params)
        against = params.get("against") or "disk"
        if against not in ("disk", "head"):
            raise JsonRpcInvalidParams(f"against is {against!r}: it must be 'disk' or 'head'")
        found = await (_disk(ls, subject, params) if against == "disk" else _head(ls, subject))
        totals = {key: sum(each[key] for each in found) for key in ("added", "removed")}
        return {"version": 1, "against": against, "files": found, **totals}


async def _disk(ls: K8sGenServer, subject: Subject, params: Json) -> list[Json]:
    evaluation = await evaluated(ls, subject, params)
    writings = await asyncio.to_thread(planned, evaluation, dry=True)
    return on_disk(writings, project_root(subject.path))


async def _head(ls: K8sGenServer, subject: Subject) -> list[Json]:
    try:
        now = await ls.evaluations.preview(subject)
        found = None if now is None else await since_head(ls, now)
    except (NoRepository, ConfigurationError, WorkerUnavailable) as error:
        raise failed(str(error)) from None
    if found is None:
        raise failed(f"the evaluation of {subject.path.name} was cancelled")
    return found

"""``k8sgen/resources``: what a file describes, or all files that are open: for a tree of them."""

from __future__ import annotations

from k8sgen_core.config import project_root
from k8sgen_lsp.features.diagnostics import may_be_evaluated
from k8sgen_lsp.features.preview import previewed
from k8sgen_lsp.outcomes import Json, Subject
from k8sgen_lsp.refusing import subject_in
from k8sgen_lsp.server import K8sGenServer

REQUEST = "k8sgen/resources"


def register(server: K8sGenServer) -> None:
    """Answer for one file if a ``uri`` is given."""

    @server.feature(REQUEST)
    async def resources(ls: K8sGenServer, params: Json) -> Json:
        if params.get("uri") is not None:
            return {"files": [await _described(ls, subject_in(ls, params))]}
        environment = params.get("environment")
        paths = [path for path in sorted(ls.texts()) if await may_be_evaluated(ls, path)]
        return {"files": [await _described(ls, Subject(path, environment)) for path in paths]}


async def _described(ls: K8sGenServer, subject: Subject) -> Json:
    shown = ls.evaluations.shown(await previewed(ls, subject))
    kept = ("documentVersion", "stale", "environment", "objects", "references", "requests")
    root = project_root(subject.path)
    return {
        "uri": ls.uri_of(subject.path),
        "path": subject.path.relative_to(root).as_posix(),
        **{key: shown[key] for key in kept},
    }

"""``textDocument/diagnostic``, ``workspace/diagnostic``: for clients that ask again when told."""

from __future__ import annotations

from typing import Any, TypeAlias

from lsprotocol import types

from k8sgen_lsp.convert import diagnostic_of, path_of
from k8sgen_lsp.reporting import found_in
from k8sgen_lsp.server import K8sGenServer

Json: TypeAlias = dict[str, Any]
OPTIONS = types.DiagnosticOptions(
    inter_file_dependencies=True, workspace_diagnostics=True, identifier="k8sgen"
)


def offer(server: K8sGenServer) -> None:
    """Let the client of this session ask."""

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, OPTIONS)
    def document(ls: K8sGenServer, params: types.DocumentDiagnosticParams) -> Json:
        return _report(ls, params.text_document.uri, params.previous_result_id)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    def workspace(ls: K8sGenServer, params: types.WorkspaceDiagnosticParams) -> Json:
        before = {each.uri: each.value for each in params.previous_result_ids}
        uris = {ls.uri_of(path) for path in ls.findings.files()} | {*before}
        return {"items": [_of_document(ls, uri, before.get(uri)) for uri in sorted(uris)]}


def _of_document(ls: K8sGenServer, uri: str, before: str | None) -> Json:
    path = path_of(uri)
    text = ls.texts().get(path) if path else None
    return {"uri": uri, "version": text and text.version, **_report(ls, uri, before)}


def _report(ls: K8sGenServer, uri: str, before: str | None) -> Json:
    findings = found_in(ls, uri)
    known = ls.reporter.result_id(uri, findings)
    if known == before:
        return {"kind": "unchanged", "resultId": known}
    items = [diagnostic_of(each) for each in findings]
    return {"kind": "full", "resultId": known, "items": items}

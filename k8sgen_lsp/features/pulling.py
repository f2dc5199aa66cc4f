"""``textDocument/diagnostic``, ``workspace/diagnostic``: for clients that ask again when told."""

from __future__ import annotations

from lsprotocol import types

from k8sgen_lsp.convert import diagnostic_of, path_of
from k8sgen_lsp.reporting import found_in, result_id
from k8sgen_lsp.server import K8sGenServer

OPTIONS = types.DiagnosticOptions(
    inter_file_dependencies=True, workspace_diagnostics=True, identifier="k8sgen"
)


def offer(server: K8sGenServer) -> None:
    """Let the client of this session ask."""

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, OPTIONS)
    def document(
        ls: K8sGenServer, params: types.DocumentDiagnosticParams
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        findings = found_in(ls, params.text_document.uri)
        known = result_id(findings)
        if known == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(known)
        items = [diagnostic_of(each) for each in findings]
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=known)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    def workspace(
        ls: K8sGenServer, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        before = {each.uri: each.value for each in params.previous_result_ids}
        uris = {ls.uri_of(path) for path in ls.findings.files()} | {*before}
        reports = [_report(ls, uri, before.get(uri)) for uri in sorted(uris)]
        return types.WorkspaceDiagnosticReport(reports)


def _report(
    ls: K8sGenServer, uri: str, before: str | None
) -> types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport:
    findings = found_in(ls, uri)
    known = result_id(findings)
    path = path_of(uri)
    text = ls.texts().get(path) if path else None
    version = text and text.version
    if known == before:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(uri, known, version)
    items = [diagnostic_of(each) for each in findings]
    return types.WorkspaceFullDocumentDiagnosticReport(uri, items, version=version, result_id=known)

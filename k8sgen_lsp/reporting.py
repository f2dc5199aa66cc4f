"""
What is wrong in a document now, from all who know, and how the client learns of it.

Evaluations say what they found, at the lines that are still the same; checks say what they
see in the text. A client that can be told to ask again asks; any other is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from lsprotocol import types

from k8sgen_lsp.convert import START, diagnostic_of, path_of

if TYPE_CHECKING:
    from k8sgen_lsp.server import K8sGenServer

Json: TypeAlias = dict[str, Any]
# For how many documents it is known what was answered last.
MOST = 1_000
# Returns the findings that the text of a document shows by itself, by its URI.
Check: TypeAlias = Callable[[str], Iterable[Json]]


def found_in(ls: K8sGenServer, uri: str) -> list[Json]:
    """Return the findings in a document, each once."""
    path = path_of(uri)
    current = {each: text.text for each, text in ls.texts().items()}
    evaluated = [] if path is None else ls.findings.of(path, current)
    known = {*map(_identity, evaluated)}
    # Of a document that nobody has open, only what was asked for is told.
    is_checked = ls.key_of(uri) in ls.workspace.text_documents and ls.is_ours(uri)
    static = (each for check in ls.checks for each in check(uri)) if is_checked else ()
    return [*evaluated, *(each for each in static if _identity(each) not in known)]


def _identity(finding: Json) -> tuple[object, ...]:
    start, end = (tuple((finding["range"] or START)[side].values()) for side in ("start", "end"))
    return finding["rule"], start, end


class Reporter:
    """Tells the client of one session."""

    def __init__(self, ls: K8sGenServer) -> None:
        self._ls = ls
        self._has_findings: set[str] = set()
        self._is_asking = False
        self._ask_again = False
        self.pulls = False
        # What each document was answered with last, and under which name.
        self._answered: dict[str, tuple[list[Json], str]] = {}
        self._session = uuid4().hex[:8]
        self._answers = 0

    def result_id(self, uri: str, findings: list[Json]) -> str:
        """Return a name for the findings in a document, the same for as long as they are."""
        known = self._answered.get(uri)
        if known is None or known[0] != findings:
            self._answers += 1
            if len(self._answered) >= MOST:
                # Who asks for it again is answered in full.
                self._answered.pop(next(iter(self._answered)))
            known = self._answered[uri] = (findings, f"{self._session}-{self._answers}")
        return known[1]

    def choose(self, capabilities: types.ClientCapabilities) -> None:
        """Let a client pull only if it can be told when to; else findings would come late."""
        document, workspace = capabilities.text_document, capabilities.workspace
        pulls = document is not None and document.diagnostic is not None
        refresh = workspace and workspace.diagnostics and workspace.diagnostics.refresh_support
        self.pulls = pulls and bool(refresh)

    def report(self, uris: Iterable[str]) -> None:
        """Tell what is known of documents, after an evaluation."""
        if self.pulls:
            self._have_it_asked()
            return
        for uri in sorted(uris):
            self._push(uri, found_in(self._ls, uri))

    def report_edit(self, uri: str) -> None:
        """Tell what is known of a document whose text has changed."""
        if self.pulls:
            return
        findings = found_in(self._ls, uri)
        if findings or uri in self._has_findings:
            self._push(uri, findings)

    def _push(self, uri: str, findings: list[Json]) -> None:
        document = self._ls.workspace.text_documents.get(self._ls.key_of(uri))
        (self._has_findings.add if findings else self._has_findings.discard)(uri)
        params: Json = {"uri": uri, "diagnostics": [diagnostic_of(each) for each in findings]}
        if document is not None and document.version is not None:
            params["version"] = document.version
        self._ls.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _have_it_asked(self) -> None:
        """Have the client ask again, once for all that changes until it answers."""
        if self._is_asking:
            self._ask_again = True
            return
        self._is_asking = True
        future = self._ls.protocol.send_request(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        future.add_done_callback(lambda _: self._asked())

    def _asked(self) -> None:
        self._is_asking = False
        if self._ask_again:
            self._ask_again = False
            self._have_it_asked()

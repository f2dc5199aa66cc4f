"""``textDocument/hover``: what a name of ours does, from the static index, and what it made."""

from __future__ import annotations

import re

from lsprotocol import types

from k8sgen_core.kubernetes.manual import explained
from k8sgen_lsp.convert import offset_of, path_of, range_between
from k8sgen_lsp.effects import effects_at, shown
from k8sgen_lsp.outcomes import Subject
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.static.active import active_at, of_meaning
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.chains import word_at
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.docstrings import about_parameter, markdown
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader

_KIND = re.compile(r"Kubernetes: (\w+) \(")
_FIELD = re.compile(r"Kubernetes: ``([\w.]+)``")
_ASSIGNED = re.compile(r"\s*=(?!=)")


def register(server: K8sGenServer) -> None:
    """Explain the name under the pointer."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: K8sGenServer, params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        text = ls.workspace.get_text_document(uri).source
        offset = offset_of(text, params.position, ls.unit)
        layout = layout_of(text)
        if not layout.is_code(offset):
            return None
        start, end = word_at(layout, offset)
        place = range_between(text, start, end, ls.unit)
        said = explanation(Concern(text, ls.root_of(uri), ls.catalogue(uri)), offset)
        parts = [each for each in (said, _made(ls, uri, place.start)) if each]
        if start == end or not parts:
            return None
        contents = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts))
        return types.Hover(contents=contents, range=place)


def _made(ls: K8sGenServer, uri: str, start: types.Position) -> str:
    """Return what the call at a place made, if that is known of the text as it is now."""
    path = path_of(uri)
    # What may not be run has not been evaluated, or that was forgotten with the trust in it.
    evaluation = ls.evaluations.latest(Subject(path)) if path is not None else None
    if path is None or evaluation is None or not evaluation.is_of(ls.texts()):
        return ""
    if evaluation.preview is None:
        # It has been evaluated for its findings only; whoever looks again will see more.
        ls.background(ls.evaluations.preview(Subject(path)))
        return ""
    place = {"line": start.line, "character": start.character}
    return shown(effects_at(evaluation.preview, uri, place))


def explanation(concern: Concern, offset: int) -> str | None:
    """Return signature and docstring of what is named at ``offset``, and of the field it sets."""
    layout, catalogue = layout_of(concern.text), concern.catalogue
    reader = Reader(layout, catalogue)
    start, end = word_at(layout, offset)
    found = reader.receiver_at(end)
    if found is not None:
        owner = found[1].found
        member = catalogue.members(owner).get(concern.text[start:end])
        if member is None or not concern.covers(owner):
            return None
        field = _field(catalogue, owner, member.documentation)
        return _shown(member.signature, member.documentation, field)
    named = reader.class_at(offset)
    if named is not None and not concern.covers(named):
        return None
    if named is not None:
        return _shown(catalogue.signature(named), named.documentation)
    said = _parameter(concern, reader, start, end)
    return said or (_function(reader, start, end) if concern.is_ours else None)


def _parameter(concern: Concern, reader: Reader, start: int, end: int) -> str | None:
    """Return what is said of the argument whose name is written before an equals sign."""
    layout = reader.layout
    if start == end or not _ASSIGNED.match(layout.code, end):
        return None
    active = active_at(reader, start)
    name = layout.code[start:end]
    known = active.callee.parameters if active else ()
    parameter = next((each for each in known if each.name == name), None)
    if active is None or parameter is None:
        return None
    if not concern.covers(active.callee.kind(reader.catalogue)):
        return None
    about = about_parameter(active.callee.documentation, name)
    owner = active.callee.owner
    return _shown(str(parameter), about, _field(reader.catalogue, owner, about) if owner else "")


def _function(reader: Reader, start: int, end: int) -> str | None:
    name = reader.layout.code[start:end]
    callee = of_meaning(reader, reader.named_at(start), name) if name else None
    return _shown(callee.signature, callee.documentation) if callee else None


def _field(catalogue: Catalogue, owner: Class, documentation: str) -> str:
    """Return what Kubernetes says of the field that a docstring names."""
    named = _FIELD.search(documentation)
    kinds = (_KIND.search(each.documentation) for each in catalogue.ancestry(owner))
    kind = next((each[1] for each in kinds if each), "")
    said = explained(kind, named[1]) if named and kind else None
    return f"**{kind}** `{said[0]}`: {said[1]}" if said else ""


def _shown(signature: str, documentation: str, field: str = "") -> str:
    parts = (f"```python\n{signature}\n```", markdown(documentation), field)
    return "\n\n".join(parts) if field else f"{parts[0]}\n\n{parts[1]}"

"""``textDocument/signatureHelp``: what a call takes, and which argument is being written."""

from __future__ import annotations

from lsprotocol import types

from k8sgen_lsp.convert import offset_of
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.static.active import Active, active_at
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.described import Parameter, written
from k8sgen_lsp.static.docstrings import about_parameter, markdown
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader

TRIGGERS = ["(", ","]
AGAIN = ["=", ")"]


def register(server: K8sGenServer) -> None:
    """Show the signature while arguments are written."""

    @server.feature(
        types.TEXT_DOCUMENT_SIGNATURE_HELP,
        types.SignatureHelpOptions(trigger_characters=TRIGGERS, retrigger_characters=AGAIN),
    )
    def signature_help(
        ls: K8sGenServer, params: types.SignatureHelpParams
    ) -> types.SignatureHelp | None:
        uri = params.text_document.uri
        text = ls.workspace.get_text_document(uri).source
        offset = offset_of(text, params.position, ls.unit)
        concern = Concern(text, ls.root_of(uri), ls.catalogue(uri))
        return signature_at(concern, offset, _counts(ls.client_capabilities))


def _counts(client: types.ClientCapabilities) -> bool:
    """Does the client find a parameter by where it stands in the signature?"""
    help_ = client.text_document and client.text_document.signature_help
    signature = help_ and help_.signature_information
    parameter = signature and signature.parameter_information
    return bool(parameter and parameter.label_offset_support)


def signature_at(concern: Concern, offset: int, counts: bool = True) -> types.SignatureHelp | None:
    """Return the signature of the call that holds a place; ``counts`` asks for offsets."""
    layout, catalogue = layout_of(concern.text), concern.catalogue
    quoted = layout.quoted_at(offset)
    if quoted is not None and quoted.mark == "#":
        return None
    active = active_at(Reader(layout, catalogue), quoted.start if quoted else offset)
    if active is None or not concern.covers(active.callee.kind(catalogue)):
        return None
    return types.SignatureHelp([_signature(active, counts)], 0, active.position)


def _signature(active: Active, counts: bool) -> types.SignatureInformation:
    callee = active.callee
    label = f"{callee.name}({written(callee.parameters)})"
    position = len(callee.name) + 1
    shown: list[types.ParameterInformation] = []
    for each in callee.parameters:
        start = label.index(str(each), position)
        position = start + len(str(each))
        name: str | tuple[int, int] = (_units(label, start), _units(label, position))
        shown.append(_parameter(each, name if counts else str(each), callee.documentation))
    about = callee.documentation.partition("\n\nArgs:")[0].partition("\n\nRaises:")[0]
    return types.SignatureInformation(label, _markdown(about), shown, active.position)


def _units(label: str, offset: int) -> int:
    # Offsets in labels are of UTF-16, whatever the session has agreed upon for documents.
    return len(label[:offset].encode("utf-16-le")) // 2


def _parameter(
    parameter: Parameter, label: str | tuple[int, int], documentation: str
) -> types.ParameterInformation:
    about = about_parameter(documentation, parameter.name)
    if parameter.choices:
        choices = ", ".join(f"`{each}`" for each in parameter.choices)
        about = f"{about}\n\nOne of {choices}." if about else f"One of {choices}."
    return types.ParameterInformation(label, _markdown(about) if about else None)


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, markdown(text))

"""What makes plugins clearer: values with names of their own, methods that say what they give."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lsprotocol import types

from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.fixes.importing import import_from
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.shadowing import Shadow, attributes, plugins_of, shadows
from k8sgen_lsp.static.walking import FunctionNode

_SHADOWING = "self-shadowing"


def renamed_value(document: Shown, diagnostic: types.Diagnostic) -> Iterator[Fix]:
    """Yield the fix that gives a value that hides a method a name of its own."""
    if diagnostic.code != _SHADOWING:
        return
    for shadow in shadows(document.document):
        block = shadow.placed.block
        place = shadow.placed.range(block.start_of(shadow.target), block.end_of(shadow.target))
        if document.range(place) == diagnostic.range:
            new = _free_name(shadow)
            edits = tuple(_renamed(document, shadow, new))
            yield Fix(f"Call the value {new}", edits, is_sure=False)


def _free_name(shadow: Shadow) -> str:
    taken = {each.attr for each in ast.walk(shadow.owner) if isinstance(each, ast.Attribute)}
    name = f"_{shadow.target.attr}"
    while name in taken:
        name += "_value"
    return name


def _renamed(document: Shown, shadow: Shadow, new: str) -> Iterator[types.TextEdit]:
    """Yield the edits of what is read or set as a value; what is called is the method."""
    name, block = shadow.target.attr, shadow.placed.block
    called = {id(e.func) for e in ast.walk(shadow.owner) if isinstance(e, ast.Call)}
    for method in (each for each in shadow.owner.body if isinstance(each, FunctionNode)):
        for each in attributes(method, name):
            if id(each) not in called:
                end = block.end_of(each)
                place = shadow.placed.range(end - len(name), end)
                yield types.TextEdit(document.range(place), new)


def annotated(document: Shown, place: types.Range) -> Iterator[Fix]:
    """Yield the fix that says of a plugin's setter that it returns the plugin."""
    line = place.start.line
    for placed, owner in plugins_of(document.document):
        for method in owner.body:
            is_here = placed.line + method.lineno - 1 == line
            if is_here and isinstance(method, ast.FunctionDef) and _is_setter(method):
                yield _annotation(document, placed, method)


def _is_setter(method: ast.FunctionDef) -> bool:
    """Does a method return its receiver, without saying so?"""
    receiver = method.args.args[0].arg if method.args.args else None
    given = [each.value for each in ast.walk(method) if isinstance(each, ast.Return)]
    is_own = all(isinstance(each, ast.Name) and each.id == receiver for each in given)
    return method.returns is None and bool(given) and is_own


def _annotation(document: Shown, placed: Placed, method: ast.FunctionDef) -> Fix:
    block = placed.block
    before = Layout(block.text).code.rfind(
        ")", block.start_of(method), block.start_of(method.body[0])
    )
    at = document.range(placed.range(before + 1, before + 1))
    edits = [types.TextEdit(at, " -> Self")]
    if not document.document.names.bound("Self"):
        edits += import_from(document, "typing", "Self").edits
    title = f"Annotate {method.name} with -> Self"
    return Fix(title, tuple(edits), kind=types.CodeActionKind.RefactorRewrite)

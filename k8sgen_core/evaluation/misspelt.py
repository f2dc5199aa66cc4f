"""Names that do not exist: settings, arguments, modules, and what was probably meant."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from k8sgen_core.builders import NAMES
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.columns import place_of
from k8sgen_core.evaluation.places import Places
from k8sgen_core.findings import Finding, Place
from k8sgen_core.generation import Generation
from k8sgen_core.misfits import close_to, misfit, unknown_method, unknown_name
from k8sgen_core.origin import Call, Frame, Span

_WRAPPER = recorded(lambda builder: builder).__code__
_WHERE = re.compile(r" \([^()]*__init__\.py\)$")
_CANNOT_IMPORT = re.compile(r"cannot import name '(.+?)' from")


def of_attribute(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding | None:
    """Return the finding for a method that a builder does not have."""
    if not isinstance(error, AttributeError) or not error.name or not frames:
        return None
    if isinstance(error.obj, Builder | Generation):
        said = unknown_method(type(error.obj).__name__, error.name, dir(error.obj))
    elif error.obj is sys.modules.get("k8s_gen"):
        said = unknown_name("k8s_gen", error.name, dir(error.obj))
    else:
        return None
    place, related = _attribute_place(error.name, frames[0], places), places.outer(frames)
    return Finding(said.rule, said.message, place, hint=said.hint, related=related)


def _attribute_place(name: str, frame: Frame, places: Places) -> Place:
    """Return the range of the name; looked up by ``getattr``, that of the call."""
    span = places.locator.sources.position(frame)
    start = span.end_column - len(name.encode())
    place = places.locator.at(span._replace(line=span.end_line, column=start))
    line = places.locator.line(span.path, span.end_line - 1)
    written = line[place.range.start.character : place.range.end.character]
    return place if start >= 0 and written == name else places.place([frame])


def of_call(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding | None:
    """Return the finding for arguments that a builder's method does not take."""
    call = _refused_call(error.__traceback__)
    if call is None:
        return None
    place, related = places.place(frames), places.outer(frames)
    said = misfit(call, error)
    return Finding(said.rule, said.message, place, hint=said.hint, related=related)


def _refused_call(traceback: TracebackType | None) -> Call | None:
    """Return the call whose method was not even entered, because its arguments do not fit."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None or traceback.tb_frame.f_code is not _WRAPPER:
        return None
    made = traceback.tb_frame.f_locals.get("made")
    return made if isinstance(made, Call) else None


def of_import(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding | None:
    """Return the finding for an import that failed, at the name that could not be imported."""
    if not isinstance(error, ImportError) or not frames:
        return None
    wanted = _CANNOT_IMPORT.match(str(error))
    return Finding(
        "import-error",
        _WHERE.sub("", str(error)),
        _import_place(wanted[1] if wanted else error.name or "", frames[0], places),
        hint=_import_hint(error, wanted[1] if wanted else None, places),
        related=places.outer(frames),
    )


def _import_hint(error: ImportError, wanted: str | None, places: Places) -> str | None:
    if wanted is not None:
        return close_to(wanted, NAMES) if error.name == "k8s_gen" else None
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    package = error.name.partition(".")[0]
    near = close_to(package, _own_modules(places))
    return near or f"install it beside k8s-gen, for example: python -m pip install {package}"


def _own_modules(places: Places) -> Iterator[str]:
    for folder in {Path(places.main).parent, places.locator.root}:
        for path in folder.iterdir():
            if path.suffix == ".py" or (path / "__init__.py").exists():
                yield path.stem
    yield "k8s_gen"


def _import_place(name: str, frame: Frame, places: Places) -> Place:
    sources = places.locator.sources
    here = sources.position(frame)
    for node in ast.walk(ast.parse(sources.text(here.path) or "")):
        if isinstance(node, ast.Import | ast.ImportFrom) and _covers(node, here.line):
            part = next((each for each in node.names if _is_named(each.name, name)), None)
            if part is not None:
                return places.locator.at(_span(here.path, part))
            if isinstance(node, ast.ImportFrom) and node.module:
                return _module_place(node, here.path, places)
    return places.place([frame])


def _covers(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _is_named(alias: str, name: str) -> bool:
    return alias == name or alias.startswith(f"{name}.")


def _module_place(node: ast.ImportFrom, path: str, places: Places) -> Place:
    lines = (places.locator.sources.text(path) or "").encode().splitlines()
    module = (node.module or "").encode()
    start = lines[node.lineno - 1].find(module, node.col_offset + len("from "))
    if start < 0:
        return places.locator.at(_span(path, node))
    span = Span(path, node.lineno, start, node.lineno, start + len(module))
    return place_of(span, (places.locator.sources.text(path) or "").splitlines())


def _span(path: str, node: ast.stmt | ast.alias) -> Span:
    end_line, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Span(path, node.lineno, node.col_offset, end_line, end)


def missing_name_hint(error: NameError) -> str | None:
    """Return what an undefined name was probably meant to be."""
    name = error.name or ""
    if name in NAMES:
        return f"add: from k8s_gen import {name}"
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return None
    frame = traceback.tb_frame
    return close_to(name, {*frame.f_locals, *frame.f_globals, *dir(builtins)})

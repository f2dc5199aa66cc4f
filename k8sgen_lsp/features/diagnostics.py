"""When documents are checked: static findings as they change, evaluated ones on open and save."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from lsprotocol import types

from k8sgen_core.config import ConfigurationError, load, project_root
from k8sgen_core.config.discovery import imports_k8s_gen
from k8sgen_core.evaluation.together import Described, findings_together
from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.outcomes import Evaluation, Subject
from k8sgen_lsp.scheduling import Pauses
from k8sgen_lsp.server import K8sGenServer

# How long, in seconds, nothing is typed before a file is evaluated unsaved.
PAUSE = 0.15
# How long a text is at most, in characters, that takes less time to look at than a thread does.
AT_ONCE = 20_000


def register(server: K8sGenServer) -> None:
    """Follow the documents."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: K8sGenServer, params: types.DidOpenTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.reporter.report_edit(uri)
        for each in ls.on_open:
            each(uri)
        path = path_of(uri)
        if path is not None:
            await check(ls, path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: K8sGenServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.changed(params.text_document.uri)

    server.on_change.append(evaluating(server))
    server.evaluations.on_findings.append(lambda early: report_early(server, early))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: K8sGenServer, params: types.DidSaveTextDocumentParams) -> None:
        await check_after(ls, {path for path in [path_of(params.text_document.uri)] if path})

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(ls: K8sGenServer, params: types.DidCloseTextDocumentParams) -> None:
        await check_closed(ls, params.text_document.uri)


def evaluating(ls: K8sGenServer) -> Callable[[str], None]:
    """Return what evaluates while somebody types, if that is wished."""
    pauses: Pauses[Path] = Pauses(PAUSE, lambda path: check(ls, path))

    def changed(uri: str) -> None:
        path = path_of(uri)
        if path is not None and ls.settings["diagnostics.evaluate"] == "change":
            pauses.wait(path)

    return changed


async def check_closed(ls: K8sGenServer, uri: str) -> None:
    """Take back what is known of a document, unless it was asked for in another way."""
    path = path_of(uri)
    if path is not None and path in ls.validated:
        await check(ls, path)
    elif path is not None:
        withdraw(ls, path)
    # What only the text has shown goes with it.
    ls.reporter.report_edit(uri)


async def check_after(ls: K8sGenServer, changed: set[Path]) -> None:
    """Evaluate what files that changed may change: themselves, and what depends on them."""
    ls.evaluations.look_again()
    texts = ls.texts()
    known = {*texts, *ls.validated}
    concerned = {path for path in changed if path in known}
    for path in changed:
        concerned |= ls.evaluations.importers(path)
        if path.suffix != ".py":
            # A template, a plugin's description or the configuration may concern any of them.
            concerned |= {each for each in known if project_root(each) == project_root(path)}
    concerned |= ls.evaluations.outdated(texts)
    before = {path: ls.evaluations.objects(path) for path in concerned}
    await check_all(ls, concerned)
    roots = {project_root(p) for p in concerned if ls.evaluations.objects(p) != before[p]}
    others = {p for p in known - concerned if project_root(p) in roots}
    # One that hangs would do so for as long again, whatever others describe.
    await check_all(ls, {p for p in others if not ls.evaluations.hangs(p)})


async def check_all(ls: K8sGenServer, paths: Iterable[Path]) -> None:
    """Evaluate several files."""
    several = [*paths]
    if len(several) == 1:
        # Without a task of its own, it is asked of the worker before other messages are handled.
        await check(ls, several[0])
    else:
        await asyncio.gather(*(check(ls, path) for path in several))


async def check(ls: K8sGenServer, path: Path) -> None:
    """
    Evaluate a file that is open, or that was validated, and report what was found.

    What is no DSL file, or not in a trusted folder, has no findings of this kind.
    """
    report_with_others(ls, path, await evaluated(ls, path))


async def evaluated(ls: K8sGenServer, path: Path) -> set[Path]:
    """Evaluate such a file by itself; return the files whose findings are others now."""
    is_off = ls.settings["diagnostics.evaluate"] == "never"
    if is_off or not await may_be_evaluated(ls, path):
        withdraw(ls, path)
        return set()
    try:
        evaluation = await ls.evaluations.ask(Subject(path))
    except WorkerUnavailable as error:
        ls.tell_once(str(error))
        return set()
    is_known = path in ls.validated or path in ls.texts()
    if evaluation is None or not is_known or not ls.may_run(path):
        return set()
    return ls.findings.replace(path, evaluation.findings, evaluation.texts())


def report_early(ls: K8sGenServer, evaluation: Evaluation) -> None:
    """Report what was found in a file that is still being judged, or previewed."""
    path = evaluation.subject.path
    if evaluation.subject == Subject(path) and path in ls.texts() and ls.may_run(path):
        told, texts = evaluation.findings, evaluation.texts()
        if evaluation.has_all:
            concerned = ls.findings.replace(path, told, texts, early=True)
        else:
            concerned = ls.findings.add(path, told, texts)
        ls.reporter.report(map(ls.uri_of, concerned))


def report_with_others(ls: K8sGenServer, path: Path, concerned: set[Path]) -> None:
    """Report what changed because a file was evaluated, in those that are judged with it too."""
    beside = judged_together(ls) if path in ls.validated else set()
    ls.reporter.report(map(ls.uri_of, {*concerned, *beside}))


def judged_together(ls: K8sGenServer) -> set[Path]:
    """Find what only shows in all files that are validated; return the files that changes."""
    described = [_described(ls, each) for each in sorted(ls.validated & ls.findings.sources())]
    told = zip(described, findings_together(described), strict=True)
    return {path for each, found in told for path in ls.findings.revise(each.path, found)}


def _described(ls: K8sGenServer, path: Path) -> Described:
    root = project_root(path)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    latest = ls.evaluations.latest(Subject(path))
    imports = latest.imports.keys() - {path} if latest else ()
    return Described(
        path, root, name, imports, ls.findings.own(path), latest.described if latest else ()
    )


async def may_be_evaluated(ls: K8sGenServer, path: Path) -> bool:
    """Is it a DSL file that somebody looks at, in a folder that is trusted?"""
    if not ls.may_run(path):
        return False
    text = ls.texts().get(path)
    if text is not None:
        if len(text.text) <= AT_ONCE and "k8s_gen" in text.text:
            return is_dsl_file(path, text.text)
        return await asyncio.to_thread(is_dsl_file, path, text.text)
    return path in ls.validated and path.is_file()


def is_dsl_file(path: Path, text: str) -> bool:
    """Is the file one to evaluate? What is wrong with a configuration is shown where it is used."""
    try:
        return load(project_root(path)).is_dsl_file(path, text)
    except ConfigurationError:
        return imports_k8s_gen(text)


def withdraw(ls: K8sGenServer, path: Path) -> None:
    """Forget a file, and take back what was found by evaluating it."""
    ls.evaluations.forget(path)
    report_with_others(ls, path, ls.findings.withdraw(path))
    ls.validated.discard(path)

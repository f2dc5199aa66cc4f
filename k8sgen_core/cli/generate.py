"""``k8sgen generate``: write what DSL files describe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Exit, Failure, disk_failures
from k8sgen_core.cli.options import (
    FORMATS,
    add_quiet,
    add_target,
    configuration,
    evaluated,
    existing_file,
)
from k8sgen_core.cli.report import Report, reaches, shown_path, summary
from k8sgen_core.cli.terminal import Terminal
from k8sgen_core.cli.tree import resource_tree

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation, RenderedFile, Writing


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen generate app.py                   into k8s/, or where the file says\n"
        "  k8sgen generate app.py -o deploy --env prod\n"
        "  k8sgen generate app.py --check           in CI: is the folder up to date?\n"
        "  k8sgen generate app.py --stdout | kubectl apply -f -"
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a DSL file")
    parser.add_argument("-f", "--format", action="append", choices=FORMATS, help="the format")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("-o", "--output", metavar="DIR", help="the folder to write (default k8s)")
    place.add_argument("--stdout", action="store_true", help="print instead of writing")
    add_target(parser)
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "info"),
        help="write nothing and exit 1 on findings of this level (errors always do)",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the folder differs"
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite files that are not K8s-Gen's own"
    )
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Evaluate every file first; write only if all of them are fine."""
    evaluations = [evaluated(existing_file(file), chosen) for file in chosen.files]
    findings = [finding for each in evaluations for finding in each.findings]
    shown = [f for f in findings if not chosen.quiet or f.severity == "error"]
    Report(Terminal(sys.stderr)).show(shown)
    if any(finding.rule == "unknown-environment" for finding in findings):
        return Exit.USAGE
    if reaches(findings, chosen.fail_on or "error"):
        sys.stderr.write(f"{summary(findings)}; nothing was written\n")
        return Exit.FINDINGS
    if chosen.stdout:
        _print(evaluations)
        return Exit.OK
    targets = [target for each in evaluations for target in _targets(each, chosen)]
    _check_conflicts(targets)
    writings = [_plan(files, folder, chosen) for folder, files in targets]
    if chosen.check:
        return _check(writings)
    return _write(evaluations, writings, chosen)


def _print(evaluations: Sequence[Evaluation]) -> None:
    """Print all documents; real secret values only where nobody looks over the shoulder."""
    texts = []
    for each in evaluations:
        files = each.render()
        if sys.stdout.isatty():
            texts += [file.text for file in files]
        elif files:
            from k8sgen_core.evaluation.result import revealed

            with disk_failures():
                texts += [file.content.decode() for file in revealed(files).files]
    sys.stdout.write("---\n".join(texts))


def _targets(
    evaluation: Evaluation, chosen: argparse.Namespace
) -> list[tuple[Path, list[RenderedFile]]]:
    """Return which files go into which folder."""
    files = evaluation.render()
    root = evaluation.request.root
    if chosen.output:
        return [(Path(chosen.output).absolute(), files)]
    if not evaluation.requests or chosen.format:
        return [(root / configuration(evaluation.request.path).output, files)]
    folders: dict[Path, set[str]] = {}
    for request in evaluation.requests:
        folders.setdefault(root / request["path"], set()).add(request["root"])
    return [
        (folder, [file for file in files if file.draft.root in roots])
        for folder, roots in folders.items()
    ]


def _check_conflicts(targets: Sequence[tuple[Path, list[RenderedFile]]]) -> None:
    seen: dict[Path, str] = {}
    for folder, files in targets:
        for file in files:
            path = folder / file.path
            source = file.request.path.name
            if path in seen:
                raise Failure(
                    "output-path-conflict",
                    f"{shown_path(path)} would be written by {seen[path]} and {source}",
                    "give them different folders",
                    Exit.FINDINGS,
                )
            seen[path] = source


def _plan(files: list[RenderedFile], folder: Path, chosen: argparse.Namespace) -> Writing:
    from k8sgen_core.evaluation.result import planned

    if not files:
        raise Failure("no-resources", "there is nothing to write", None, Exit.FINDINGS)
    with disk_failures():
        return planned(files, folder, force=chosen.force, dry=chosen.check)


def _check(writings: Sequence[Writing]) -> int:
    terminal = Terminal()
    for writing in writings:
        plan = writing.plan
        for what in ("created", "changed", "removed"):
            for change in getattr(plan, what):
                path = shown_path(plan.folder / change.path)
                terminal.line(f"{terminal.paint(f'would be {what}', what)} {path}")
    return Exit.OK if all(each.plan.is_empty for each in writings) else Exit.FINDINGS


def _write(
    evaluations: Sequence[Evaluation], writings: Sequence[Writing], chosen: argparse.Namespace
) -> int:
    from k8sgen_core.disk.tree import write

    terminal = Terminal()
    with disk_failures():
        for writing in writings:
            write(writing.plan)
    if chosen.quiet:
        return Exit.OK
    for each in evaluations:
        for text in resource_tree(each, terminal):
            terminal.line(text)
    for writing in writings:
        for spec in writing.created:
            terminal.line(
                f"{terminal.paint('info[secret-created]', 'info')} made a new value for "
                f"{spec.selector}; it is kept in .k8sgen/secrets.json"
            )
        terminal.line(_outcome(writing))
    return Exit.OK


def _outcome(writing: Writing) -> str:
    plan = writing.plan
    counts = {
        "created": len(plan.created),
        "changed": len(plan.changed),
        "removed": len(plan.removed),
        "unchanged": len(plan.unchanged),
    }
    total = counts["created"] + counts["changed"] + counts["unchanged"]
    details = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return f"{total} files in {shown_path(plan.folder)}: {details}"

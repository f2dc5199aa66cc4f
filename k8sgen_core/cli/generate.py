"""``k8sgen generate``: write what DSL files describe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Exit, Failure, disk_failures
from k8sgen_core.cli.judging import add_judging, evaluated
from k8sgen_core.cli.options import (
    add_fail_on,
    add_format,
    add_output,
    add_quiet,
    add_target,
    configuration,
    existing_file,
    exit_code,
)
from k8sgen_core.cli.report import counted, report, shown_path, summary
from k8sgen_core.cli.targets import folder_for, planned, targets, wanted_formats
from k8sgen_core.cli.terminal import Terminal, progress
from k8sgen_core.cli.tree import resource_tree

if TYPE_CHECKING:
    from k8sgen_core.disk.secret_store import SecretSpec
    from k8sgen_core.evaluation.planned import Writing
    from k8sgen_core.evaluation.result import Evaluation, RenderedFile


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
    add_format(parser, action="append")
    place = parser.add_mutually_exclusive_group()
    add_output(place)
    place.add_argument("--stdout", action="store_true", help="print instead of writing")
    add_target(parser)
    add_fail_on(parser, "error, warning or info: write nothing if there are such findings")
    add_judging(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the folder differs"
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite files that others wrote or edited"
    )
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Evaluate every file first; write only if all of them are fine."""
    if chosen.check and chosen.stdout:
        raise Failure("usage", "--check compares a folder, --stdout has none", "leave one out")
    paths = list(dict.fromkeys(map(existing_file, chosen.files)))
    level = chosen.fail_on or configuration(paths[0]).fail_on
    waiting = progress([(shown_path(path), path) for path in paths])
    evaluations = _together([each for path in waiting for each in _evaluated(path, chosen)])
    found = [f for each in evaluations for f in each.findings if f.rule != "no-resources"]
    findings = list(dict.fromkeys(found))
    report(evaluations, findings, quiet=chosen.quiet, level=level)
    code = exit_code(findings, level)
    if code is not Exit.OK:
        sys.stderr.write(f"{summary(findings)}; nothing was written\n")
        return code
    _refuse_nothing(evaluations)
    if chosen.stdout:
        return _print(evaluations)
    wanted = targets(evaluations)
    if chosen.check:
        # What others wrote or edited is no obstacle to saying that it differs.
        return _check(planned(wanted, force=True, dry=True), chosen)
    writings = planned(wanted, force=chosen.force, dry=False)
    return _write(evaluations, writings, chosen)


def _together(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    from k8sgen_core.evaluation.together import judged_together

    return judged_together(evaluations)


def _evaluated(path: Path, chosen: argparse.Namespace) -> list[Evaluation]:
    """Return what a file describes, in each of the formats."""
    return [
        evaluated(path, chosen, format=name, folder=folder_for(path, chosen, name), origins=False)
        for name in wanted_formats(chosen)
    ]


def _refuse_nothing(evaluations: Sequence[Evaluation]) -> None:
    """Refuse to take an empty description for the wish to remove everything."""
    for each in evaluations:
        if not each.requests and not each.render():
            raise Failure(
                "no-resources",
                f"{shown_path(each.request.path)} describes no resources; nothing was written",
                'create a builder, for example App("web")',
                Exit.FINDINGS,
            )


def _print(evaluations: Sequence[Evaluation]) -> int:
    """Print all documents; real secret values only where nobody looks over the shoulder."""
    from k8sgen_core.evaluation.planned import revealed

    texts: list[str] = []
    for each in evaluations:
        files = each.render()
        _refuse_mixture(files)
        if sys.stdout.isatty():
            texts += [file.text for file in files]
        else:
            with disk_failures():
                found = revealed(files)
            texts += [file.content.decode() for file in found.files]
            _tell_created(Terminal(sys.stderr), found.created)
    sys.stdout.write("---\n".join(texts))
    return Exit.OK


def _refuse_mixture(files: Sequence[RenderedFile]) -> None:
    """Refuse to print in one stream what is not one kind of file."""
    others = [file.path for file in files if file.path.suffix not in (".yaml", ".yml")]
    if others and len(files) > 1:
        raise Failure(
            "usage",
            f"--stdout prints manifests, and {others[0]} is none",
            "write the files into a folder with -o",
        )


def _check(writings: Sequence[Writing], chosen: argparse.Namespace) -> int:
    if all(each.plan.is_empty for each in writings):
        return Exit.OK
    terminal = Terminal()
    for writing in writings:
        plan = writing.plan
        for what in ("created", "changed", "removed"):
            for change in getattr(plan, what):
                path = shown_path(plan.folder / change.path)
                terminal.line(f"{terminal.paint(f'would be {what}', what)} {path}")
    if not chosen.quiet:
        sys.stderr.write("not up to date: run it without --check; k8sgen diff shows why\n")
    return Exit.FINDINGS


def _write(
    evaluations: Sequence[Evaluation], writings: Sequence[Writing], chosen: argparse.Namespace
) -> int:
    from k8sgen_core.disk.tree import write

    with disk_failures():
        for writing in writings:
            write(writing.plan)
    if chosen.quiet:
        return Exit.OK
    terminal = Terminal()
    # The tree is the same in each format of a file.
    for each in {each.request.path: each for each in evaluations}.values():
        for text in resource_tree(each, terminal):
            terminal.line(text)
    for writing in writings:
        _tell_created(terminal, writing.created)
        terminal.line(_outcome(writing))
    return Exit.OK


def _tell_created(terminal: Terminal, created: Sequence[SecretSpec]) -> None:
    head = terminal.paint("info[secret-created]", "info")
    for spec in created:
        terminal.line(f"{head} made a value for {spec}; .k8sgen/secrets.json keeps it")


def _outcome(writing: Writing) -> str:
    plan = writing.plan
    counts = {
        "created": len(plan.created),
        "changed": len(plan.changed),
        "removed": len(plan.removed),
        "unchanged": len(plan.unchanged),
    }
    total = counted(sum(counts.values()) - counts["removed"], "file")
    details = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return f"{total} in {shown_path(plan.folder)}: {details}"

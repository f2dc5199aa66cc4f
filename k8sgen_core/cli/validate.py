"""``k8sgen validate``: show what is wrong with DSL files and manifests."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.cli.baseline import unknown_to, write_baseline
from k8sgen_core.cli.inputs import STDIN, Input, inputs
from k8sgen_core.cli.judging import add_judging, evaluated, judging_options
from k8sgen_core.cli.options import (
    add_fail_on,
    add_quiet,
    add_target,
    configuration,
    exit_code,
    target_version,
)
from k8sgen_core.cli.report import Report, counted, show_output, shown_path, summary
from k8sgen_core.cli.terminal import Terminal, inert, print_json, progress
from k8sgen_core.findings import SEVERITIES, Finding, Place
from k8sgen_core.reports import KINDS

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation
    from k8sgen_core.reports.generated import GeneratedPlaces

# How many files are named that are none of Kubernetes'.
_MOST_SKIPPED = 20
_BEGINNING = 1 << 16


class Judged(NamedTuple):
    """
    One input and what is wrong with it: for people, and as data.

    ``skipped`` is what it is, if it is none of Kubernetes'. ``unchecked`` counts the objects of
    each kind without schema.
    """

    name: str
    findings: Sequence[Finding]
    shown: Sequence[dict[str, Any]]
    text: dict[str, str]
    evaluation: Evaluation | None = None
    skipped: str = ""
    unchecked: Mapping[tuple[str, str], int] = MappingProxyType({})
    objects: Sequence[Mapping[str, Any]] = ()


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen validate app.py\n"
        "  k8sgen validate .                      every DSL file of the project\n"
        "  k8sgen validate k8s/ --kubernetes-version 1.31\n"
        "  kubectl get deploy -o yaml | k8sgen validate -"
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a DSL file, a folder, Kubernetes YAML or JSON, or - for standard input",
    )
    add_target(parser)
    parser.add_argument(
        "--output",
        choices=("text", "json", *KINDS),
        default="text",
        metavar="KIND",
        help=f"how findings are printed: text, json, {', '.join(KINDS)} (default text)",
    )
    parser.add_argument(
        "--fix", action="store_true", help="correct DSL files where that is safe, then judge them"
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="leave out the findings that this file knows"
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write all findings into this file, and exit 0"
    )
    add_judging(parser)
    add_fail_on(parser, "exit 1 on findings of this level: error, warning or info (default error)")
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Print the findings."""
    given = inputs(chosen.paths)
    options = judging_options(chosen)
    config = configuration(given[0].path or Path.cwd() / STDIN, options)
    level = chosen.fail_on or config.fail_on or "error"
    manifests = {each.name: content for each in given if (content := _content(each)) is not None}
    files = [each.path for each in given if each.path is not None and not each.is_manifest]
    named = frozenset(each.name for each in given if each.is_named)
    chosen.manifests = manifests
    if chosen.fix:
        from k8sgen_core.cli.fixing import fix

        for path in files:
            fix(path, chosen)
    waiting = progress([(shown_path(path), path) for path in files])
    judged = _together([_judged(path, chosen, several=len(files) > 1) for path in waiting])
    described = [made for each in judged for made in each.objects]
    judged += _judged_manifests(manifests, named, described, chosen) if manifests else []
    if chosen.write_baseline:
        return write_baseline(Path(chosen.write_baseline), _findings(judged))
    if chosen.baseline:
        judged = _without_known(judged, Path(chosen.baseline))
    findings = _findings(judged)
    if chosen.output == "json":
        _print_data(judged, findings)
    elif chosen.output == "text":
        _print(judged, findings, chosen)
    else:
        _print_report(judged, findings, chosen.output)
    return exit_code(findings, level)


def _findings(judged: Sequence[Judged]) -> list[Finding]:
    return [finding for each in judged for finding in each.findings]


def _without_known(judged: Sequence[Judged], baseline: Path) -> list[Judged]:
    """Return the same without the findings that a baseline knows."""
    new = {id(finding) for finding in unknown_to(baseline, _findings(judged))}
    return [_only(each, new) for each in judged]


def _only(judged: Judged, wanted: set[int]) -> Judged:
    pairs = zip(judged.findings, judged.shown, strict=True)
    left = [(finding, shown) for finding, shown in pairs if id(finding) in wanted]
    return judged._replace(
        findings=[finding for finding, _ in left], shown=[shown for _, shown in left]
    )


def _print_report(judged: Sequence[Judged], findings: Sequence[Finding], kind: str) -> None:
    from k8sgen_core.reports import report
    from k8sgen_core.reports.reported import reported

    places = Generated(judged)
    files = [shown_path(each.name) for each in judged]
    sys.stdout.write(report(kind, reported(findings, shown_path, places.of), files))


def _content(given: Input) -> bytes | None:
    return given.content() if given.is_manifest else None


def _print(
    judged: Sequence[Judged], findings: Sequence[Finding], chosen: argparse.Namespace
) -> None:
    texts = {path: text for each in judged for path, text in each.text.items()}
    if not chosen.quiet:
        evaluations = [each.evaluation for each in judged if each.evaluation is not None]
        show_output(Terminal(sys.stderr), evaluations)
    shown = [f for f in findings if not chosen.quiet or f.severity == "error"]
    terminal = Terminal()
    Report(terminal, texts).show(shown)
    if not chosen.quiet:
        for line in (*_skipped_lines(judged), _totals(judged, findings)):
            terminal.line(inert(line))


class Generated:
    """Finds where the files that are generated have what a finding is about."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        self._evaluations = {each.name: each.evaluation for each in judged if each.evaluation}
        self._places: dict[str, GeneratedPlaces] = {}

    def of(self, finding: Finding) -> Place | None:
        """Return the place, in the folder that ``k8sgen generate`` writes to by default."""
        name = finding.place.path if finding.place else ""
        evaluation = self._evaluations.get(name)
        if evaluation is None or finding.object is None:
            return None
        if name not in self._places:
            from k8sgen_core.reports.generated import GeneratedPlaces

            folder = shown_path(_output_of(evaluation))
            self._places[name] = GeneratedPlaces(evaluation.preview, folder)
        return self._places[name].of(finding)


def _output_of(evaluation: Evaluation) -> Path:
    config = configuration(evaluation.request.path)
    return config.root / config.output


def _skipped_lines(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each file that is none of Kubernetes', up to a number that one reads."""
    skipped = [each for each in judged if each.skipped]
    for each in skipped[:_MOST_SKIPPED]:
        yield f"skipped {shown_path(each.name)}: {each.skipped.partition(': ')[0]}"
    if len(skipped) > _MOST_SKIPPED:
        yield f"skipped {len(skipped) - _MOST_SKIPPED} more"


def _totals(judged: Sequence[Judged], findings: Sequence[Finding]) -> str:
    skipped = sum(bool(each.skipped) for each in judged)
    parts = [f"{counted(len(judged) - skipped, 'file')}: {summary(findings)}"]
    if skipped:
        parts.append(f"{skipped} skipped")
    unchecked = _unchecked(judged)
    if unchecked:
        kinds = ", ".join(f"{kind} in {group}" for group, kind in unchecked)
        parts.append(f"{counted(sum(unchecked.values()), 'object')} without schema: {kinds}")
    return "; ".join(parts)


def _unchecked(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for each in judged:
        total.update(each.unchecked)
    return total


def _judged(path: Path, chosen: argparse.Namespace, *, several: bool) -> Judged:
    # The contract counts columns in UTF-16 units; an excerpt in code points.
    unit = "utf-16" if chosen.output == "json" else "utf-32"
    settings = {
        # A report links what a finding is about in the files that are generated.
        "preview": chosen.output in KINDS,
        "origins": False,
        "drafts": False,
        # Only several files can describe the same object.
        "described": several,
        "objects": bool(chosen.manifests),
    }
    return _of_evaluation(evaluated(path, chosen, unit=unit, **settings))


def _of_evaluation(evaluation: Evaluation) -> Judged:
    result = evaluation.result
    counts = {(group, kind): count for group, kind, count in result.get("unchecked", ())}
    return Judged(
        str(evaluation.request.path),
        evaluation.findings,
        result["findings"],
        {},
        evaluation,
        unchecked=counts,
        objects=result.get("objects", ()),
    )


def _together(judged: Sequence[Judged]) -> list[Judged]:
    """Return the same with what only shows in several DSL files together."""
    evaluations = [each.evaluation for each in judged if each.evaluation is not None]
    if len(evaluations) < 2:
        return list(judged)
    from k8sgen_core.evaluation.together import judged_together

    remaining = map(_of_evaluation, judged_together(evaluations))
    return [each if each.evaluation is None else next(remaining) for each in judged]


def _judged_manifests(
    contents: Mapping[str, bytes],
    named: frozenset[str],
    context: Sequence[Mapping[str, Any]],
    chosen: argparse.Namespace,
) -> list[Judged]:
    """Return what is wrong with manifests, which are judged together."""
    from k8sgen_core.locating import Locator
    from k8sgen_core.manifests import outcome_of
    from k8sgen_core.origin import Sources
    from k8sgen_core.shown import Shown

    first = next(iter(contents))
    start = Path.cwd() / STDIN if first == STDIN else Path(first)
    config = configuration(start, judging_options(chosen))
    version = target_version(chosen, config)
    outcome = outcome_of(contents.items(), version, config, context=context, named=named)
    found = outcome.findings
    texts = {name: _text(contents[name]) for name in found if found[name]}
    shown = Shown(Locator(config.root, Sources(texts)))
    return [
        Judged(
            name,
            each,
            [shown.finding(one) for one in each],
            {name: texts[name]} if each else {},
            skipped=outcome.skipped.get(name, ""),
            unchecked=outcome.unchecked.get(name, {}),
        )
        for name, each in found.items()
    ]


def _text(content: bytes) -> str:
    """Return a text to show lines of; of a file that is too long, its beginning."""
    from k8sgen_core.yaml.limits import Limits

    shown = content if len(content) <= Limits().size else content[:_BEGINNING]
    return shown.decode("utf-8", "replace")


def _print_data(judged: Sequence[Judged], findings: Sequence[Finding]) -> None:
    counts: dict[str, Any] = {s: sum(f.severity == s for f in findings) for s in SEVERITIES}
    counts["unchecked"] = [
        {"apiVersion": group, "kind": kind, "objects": count}
        for (group, kind), count in _unchecked(judged).items()
    ]
    counts["skipped"] = [
        {"path": shown_path(each.name), "reason": each.skipped} for each in judged if each.skipped
    ]
    shown = [each for one in judged for each in one.shown]
    report = {"version": 1, "findings": shown, "summary": counts}
    print_json(report)

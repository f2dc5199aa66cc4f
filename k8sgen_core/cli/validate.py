"""``k8sgen validate``: show what is wrong with DSL files and manifests."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.cli.baseline import unknown_to, write_baseline
from k8sgen_core.cli.failure import Failure
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
from k8sgen_core.cli.terminal import Terminal, progress
from k8sgen_core.config.discovery import MANIFESTS
from k8sgen_core.findings import SEVERITIES, Finding, Place
from k8sgen_core.reports import KINDS

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

_STDIN = "<stdin>"


class Judged(NamedTuple):
    """One input and what is wrong with it: for people, and as data."""

    name: str
    findings: Sequence[Finding]
    shown: Sequence[dict[str, Any]]
    text: dict[str, str]
    evaluation: Evaluation | None = None


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
    paths = list(_inputs(chosen.paths))
    options = judging_options(chosen)
    config = configuration(paths[0] or Path.cwd() / _STDIN, options)
    level = chosen.fail_on or config.fail_on or "error"
    manifests = [path for path in paths if _is_manifest(path)]
    files = [path for path in paths if path is not None and not _is_manifest(path)]
    if chosen.fix:
        from k8sgen_core.cli.fixing import fix

        for path in files:
            fix(path, chosen)
    waiting = progress([(shown_path(path), path) for path in files])
    judged = _together([_judged(path, chosen) for path in waiting])
    judged += _judged_manifests(manifests, chosen) if manifests else []
    if chosen.write_baseline:
        return write_baseline(Path(chosen.write_baseline), _findings(judged))
    if chosen.baseline:
        judged = _without_known(judged, Path(chosen.baseline))
    findings = _findings(judged)
    if chosen.output == "json":
        _print_json([shown for each in judged for shown in each.shown], findings)
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


def _is_manifest(path: Path | None) -> bool:
    return path is None or path.suffix in MANIFESTS


def _print(
    judged: Sequence[Judged], findings: Sequence[Finding], chosen: argparse.Namespace
) -> None:
    texts = {path: text for each in judged for path, text in each.text.items()}
    if not chosen.quiet:
        evaluations = [each.evaluation for each in judged if each.evaluation is not None]
        show_output(Terminal(sys.stderr), evaluations)
    shown = [f for f in findings if not chosen.quiet or f.severity == "error"]
    Report(Terminal(), texts).show(shown)
    if not chosen.quiet:
        sys.stdout.write(f"{counted(len(judged), 'file')}: {summary(findings)}\n")


class Generated:
    """Finds where the files that are generated have what a finding is about."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        self._evaluations = {each.name: each.evaluation for each in judged if each.evaluation}

    def of(self, finding: Finding) -> Place | None:
        """Return the place, in the folder that ``k8sgen generate`` writes to by default."""
        evaluation = self._evaluations.get(finding.place.path if finding.place else "")
        if evaluation is None or finding.object is None:
            return None
        from k8sgen_core.reports.generated import generated_place

        folder = shown_path(_output_of(evaluation))
        return generated_place(evaluation.preview, folder, finding)


def _output_of(evaluation: Evaluation) -> Path:
    config = configuration(evaluation.request.path)
    return config.root / config.output


def _inputs(paths: Sequence[str]) -> Iterator[Path | None]:
    """Yield the files to judge, each once; ``None`` is standard input."""
    yield from dict.fromkeys(path for given in paths for path in _named(given))


def _named(given: str) -> Iterator[Path | None]:
    path = Path(given)
    if given == "-":
        yield None
    elif path.is_dir():
        found = _in_folder(path.resolve())
        if not found:
            hint = "name a DSL file, or a folder with DSL files or manifests"
            raise Failure("no-input", f"nothing in {given} can be validated", hint)
        yield from found
    elif path.exists():
        yield path.resolve()
    else:
        raise Failure("unreadable-file", f"there is no file or folder {given}", "check the path")


def _in_folder(folder: Path) -> list[Path]:
    """Return the DSL files of a folder; where there are none, its manifests."""
    from k8sgen_core.config.discovery import is_foreign

    return configuration(folder / "app.py").dsl_files(folder) or sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in MANIFESTS
        and path.is_file()
        and not any(map(is_foreign, path.relative_to(folder).parts))
    )


def _judged(path: Path, chosen: argparse.Namespace) -> Judged:
    # The contract counts columns in UTF-16 units; an excerpt in code points.
    unit = "utf-16" if chosen.output == "json" else "utf-32"
    return _of_evaluation(evaluated(path, chosen, drafts=False, unit=unit))


def _of_evaluation(evaluation: Evaluation) -> Judged:
    name = str(evaluation.request.path)
    return Judged(name, evaluation.findings, evaluation.result["findings"], {}, evaluation)


def _together(judged: Sequence[Judged]) -> list[Judged]:
    """Return the same with what only shows in several DSL files together."""
    evaluations = [each.evaluation for each in judged if each.evaluation is not None]
    if len(evaluations) < 2:
        return list(judged)
    from k8sgen_core.evaluation.together import judged_together

    remaining = map(_of_evaluation, judged_together(evaluations))
    return [each if each.evaluation is None else next(remaining) for each in judged]


def _judged_manifests(paths: Sequence[Path | None], chosen: argparse.Namespace) -> list[Judged]:
    """Return what is wrong with manifests, which are judged together."""
    from k8sgen_core.locating import Locator
    from k8sgen_core.manifests import findings_of
    from k8sgen_core.origin import Sources
    from k8sgen_core.preview import Shown

    config = configuration(paths[0] or Path.cwd() / _STDIN, judging_options(chosen))
    contents = {_STDIN if path is None else str(path): _content(path) for path in paths}
    found = findings_of(contents.items(), target_version(chosen, config), config)
    texts = {name: contents[name].decode("utf-8", "replace") for name in found if found[name]}
    shown = Shown(Locator(config.root, Sources(texts)))
    return [
        Judged(
            name, each, [shown.finding(one) for one in each], {name: texts[name]} if each else {}
        )
        for name, each in found.items()
    ]


def _content(path: Path | None) -> bytes:
    if path is None:
        return _standard_input()
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure("unreadable-file", f"{path} cannot be read: {error.strerror}") from None


def _standard_input() -> bytes:
    from k8sgen_core.yaml.limits import Limits

    # What is longer than any manifest is refused by its reader, and need not all be in memory.
    content = sys.stdin.buffer.read(Limits().size + 1)
    if not content.strip():
        hint = "did the command before the pipe fail? In a script, use: set -o pipefail"
        raise Failure("no-input", "nothing came on standard input", hint)
    return content


def _print_json(shown: list[dict[str, Any]], findings: Sequence[Finding]) -> None:
    counts = {s: sum(finding.severity == s for finding in findings) for s in SEVERITIES}
    report = {"version": 1, "findings": shown, "summary": counts}
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")

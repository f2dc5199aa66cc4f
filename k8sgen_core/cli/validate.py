"""``k8sgen validate``: show what is wrong with DSL files and manifests."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.options import add_quiet, add_target, configuration, evaluated
from k8sgen_core.cli.report import Report, reaches, summary
from k8sgen_core.cli.terminal import Terminal
from k8sgen_core.findings import SEVERITIES, Finding

_YAML = (".yaml", ".yml", ".json")


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
        "--output", choices=("text", "json"), default="text", help="how findings are printed"
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "info"),
        help="exit 1 on findings of this level (default error)",
    )
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Print the findings."""
    findings: list[Finding] = []
    shown: list[dict[str, Any]] = []
    count = 0
    for path in _inputs(chosen.paths):
        count += 1
        found, data = _judged(path, chosen)
        findings += found
        shown += data
    if chosen.output == "json":
        _print_json(shown, findings)
    else:
        kept = [f for f in findings if not chosen.quiet or f.severity == "error"]
        Report(Terminal(sys.stdout)).show(kept)
        if not chosen.quiet:
            sys.stdout.write(f"{count} file{'s' if count != 1 else ''}: {summary(findings)}\n")
    if any(finding.rule == "unknown-environment" for finding in findings):
        return Exit.USAGE
    failing = reaches(findings, chosen.fail_on or "error")
    return Exit.FINDINGS if failing else Exit.OK


def _inputs(paths: Sequence[str]) -> Iterator[Path | None]:
    """Yield the files to judge; ``None`` is standard input."""
    for given in paths:
        path = Path(given)
        if given == "-":
            yield None
        elif path.is_dir():
            found = list(_in_folder(path.resolve()))
            if not found:
                hint = "name a DSL file, or a folder with DSL files or manifests"
                raise Failure("no-input", f"nothing in {given} can be validated", hint)
            yield from found
        elif path.is_file():
            yield path.resolve()
        else:
            raise Failure("unreadable-file", f"there is no {given}", "check the path")


def _in_folder(folder: Path) -> Iterator[Path]:
    """Yield the DSL files of a folder; where there are none, its manifests."""
    files = configuration(folder / "app.py").dsl_files(folder)
    if files:
        yield from files
        return
    manifests = (path for path in folder.rglob("*") if path.suffix in _YAML and path.is_file())
    yield from sorted(manifests)


def _judged(
    path: Path | None, chosen: argparse.Namespace
) -> tuple[Sequence[Finding], list[dict[str, Any]]]:
    if path is not None and path.suffix not in _YAML:
        # The contract counts columns in UTF-16 units; an excerpt in code points.
        unit = "utf-16" if chosen.output == "json" else "utf-32"
        evaluation = evaluated(path, chosen, drafts=False, unit=unit)
        return evaluation.findings, list(evaluation.result["findings"])
    from k8sgen_core.manifests import findings_of, shown_finding

    content = sys.stdin.buffer.read() if path is None else path.read_bytes()
    name = "<stdin>" if path is None else str(path)
    found = findings_of(content, name, chosen.kubernetes_version)
    return found, [shown_finding(each, content) for each in found]


def _print_json(shown: list[dict[str, Any]], findings: Sequence[Finding]) -> None:
    import json

    counts = {s: sum(finding.severity == s for finding in findings) for s in SEVERITIES}
    report = {"version": 1, "findings": shown, "summary": counts}
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")

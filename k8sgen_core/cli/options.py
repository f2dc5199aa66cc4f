"""Options that several commands share, and what they come to."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.report import reaches
from k8sgen_core.findings import SEVERITIES, Finding
from k8sgen_core.formats import FORMATS
from k8sgen_core.ids import blocks

if TYPE_CHECKING:
    from k8sgen_core.config import Config


NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add the options that say for which environment and version."""
    parser.add_argument("--env", metavar="NAME", help="the environment (default: the base)")
    parser.add_argument(
        "--kubernetes-version", metavar="V", help="the target version, 1.29 to 1.37 (default 1.37)"
    )
    parser.add_argument(
        "--python", metavar="PATH", help="the interpreter that runs DSL files (default: this one)"
    )


def add_format(parser: argparse.ArgumentParser, **more: Any) -> None:
    """Add the option that chooses a format; which ones a file has, only its run can tell."""
    parser.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)}, or one that the file registers (default {FORMATS[0]})",
        **more,
    )


def add_output(place: argparse._ActionsContainer) -> None:
    """Add the option that chooses the folder."""
    place.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="the folder (default: where the file says, else k8s)",
    )


def add_fail_on(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option that says which findings make the exit code 1."""
    parser.add_argument("--fail-on", choices=SEVERITIES, metavar="LEVEL", help=what)


def add_quiet(parser: argparse.ArgumentParser, left: str = "errors") -> None:
    """Add the option that leaves only errors."""
    parser.add_argument("-q", "--quiet", action="store_true", help=f"show {left} only")


def existing_file(path: str) -> Path:
    """Return the file that an argument names."""
    found = Path(path)
    if found.is_dir():
        raise Failure("unreadable-file", f"{path} is a folder", "name a Python file")
    if not found.is_file():
        raise Failure("unreadable-file", f"there is no file {path}", "check the path")
    return found.resolve()


def configuration(path: Path, options: Mapping[str, str] = NO_OPTIONS) -> Config:
    """Return the configuration of the project that a file belongs to."""
    from k8sgen_core.cli.report import shown_place
    from k8sgen_core.config import ConfigurationError, load, project_root

    try:
        return load(project_root(path), options=options)
    except ConfigurationError as error:
        finding = error.finding
        where = f"{shown_place(finding.place)} " if finding.place else ""
        raise Failure(finding.rule, f"{where}{finding.message}", finding.hint) from None


def target_version(chosen: argparse.Namespace, config: Config) -> str:
    """Return the Kubernetes version to generate for, or to judge by."""
    from k8sgen_core.kubernetes.schemas import UnknownVersion, parse_version

    try:
        return parse_version(chosen.kubernetes_version or config.kubernetes_version)
    except UnknownVersion as error:
        message, _, hint = str(error).partition(": ")
        raise Failure("configuration", message, hint) from None


def exit_code(findings: Sequence[Finding], level: str | None) -> Exit:
    """Return what findings come to; without a level, those count that prevent writing."""
    if any(finding.rule in ("unknown-environment", "unknown-format") for finding in findings):
        return Exit.USAGE
    is_failed = reaches(findings, level) or any(map(blocks, findings))
    return Exit.FINDINGS if is_failed else Exit.OK

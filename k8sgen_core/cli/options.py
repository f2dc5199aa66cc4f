"""Options that several commands share, and what they come to."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8sgen_core.cli.failure import Failure

if TYPE_CHECKING:
    from k8sgen_core.config import Config
    from k8sgen_core.evaluation.result import Evaluation

FORMATS = ("kubernetes",)


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add the options that say for which environment and version."""
    parser.add_argument("--env", metavar="NAME", help="the environment to generate for")
    parser.add_argument(
        "--kubernetes-version", metavar="V", help="the target version, 1.29 to 1.37 (default 1.37)"
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add the option that leaves only errors."""
    parser.add_argument("--quiet", "-q", action="store_true", help="show errors only")


def existing_file(path: str) -> Path:
    """Return the file that an argument names."""
    found = Path(path)
    if not found.is_file():
        hint = "name a Python file" if found.is_dir() else "check the path"
        raise Failure("unreadable-file", f"{path} is not a file", hint)
    return found.resolve()


def configuration(path: Path) -> Config:
    """Return the configuration of the project that a file belongs to."""
    from k8sgen_core.config import ConfigurationError, load, project_root

    try:
        return load(project_root(path))
    except ConfigurationError as error:
        finding = error.finding
        raise Failure(finding.rule, finding.message, finding.hint) from None


def evaluated(path: Path, chosen: argparse.Namespace, **settings: Any) -> Evaluation:
    """Return what a DSL file describes, with the options of the command line."""
    from k8sgen_core.evaluation.request import Limits
    from k8sgen_core.evaluation.result import evaluate
    from k8sgen_core.kubernetes.schemas import UnknownVersion, parse_version

    config = configuration(path)
    wanted = chosen.kubernetes_version or config.kubernetes_version
    try:
        version = parse_version(wanted)
    except UnknownVersion as error:
        raise Failure("configuration", str(error)) from None
    limits = Limits(timeout=config.timeout, memory=config.memory, objects=config.objects)
    return evaluate(
        path,
        environment=chosen.env or config.environment,
        version=version,
        limits=limits,
        allow=config.allow,
        **settings,
    )

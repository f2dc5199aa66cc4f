"""Options that choose rules, and running DSL files so that the rules judge them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8sgen_core.cli.failure import Failure
from k8sgen_core.cli.options import configuration, target_version
from k8sgen_core.config.kinds import nearest
from k8sgen_core.ids import registry

if TYPE_CHECKING:
    from k8sgen_core.config import Config
    from k8sgen_core.evaluation.result import Evaluation

Objects = list[Mapping[str, Any]]


def add_judging(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose rules."""
    group = parser.add_argument_group("rules")
    group.add_argument("--select", metavar="ID,..", help="apply these rules only")
    group.add_argument("--extend-select", metavar="ID,..", help="apply these rules too")
    group.add_argument("--ignore", metavar="ID,..", help="do not apply these rules")
    group.add_argument(
        "--pod-security",
        metavar="LEVEL",
        help="judge by this level of the Pod Security Standards alone: privileged, baseline or "
        "restricted",
    )
    group.add_argument(
        "--schema-location",
        action="append",
        metavar="T",
        help="a folder of schemas of custom resources, or a path with {{.Group}}, "
        "{{.ResourceKind}} and the like; may be repeated",
    )
    group.add_argument(
        "--strict-crds",
        action="store_const",
        const="true",
        help="an object of a kind without a schema is an error",
    )


_JUDGING = ("select", "extend-select", "ignore", "pod-security", "strict-crds")


def judging_options(chosen: argparse.Namespace) -> dict[str, str]:
    """Return what the command line says of rules, by the keys of the configuration."""
    given = {name: getattr(chosen, name.replace("-", "_"), None) for name in _JUDGING}
    for name in ("select", "extend-select", "ignore"):
        _refuse_unknown(given[name] or "")
    locations = getattr(chosen, "schema_location", None)
    given["schema-locations"] = locations and ",".join(map(_location, locations))
    return {name: text for name, text in given.items() if text is not None}


def _location(given: str) -> str:
    """Return where schemas are, so that it means the same in another working folder."""
    if "://" in given:
        hint = "download them, and name the folder: nothing is fetched"
        raise Failure("configuration", f"{given} is an address, not a folder of schemas", hint)
    if "{{" not in given and not Path(given).is_dir():
        hint = "name a folder, or a path with {{.Group}}, {{.ResourceKind}} and the like"
        raise Failure("unreadable-file", f"there is no folder {given}", hint)
    return os.path.abspath(given)


def _refuse_unknown(listed: str) -> None:
    for name in filter(None, (each.strip() for each in listed.split(","))):
        if name not in registry():
            hint = nearest(name, registry()) or "k8sgen explain lists all ids"
            raise Failure("unknown-id", f"there is no finding {name!r}", hint)


def evaluated(path: Path, chosen: argparse.Namespace, **settings: Any) -> Evaluation:
    """Return what a DSL file describes, and what is wrong with it in its project."""
    from k8sgen_core.judging.request import Judging

    options = judging_options(chosen)
    config = configuration(path, options)
    judging = Judging(options, context_of(path, config, chosen))
    return run(path, chosen, config, judging=judging, **settings)


def run(path: Path, chosen: argparse.Namespace, config: Config, **settings: Any) -> Evaluation:
    """Return what a DSL file comes to when it is run so."""
    from k8sgen_core.evaluation.handshake import WorkerUnavailable
    from k8sgen_core.evaluation.request import Limits
    from k8sgen_core.evaluation.result import evaluate

    try:
        return evaluate(
            path,
            interpreter=chosen.python,
            environment=chosen.env or config.environment,
            version=target_version(chosen, config),
            limits=Limits(timeout=config.timeout, memory=config.memory, objects=config.objects),
            allow=config.allow,
            **settings,
        )
    except WorkerUnavailable as error:
        message, _, hint = str(error).partition("; ")
        raise Failure("configuration", message, hint or "k8sgen doctor") from None


def context_of(path: Path, config: Config, chosen: argparse.Namespace) -> Objects:
    """Return the objects of the project's other DSL files, and of the manifests it includes."""
    known: dict[Path, dict[Path, Objects]] = vars(chosen).setdefault("context", {})
    if config.root not in known:
        known[config.root] = dict(_objects_in(config, chosen, path))
    return [each for other, made in known[config.root].items() if other != path for each in made]


def _objects_in(
    config: Config, chosen: argparse.Namespace, own: Path
) -> Iterator[tuple[Path, Objects]]:
    included = config.included()
    if included:
        from k8sgen_core.manifests import objects_of

        yield config.root, objects_of([(str(each), each.read_bytes()) for each in included])
    manifests = getattr(chosen, "manifests", None)
    if manifests:
        from k8sgen_core.manifests import objects_of

        yield (
            Path(),
            objects_of(
                (name, content) for name, content in manifests.items() if Path(name) not in included
            ),
        )
    files = config.dsl_files(config.root)
    for file in files if files != [own] else ():
        made = run(file, chosen, config, preview=False, objects=True, drafts=False)
        yield file, made.result.get("objects", [])

"""The Compose project: which services there are, and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from k8sgen_core.carriers import Origins, all_of, because, join, origin_of, plain, sole
from k8sgen_core.findings import Place
from k8sgen_core.kubernetes.holding import uses
from k8sgen_core.kubernetes.lowered import Lowering, Problem
from k8sgen_core.kubernetes.lowering import in_bundle
from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION
from k8sgen_core.kubernetes.secret_values import reference_of
from k8sgen_core.model import Bundle, ConfigMap, Model, Resource, Secret, Workload
from k8sgen_core.parts import SecretValue
from k8sgen_core.secrets import SecretText

Object: TypeAlias = dict[str, Any]
SETTING = "setting-not-supported"


@dataclass
class Project:
    """
    One Compose file in the making.

    ``folder`` is where it is written to, relative to the project root; ``shared`` has the
    volumes, configs and secrets at its top level, ``places`` is where templates lay out what
    they make.
    """

    folder: str
    resources: list[Resource]
    problems: list[Problem] = field(default_factory=list)
    services: Object = field(default_factory=dict)
    shared: dict[str, Object] = field(default_factory=dict)
    secret_files: dict[str, list[tuple[str, SecretText]]] = field(default_factory=dict)
    config_files: dict[str, str] = field(default_factory=dict)
    published: dict[tuple[int, str], str] = field(default_factory=dict)
    templated: Object = field(default_factory=dict)
    places: dict[tuple[Any, ...], Place] = field(default_factory=dict)
    _causes: dict[tuple[str, str], list[object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workloads = {
            plain(r.name): r
            for r in self.resources
            if isinstance(r, Workload) and r.controller != "CronJob"
        }
        self._named: dict[tuple[type[Resource], str], Resource] = {
            (type(r), plain(r.name)): r for r in self.resources if isinstance(r, ConfigMap | Secret)
        }

    def cannot(self, message: str, origin: Origins, hint: str | None = None) -> None:
        """Report what Compose cannot say; what several resources share, once."""
        problem = Problem(SETTING, message, origin, hint, "warning")
        if problem not in self.problems:
            self.problems.append(problem)

    def share(self, kind: str, name: str, value: Object, cause: object) -> None:
        """Put something at the top level of the file; what several services use, once."""
        self.shared.setdefault(kind, {}).setdefault(name, value)
        self._causes.setdefault((kind, plain(name)), []).append(cause)

    def at_top(self, kind: str) -> Object:
        """Return what is shared of a kind; it belongs to the one call that it is there for."""
        return {
            name: because(sole(self._causes[kind, plain(name)]), value)
            for name, value in self.shared[kind].items()
        }

    def resource(self, kind: type[Resource], given: Resource | str) -> Any:
        """Return a ConfigMap or Secret that is described here, ``None`` if it is only named."""
        return self._named.get((kind, plain(given))) if isinstance(given, str) else given


def secret_text(secret: Secret, key: str, value: SecretValue, *causes: Any) -> SecretText:
    """Return a secret value as it is written to a file of its own."""
    origin = join(origin_of(value), all_of(*causes).origin)
    return SecretText(reference_of(secret, key, value), origin)


def resources_of(model: Model) -> Iterator[Resource]:
    """Yield every resource that the model describes, with what it inherits, once."""
    seen: set[Resource] = set()
    for (source, _), found in uses(model, Lowering(DEFAULT_VERSION)).items():
        resource = found[0].resource
        if source in seen:
            continue
        seen.add(source)
        yield resource
        if isinstance(resource, Bundle):
            members = tuple(in_bundle(resource, added) for added in resource.members)
            yield from resources_of(Model(roots=members))

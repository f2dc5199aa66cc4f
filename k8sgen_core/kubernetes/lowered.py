"""What lowering makes: objects, and the problems found on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from k8sgen_core.carriers import Origins
from k8sgen_core.findings import Place, Severity
from k8sgen_core.model import Resource, Workload
from k8sgen_core.origin import identity
from k8sgen_core.parts import Ignored, Mishap, TemplateUse

Object: TypeAlias = dict[str, Any]
Places: TypeAlias = Mapping[tuple[Any, ...], Place]
NOWHERE: Places = MappingProxyType({})


class Problem(NamedTuple):
    """
    Something wrong with what was described: the call it belongs to, or a place of its own.

    ``resource`` is what it is about, ``around`` what that is part of, or the part that it is in.
    ``laid_out`` is the line of the template that put there what the call gave.
    """

    rule: str
    message: str
    origin: Origins
    hint: str | None = None
    severity: Severity = "error"
    object: str | None = None
    field: str | None = None
    resource: Resource | None = None
    place: Place | None = None
    around: tuple[Resource, ...] = ()
    laid_out: Place | None = None

    @property
    def is_missing(self) -> bool:
        """Is it that something was not said at all?"""
        return self.rule.startswith("missing-")

    @property
    def exemptions(self) -> tuple[Ignored, ...]:
        """What says that this rule does not apply here."""
        concerned = self.around if self.resource is None else (self.resource, *self.around)
        return tuple(each for one in concerned for each in one.ignored if each.rule == self.rule)


class Lowered(NamedTuple):
    """
    An object, and the resource that it was made for.

    One that is incomplete lacks what its resource does not say, which is a problem already.
    ``places`` is where a template lays out its fields; ``within`` is what holds the resource,
    below its root.
    """

    object: Object
    resource: Resource
    root: Resource
    incomplete: bool = False
    places: Places = NOWHERE
    within: tuple[Resource, ...] = ()

    @property
    def title(self) -> str:
        """How the object is named: ``Deployment/web``."""
        metadata = self.object["metadata"]
        name = metadata.get("name") or metadata.get("generateName", "")
        return "".join((str(self.object["kind"]), "/", str(name)))


class Rendered(NamedTuple):
    """An object that a template made, and the place in the template for each field."""

    object: Object
    use: TemplateUse
    places: Places


Render: TypeAlias = "Callable[[Lowering, Workload, TemplateUse], list[Rendered]]"


class Lowering:
    """One lowering: the target version, who renders templates, what was made, what is wrong."""

    def __init__(
        self,
        version: str,
        problems: list[Problem] | None = None,
        render: Render | None = None,
        told: Iterable[Resource] = (),
    ) -> None:
        self.version = version
        self.problems = [] if problems is None else problems
        self.render = render
        self.laid_out: dict[tuple[int, str, str], Places] = {}
        self.selectors: list[tuple[Workload, Object, Object]] = []
        self._told: list[Resource] = [*told]
        self._known: dict[Any, list[Resource]] = {}

    def again(self) -> Lowering:
        """Return another lowering of the same kind."""
        return Lowering(self.version, None, self.render, self._told)

    def know(self, resource: Resource) -> None:
        """Note a resource with what it inherits, for those that refer to it."""
        self._told.append(resource)
        self._known.clear()

    def inheriting(self, resource: Resource, namespace: str | None) -> Resource:
        """Return a resource with what it inherits; of several, that of the namespace."""
        if not self._known:
            for each in self._told:
                self._known.setdefault((each.origin, each.name), []).append(each)
        known = self._known.get((resource.origin, resource.name), [resource])
        near = (each for each in known if each.namespace == namespace)
        return next(near, known[0])

    def places(self, resource: Resource, made: Object) -> Places:
        """Return where a template lays out an object of a resource."""
        if not self.laid_out:
            return NOWHERE
        name = made["metadata"].get("name")
        return self.laid_out.get((identity(resource), str(made["kind"]), str(name)), NOWHERE)

    def problem(self, rule: str, message: str, origin: Origins, hint: str | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(rule, message, origin, hint))


def problem_of(mishap: Mishap) -> Problem:
    """Return what went wrong in code of a user's own as a problem."""
    return Problem(mishap.rule, mishap.message, mishap.origin, mishap.hint, mishap.severity)


def unidentified(made: Object) -> str | None:
    """Return which field an object lacks by which everybody knows it; ``None`` if it has all."""
    for name in ("apiVersion", "kind"):
        if not isinstance(made.get(name), str):
            return name
    metadata = made.get("metadata")
    if not isinstance(metadata, dict):
        return "metadata"
    given = metadata.get("name", metadata.get("generateName"))
    return None if given and isinstance(given, str) else "metadata.name"

"""What lowering makes: objects, and the problems found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from k8sgen_core.carriers import Origins
from k8sgen_core.findings import Severity
from k8sgen_core.model import Resource
from k8sgen_core.parts import Mishap

Object: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with what was described, and the call it belongs to."""

    rule: str
    message: str
    origin: Origins
    hint: str | None = None
    severity: Severity = "error"
    object: str | None = None
    field: str | None = None
    resource: Resource | None = None

    @property
    def is_missing(self) -> bool:
        """Is it that something was not said at all?"""
        return self.rule.startswith("missing-")

    @property
    def is_ignored(self) -> bool:
        """Does the resource say that this rule does not apply to it?"""
        told = () if self.resource is None else self.resource.ignored
        return any(each.rule == self.rule for each in told)


@dataclass(frozen=True, slots=True)
class Lowered:
    """
    An object, and the resource that it was made for.

    One that is incomplete lacks what its resource does not say, which is a problem already.
    """

    object: Object
    resource: Resource
    root: Resource
    incomplete: bool = False

    @property
    def title(self) -> str:
        """How the object is named: ``Deployment/web``."""
        metadata = self.object["metadata"]
        name = metadata.get("name") or metadata.get("generateName", "")
        return "".join((str(self.object["kind"]), "/", str(name)))


@dataclass
class Lowering:
    """One lowering: the target version, what was made, what is wrong."""

    version: str
    problems: list[Problem] = field(default_factory=list)

    def problem(self, rule: str, message: str, origin: Origins, hint: str | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(rule, message, origin, hint))


def problem_of(mishap: Mishap) -> Problem:
    """Return what went wrong in code of a user's own as a problem."""
    return Problem(mishap.rule, mishap.message, mishap.origin, mishap.hint, mishap.severity)

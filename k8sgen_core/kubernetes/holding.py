"""Who holds what: every resource of a model, with what it inherits from what it is a part of."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from k8sgen_core.carriers import all_of, because, caused, causes, in_all, origin_of, placed, plain
from k8sgen_core.kubernetes.lowered import Lowering
from k8sgen_core.model import Companion, Container, Group, Model, Resource, Workload
from k8sgen_core.origin import identity
from k8sgen_core.parts import Added
from k8sgen_core.sharing import common, laid_over

# Which resource, in which namespace: what several hold is there once in each.
Key: TypeAlias = tuple[Resource, str | None]
# What a resource has from what holds it, where it does not say so itself.
INHERITED = ("namespace", "part_of")


class Use(NamedTuple):
    """A resource as one of those that hold it has it, these, and the calls by which they do."""

    resource: Resource
    root: Resource
    causes: tuple[Any, ...] = ()
    within: tuple[Resource, ...] = ()


def unlike(given: list[Resource]) -> list[Resource]:
    """Return a resource as those that hold it have it; once for all that have it alike."""
    found: dict[Any, list[Resource]] = {}
    for each in given:
        own = frozenset((f, identity(v)) for f, v in vars(each).items() if f not in INHERITED)
        found.setdefault(own, []).append(each)
    return [alike[0] if len(alike) == 1 else _inheriting_alike(alike) for alike in found.values()]


def _inheriting_alike(alike: list[Resource]) -> Resource:
    """Return the first of them: what all inherit is there without any one of them."""
    inherited = {}
    for field in INHERITED:
        first, *others = given = [getattr(each, field) for each in alike]
        if any(other is not first for other in others):
            inherited[field] = placed(first, in_all(*map(origin_of, given)))
    return alike[0].replace(**inherited)


def uses(model: Model, lowering: Lowering) -> dict[Key, list[Use]]:
    """Return every resource that the model describes, in the order of the first use."""
    holding = _Holding(lowering)
    for root in model.roots:
        if isinstance(root, Group):
            holding.enrol(root, root)
    for root in model.roots:
        holding.walk(root, Use(root, root))
    return {key: _of_one_group(found) for key, found in holding.uses.items()}


def _of_one_group(found: list[Use]) -> list[Use]:
    """What applications of different groups share belongs to none of the groups."""
    if len(found) == 1:
        return found
    # A companion that no workload has is no application.
    found = [use for use in found if not isinstance(use.root, Companion)] or found
    if len(found) == 1 or len({plain(use.resource.part_of) for use in found}) == 1:
        return found
    return [use._replace(resource=use.resource.replace(part_of=None)) for use in found]


class _Holding:
    """Walks from the roots down to everything that they hold."""

    def __init__(self, lowering: Lowering) -> None:
        self.uses: dict[Key, list[Use]] = {}
        self._lowering = lowering
        # Each member with the group that it is in, and as it is there.
        self._members: dict[Resource, tuple[Resource, Resource]] = {}

    def enrol(self, group: Group, source: Resource) -> None:
        """Note the members of a group and of the groups in it."""
        for added in group.members:
            member = _in_group(group, added)
            known, _ = self._members.setdefault(added.resource, (source, member))
            if known is not source:
                self._report_two_groups(added, known, source)
            if isinstance(member, Group):
                self.enrol(member, added.resource)

    def _report_two_groups(self, added: Added, one: Resource, other: Resource) -> None:
        name, first, second = (plain(each.name) for each in (added.resource, one, other))
        self._lowering.problem(
            "conflicting-settings",
            "".join((name, " is in two groups, ", first, " and ", second)),
            added.origin,
            "a resource is a member of one group: leave one of the calls out",
        )

    def walk(self, source: Resource, use: Use) -> None:
        """Note a use of a resource and of everything that it holds."""
        resource = use.resource
        if isinstance(resource, Group):
            for added in resource.members:
                self.walk(added.resource, _part(use, _in_group(resource, added), added))
            return
        if not isinstance(resource, Companion):
            key = (source, plain(resource.namespace))
            self.uses.setdefault(key, []).append(use)
        for held, cause in _held(resource):
            self.walk(held, _part(use, self._inheriting(resource, held, cause), cause))

    def _inheriting(self, holder: Resource, held: Resource, cause: Any) -> Resource:
        # The call is why something is inherited only if nothing would be without it.
        given = causes(origin_of(cause))
        inherited: dict[str, Any] = {}
        for field in INHERITED:
            value = getattr(holder, field)
            if value is not None and getattr(held, field) is None:
                inherited[field] = caused(given, value)
        if held in self._members:
            _, held = self._members[held]
            # Where its own group says the same, it would be so without either.
            inherited = {f: common(getattr(held, f) or v, v) for f, v in inherited.items()}
        return held.replace(**inherited) if inherited else held


def _part(use: Use, resource: Resource, cause: Any) -> Use:
    """Return the use of a resource that another one holds."""
    return Use(resource, use.root, (*use.causes, cause), (*use.within, use.resource))


def _held(resource: Resource) -> list[tuple[Resource, Any]]:
    """Return what a resource holds itself, each with the call that gave it."""
    found: list[tuple[Any, Any]] = []
    if isinstance(resource, Container):
        found += _supplied(resource)
    if isinstance(resource, Workload):
        for companion in resource.companions:
            supplied = _supplied(companion.resource)
            found += [(held, all_of(companion, cause)) for held, cause in supplied]
        if resource.account is not None:
            found.append((resource.account.resource, resource.account))
        found += [(added.resource, added) for added in resource.holds]
    return found


def _supplied(container: Any) -> list[tuple[Any, Any]]:
    """Return what a container is given, if it is described here and not only named."""
    given = [(each.resource, each) for each in container.attachments]
    if container.variables:
        given += [(each.holds, each) for each in container.variables.values()]
    if container.volumes:
        given += [(each.claim, each) for each in container.volumes]
    return [pair for pair in given if isinstance(pair[0], Resource)]


def _in_group(group: Group, added: Added) -> Resource:
    member = added.resource
    whole = group.name if group.part_of is None else group.part_of
    changes: dict[str, Any] = {"part_of": because(added, whole)}
    if member.namespace is None and group.namespace is not None:
        changes["namespace"] = because(added, group.namespace)
    if group.validators and isinstance(member, Group | Workload):
        changes["validators"] = (*group.validators, *member.validators)
    for field in ("labels", "annotations"):
        given = getattr(group, field)
        if given:
            spread = {_spread(added, key): because(added, v) for key, v in given.items()}
            changes[field] = laid_over(spread, getattr(member, field))
    return member.replace(**changes)


def _spread(added: Added, key: str) -> str:
    """Return a key as a member has it; one that was no argument's value speaks for itself."""
    return key if origin_of(key) is None else because(added, key)

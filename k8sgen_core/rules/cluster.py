"""The objects that are judged together, found as a cluster would find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION, Violation
from k8sgen_core.kubernetes.selecting import ByLabel
from k8sgen_core.rules.manifest import Manifest, Path, is_foreign, items, mapping, sequence
from k8sgen_core.rules.relations import Relations

Labels = Mapping[str, Any]
T = TypeVar("T")

# The namespace of objects that say none.
UNSAID = "default"
# Custom resources for which nothing is created that others refer to.
_INERT_GROUPS = frozenset(
    ("keda.sh", "networking.istio.io", "security.istio.io", "telemetry.istio.io")
)
_INERT_KINDS = frozenset(
    (
        "BuildConfig",
        "DeploymentConfig",
        "ImageStream",
        "PodMonitor",
        "Probe",
        "PrometheusRule",
        "Route",
        "SecurityContextConstraints",
        "ServiceMonitor",
    )
)


class Cluster:
    """
    Objects of one target version.

    Args:
        version: The version of Kubernetes, as ``1.37``.
        options: What the configuration sets of rules, by the id and the name of the option.
    """

    def __init__(
        self,
        version: str = DEFAULT_VERSION,
        options: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.version = version
        self.minor = int(version.partition(".")[2])
        self.manifests: list[Manifest] = []
        self._options = options or {}
        self._settings: dict[tuple[str, str], Any] = {}
        self._found: dict[Callable[[Cluster], Any], Any] = {}

    def add(
        self, value: Mapping[str, Any], handle: Any = None, broken: Sequence[Violation] = ()
    ) -> Manifest:
        """Add an object; what violates its schema in ``broken`` counts as not there."""
        manifest = Manifest(without(value, broken), self, handle)
        self.manifests.append(manifest)
        return manifest

    def option(self, rule: str, name: str) -> Any:
        """Return what is set of a rule, else the default that the registry has."""
        known = self._settings.get((rule, name))
        if known is None:
            from k8sgen_core.ids import registry

            given = self._options.get(rule, {}).get(name)
            known = registry()[rule].options[name].default if given is None else given
            self._settings[rule, name] = known
        return known

    def once(self, look: Callable[[Cluster], T]) -> T:
        """Return what a function finds among all objects, which is looked for only once."""
        if look not in self._found:
            self._found[look] = look(self)
        return cast("T", self._found[look])

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], Manifest]:
        return {each.key: each for each in self.manifests}

    @cached_property
    def by_kind(self) -> Mapping[str, list[Manifest]]:
        """The objects of each kind."""
        found: dict[str, list[Manifest]] = defaultdict(list)
        for each in self.manifests:
            found[each.kind].append(each)
        return found

    def named(self, kind: str, name: str, namespace: str) -> Manifest | None:
        """Return the object of a kind and name in a namespace."""
        return self._by_name.get((kind, name, namespace))

    @cached_property
    def _anywhere(self) -> Mapping[tuple[str, str], list[Manifest]]:
        found: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        for each in self.manifests:
            found[each.kind, each.name].append(each)
        return found

    def found(self, kind: str, name: str, namespace: str) -> Manifest | None:
        """
        Return the object that a name in a namespace means.

        What says no namespace is in one that is only chosen when it is applied, so it may be
        meant wherever nothing says otherwise.
        """
        near = self.named(kind, name, namespace)
        if near is not None:
            return near
        others = self._anywhere.get((kind, name), ())
        return next((each for each in others if UNSAID in (namespace, each.namespace)), None)

    def nearest(self, kind: str, name: str, namespace: str) -> str | None:
        """Return the name most like another of what ``found`` would find."""
        import difflib  # Most objects refer to what is there.

        places = (namespace, UNSAID)
        others = self.by_kind.get(kind, ())
        names = {e.name for e in others if namespace == UNSAID or e.namespace in places}
        return next(iter(difflib.get_close_matches(name, sorted(names), 1)), None)

    @cached_property
    def is_operated(self) -> bool:
        """Are there custom resources, for which an operator may create objects?"""
        return any(map(_creates, self.manifests))

    @cached_property
    def relations(self) -> Relations:
        """What serves, protects and scales what."""
        return Relations(self)

    @cached_property
    def _labelled(self) -> ByLabel[Manifest]:
        found: ByLabel[Manifest] = ByLabel(_text)
        for each in self.manifests:
            if each.pod is not None:
                found.add(each, each.pod.labels, each.namespace)
        return found

    @cached_property
    def _running(self) -> Mapping[str, list[Manifest]]:
        found: dict[str, list[Manifest]] = defaultdict(list)
        for each in self.manifests:
            if each.pod is not None:
                found[each.namespace].append(each)
        return found

    def running(self, namespace: str) -> Sequence[Manifest]:
        """Return the objects that run pods in a namespace."""
        return self._running.get(namespace, ())

    def around(self, namespace: str) -> Sequence[str]:
        """Return the namespaces of pods that may turn out to be this one."""
        if namespace != UNSAID:
            return (namespace, UNSAID)
        return tuple(self._running)

    def with_labels(self, labels: Labels, namespace: str) -> Iterator[Manifest]:
        """Yield the objects whose pods have all these labels."""
        yield from self._labelled.having(labels, namespace) if labels else self.running(namespace)

    def running_around(self, selector: Mapping[str, Any], namespace: str) -> Iterator[Manifest]:
        """Yield what a label selector selects, also where a namespace is unsaid."""
        for each in self.around(namespace):
            yield from self.selected(selector, each)

    def selected(self, selector: Mapping[str, Any], namespace: str) -> Iterator[Manifest]:
        """Yield the objects whose pods a label selector selects; an empty one selects all."""
        expressions = [each for _, each in items(selector, "matchExpressions")]
        for each in self.with_labels(mapping(selector, "matchLabels"), namespace):
            if each.pod is not None and all(fits(each.pod.labels, one) for one in expressions):
                yield each


def fits(labels: Labels, expression: Mapping[str, Any]) -> bool:
    """Do labels fit an item of ``matchExpressions``?"""
    key, values = str(expression.get("key")), sequence(expression, "values")
    operator = expression.get("operator")
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    inside = key in labels and labels[key] in values
    return inside if operator == "In" else not inside


def matches(labels: Labels, selector: Mapping[str, Any]) -> bool:
    """Do labels fit a label selector?"""
    wanted = mapping(selector, "matchLabels")
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        fits(labels, each) for _, each in items(selector, "matchExpressions")
    )


def _creates(manifest: Manifest) -> bool:
    if not is_foreign(manifest.group):
        return manifest.kind == "Gateway"
    return manifest.group not in _INERT_GROUPS and manifest.kind not in _INERT_KINDS


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def without(value: Mapping[str, Any], broken: Iterable[Violation]) -> Mapping[str, Any]:
    """Return an object without what is of the wrong type, so that rules need not ask."""
    wrong = {each.path: each for each in broken if each.path and not each.is_missing}
    pruned: Mapping[str, Any] = _pruned(value, (), wrong) if wrong else value
    return pruned


def _pruned(value: Any, path: Path, wrong: Mapping[Path, Violation]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _pruned(each, (*path, key), wrong)
            for key, each in value.items()
            if (*path, key) not in wrong
        }
    if isinstance(value, list):
        return [_item(each, (*path, index), wrong) for index, each in enumerate(value)]
    return value


def _item(value: Any, path: Path, wrong: Mapping[Path, Violation]) -> Any:
    """Return an item, or something empty of its type, so that the others keep their numbers."""
    if path in wrong:
        return "" if wrong[path].wants_text else {}
    return _pruned(value, path, wrong)

"""
The schemas of custom resources: definitions among the objects, and files in the places given.

A place is a folder in the layout of a catalogue of CRDs, ``<group>/<kind>_<version>.json``, or a
path with ``{{.Group}}``, ``{{.ResourceKind}}`` and the like. Nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.faults import Fault
from k8sgen_core.kubernetes import schemas
from k8sgen_core.kubernetes.bundle import DIALECT
from k8sgen_core.kubernetes.fields import Field
from k8sgen_core.kubernetes.lists import repeated
from k8sgen_core.kubernetes.structural import judging, without_nulls
from k8sgen_core.kubernetes.violations import Violation, check

if TYPE_CHECKING:
    from jsonschema_rs import Validator

DEFINITION = "CustomResourceDefinition"
CATALOGUE = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
_VARIABLE = re.compile(r"\{\{-?\s*\.(\w+)\s*-?\}\}")
# What becomes a part of a path must not lead elsewhere.
_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]|\.(?!\.))*")
_LARGEST = 16 << 20


class _Known(NamedTuple):
    """The schema of one kind, ready to judge by."""

    validator: Validator
    root: Field


class Kinds:
    """
    The kinds of one target version, those of Kubernetes and custom ones.

    Args:
        version: The version of Kubernetes, as ``1.37``.
        locations: Where schemas of custom resources are.
        root: Where relative locations start.
    """

    def __init__(
        self, version: str, locations: Sequence[str] = (), root: Path | None = None
    ) -> None:
        self.version = version
        self._locations = [_template(each, root or Path()) for each in locations]
        self._defined: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._known: dict[tuple[str, str], _Known | None] = {}

    def learn(self, objects: Iterable[Mapping[str, Any]]) -> None:
        """Note the kinds that definitions among some objects define."""
        for each in objects:
            if each.get("kind") == DEFINITION:
                for key, schema in _defined(each):
                    self._defined[key] = schema
                    self._known.pop(key, None)

    def knows(self, api_version: str, kind: str) -> bool:
        """Tell whether objects of this kind can be judged."""
        return (
            schemas.has_schema(api_version, kind, self.version)
            or self._of(api_version, kind) is not None
        )

    def violations(self, value: Mapping[str, Any]) -> list[Violation]:
        """Return what breaks the schema of the object's kind; nothing where there is none."""
        api_version, kind = value.get("apiVersion"), value.get("kind")
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return schemas.violations(value, self.version)
        if schemas.has_schema(api_version, kind, self.version):
            return schemas.violations(value, self.version)
        known = self._of(api_version, kind)
        return [] if known is None else check(without_nulls(value), known.validator, known.root)

    def repeated(self, value: Mapping[str, Any]) -> list[Fault]:
        """Return the items of lists in a custom resource that are there twice."""
        api_version, kind = value.get("apiVersion"), value.get("kind")
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return []
        if schemas.has_schema(api_version, kind, self.version):
            return []
        known = self._of(api_version, kind)
        return [] if known is None else list(repeated(value, known.root.schema))

    def _of(self, api_version: str, kind: str) -> _Known | None:
        key = (api_version, kind)
        if key not in self._known:
            schema = self._defined.get(key) or self._found(*key)
            self._known[key] = None if schema is None else _compiled(schema, self.version)
        return self._known[key]

    def _found(self, api_version: str, kind: str) -> Mapping[str, Any] | None:
        """Return the first schema in the places given."""
        parts = _variables(api_version, kind, self.version)
        if not all(_PART.fullmatch(parts[name]) for name in ("Group", "ResourceKind")):
            return None
        for template in self._locations:
            path = Path(_VARIABLE.sub(lambda found: parts.get(found[1], ""), template))
            schema = _read(path)
            if schema is not None:
                return schema
        return None


def _template(location: str, root: Path) -> str:
    path = str(root / location)
    return path if "{{" in location else str(Path(path) / CATALOGUE)


def _variables(api_version: str, kind: str, version: str) -> Mapping[str, str]:
    """Return what can stand in a path, as kubeconform names it."""
    group, _, name = api_version.partition("/")
    suffix = f"-{group.partition('.')[0]}{f'-{name}' if name else ''}"
    return {
        "Group": group,
        "ResourceKind": kind.lower(),
        "ResourceAPIVersion": name or group,
        "KindSuffix": suffix.lower(),
        "NormalizedKubernetesVersion": f"v{version}.0",
        "StrictSuffix": "-strict",
    }


def _read(path: Path) -> Mapping[str, Any] | None:
    """Return the schema in a file; one that cannot be read is none."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _defined(definition: Mapping[str, Any]) -> Iterable[tuple[tuple[str, str], Mapping[str, Any]]]:
    """Yield the kinds of a definition, with their schemas; what is broken is left out."""
    spec = _mapping(definition.get("spec"))
    group, kind = spec.get("group"), _mapping(spec.get("names")).get("kind")
    versions = spec.get("versions")
    for each in versions if isinstance(versions, list) else ():
        schema = _mapping(_mapping(_mapping(each).get("schema")).get("openAPIV3Schema"))
        name = _mapping(each).get("name")
        if schema and isinstance(kind, str) and name:
            yield (f"{group}/{name}", kind), schema


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _compiled(schema: Mapping[str, Any], version: str) -> _Known | None:
    """Return a schema ready to judge by; without its patterns if the engine cannot read them."""
    import jsonschema_rs  # Costs as much as the rest of a short command.

    bundle, number = schemas.metadata_schema(version)
    try:
        made = judging(schema, {"$ref": f"#/$defs/{number}"})
    except (RecursionError, TypeError):
        return None
    made["$defs"] = {**made.get("$defs", {}), **bundle.definitions(number)}
    made["$schema"] = DIALECT
    # Patterns are those of Go, whose engine takes linear time as well.
    patterns = jsonschema_rs.RegexOptions()
    for attempt in (made, _without_patterns(made)):
        try:
            validator = jsonschema_rs.validator_for(
                attempt, pattern_options=patterns, validate_formats=False, offline=True
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            continue
        return _Known(validator, Field(bundle, made))
    return None


def _without_patterns(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _without_patterns(inner)
            for key, inner in schema.items()
            if key != "pattern" or not isinstance(inner, str)
        }
    return [_without_patterns(each) for each in schema] if isinstance(schema, list) else schema

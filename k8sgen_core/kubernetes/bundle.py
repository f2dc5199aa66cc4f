"""
The slim bundle of Kubernetes schemas, made from ``kubernetes-validate`` at packaging time.

One compressed file a version. Its first line is the index, every other line the text of
one definition: the schema of a kind is put together from the lines it needs, unparsed.

This module needs nothing but the standard library, because the build runs it by path.
``python -m k8sgen_core.kubernetes.bundle`` writes the files into the source tree.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

VERSIONS = ("1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
FOLDER = Path(__file__).with_name("_schemas")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What the newest version says of the fields of these kinds, for people to read.
MANUAL = "manual.zlib"
DESCRIBED = frozenset({
    "ClusterRole", "ClusterRoleBinding", "ConfigMap", "CronJob", "DaemonSet", "Deployment",
    "HorizontalPodAutoscaler", "Ingress", "Job", "Namespace", "NetworkPolicy",
    "PersistentVolumeClaim", "PodDisruptionBudget", "Role", "RoleBinding", "Secret", "Service",
    "ServiceAccount", "StatefulSet",
})  # fmt: skip

# They are listed under every group, and nobody applies them.
_NO_OBJECTS = frozenset({"DeleteOptions", "WatchEvent"})


class Bundle:
    """The schemas of one Kubernetes version."""

    def __init__(self, text: str) -> None:
        index, *self._definitions = text.split("\n")
        known = json.loads(index)
        self.kinds: dict[str, int] = known["kinds"]
        self.groups: frozenset[str] = frozenset(known["groups"])
        self._references: list[list[int]] = known["references"]
        self._parsed: dict[int, Schema] = {}

    def definition(self, number: int) -> Schema:
        """Return one definition; its references are ``#/$defs/<number>``."""
        if number not in self._parsed:
            self._parsed[number] = json.loads(self._definitions[number])
        return self._parsed[number]

    def definitions(self, number: int) -> dict[str, Schema]:
        """Return a definition and all it refers to, by their numbers."""
        return {str(each): self.definition(each) for each in self._closure(number)}

    def schema(self, number: int) -> str:
        """Return the JSON text of a schema that holds a definition and all it refers to."""
        definitions = ",".join(f'"{n}":{self._definitions[n]}' for n in self._closure(number))
        return f'{{"$schema":"{DIALECT}","$ref":"#/$defs/{number}","$defs":{{{definitions}}}}}'

    def _closure(self, number: int) -> list[int]:
        needed: set[int] = set()
        open_ends = [number]
        while open_ends:
            if (reached := open_ends.pop()) not in needed:
                needed.add(reached)
                open_ends.extend(self._references[reached])
        return sorted(needed)


def path_of(version: str) -> Path:
    """Return where the bundle of one of ``VERSIONS`` is installed."""
    return FOLDER / f"{version}.zlib"


def read(path: Path) -> Bundle:
    """Return the bundle in a file."""
    try:
        packed = path.read_bytes()
    except FileNotFoundError as error:
        remedy = "make it with 'python -m k8sgen_core.kubernetes.bundle', or install again"
        raise RuntimeError(f"the Kubernetes schemas {path} are missing: {remedy}") from error
    return Bundle(zlib.decompress(packed).decode("utf-8"))


def write(folder: Path) -> None:
    """Write the bundle of every version into ``folder``."""
    upstream = {version: _upstream(version) for version in VERSIONS}
    groups = {"extensions"} | {
        gvk["group"] for definitions in upstream.values() for gvk, _ in _gvks(definitions)
    }
    folder.mkdir(exist_ok=True)
    manual = json.dumps(_manual(upstream[VERSIONS[-1]]), sort_keys=True, separators=(",", ":"))
    (folder / MANUAL).write_bytes(zlib.compress(manual.encode("utf-8"), 9))
    for version, definitions in upstream.items():
        text = _text(definitions, sorted(groups))
        (folder / path_of(version).name).write_bytes(zlib.compress(text.encode("utf-8"), 9))


def _upstream(version: str) -> dict[str, Schema]:
    import importlib.util  # Only a build looks for other packages.

    package = importlib.util.find_spec("kubernetes_validate")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the schemas are made from kubernetes-validate: install it")
    schemas = Path(package.origin).with_name("kubernetes-json-schema")
    path = schemas / f"v{version}.0-local-strict" / "_definitions.json"
    definitions: dict[str, Schema] = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return definitions


def _manual(definitions: Mapping[str, Schema]) -> Schema:
    """Return what the newest version says of each field that our own objects can have."""
    kinds = {
        f"{gvk['kind']}": name
        for gvk, name in _gvks(definitions)
        if gvk["kind"] in DESCRIBED and name.startswith("io.k8s.api.")
    }
    fields: dict[str, dict[str, list[str]]] = {}
    open_ends = list(kinds.values())
    while open_ends:
        if (name := open_ends.pop()) not in fields:
            properties = definitions[name].get("properties", {})
            fields[name] = {each: _described(schema) for each, schema in properties.items()}
            open_ends += [target for _, target in fields[name].values() if target]
    return {"kinds": kinds, "fields": fields}


def _described(schema: Schema) -> list[str]:
    """Return what is said of a field, and which definition its value has."""
    inner = schema.get("items", schema)
    choices = [inner, *inner.get("allOf", ()), *inner.get("anyOf", ()), *inner.get("oneOf", ())]
    target = next((each["$ref"] for each in choices if "$ref" in each), "")
    return [schema.get("description", ""), target.rpartition("/")[2]]


def _text(definitions: Mapping[str, Schema], groups: list[str]) -> str:
    numbers = {name: number for number, name in enumerate(sorted(definitions))}
    slim = [_slim(definitions[name], numbers) for name in numbers]
    index = {
        "groups": groups,
        "kinds": {_kind(gvk): numbers[name] for gvk, name in _gvks(definitions)},
        "references": [sorted(set(_references(schema))) for schema in slim],
    }
    return "\n".join(
        json.dumps(line, sort_keys=True, separators=(",", ":")) for line in (index, *slim)
    )


def _gvks(definitions: Mapping[str, Schema]) -> Iterator[tuple[dict[str, str], str]]:
    for name, schema in definitions.items():
        for gvk in schema.get("x-kubernetes-group-version-kind", ()):
            if gvk["kind"] not in _NO_OBJECTS:
                yield gvk, name


def _kind(gvk: Mapping[str, str]) -> str:
    group = f"{gvk['group']}/" if gvk["group"] else ""
    return f"{group}{gvk['version']} {gvk['kind']}"


def _slim(value: object, numbers: Mapping[str, int]) -> object:
    if isinstance(value, list):
        return [_slim(item, numbers) for item in value]
    if not isinstance(value, dict):
        return value
    # Below "properties" the same words are names of fields, whose values are mappings.
    slim = {
        key: _slim(item, numbers)
        for key, item in value.items()
        if not (key == "description" and isinstance(item, str))
    }
    if isinstance(target := slim.get("$ref"), str):
        slim["$ref"] = f"#/$defs/{numbers[target.rpartition('/')[2]]}"
    if isinstance(choices := slim.get("oneOf"), list):
        # "Text or null" and "integer or null", of which null would match two and so be refused.
        slim["type"] = sorted({kind for choice in choices for kind in choice["type"]})
        del slim["oneOf"]
    return slim


def _references(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(target := value.get("$ref"), str):
            yield int(target.rpartition("/")[2])
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _references(item)


if __name__ == "__main__":
    write(FOLDER)

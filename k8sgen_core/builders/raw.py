"""Objects as Kubernetes writes them: custom resources, and existing manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from k8sgen_core.builders.arguments import checked, manifest, mapping, refusal
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.carriers import caused, deep_origins
from k8sgen_core.grammar import ArgumentError, names
from k8sgen_core.grammar import text as grammar_text
from k8sgen_core.model import CustomResource as CustomResourceModel
from k8sgen_core.model import Manifests as ManifestsModel
from k8sgen_core.session import current

SUFFIXES = (".yaml", ".yml", ".json")


class CustomResource(Builder):
    """
    An object of a kind that a CustomResourceDefinition describes.

    Args:
        api_version: The group and its version, e.g. ``"cert-manager.io/v1"``; ``"v1"`` for
            kinds of Kubernetes itself that have no group.
        kind: For example ``"Certificate"``: at most 63 letters and digits, a letter first.
        name: The object's name.

    Raises:
        ArgumentError: ``invalid-name``, ``invalid-value``, ``wrong-type``.
    """

    _model = CustomResourceModel

    @recorded
    def __init__(self, api_version: str, kind: str, name: str) -> None:
        self._start(name, names.subdomain)
        self._set(api_version="", kind="")
        self._set(
            api_version=checked(names.api_version, api_version), kind=checked(names.kind, kind)
        )

    @recorded
    def spec(self, spec: Mapping[str, Any]) -> Self:
        """
        Set the ``spec``, as it stands in the manifest.

        Raises:
            ArgumentError: ``wrong-type`` for what YAML cannot say.
        """
        checked(mapping, spec, "the spec", "{'replicas': 1}")
        return self._merge("fields", {"spec": checked(manifest, spec, "the spec")})

    @recorded
    def fields(self, fields: Mapping[str, Any]) -> Self:
        """
        Set top-level fields beside ``metadata``, as they stand in the manifest.

        Raises:
            ArgumentError: ``wrong-type`` for what YAML cannot say, ``invalid-value``.
        """
        checked(mapping, fields, "the fields", "{'spec': {...}}")
        for key in fields:
            if key in ("apiVersion", "kind", "metadata"):
                message = f"{key!r} is not set here"
                hint = "it comes of the constructor, and of labels, annotations and namespace"
                raise refusal(key, "invalid-value", message, hint)
        return self._merge("fields", checked(manifest, fields, "the fields"))


class Manifests(Builder):
    """
    Existing Kubernetes YAML or JSON, read as it is.

    ``override`` changes objects in it; labels, annotations and the namespace given here
    are added to every object.

    Args:
        path: A file, or a folder whose ``.yaml``, ``.yml`` and ``.json`` files are read,
            in the order of their names, with those of its folders. A relative path starts
            at the project root.

    Raises:
        ArgumentError: ``unreadable-file``, ``invalid-manifest``.
    """

    _model = ManifestsModel

    @recorded
    def __init__(self, path: str) -> None:
        self._start(path, grammar_text)
        if not isinstance(path, str):
            return
        found = checked(_objects, path)
        self._set(objects=tuple(caused(deep_origins(path), each) for each in found))


def _objects(path: Any) -> list[Mapping[str, Any]]:
    start = current().path(grammar_text(path, "a path"))
    return [found for file in _files(start, path) for found in _read(file)]


def _files(start: Path, given: str) -> list[Path]:
    if start.is_file():
        return [start]
    if not start.is_dir():
        raise ArgumentError(
            "unreadable-file",
            f"there is no file or folder {given!r}",
            "relative paths start at the project root",
        )
    found = (path for path in start.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return sorted(found, key=lambda path: path.relative_to(start).parts)


def _read(file: Path) -> Iterator[Mapping[str, Any]]:
    from k8sgen_core.yaml.loader import YamlError, load_all

    try:
        documents = list(load_all(file.read_bytes(), name=file.name))
    except OSError as error:
        message = f"{file.name} cannot be read: {error.strerror}"
        raise ArgumentError("unreadable-file", message) from None
    except YamlError as error:
        message = f"{file.name}:{error.line}:{error.column} {error.message}"
        raise ArgumentError("invalid-manifest", message, error.hint) from None
    for document in documents:
        yield from _expanded(document.value, f"{file.name}:{document.line}")


def _expanded(value: Any, place: str) -> Iterator[Mapping[str, Any]]:
    """Return the object, or the objects of a List."""
    if isinstance(value, dict) and str(value.get("kind", "")).endswith("List"):
        items = value.get("items")
        if isinstance(items, list):
            for item in items:
                yield from _expanded(item, place)
            return
    if not _is_object(value):
        raise ArgumentError(
            "invalid-manifest",
            f"{place} is no Kubernetes object",
            "it needs apiVersion, kind and metadata.name",
        )
    yield value


def _is_object(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    metadata = value.get("metadata")
    named = isinstance(metadata, dict) and (
        isinstance(metadata.get("name"), str) or isinstance(metadata.get("generateName"), str)
    )
    return named and all(isinstance(value.get(key), str) for key in ("apiVersion", "kind"))

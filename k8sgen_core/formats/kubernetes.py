"""One file for each Kubernetes object: ``<name>-<kind>.yaml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from k8sgen_core.carriers import plain
from k8sgen_core.formats import OutputFile, WrittenObject
from k8sgen_core.grammar.slug import slug
from k8sgen_core.kubernetes.lowered import Lowered, Object
from k8sgen_core.secrets import SecretText
from k8sgen_core.yaml.emitter import Emitter
from k8sgen_core.yaml.spelling import Spelling

if TYPE_CHECKING:
    from k8sgen_core.formats import Notes

Placeholder = Callable[[SecretText, int], str]


def render(
    lowered: Sequence[Lowered], placeholder: Placeholder | None = None
) -> Iterator[OutputFile]:
    """
    Yield the manifests.

    ``placeholder`` names what stands for the n-th secret value of a file until the disk
    session puts the value there; without it secrets are masked.
    """
    secrets: list[SecretText] = []

    def stand_in(value: SecretText) -> str:
        secrets.append(value)
        return repr(value) if placeholder is None else placeholder(value, len(secrets) - 1)

    spelling = Spelling()
    emitter = Emitter(stand_in, spelling, noting=False)
    root, name = None, ""
    for each, path in zip(lowered, paths_of([each.object for each in lowered]), strict=True):
        start, end = emitter.document(each.object)
        if each.root is not root:
            root, name = each.root, plain(each.root.name)
        yield OutputFile(
            path,
            emitter.text,
            name,
            partial(_notes, each.object, spelling),
            (WrittenObject(each, start, end),),
            tuple(secrets),
            each.places,
        )
        emitter.clear()
        secrets.clear()


def _notes(value: Object, spelling: Spelling) -> Notes:
    """Return what each line of an object is made of, which few of thousands are asked."""
    emitter = Emitter(spelling=spelling)
    emitter.document(value)
    return emitter.notes


def paths_of(objects: Sequence[Object]) -> list[str]:
    """Return a path for each object; those that would share one get more in front."""
    paths = [_path(each) for each in objects]
    for more in (_namespace, _group):
        if len(set(paths)) == len(paths):
            return paths
        shared = Counter(paths)
        paths = [
            path if shared[path] == 1 else "-".join(filter(None, (more(each), path)))
            for each, path in zip(objects, paths, strict=True)
        ]
    return _numbered(paths)


def _numbered(paths: list[str]) -> list[str]:
    """Tell equal objects apart, which are an error that is reported elsewhere."""
    seen: Counter[str] = Counter()
    found = []
    for path in paths:
        seen[path] += 1
        number = seen[path]
        found.append(path if number == 1 else f"{path.removesuffix('.yaml')}-{number}.yaml")
    return found


def _path(each: Object) -> str:
    metadata = each["metadata"]
    name = metadata.get("name") or metadata.get("generateName", "").rstrip("-")
    kind = each["kind"]
    return f"{slug(f'{name}-{str.lower(kind)}')}.yaml"


def _namespace(each: Object) -> str:
    namespace = plain(each["metadata"].get("namespace"))
    return slug(namespace) if namespace else ""


def _group(each: Object) -> str:
    group, slash, _ = plain(each["apiVersion"]).partition("/")
    return slug(group) if slash else "core"

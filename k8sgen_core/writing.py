"""
The disk session: from files with placeholders to files with secret values.

Only here a secret becomes text, and only on its way to a file of mode 0600.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.config import load
from k8sgen_core.disk.secret_store import SecretSpec, SecretStore, SecretStoreError
from k8sgen_core.disk.tree import Producer, TreeFile, plan, write
from k8sgen_core.drafts import Draft, drafts
from k8sgen_core.secrets import Checksum, Generated, Given, Reference

if TYPE_CHECKING:
    from k8sgen_core.formats import OutputFile


def specs_of(found: Sequence[Draft], environment: str) -> list[SecretSpec]:
    """Return what the secret store must have for these files."""
    specs: dict[SecretSpec, None] = {}
    for each in found:
        for _, reference, _ in each.values:
            parts = [p for _, p in reference.parts] if isinstance(reference, Checksum) else []
            for part in [*parts, reference]:
                if isinstance(part, Generated):
                    specs[_spec(part, environment)] = None
    return list(specs)


@contextmanager
def _placing(found: Sequence[Draft], environment: str) -> Iterator[None]:
    """Say of the secrets that cannot be had where they are asked for."""
    try:
        yield
    except SecretStoreError as error:
        places = {_spec(g, environment): at for each in found for g, at in each.places.items()}
        error.places = tuple(places[spec] for spec in error.specs if spec in places)
        raise


def _spec(generated: Generated, environment: str) -> SecretSpec:
    return SecretSpec(
        environment=environment,
        namespace=generated.namespace,
        name=generated.name,
        key=generated.key,
        length=generated.length,
        charset=generated.charset,
    )


@dataclass(frozen=True, slots=True)
class Context:
    """For which project, environment and roots files are written, and in which format."""

    root: Path
    environment: str
    roots: frozenset[str] | None = None
    format: str = "kubernetes"


class Revealed:
    """
    Drafts with their secret values, ready for the disk session.

    With ``dry`` no value is made: what the store does not have yet is a text of its length.
    """

    def __init__(
        self, found: Sequence[Draft], root: Path, environment: str, *, dry: bool = False
    ) -> None:
        placeholders = load(root).secrets == "placeholder"
        store = SecretStore(root, placeholders=placeholders)
        specs = specs_of(found, environment)
        self._environment = environment
        self._values: dict[SecretSpec, str] = {}
        self.created: tuple[SecretSpec, ...] = ()
        if dry and not placeholders:
            stored = {
                (each.environment, each.namespace, each.name, each.key)
                for each in store.list()
                if each.created
            }
            missing = [
                s for s in specs if (s.environment, s.namespace, s.name, s.key) not in stored
            ]
            self._values = {spec: "?" * spec.length for spec in missing}
            specs = [spec for spec in specs if spec not in self._values]
        if specs:
            with _placing(found, environment):
                values = store.values(specs)
            self._values |= values
            self.created = values.created
        self._stretched = self._stretch(found)
        self.files = [self._file(each) for each in found]

    def _stretch(self, found: Sequence[Draft]) -> dict[bytes, bytes]:
        """Return given contents stretched, each once: many workloads may follow one Secret."""
        checksums = [r for each in found for _, r, _ in each.values if isinstance(r, Checksum)]
        contents = dict.fromkeys(self._content(each) for each in checksums if not _is_drawn(each))
        if len(contents) < 2:
            return {each: _stretched(each) for each in contents}
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor() as threads:
            return dict(zip(contents, threads.map(_stretched, contents), strict=True))

    def _file(self, draft: Draft) -> TreeFile:
        text = draft.text
        for stand_in, reference, encoded in draft.values:
            value = self._text(reference)
            written = base64.b64encode(value.encode()).decode() if encoded else value
            shown = written if draft.verbatim else _quoted(written)
            text = text.replace(stand_in, shown, 1)
        mode = 0o600 if draft.private else 0o644
        return TreeFile(draft.path, text.encode(), draft.root, mode)

    def _text(self, reference: Reference) -> str:
        if isinstance(reference, Given):
            return reference.text
        if isinstance(reference, Generated):
            found: str = self._values[_spec(reference, self._environment)]
            return found
        content = self._content(reference)
        # It tells whether secret values changed, and nothing else about them.
        return hashlib.sha256(self._stretched.get(content, content)).hexdigest()[:16]

    def _content(self, checksum: Checksum) -> bytes:
        parts = (f"{key}\0{self._text(part)}" for key, part in checksum.parts)
        return "\0".join(parts).encode()


def _is_drawn(checksum: Checksum) -> bool:
    return any(isinstance(part, Generated) for _, part in checksum.parts)


def _stretched(content: bytes) -> bytes:
    """
    Return a key stretched by scrypt, which takes a hundredth of a second.

    A generated value cannot be guessed from its digest. One that a person chose can, so
    every guess is made dear.
    """
    return hashlib.scrypt(content, salt=b"k8s-gen checksum", n=2**12, r=8, p=1)


def _quoted(text: str) -> str:
    from k8sgen_core.yaml.spelling import scalar

    return scalar(text)


def write_files(files: Iterable[OutputFile], folder: Path, source: Path, context: Context) -> None:
    """Write rendered files into a folder, all of them or nothing."""
    found = drafts(files)
    revealed = Revealed(found, context.root, context.environment)
    try:
        name = source.resolve().relative_to(context.root.resolve()).as_posix()
    except ValueError:
        name = source.name
    project = project_of(folder, context.root)
    write(plan(folder, revealed.files, Producer(name, context.format, context.roots, project)))


def project_of(folder: Path, root: Path) -> str | None:
    """Return the project root as seen from the folder; none on another drive of Windows."""
    try:
        return Path(os.path.relpath(root.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return None

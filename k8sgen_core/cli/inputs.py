"""What paths on the command line stand for: DSL files, manifests, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from k8sgen_core.cli.failure import Failure
from k8sgen_core.cli.options import configuration
from k8sgen_core.config.discovery import MANIFESTS

STDIN = "<stdin>"
_JSON = ".json"


class Input(NamedTuple):
    """A file to judge, ``None`` for standard input; ``is_named`` if it was asked for itself."""

    path: Path | None
    is_named: bool

    @property
    def name(self) -> str:
        """What findings call it."""
        return STDIN if self.path is None else str(self.path)

    @property
    def is_manifest(self) -> bool:
        """Whether it is Kubernetes YAML or JSON."""
        return self.path is None or self.path.suffix in MANIFESTS

    def content(self) -> bytes | None:
        """Return what is in it; ``None`` if it is JSON of something else that was found."""
        content = _standard_input() if self.path is None else _read(self.path)
        is_found = self.path is not None and self.path.suffix == _JSON and not self.is_named
        return None if is_found and b'"apiVersion"' not in content else content


def inputs(paths: Sequence[str]) -> list[Input]:
    """Return the files to judge, each once; one that is named itself counts as named."""
    found: dict[Path | None, bool] = {}
    for each in (each for given in paths for each in _given(given)):
        found[each.path] = each.is_named or found.get(each.path, False)
    return [Input(path, is_named) for path, is_named in found.items()]


def _given(given: str) -> Iterator[Input]:
    path = Path(given)
    if given == "-":
        yield Input(None, is_named=True)
    elif path.is_dir():
        found = _in_folder(path.resolve())
        if not found:
            hint = "name a DSL file, or a folder with DSL files or manifests"
            raise Failure("no-input", f"nothing in {given} can be validated", hint)
        yield from (Input(each, is_named=False) for each in found)
    elif path.exists():
        yield Input(path.resolve(), is_named=True)
    else:
        raise Failure("unreadable-file", f"there is no file or folder {given}", "check the path")


def _in_folder(folder: Path) -> list[Path]:
    """Return the DSL files of a folder, and its manifests but for those that they made."""
    from k8sgen_core.config.discovery import files_below
    from k8sgen_core.disk.ownership import RECORD

    files = configuration(folder / "app.py").dsl_files(folder)
    made = {path.parent for path in files_below(folder, RECORD.name)} if files else set()
    manifests = (path for path in files_below(folder, *MANIFESTS) if made.isdisjoint(path.parents))
    return [*files, *manifests]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_most())
    except OSError as error:
        raise Failure("unreadable-file", f"{path} cannot be read: {error.strerror}") from None


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read(_most())
    if not content.strip():
        hint = "did the command before the pipe fail? In a script, use: set -o pipefail"
        raise Failure("no-input", "nothing came on standard input", hint)
    return content


def _most() -> int:
    from k8sgen_core.yaml.limits import Limits

    # What is longer than any manifest is refused by its reader, and need not all be in memory.
    return Limits().size + 1

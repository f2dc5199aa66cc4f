"""
``OutputFormat``: what users derive their formats from.

A format writes to the path that it is given. That path is always inside a temporary
folder: what is found there afterwards is the format's output, shown in previews, and written
to where it was wanted by the disk session.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import FunctionType
from typing import Any

from k8sgen_core.carriers import Bool, Float, Int, Str, plain
from k8sgen_core.formats import OutputFile
from k8sgen_core.origin import Call
from k8sgen_core.session import pipeline
from k8sgen_core.view import View

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")
_SUFFIX = re.compile(r"(?<=.)(OutputFormat|Output|Format)$")
_SCALARS = (str, Str, int, Int, float, Float, bool, Bool, type(None))


class OutputFormat:
    """
    A format of your own: derive from this, and define ``generate(self, app, output_path)``.

    ``app`` is the read-only view of what is generated, as ``app.build()`` returns it; a list
    of builders is a list of their views. ``generate`` writes to ``output_path`` (a file, or a
    folder with ``/`` at its end) with ``_write_yaml_file``, ``_write_terraform_file``, or by
    itself, and nowhere else. Called directly it is a request to write, as ``to_*`` is.

    A format that defines ``render(self, model)`` instead yields ``OutputFile`` objects.
    """

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        method = vars(cls).get("generate")
        if isinstance(method, FunctionType):
            cls.generate = _requesting(method)  # type: ignore[method-assign]

    def generate(self, app: Any, output_path: str) -> None:
        """Write what is described to a path."""
        raise NotImplementedError(f"{type(self).__name__} defines neither generate nor render")

    def _write_yaml_file(self, data: Mapping[str, Any] | Sequence[Any], path: str | Path) -> None:
        """Write YAML; into a folder as ``main.yaml``."""
        file = OutputFile.yaml("main.yaml", unboxed(data))
        place = _place(path, "main.yaml")
        place.write_text(file.text, encoding="utf-8", newline="\n")
        _Capture.files[str(place)] = file

    def _write_terraform_file(self, config: Mapping[str, Any], path: str | Path) -> None:
        """Write Terraform's JSON syntax; into a folder as ``main.tf.json``."""
        text = json.dumps(plain(unboxed(config)), indent=2, ensure_ascii=False)
        place = _place(path, "main.tf.json")
        place.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _place(path: str | Path, name: str) -> Path:
    """Return the file that is meant, with the folder for it."""
    place = Path(path)
    if str(path).endswith(("/", os.sep)) or place.is_dir() or not place.suffix:
        place /= name
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def unboxed(value: Any) -> Any:
    """Return data of ordinary types, as files can say it; origins stay where they are known."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Mapping):
        return {unboxed(key): unboxed(element) for key, element in value.items()}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, PurePath):
        return value.as_posix()
    for number in (int, float):
        if isinstance(value, number):
            return number(value)
    if isinstance(value, list | tuple) or (isinstance(value, Sequence) and not _is_bytes(value)):
        return [unboxed(element) for element in value]
    raise TypeError(
        f"a file cannot say {value!r:.60}: use text, numbers, truth values, lists and mappings"
    )


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes | bytearray)


def name_of(output: Any) -> str:
    """Return the name of a format: its own, else that of its class without ``Output``."""
    name = getattr(output, "name", None)
    if isinstance(name, str):
        return str(plain(name))
    words = _WORDS.findall(_SUFFIX.sub("", type(output).__name__))
    return "-".join(word.lower() for word in words)


def writes(output: Any) -> bool:
    """Does a format write by itself? Else it renders."""
    method = getattr(type(output), "generate", None)
    return method is not None and method is not OutputFormat.generate


def _requesting(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a direct call be a request; what carries it out calls it once more."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def generate(self: Any, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        _, subject, path = list(bound.arguments)[:3]
        if _Capture.depth:
            bound.arguments[subject] = viewed(bound.arguments[subject])
            return method(*bound.args, **bound.kwargs)

        def run(view: Any, place: str) -> None:
            bound.arguments.update({subject: view, path: place})
            method(*bound.args, **bound.kwargs)

        call = Call(type(self), method, sys._getframe(1))
        given = (bound.arguments[subject], os.fspath(bound.arguments[path]))
        return pipeline("request")(self, *given, call, run)

    return generate


def viewed(subject: Any) -> Any:
    """Return the views of builders, alone or in a list; anything else is left as it is."""
    if isinstance(subject, list | tuple):
        return [viewed(each) for each in subject]
    build = None if isinstance(subject, View) else getattr(subject, "build", None)
    return build() if callable(build) else subject


class _Capture:
    """What formats write at the moment: ``files`` those whose lines have origins."""

    depth = 0
    files: dict[str, OutputFile] = {}  # noqa: RUF012 - emptied after each capture.


class StrayFile(ValueError):
    """A format wrote to a place that it was not given."""


def is_folder(path: str) -> bool:
    """Does a path name a folder, by how it is written?"""
    return path.endswith(("/", os.sep)) or PurePath(path).name in ("", ".", "..")


def captured(run: Callable[[str], object], path: str) -> list[OutputFile]:
    """
    Return what a format writes when it is given a path like this one.

    Paths are relative to the folder that ``path`` names, or has its file in.

    Raises:
        StrayFile: for what it wrote elsewhere, or if it wrote nothing.
    """
    with _capturing() as base:
        name = PurePath(path).name
        target = base / ("output" if name in ("", "..") else name)
        if is_folder(path):
            target.mkdir()
        run(f"{target}{'/' if is_folder(path) else ''}")
        found = sorted(each for each in base.rglob("*") if not each.is_dir())
        if not found:
            raise StrayFile(f"nothing was written to {path!r}")
        return [_output(each, target, path) for each in found]


@contextmanager
def _capturing() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="k8sgen-") as folder:
        _Capture.depth += 1
        try:
            yield Path(os.path.realpath(folder))
        finally:
            _Capture.depth -= 1
            if not _Capture.depth:
                _Capture.files.clear()


def _output(file: Path, target: Path, path: str) -> OutputFile:
    if file.is_symlink() or not file.is_relative_to(target):
        raise StrayFile(f"{file.name!r} was written outside {path!r}, the path that was given")
    inner = file.relative_to(target.parent if file == target else target)
    try:
        text = file.read_bytes().decode("utf-8").replace(os.linesep, "\n")
    except UnicodeDecodeError:
        raise StrayFile(f"{file.name!r} is not UTF-8 text") from None
    known = _Capture.files.get(str(file))
    noting = known.noting if known is not None and known.text == text else list
    return OutputFile(inner.as_posix(), text, noting=noting)

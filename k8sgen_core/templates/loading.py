"""Reads templates, and only those of one folder or of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from jinja2 import BaseLoader, Environment, TemplateNotFound

from k8sgen_core.templates.layout import RESERVED

LARGEST = 1 << 20


class Jail(BaseLoader):
    """Finds a template, and those that it names, without leaving its folder or the project."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self._inside = (path.parent.resolve(), root.resolve())
        self.texts: dict[str, str] = {}

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return the text of a template and its path."""
        del environment
        path = self.path if template == self.path.name else self._named(template)
        text = self._read(path, template)
        self.texts[str(path)] = text
        return text, str(path), lambda: True

    def _named(self, template: str) -> Path:
        parts = PurePosixPath(template).parts
        if ".." in parts or PurePosixPath(template).is_absolute() or set("\\:") & set(template):
            raise TemplateNotFound(
                template, f"{template!r} leaves the folder of the template, which is not allowed"
            )
        return self.path.parent.joinpath(*parts)

    def _read(self, path: Path, template: str) -> str:
        real = self._real(path, template)
        try:
            text = real.read_text(encoding="utf-8") if real.stat().st_size <= LARGEST else ""
        except UnicodeDecodeError:
            raise TemplateNotFound(template, f"{template!r} is not UTF-8") from None
        except OSError as error:
            raise TemplateNotFound(template, _absent(template, error)) from None
        if not text and real.stat().st_size:
            raise TemplateNotFound(template, f"{template!r} has more than {LARGEST:,} bytes")
        if any(character in text for character in RESERVED):
            raise TemplateNotFound(
                template, f"{template!r} has a character from U+F8F0 to U+F8F3, which are reserved"
            )
        return text

    def _real(self, path: Path, template: str) -> Path:
        """Return the file itself, which links must not lead out of the project to."""
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise TemplateNotFound(template, _absent(template, error)) from None
        if not any(real.is_relative_to(folder) for folder in self._inside):
            raise TemplateNotFound(
                template, f"{template!r} is a link to a file outside of the project"
            )
        return real


def _absent(template: str, error: Exception) -> str:
    why = getattr(error, "strerror", None) or "it cannot be read"
    return f"there is no template {template!r}: {why}"

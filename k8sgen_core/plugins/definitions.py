"""The custom resources that plugins bring: definitions in the folder ``crds`` of their package."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from k8sgen_core.config.discovery import MANIFESTS

FOLDER = "crds"
PLUGIN = "k8sgen_core.plugins.plugin"


def definitions() -> list[Mapping[str, Any]]:
    """Return the definitions that the plugins of this run bring."""
    folders = dict.fromkeys(_folders())
    return [each for folder in folders for each in _objects(folder)]


def _folders() -> Iterator[Path]:
    plugin = sys.modules.get(PLUGIN)
    # A file that uses no plugin pays for none.
    for kind in plugin.known() if plugin is not None else ():
        file = getattr(sys.modules.get(kind.__module__), "__file__", None)
        if file is not None and (Path(file).parent / FOLDER).is_dir():
            yield Path(file).parent / FOLDER


def _objects(folder: Path) -> Iterator[Mapping[str, Any]]:
    from k8sgen_core.yaml.loader import YamlError, load_all

    for path in sorted(folder.iterdir()):
        if path.suffix not in MANIFESTS or not path.is_file():
            continue
        try:
            values = [each.value for each in load_all(path.read_bytes(), name=path.name)]
        except (OSError, YamlError):
            continue
        yield from (each for each in values if isinstance(each, dict))

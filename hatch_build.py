"""Makes the bundle of Kubernetes schemas when a wheel is built, and packs what is read at once."""

import json
import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SchemasHook(BuildHookInterface[Any]):
    """Writes the schemas of every target version into the source tree, and adds the manual."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write them; hatchling packs the folder as an artifact (``pyproject.toml``)."""
        # Run by path: in an isolated build the package itself cannot be imported.
        kubernetes = Path(self.root, "k8sgen_core", "kubernetes")
        bundle = runpy.run_path(str(kubernetes / "bundle.py"))
        bundle["write"](kubernetes / "_schemas")
        if version != "editable":
            # Findings link to it; of a checkout they link to the document itself.
            manual = str(Path(self.root, "docs", "rules.md"))
            build_data["force_include"][manual] = "k8sgen_core/ids/rules.md"
            # In a checkout its files are read as they are, so that no change is overlooked.
            build_data["force_include"][self._packed()] = "k8sgen_core/ids/registry.json"

    def _packed(self) -> str:
        """Write the registry of ids as one file, and return its path."""
        folder = Path(self.root, "k8sgen_core", "ids")
        packing = runpy.run_path(str(folder / "packing.py"))
        self._made = tempfile.TemporaryDirectory()
        packed = Path(self._made.name, packing["PACKED"])
        packed.write_text(json.dumps(packing["parsed"](folder)), encoding="utf-8")
        return str(packed)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the wheel only."""
        if version != "editable":
            self._made.cleanup()

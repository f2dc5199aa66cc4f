"""Makes the bundle of Kubernetes schemas when a wheel is built, and packs the manual of rules."""

import runpy
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

"""
The core of K8s-Gen, usable without an editor.

``evaluate(file)`` runs a DSL file in a process of its own; the result has ``.findings``
and ``.render(format)``; ``write(files, folder)`` writes them, all or nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8sgen_core.evaluation.planned import write
    from k8sgen_core.evaluation.result import Evaluation, evaluate

__version__ = "1.0.0"
__all__ = ["Evaluation", "evaluate", "write"]


def __getattr__(name: str) -> Any:
    """Load the interface when it is first used, so that importing stays cheap."""
    import importlib

    if name not in __all__:
        raise AttributeError(f"module 'k8sgen_core' has no attribute {name!r}")
    # Who only looks needs nothing of the disk session.
    module = "planned" if name == "write" else "result"
    return getattr(importlib.import_module(f"k8sgen_core.evaluation.{module}"), name)

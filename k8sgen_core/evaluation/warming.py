"""Loads what runs need before there is one."""

from __future__ import annotations

import gc
import importlib

from k8sgen_core.builders import NAMES, module_of
from k8sgen_core.evaluation.rehearsal import rehearse
from k8sgen_core.garbage import collect_rarely

# What only some files use, which would be loaded in the process of each run again.
RARE = (
    "difflib",
    "encodings.utf_8_sig",
    "k8sgen_core.kubernetes.merge",
    "k8sgen_core.templates.renderer",
    "k8sgen_core.yaml.conversion",
    "k8sgen_core.yaml.loader",
    "tomllib",
)


def warm() -> None:
    """
    Load the builders, the schemas and what judges them, by describing a sample.

    What is loaded is then kept out of the collector's way, so that children share it.
    """
    # Files import it by this name; that it only passes names on is its own business.
    importlib.import_module("k8s_gen")
    for name in NAMES:
        importlib.import_module(module_of(name))
    rehearse(preview=True)
    gc.collect()
    collect_rarely()


def warm_more() -> None:
    """Load what only some files use: for a process that is ready, while nobody asks."""
    from k8sgen_core.grammar.time_zone import time_zone

    for name in RARE:
        importlib.import_module(name)
    time_zone("Etc/UTC")
    collect_rarely()

"""Loads what every run needs before there is one."""

from __future__ import annotations

import gc
import importlib
from pathlib import Path

from k8sgen_core.builders import NAMES, module_of
from k8sgen_core.builders.app import App, StatefulApp
from k8sgen_core.builders.configuration import ConfigMap, Secret
from k8sgen_core.builders.jobs import CronJob, Job
from k8sgen_core.evaluation.outcome import Ran, describe
from k8sgen_core.evaluation.request import Request
from k8sgen_core.garbage import collect_rarely
from k8sgen_core.judging.request import Judging
from k8sgen_core.locating import Locator
from k8sgen_core.session import Collecting, Session, activate


def warm() -> None:
    """
    Load the builders, the schemas and what judges them, by describing a small sample.

    What is loaded is then kept out of the collector's way, so that children share it.
    """
    # Files import it by this name; that it only passes names on is its own business.
    importlib.import_module("k8s_gen")
    for name in NAMES:
        importlib.import_module(module_of(name))
    # Only a use of a template loads it otherwise, in each child again.
    importlib.import_module("k8sgen_core.templates.renderer")
    rehearse()
    gc.collect()
    collect_rarely()


def rehearse() -> None:
    """Describe a small sample, and forget it."""
    here = Path(__file__)
    session = Collecting(here.parent)
    activate(session)
    _sample()
    request = Request(here, here.parent, judging=Judging())
    describe(Ran(session, request, Locator(here.parent)))
    activate(Session())


def _sample() -> None:
    App("a").image("a:1").port(80).expose("a.example.com").scale(1, 2).add(
        ConfigMap("b").add("key", "value"), Secret("c").add("key", "value")
    )
    StatefulApp("d").image("a:1").port(80).storage("1Gi")
    Job("e").image("a:1")
    CronJob("f").image("a:1").schedule("@daily")

"""K8s-Gen: describe applications in Python, and generate what deploys them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from k8sgen_core import __version__
from k8sgen_core.plugins import importing

if TYPE_CHECKING:
    from k8sgen_core.builders.access import (
        ClusterRole,
        ClusterRoleBinding,
        Role,
        RoleBinding,
        ServiceAccount,
    )
    from k8sgen_core.builders.app import App, DaemonSet, StatefulApp
    from k8sgen_core.builders.configuration import ConfigMap, Secret
    from k8sgen_core.builders.grouping import AppGroup, Namespace
    from k8sgen_core.builders.jobs import CronJob, Job
    from k8sgen_core.builders.networking import Ingress, NetworkPolicy, Service
    from k8sgen_core.builders.raw import CustomResource, Manifests
    from k8sgen_core.builders.storage import PersistentVolumeClaim
    from k8sgen_core.builders.workload import Companion
    from k8sgen_core.formats import OutputFile
    from k8sgen_core.formats.custom import OutputFormat
    from k8sgen_core.grammar import ArgumentError
    from k8sgen_core.pipeline import GenerationError
    from k8sgen_core.plugins.plugin import Plugin
    from k8sgen_core.plugins.registering import PluginManager
    from k8sgen_core.templates.registry import TemplateManager
    from k8sgen_core.validator import ValidationError, Validator

__all__ = [
    "App",
    "AppGroup",
    "ArgumentError",
    "ClusterRole",
    "ClusterRoleBinding",
    "Companion",
    "ConfigMap",
    "CronJob",
    "CustomResource",
    "DaemonSet",
    "GenerationError",
    "Ingress",
    "Job",
    "Manifests",
    "Namespace",
    "NetworkPolicy",
    "OutputFile",
    "OutputFormat",
    "PersistentVolumeClaim",
    "Plugin",
    "PluginManager",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulApp",
    "TemplateManager",
    "ValidationError",
    "Validator",
    "__version__",
]

_ELSEWHERE = {
    "ArgumentError": "k8sgen_core.grammar",
    "GenerationError": "k8sgen_core.pipeline",
    "OutputFile": "k8sgen_core.formats",
    "OutputFormat": "k8sgen_core.formats.custom",
    "Plugin": "k8sgen_core.plugins.plugin",
    "PluginManager": "k8sgen_core.plugins.registering",
    "TemplateManager": "k8sgen_core.templates.registry",
    "ValidationError": "k8sgen_core.validator",
    "Validator": "k8sgen_core.validator",
}


importing.install()


def __getattr__(name: str) -> Any:
    """Load a builder's module when its name is first used, so that importing stays cheap."""
    if name not in __all__:
        raise AttributeError(f"module 'k8s_gen' has no attribute {name!r}")
    from k8sgen_core import builders

    module = _ELSEWHERE.get(name) or builders.module_of(name)
    found = getattr(importlib.import_module(module), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)

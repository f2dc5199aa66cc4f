"""A workload that sets everything that templates can name, to try a template alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import TemplateError

from k8sgen_core.carriers import plain
from k8sgen_core.findings import Finding
from k8sgen_core.kubernetes.lowered import Problem
from k8sgen_core.model import Workload
from k8sgen_core.parts import Named, Port, Probe, Scale, Storage, TemplateUse, Variable
from k8sgen_core.session import TemplateSource
from k8sgen_core.templates.context import NAMES
from k8sgen_core.templates.faults import TemplateFault
from k8sgen_core.templates.renderer import Templates, target_of
from k8sgen_core.templates.rendering import Template

_PROBE = Probe(
    settings={
        "httpGet": {"path": "/healthz", "port": 8080},
        "initialDelaySeconds": 5,
        "periodSeconds": 10,
        "timeoutSeconds": 2,
        "failureThreshold": 3,
    }
)
_SAMPLE = Workload(
    name="sample",
    controller="Deployment",
    namespace="default",
    part_of="group",
    labels={"label": "value"},
    annotations={"annotation": "value"},
    image="example.com/sample:1.0",
    command=("sample",),
    args=("--flag",),
    ports=(Port(number=8080, name="http"),),
    variables={"KEY": Variable(name="KEY", value="value")},
    resources={"cpu": "100m", "memory": "128Mi", "cpu_limit": "1", "memory_limit": "256Mi"},
    probes=dict.fromkeys(("livenessProbe", "readinessProbe", "startupProbe"), _PROBE),
    replicas=2,
    scale=Scale(minimum=2, maximum=4, cpu=80),
    service_account=Named(name="sample"),
    node_selector={"kubernetes.io/arch": "amd64"},
    security_context={"run_as_user": 1000},
    storage=(Storage(size="1Gi"),),
    depends_on=(Named(name="database"),),
    connect_to=(Named(name="queue"),),
)


def findings_of(path: Path, root: Path, values: Iterable[str] = ()) -> list[Finding]:
    """Return what is wrong with a template: by itself, and with a sample of every value."""
    problems: list[Problem] = []
    use = TemplateUse(name=path.name, values=dict.fromkeys(values, "value"))
    source: dict[str, TemplateSource] = {}
    templates = Templates(source, root, "default", provenance=False)
    templates.add(path.name, path)
    for target in ("kubernetes", "compose"):
        templates.render_for(_SAMPLE, use, target, problems)
    return [
        Finding(each.rule, each.message, each.place, each.severity, each.hint)
        for each in problems
        # What a template leaves out of the sample is nobody's fault.
        if each.place is not None
    ]


def kind_of(path: Path, root: Path) -> str:
    """Return what a template makes, ``?`` if it cannot be rendered by itself."""
    templates = Templates({}, root, "default", provenance=False)
    templates.add(path.name, path)
    use = TemplateUse(name=path.name, values={})
    for target in ("kubernetes", "compose"):
        for made in templates.render_for(_SAMPLE, use, target, []):
            return str(plain(made.object.get("kind", target_of(made.object))))
    return "?"


def values_of(path: Path, root: Path) -> list[str]:
    """Return the names that ``use_template`` has to give, or may."""
    try:
        read = Template(path, root).names
    except (TemplateError, TemplateFault):
        return []
    known = {name for name, entry in NAMES.items() if entry.given_by != "`use_template(...)`"}
    return sorted(read - known - {"range", "dict", "namespace", "cycler", "joiner"})

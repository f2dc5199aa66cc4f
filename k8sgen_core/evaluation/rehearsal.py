"""
A description that uses most of what descriptions use, for a process that has time before a run.

Describing it loads what is loaded only where it is used, and touches the memory that a process
shares with the one it was forked from until it writes to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from k8sgen_core.evaluation.outcome import Ran, describe
from k8sgen_core.evaluation.request import Request
from k8sgen_core.judging.request import Judging
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.session import Collecting, Session, activate

# Below a file there is none, so nobody can configure its project. And it is no file of the library,
# so that its calls are looked up as those of users are.
PATH = Path(sys.executable) / "app.py"
# Given secret values are shorter than those that are masked in what programs say.
SAMPLE = '''\
"""A shop."""

from k8s_gen import (
    App, AppGroup, Companion, ConfigMap, CronJob, DaemonSet, Job, NetworkPolicy,
    PersistentVolumeClaim, Secret, ServiceAccount, StatefulApp,
)

settings = ConfigMap("settings").add("LOG_LEVEL", "info").add_json("features", {"a": [1, True]})
settings.add_yaml("routes", {"b": None})
tokens = Secret("tokens").add("user", "shop").generate_password("password", length=32)
account = ServiceAccount("shop")

database = (
    StatefulApp("database")
    .image("postgres:17.2")
    .port(5432, name="postgres")
    .storage("20Gi", mount_path="/data")
    .env("PASSWORD", secret=tokens, key="password")
    .resources(cpu="500m", memory="1Gi", memory_limit="2Gi")
    .health_checks(readiness_probe=["pg_isready", "-U", "shop"])
)


def web(name, domain):
    """Return a front end."""
    return (
        App(name)
        .image(f"registry.example.com/shop/{name}:2.4.1")
        .port(8080, name="http")
        .environment({"BRAND": name, "PORT": 8080})
        .resources(cpu="100m", memory="128Mi", memory_limit="256Mi")
        .health_checks(readiness_probe="/ready", liveness_probe="/alive")
        .hardened()
        .scale(2, 6, cpu=75)
        .disruption_budget(max_unavailable=1)
        .add_config(settings)
        .add_secret(tokens)
        .expose(domain, tls=True, ingress_class="nginx")
        .connect_to(database)
        .add_companion(Companion("shipper").image("fluent/fluent-bit:3.2"))
        .service_account(account)
        .labels({"team": "web"})
        .annotations({"example.com/owner": "web"})
        .spread()
    )


fronts = [web(name, f"{name}.example.com") for name in ["front"]]
late = App("late").image("late").port(80).replicas(1).command(["late"]).args("--now")
late.security_context(run_as_non_root=True).node_selector({"disk": "ssd"})
agent = DaemonSet("agent").image("agent:1.0").toleration("dedicated", value="agents")
once = Job("once").image("once:1.0").retries(2).timeout("10m").ttl("1h").depends_on(database)
report = CronJob("report").image("report:1.4.0").schedule("30 2 * * *")
shop = AppGroup("shop").namespace("shop").add(database, *fronts, late, agent, once, report)
fronts[0].for_environment("prod").scale(4, 20).override({"spec": {"minReadySeconds": 5}})
PersistentVolumeClaim("files").storage("10Gi")
NetworkPolicy("quiet").deny_ingress()
'''


def rehearse(*, preview: bool) -> None:
    """Describe the sample, with its preview or without, and forget it."""
    session = Collecting(PATH.parent)
    activate(session)
    exec(compile(SAMPLE, str(PATH), "exec", dont_inherit=True), {"__name__": "__main__"})  # noqa: S102
    request = Request(PATH, PATH.parent, text=SAMPLE, uris=True, preview=preview, judging=Judging())
    locator = Locator(PATH.parent, Sources({str(PATH): SAMPLE}))
    describe(Ran(session, request, locator))
    activate(Session())

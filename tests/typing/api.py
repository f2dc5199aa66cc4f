"""What users write, as a strict type checker sees it; nothing here is run."""

from collections.abc import Mapping
from typing import Any, TypeVar, assert_type

from k8s_gen import (
    App,
    AppGroup,
    ArgumentError,
    ClusterRole,
    ClusterRoleBinding,
    Companion,
    ConfigMap,
    CronJob,
    CustomResource,
    DaemonSet,
    GenerationError,
    Ingress,
    Job,
    Manifests,
    Namespace,
    NetworkPolicy,
    PersistentVolumeClaim,
    Role,
    RoleBinding,
    Secret,
    Service,
    ServiceAccount,
    StatefulApp,
)

T = TypeVar("T", App, DaemonSet)

settings = ConfigMap("settings").add("LOG_LEVEL", "info").add("WORKERS", 4).mount_path("/etc/app")
assert_type(settings, ConfigMap)
secret = Secret("store").add("user", "web").generate_password("password", length=32).labels(a="b")
assert_type(secret, Secret)
account = ServiceAccount("robot").automount_token(False).namespace("prod")
assert_type(account, ServiceAccount)
claim = PersistentVolumeClaim("files").storage("1Gi").access_modes("ReadWriteMany")
assert_type(claim, PersistentVolumeClaim)

# A chain keeps its type, whichever class of the family a method is from.
web = (
    App("web")
    .image("nginx:1.27")
    .port(80)
    .ports([8080, {"port": 9090, "name": "metrics"}])
    .environment({"A": "1", "B": 2, "C": True, "D": 0.5})
    .env("PASSWORD", secret=secret, key="password")
    .add_config(settings)
    .add_secret("existing", mount_path="/etc/secret")
    .volumes({"/data": claim, "/cache": "emptyDir", "/log": {"hostPath": {"path": "/log"}}})
    .resources(cpu=0.5, memory="512Mi", memory_limit=1 << 30, gpu=1)
    .health_checks(readiness_probe="/ready", liveness_probe={"grpc": 9000})
    .command("nginx", "-g", "daemon off;")
    .args(["-v"])
    .security_context(run_as_user=1000)
    .hardened()
    .lifecycle(pre_stop=5)
    .labels({"team": "shop"}, tier="web")
    .annotations({"a.example/b": "c"})
    .namespace("prod")
    .service_account(account)
    .node_selector({"disk": "ssd"})
    .toleration("gpu", effect="NoSchedule")
    .spread()
    .disruption_budget(max_unavailable="25%")
    .connect_to("api", "db")
    .depends_on(["db"])
    .add(claim)
    .add_companion(Companion("log").image("fluent-bit:3.2"))
    .replicas(2)
    .scale(2, 8, cpu=70)
    .storage("10Gi")
    .expose("shop.example.com", tls=True, via="ingress")
    .override({"spec": {"paused": True}})
    .ignore("latest-tag", "a demonstration")
)
assert_type(web, App)
assert_type(web.for_environment("prod"), App)
assert_type(StatefulApp("db").image("postgres:17").storage("1Gi").replicas(3), StatefulApp)
assert_type(DaemonSet("agent").image("agent:1").toleration().expose("a.example.com"), DaemonSet)
assert_type(Companion("log", role="init").image("busybox:1").hardened(), Companion)
assert_type(Job("once").image("job:1").timeout("6h").retries(1).command("run"), Job)
assert_type(CronJob("daily").timeout(60).schedule("@daily").image("job:1"), CronJob)
assert_type(Service("web").selector(web).add_port(80, target_port="http").type("NodePort"), Service)
assert_type(Ingress("web").host("a.example.com").path("/", web, 80).tls("cert"), Ingress)
assert_type(NetworkPolicy("web").selector("web").deny_egress().allow_to(web), NetworkPolicy)
assert_type(Role("r").allow("get", ["pods"], groups=["", "apps"]), Role)
assert_type(ClusterRole("r").allow("get", "nodes"), ClusterRole)
assert_type(RoleBinding("b").role(Role("r")).to_service_account(account), RoleBinding)
assert_type(ClusterRoleBinding("b").role("view").to_group("ops"), ClusterRoleBinding)
assert_type(Namespace("prod").labels(team="shop"), Namespace)
assert_type(AppGroup("shop").add(web, settings, Manifests("old")).namespace("prod"), AppGroup)
assert_type(CustomResource("a.example/v1", "Widget", "w").spec({"size": 1}), CustomResource)
assert_type(Manifests("old").labels(team="shop"), Manifests)


# Functions of the user's own keep their types as well.
def hardened_app(app: T) -> T:
    return app.hardened()


assert_type(hardened_app(DaemonSet("agent")), DaemonSet)
view = web.build()
name: str = view.name
probe: Mapping[str, Any] = {"path": "/ready"}
web.health_checks(readiness_probe=probe)
try:
    web.generate().to_yaml("./k8s/")
except GenerationError as error:
    assert_type(error.findings[0].rule, str)
except ArgumentError as error:
    assert_type(error.message, str)

# What a type checker must refuse; an ignore that is not needed is an error too.
web.replicas("2")  # type: ignore[arg-type]
web.port("80")  # type: ignore[arg-type]
web.image(5)  # type: ignore[arg-type]
web.schedule("@daily")  # type: ignore[attr-defined]
App()  # type: ignore[call-arg]
web.hardened(True)  # type: ignore[call-arg]
web.add_companion(settings)  # type: ignore[arg-type]

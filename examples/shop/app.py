"""A shop: a web front end, an API with its database, and a nightly report."""

from k8s_gen import App, AppGroup, Companion, ConfigMap, CronJob, Manifests, Secret, StatefulApp

settings = ConfigMap("shop-settings").add("LOG_LEVEL", "info").add("CURRENCY", "CHF")

credentials = (
    Secret("shop-database").add("username", "shop").generate_password("password", length=32)
)

database = (
    StatefulApp("database")
    .image("postgres:17.2")
    .port(5432, name="postgres")
    .storage("20Gi", mount_path="/var/lib/postgresql/data")
    .environment({"PGDATA": "/var/lib/postgresql/data/pgdata"})
    .env("POSTGRES_USER", secret=credentials, key="username")
    .env("POSTGRES_PASSWORD", secret=credentials, key="password")
    .resources(cpu="500m", memory="1Gi", memory_limit="2Gi")
    .health_checks(readiness_probe=["pg_isready", "-U", "shop"])
)

api = (
    App("api")
    .image("ghcr.io/acme/shop-api:3.8.1")
    .port(8080)
    .add_config(settings)
    .env("DATABASE_PASSWORD", secret=credentials, key="password")
    .connect_to(database, "payments")
    .resources(cpu="250m", memory="256Mi", memory_limit="512Mi")
    .health_checks(readiness_probe="/ready", liveness_probe="/health")
    .scale(2, 8, cpu=70)
    .disruption_budget(max_unavailable=1)
    .add_companion(Companion("log-shipper").image("fluent/fluent-bit:3.2"))
    .hardened()
)


def web(name, domain):
    """Return a front end for one brand of the shop."""
    return (
        App(name)
        .image("ghcr.io/acme/shop-web:5.0.2")
        .port(80)
        .environment({"API_URL": "http://api:8080", "BRAND": name})
        .replicas(2)
        .resources(cpu="100m", memory="128Mi", memory_limit="128Mi")
        .health_checks(readiness_probe="/")
        .expose(domain, tls=True, ingress_class="nginx")
        .connect_to(api)
    )


brands = [web("alpina", "alpina.example.com"), web("borea", "borea.example.com")]

report = (
    CronJob("report")
    .image("ghcr.io/acme/shop-report:1.4.0")
    .schedule("30 2 * * *")
    .timezone("Europe/Zurich")
    .command(["report", "--yesterday"])
    .timeout("1h")
    .depends_on(database)
)

shop = (
    AppGroup("shop")
    .add(database, api, *brands, report)
    .add(Manifests("manifests"))
    .namespace("shop")
)

api.for_environment("prod").scale(4, 20, cpu=60).spread()
database.for_environment("prod").storage("200Gi", mount_path="/var/lib/postgresql/data")

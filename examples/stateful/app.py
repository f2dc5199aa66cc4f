"""A database that keeps its data: storage for each pod, a generated password, its own set-up."""

from k8s_gen import Companion, ConfigMap, PersistentVolumeClaim, Secret, StatefulApp

password = Secret("postgres").generate_password("password", length=40)

settings = (
    ConfigMap("postgres-settings")
    .add(
        "postgresql.conf", "listen_addresses = '*'\nmax_connections = 200\nshared_buffers = 256MB\n"
    )
    .mount_path("/etc/postgresql")
)

backups = PersistentVolumeClaim("postgres-backups").storage("100Gi").access_modes("ReadWriteMany")

exporter = (
    Companion("exporter")
    .image("quay.io/prometheuscommunity/postgres-exporter:v0.16.0")
    .port(9187, name="metrics")
    .env("DATA_SOURCE_PASS", secret=password, key="password")
    .resources(cpu="10m", memory="32Mi", memory_limit="64Mi")
    .hardened()
)

postgres = (
    StatefulApp("postgres")
    .image("postgres:17.2")
    .args(["-c", "config_file=/etc/postgresql/postgresql.conf"])
    .port(5432, name="postgres")
    .replicas(3)
    .storage("50Gi", storage_class="fast", mount_path="/var/lib/postgresql/data")
    .env("POSTGRES_PASSWORD", secret=password, key="password")
    .environment({"PGDATA": "/var/lib/postgresql/data/pgdata"})
    .add_config(settings)
    .volumes({"/backups": backups, "/run/postgresql": "memory"})
    .resources(cpu="1", memory="2Gi", memory_limit="4Gi")
    .health_checks(
        startup_probe={"command": ["pg_isready", "-U", "postgres"], "failure_threshold": 30},
        readiness_probe={"command": ["pg_isready", "-U", "postgres"], "period": "5s"},
    )
    .lifecycle(pre_stop=["pg_ctl", "stop", "-m", "fast"], termination_grace_period="2m")
    .spread("kubernetes.io/hostname", when_unsatisfiable="DoNotSchedule")
    .disruption_budget(max_unavailable=1)
    .security_context(run_as_user=999, fs_group=999)
    .add_companion(exporter)
)

"""Work that ends: one migration, one run on many machines, and two that come back."""

from k8s_gen import AppGroup, ConfigMap, CronJob, Job

queries = ConfigMap("queries").from_file("daily.sql", "daily.sql").mount_path("/queries")

migration = (
    Job("migrate")
    .image("ghcr.io/acme/migrate:2.1")
    .command(["migrate", "up"])
    .retries(2)
    .timeout("15m")
    .ttl("1d")
)

training = (
    Job("train")
    .image("ghcr.io/acme/train:0.9")
    .args(["--epochs", "40"])
    .parallelism(4)
    .completions(4)
    .resources(cpu=4, memory="16Gi", memory_limit="16Gi", gpu=1)
    .node_selector({"node.kubernetes.io/instance-type": "gpu-large"})
    .toleration("nvidia.com/gpu", effect="NoSchedule")
    .depends_on(migration)
)


def report(name, schedule, *, keep):
    """Return a report that mails what a query finds."""
    return (
        CronJob(name)
        .image("ghcr.io/acme/report:1.4.0")
        .schedule(schedule)
        .timezone("Europe/Zurich")
        .concurrency_policy("Forbid")
        .args(["--query", "/queries/daily.sql"])
        .add_config(queries)
        .ttl(keep)
    )


batch = (
    AppGroup("batch")
    .namespace("batch")
    .add(migration, training)
    .add(report("daily", "30 6 * * *", keep="1d"), report("monthly", "@monthly", keep="30d"))
)

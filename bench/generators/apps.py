"""1,000 applications of six objects each."""

from k8s_gen import App, ConfigMap, Secret

for number in range(1000):
    name = f"web-{number:04d}"
    settings = (
        ConfigMap(f"{name}-config")
        .add("LOG_LEVEL", "info")
        .add("FEATURE_X", "true")
        .add("URL", f"http://{name}.prod.svc:80")
        .mount_as_env_vars()
    )
    secret = Secret(f"{name}-secret").add("API_KEY", f"key-{number}").mount_as_env_vars()
    (
        App(name)
        .namespace("prod")
        .labels({"app.kubernetes.io/part-of": "bench"})
        .image(f"registry.example.com/{name}:1.{number}.0")
        .port(8080, name="http", service_port=80)
        .resources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="512Mi")
        .security_context(run_as_non_root=True, read_only_root_filesystem=True)
        .health_checks(
            readiness_probe={"path": "/ready", "period": 5},
            liveness_probe={"path": "/health", "period": 10},
        )
        .scale(2, 10, cpu=70)
        .expose(f"{name}.example.com", ingress_class="nginx")
        .add_config(settings)
        .add_secret(secret)
    )

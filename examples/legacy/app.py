"""Existing YAML beside new code, and the ways out where no method fits."""

from k8s_gen import App, ConfigMap, Manifests

existing = (
    Manifests("manifests")
    .labels(team="web")
    .namespace("legacy")
    .override({"spec": {"replicas": 3}}, kind="Deployment")
)

pages = (
    ConfigMap("pages")
    .from_file("index.html", "pages/index.html")
    .from_env_file("pages/site.env")
    .add_json("menu.json", {"items": ["Home", "Über uns"], "open": True})
    .add_yaml("site.yaml", {"title": "Acme", "languages": ["de", "en"], "version": "1.10"})
    .file_permissions(0o440)
)

front = (
    App("front")
    .namespace("legacy")
    .image("nginx:1.27")
    .port(80)
    .add_config(pages, mount_path="/usr/share/nginx/html")
    .override(
        {
            "spec": {
                "template": {
                    "spec": {
                        "dnsPolicy": "None",
                        "dnsConfig": {"nameservers": ["10.0.0.10"]},
                        "containers": [{"name": "front", "tty": True}],
                    }
                }
            }
        }
    )
    .override({"spec": {"sessionAffinity": "ClientIP"}}, kind="Service")
)

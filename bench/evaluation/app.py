"""A shop of 20 applications, as a team would write it."""

from k8s_gen import App, AppGroup, ConfigMap, Secret

settings = ConfigMap("settings").add("LOG_LEVEL", "info").add("REGION", "eu-central-1")
tokens = Secret("tokens").generate_password("session").generate_password("signing")

shop = AppGroup("shop").namespace("shop")
NAMES = """
accounts basket billing catalogue checkout delivery discounts gateway images inventory
mails orders payments prices ratings returns search stock taxes wishes
"""
for name in NAMES.split():
    shop.add(
        App(name)
        .image(f"registry.example.com/shop/{name}:2.4.1")
        .port(8080, name="http")
        .environment({"SERVICE": name, "PORT": 8080})
        .resources(cpu="100m", memory="128Mi", memory_limit="256Mi")
        .health_checks(readiness_probe="/ready", liveness_probe="/alive")
        .hardened()
        .scale(2, 6, cpu=75)
        .add_config(settings)
        .add_secret(tokens)
    )

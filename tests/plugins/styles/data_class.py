from dataclasses import dataclass, field

from k8s_gen import ConfigMap, Plugin


@dataclass
class Settings(Plugin):
    name: str
    level: str = "info"
    extra: dict[str, str] = field(default_factory=dict)

    def generate_resources(self):
        return ConfigMap(self.name).add("level", self.level).add("extra", str(len(self.extra)))


Settings("plain")
loud = Settings("loud", level="debug", extra={"a": "1"})
loud.extra["b"] = "2"

from abc import ABC, abstractmethod

from k8s_gen import App, ConfigMap, Plugin


class Monitored:
    """A mixin that is no plugin itself."""

    def monitoring(self, enabled=True):
        self.monitoring = enabled
        return self

    def generate_monitoring(self):
        if self.monitoring:
            return ConfigMap(f"{self.name}-dashboard").add("panels", "3")


class Base(Plugin, ABC):
    def __init__(self, name):
        super().__init__(name)
        self.size = 1

    def size(self, size):
        self.size = size
        return self

    @abstractmethod
    def image(self): ...

    def generate_server(self):
        return App(self.name).image(self.image()).replicas(self.size)


class Cache(Monitored, Base):
    def __init__(self, name):
        super().__init__(name)
        self.size = 2

    def image(self):
        return "redis:7.4"

    def generate_server(self):
        return super().generate_server().port(6379)


Cache("one").size(3).monitoring()
Cache("two")

from k8s_gen import App, ConfigMap, Plugin


class Database(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.size = 1

    def size(self, size):
        self.size = size
        return self

    def generate_server(self):
        return App(self.name).image("postgres:17").replicas(self.size)


class Stack(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.database = Database(f"{name}-db").size(2)
        self.parts = []

    def part(self, part):
        self.parts.append(part)
        return self

    def generate_resources(self):
        return [self.database, *self.parts, ConfigMap(f"{self.name}-notes").add("a", "b")]


Stack("shop").part(App("web").image("nginx:1.27").replicas(3)).part(Database("audit").size(5))

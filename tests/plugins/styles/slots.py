from k8s_gen import App, Plugin


class Slim(Plugin):
    __slots__ = ("count", "ports")

    def __init__(self, name):
        super().__init__(name)
        self.count = 1
        self.ports = []

    def scaled(self, count):
        self.count = count
        return self

    def listening(self, port):
        self.ports.append(port)
        return self

    def generate_app(self):
        app = App(self.name).image("acme/slim:1").replicas(self.count)
        for port in self.ports:
            app.port(port)
        self.ports.append(0)
        return app


Slim("slim").scaled(4).listening(80)

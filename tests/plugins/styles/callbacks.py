from k8s_gen import App, Plugin


class Service(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.customise = None
        self.hooks = []

    def customise(self, function):
        """Change the application before it is generated."""
        self.customise = function
        return self

    def hook(self, function):
        self.hooks.append(function)
        return self

    def generate_app(self):
        app = App(self.name).image("acme/service:1")
        if self.customise is not None:
            self.customise(app)
        for function in self.hooks:
            app = function(app) or app
        return app


def add_port(app):
    app.port(8080)


Service("service").customise(lambda app: app.replicas(6)).hook(add_port)

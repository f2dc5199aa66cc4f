from k8s_gen import ConfigMap, Plugin


class Options(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.options = {}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def option(value):
            self.options[name] = value
            return self

        return option

    def generate_map(self):
        made = ConfigMap(self.name)
        for name, value in self.options.items():
            made.add(name, value)
        return made


Options("options").colour("red").size("xl")

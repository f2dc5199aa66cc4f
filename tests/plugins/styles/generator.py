from k8s_gen import App, Plugin


class Fleet(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.regions = []

    def region(self, name):
        self.regions.append(name)

    def generate_resources(self):
        for region in self.regions:
            yield App(f"{self.name}-{region}").image("acme/edge:2")
        yield {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"{self.name}-regions"},
            "data": {"count": str(len(self.regions))},
        }


Fleet("fleet").region("eu").region("us")

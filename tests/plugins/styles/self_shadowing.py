import json

from k8s_gen import App, Plugin


class Everything(Plugin):
    """Every name is a setter and a value."""

    def __init__(self, name):
        super().__init__(name)
        self.count = 1
        self.flag = False
        self.mode = None
        self.limits = {}

    def count(self, count):
        self.count = count
        return self

    def flag(self, flag=True):
        self.flag = flag
        return self

    def mode(self, mode):
        self.mode = mode
        return self

    def limits(self, **limits):
        self.limits.update(limits)
        return self

    def doubled(self):
        return self.count(self.count * 2)

    def set(self, **values):
        for name, value in values.items():
            setattr(self, name, value)
        return self

    def colour(self, colour):
        setattr(self, "colour", colour)  # noqa: B010 - as people write it.
        return self

    def generate_app(self):
        assert self.colour is None or type(self.colour) is str
        seen = [(lambda: self.count)(), *(self.count for _ in range(1))]
        assert type(self.count) is int
        assert self.flag is True or self.flag is False
        text = json.dumps([self.count, self.flag, self.mode, self.limits, seen])
        return App(self.name).image("a:1").replicas(self.count).annotations(state=text)


Everything("one").count(2).doubled().flag().limits(cpu=1).limits(memory=2)
Everything("two").set(count=5, mode="x").colour("red")

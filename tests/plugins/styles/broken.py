from k8s_gen import App, Plugin


class NoSuper(Plugin):
    def __init__(self, name):
        self.title = name

    def generate_app(self):
        return App(self.name).image("a:1")


class CallsSetter(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.size = 1

    def size(self, size):
        self.size = size
        return self

    def generate_app(self):
        return App(self.name).image("a:1").replicas(self.size(2))


class Raises(Plugin):
    def generate_app(self):
        return App(self.name).image("a:1").replicas(1 / 0)


class Nothing(Plugin):
    def generate(self):
        return App(self.name).image("a:1")


class WrongResult(Plugin):
    def generate_resources(self):
        return [App(self.name).image("a:1"), "a text"]


class Waits(Plugin):
    async def generate_app(self):
        return App(self.name).image("a:1")


class TakesMore(Plugin):
    def generate_app(self, kind):
        return App(self.name).image("a:1")


class BadArgument(Plugin):
    def generate_app(self):
        return App(self.name).image("a:1").port(70_000)


class Endless(Plugin):
    def generate_app(self):
        return self.generate_app()


for broken in (
    NoSuper,
    CallsSetter,
    Raises,
    Nothing,
    WrongResult,
    Waits,
    TakesMore,
    BadArgument,
    Endless,
):
    broken(broken.__name__.lower())
App("well").image("a:1")

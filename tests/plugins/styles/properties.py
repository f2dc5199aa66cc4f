from k8s_gen import App, ArgumentError, Plugin


class Queue(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self._workers = 1

    @property
    def workers(self):
        return self._workers

    @workers.setter
    def workers(self, count):
        if count < 1:
            raise ArgumentError("invalid-value", f"{count} workers do nothing", "use at least 1")
        self._workers = count

    def generate_workers(self):
        return App(self.name).image("acme/worker:1").replicas(self.workers)


queue = Queue("queue")
queue.workers = 4
bad = Queue("bad")
bad.workers = 0

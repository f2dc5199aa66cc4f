from k8s_gen import App, Plugin


class Website(Plugin):
    replicas = 2
    tags = []  # noqa: RUF012 - as people write it.
    image = "nginx"

    def scaled(self, count):
        self.replicas = count
        return self

    def tagged(self, tag):
        self.tags.append(tag)
        return self

    def generate_web(self):
        tags = {tag: "yes" for tag in self.tags}
        return App(self.name).image(f"{self.image}:1.27").replicas(self.replicas).labels(tags)


Website("one").scaled(3).tagged("public")
two = Website("two")
two.image = "httpd"

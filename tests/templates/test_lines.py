"""Lines of templates: where findings about what they make are shown, and previews of it."""

import pytest

from k8sgen_core.locating import Locator
from k8sgen_core.shown import Shown
from tests.templates.rendered import project

MINIMAL = 'App("web").image("nginx:1.27").port(8080).use_template("t")'
FAULTY = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ name }}
spec:
  replicaz: {{ replicas }}
  replicas: "{{ replicas }}"
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: {{ name }}
        image: {{ image }}
"""
UNFIT = FAULTY.replace("  replicaz: {{ replicas }}\n", "").replace('"{{ replicas }}"', "1")


def places_of(found, template):
    for finding in found.findings:
        place, [related] = finding.place, finding.related
        texts = {str(found.path): found.source}
        told = []
        for each in (place, related.place):
            start, end = each.range
            line = texts.get(each.path, template).splitlines()[start.line]
            told.append(line[start.character : end.character])
        yield (finding.message, *told)


def test_what_the_schema_refuses_is_at_the_line_of_the_template(tmp_path):
    found = project(tmp_path, 'App("web").image("a:1").replicas(3).use_template("t")', t=FAULTY)

    assert list(places_of(found, FAULTY)) == [
        ("unknown field 'replicaz'", "{{ replicas }}", "3"),
        ("expected an integer, got the text '3'", "{{ replicas }}", "3"),
    ]


def test_a_value_that_does_not_fit_is_at_its_call_and_names_the_line_of_the_template(tmp_path):
    template = UNFIT.replace(
        "labels: {app: web}", "labels:\n        app: web\n        a: {{ team }}"
    )

    found = project(tmp_path, 'App("web").image("a:1").use_template("t", team="x y!")', t=template)

    [(message, place, related)] = places_of(found, template)
    assert "'x y!'" in message
    assert (place, related) == ('team="x y!"'[5:], "{{ team }}")


def test_text_of_the_template_that_does_not_fit_is_at_its_line(tmp_path):
    template = UNFIT.replace("name: {{ name }}\n        image", "name: Bad_Name\n        image")

    found = project(tmp_path, 'App("web").image("a:1").use_template("t")', t=template)

    [(message, place, related)] = places_of(found, template)
    assert "'Bad_Name'" in message
    assert (place, related) == ("- name: Bad_Name", 'use_template("t")')


def test_a_preview_names_the_line_of_the_template_beside_the_calls(tmp_path):
    loop = "env:\n        {% for key, value in environment.items() %}\n        - name: {{ key }}\n"
    template = UNFIT + f"        {loop}          value: {{{{ value }}}}\n        {{% endfor %}}\n"
    template += "        command: {{ command }}\n"
    source = """
App("web").image("a:1").port(80).command(["run", "it"]).environment({"A": "1"}).use_template("t")
"""
    found = project(tmp_path, source, t=template)
    [file, service] = found.built.files()

    shown = Shown(Locator(tmp_path)).file(file)

    lines = {text: set() for text in file.text.splitlines()}
    for number, index in shown["lines"]:
        origin = shown["origins"][index]
        if origin["call"] == "template":
            assert (origin["path"], origin["via"]) == ("t.yaml.j2", [])
            lines[file.text.splitlines()[number]].add(origin["range"]["start"]["line"] + 1)
    laid = template.splitlines()
    assert {text: [laid[n - 1].strip() for n in ns] for text, ns in lines.items()} == {
        "apiVersion: apps/v1": ["apiVersion: apps/v1"],
        "kind: Deployment": ["kind: Deployment"],
        "metadata:": ["metadata:"],
        "  name: web": ["name: {{ name }}"],
        "spec:": ["spec:"],
        "  replicas: 1": ["replicas: 1"],
        "  selector:": ["selector:"],
        "    matchLabels:": ["matchLabels: {app: web}"],
        "      app: web": ["matchLabels: {app: web}"],
        "  template:": ["template:"],
        "    metadata:": ["metadata:"],
        "      labels:": ["labels: {app: web}"],
        "        app: web": ["labels: {app: web}"],
        "    spec:": ["spec:"],
        "      containers:": ["containers:"],
        "      - name: web": ["- name: {{ name }}"],
        "        image: a:1": ["image: {{ image }}"],
        "        env:": ["env:"],
        "        - name: A": ["- name: {{ key }}"],
        '          value: "1"': ["value: {{ value }}"],
        "        command:": ["command: {{ command }}"],
        "        - run": ["command: {{ command }}"],
        "        - it": ["command: {{ command }}"],
    }
    assert all(o["call"] != "template" for o in Shown(Locator(tmp_path)).file(service)["origins"])


def test_a_namespace_can_be_made_though_the_workload_has_one(tmp_path):
    template = (
        "{% set seen = namespace(count=0) %}\n{% for port in ports %}\n"
        "{% set seen.count = seen.count + 1 %}\n{% endfor %}\napiVersion: v1\nkind: ConfigMap\n"
        "metadata:\n  name: x\n  namespace: {{ namespace }}\ndata:\n  count: '{{ seen.count }}'\n"
    )
    app = 'App("web").image("a:1").port(80).port(81)'

    for more, expected in (('.namespace("shop")', "shop"), ("", None)):
        found = project(tmp_path, f'{app}{more}.use_template("t")', t=template)
        made = found.objects[-1]
        assert (made["metadata"].get("namespace"), made["data"]) == (expected, {"count": "2"})


@pytest.mark.parametrize("template", ["", "{# nothing #}\n", "---\n"])
def test_a_template_that_makes_nothing_says_so(tmp_path, template):
    found = project(tmp_path, MINIMAL, t=template)

    [finding] = found.findings
    assert (finding.rule, finding.message) == ("template-output", "the template makes nothing")
    assert project(tmp_path, MINIMAL, t="{% if team %}a: b{% endif %}").findings == []

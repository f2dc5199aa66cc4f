"""``k8sgen preview``: the manifests with the calls behind them, for people and as data."""

import json
import re
from typing import Any

import pytest
from jsonschema_rs import validator_for

from tests.cli.project import Project, Ran

DSL = """\
from helper import api
from k8s_gen import App, ConfigMap, Secret

settings = ConfigMap("settings").add("MODE", "🐘")
password = Secret("login").add("user", "shop").generate_password("password")
icon = "🐘"; web = App("web").image("nginx:1.27").port(80).expose("example.com", tls=True)
backend = api("api")
web.env("PASSWORD", secret=password, key="password").add_config(settings).connect_to(backend)
workers = [App(f"worker-{n}").image("nginx:1.27").depends_on("nowhere") for n in range(2)]
web.for_environment("prod").replicas(4)
for each in (web, settings, backend, *workers):
    each.generate().to_yaml("./k8s/")
"""
HELPER = """\
from k8s_gen import App


def api(name):
    return App(name).image("nginx:1.27").port(8080)
"""


def closed(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object with just these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
POSITION = closed(line=COUNT, character=COUNT)
RANGE = closed(start=POSITION, end=POSITION)
PLACE = {"path": {"type": "string", "pattern": "^[^/\\\\]"}, "range": RANGE}
ORIGIN = closed(call=TEXT, argument=maybe(TEXT), **PLACE, via=many(closed(**PLACE)))
FINDING = closed(
    rule={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
    severity={"enum": ["error", "warning", "info"]},
    message=TEXT,
    hint=maybe(TEXT),
    path=maybe(PLACE["path"]),
    range=maybe(RANGE),
    object=maybe(TEXT),
    field=maybe(TEXT),
    related=many(closed(message=TEXT, **PLACE)),
)
PREVIEW = closed(
    version={"const": 1},
    format={"const": "kubernetes"},
    environment=TEXT,
    documentVersion=maybe(COUNT),
    stale={"type": "boolean"},
    files=many(
        closed(
            path=TEXT,
            text=TEXT,
            origins=many(ORIGIN),
            lines=many({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}),
        )
    ),
    objects=many(
        closed(
            apiVersion=TEXT,
            kind=TEXT,
            namespace=maybe(TEXT),
            name=TEXT,
            file=TEXT,
            lines={"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2},
            origin=maybe(ORIGIN),
        )
    ),
    references=many(closed(**{"from": TEXT, "to": TEXT, "kind": TEXT})),
    requests=many(closed(format={"const": "kubernetes"}, path=TEXT, range=RANGE)),
    findings=many(FINDING),
)
SHAPE = validator_for(PREVIEW)


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("app.py", DSL)
    project.write("helper.py", HELPER)
    return project


def shown(project: Project, *options: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(project.run("preview", "app.py", "--json", *options).out)
    SHAPE.validate(document)
    return document


def text_at(project: Project, place: dict[str, Any]) -> str:
    """Return the text in a range of one line, counted in UTF-16 units as editors count."""
    start, end = place["range"]["start"], place["range"]["end"]
    assert start["line"] == end["line"]
    line = project.read(place["path"]).split("\n")[start["line"]].encode("utf-16-le")
    assert 2 * end["character"] <= len(line)
    return line[2 * start["character"] : 2 * end["character"]].decode("utf-16-le")


def test_the_data_has_the_shape_that_front_ends_rely_on(shop):
    document = shown(shop)

    assert len(document["files"]) == len(document["objects"]) == 9
    assert [each["rule"] for each in document["findings"]] == ["dangling-reference"] * 2
    assert [each["path"] for each in document["requests"]] == ["./k8s/"] * 5


def test_every_line_points_at_the_text_of_a_call(shop):
    for file in shown(shop)["files"]:
        last = file["text"].count("\n") - 1
        assert file["lines"] == sorted(file["lines"], key=lambda pair: pair[0])
        assert {index for _, index in file["lines"]} == set(range(len(file["origins"])))
        assert all(line <= last for line, _ in file["lines"])
        for origin in file["origins"]:
            method = origin["call"].rpartition(".")[2]
            assert text_at(shop, origin).startswith(f"{method}(")
            assert all("api(" in text_at(shop, outer) for outer in origin["via"])


def test_objects_stand_where_the_data_says(shop):
    document = shown(shop)
    texts = {file["path"]: file["text"].split("\n") for file in document["files"]}

    for each in document["objects"]:
        first, after = each["lines"]
        lines = texts[each["file"]][first:after]
        assert f"kind: {each['kind']}" in lines
        assert f"  name: {each['name']}" in lines


def test_the_environment_is_the_one_that_was_chosen(shop):
    document = shown(shop, "--env", "prod")

    assert document["environment"] == "prod"
    assert "replicas: 4" in document["files"][0]["text"]


def test_a_broken_file_has_the_same_shape(project):
    project.write("app.py", 'from k8s_gen import App\nApp("web"\n')

    document = shown(project)

    assert [each["rule"] for each in document["findings"]] == ["syntax-error"]
    assert document["files"] == []


def test_a_person_sees_the_call_behind_each_line(web):
    ran = web.run("preview", "app.py")

    assert ran == Ran(0, ran.out, "")
    assert "  replicas: 2                                  # App.replicas:3\n" in ran.out
    assert ran.out.startswith("# web-deployment.yaml\napiVersion: apps/v1\n")
    assert "\n\n# web-service.yaml\n" in ran.out
    assert ran.out.endswith("targetPort: http                       # App.port:3\n")


def test_a_call_in_another_file_is_named_with_the_file(shop):
    shown = shop.run("preview", "app.py").out

    assert re.search(r"containerPort: 8080 +# App\.port helper\.py:5\n", shown)


def test_findings_stand_beside_the_preview_and_do_not_stop_it(project):
    project.write("app.py", 'from k8s_gen import App\n\nApp("web").image("nginx").port(99999)\n')

    ran = project.run("preview", "app.py")

    assert ran.code == 1
    assert "error[invalid-port] app.py:3:32 99999 is out of range" in ran.err
    assert "image: nginx" in ran.out


def test_nothing_is_written(shop):
    before = shop.tree()

    shop.run("preview", "app.py")
    shop.run("preview", "app.py", "--json")

    assert shop.tree() == before

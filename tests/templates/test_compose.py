"""Templates for Docker Compose: what they come to, what is lost, and which calls made each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from k8sgen_core.carriers import each
from k8sgen_core.formats.compose import Compose
from k8sgen_core.session import Session, activate
from k8sgen_core.yaml.emitter import line_origins
from tests.core.described import described
from tests.templates.rendered import project, seed_template

APP = 'App("web").image("nginx:1.27").port(8080)'
FULL = """
database = StatefulApp("database").image("postgres:17")
app = (App("web")
    .image("ghcr.io/acme/web:1.10")
    .port(8080, name="main")
    .port(9090)
    .environment({"A": "1", "B": "no"})
    .resources(cpu="200m", memory_limit="1.5Gi")
    .storage("1Gi")
    .health_checks(readiness_probe={"command": ["ready", "-q"], "period": 7})
    .depends_on(database)
    .use_template("t", networks=["front"], networks_section={"front": {}})
)
"""
HOSTILE = [
    'x"\n        - name: PWN\n          value: "y',
    *("yes", "1e3", "0x1F", "~", "&a", "*a", "!!python/object", "---", "{{7*7}}", "a\u2028b"),
    *("no", "1.10", "012", "#x", "", "a: b", "C:\\new", "$HOME", "${HOME}", "$$", "a $(x) b"),
]


class Composed:
    """What a DSL text comes to as a Compose project, in the session with its templates."""

    def __init__(self, folder: Path, source: str, template: str) -> None:
        self.found = project(folder, source, t=template)
        activate(self.found.session)
        try:
            compose, model = Compose(), self.found.built.model
            self.problems = compose.problems(model)
            [self.file, *_] = compose.render(model)
        finally:
            activate(Session())
        self.path = folder / "compose.yaml"
        self.path.write_text(self.file.text, encoding="utf-8")

    @property
    def services(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load(self.file.text)["services"]
        return found

    def calls(self) -> dict[str, set[str]]:
        """Return for each line of the text the methods that it is attributed to."""
        made = line_origins(self.file.notes)
        lines = zip(self.file.text.splitlines(), made, strict=True)
        return {line: {origin.call.method for origin in each(calls)} for line, calls in lines}

    def lost(self) -> list[str]:
        return [problem.message for problem in self.problems]


@pytest.fixture
def composed(tmp_path, shared):
    """Return a function that composes a DSL text, by default with the seed's template."""

    def compose(source, template=None):
        seed = template or seed_template(shared, "custom_docker_compose")
        return Composed(tmp_path, source, seed)

    return compose


def test_everything_of_the_source_document(composed, read_by_compose):
    made = composed(FULL)

    assert made.found.findings == []
    assert made.services["web"] == {
        "image": "ghcr.io/acme/web:1.10",
        "container_name": "web",
        "restart": "unless-stopped",
        "ports": ["8080:8080", "9090:9090"],
        "environment": {"A": "1", "B": "no"},
        "volumes": ["web-data:/data"],
        "depends_on": {"database": {"condition": "service_started"}},
        "networks": ["front"],
        "healthcheck": {
            "test": ["CMD", "ready", "-q"],
            "interval": "7s",
            "timeout": "10s",
            "retries": 3,
            "start_period": "40s",
        },
        "deploy": {
            "resources": {"limits": {"memory": "1536m"}, "reservations": {"cpus": "0.2"}},
        },
    }
    whole = yaml.safe_load(made.file.text)
    assert (whole["volumes"], whole["networks"]) == (
        {"web-data": None},
        {"front": {"driver": "bridge"}},
    )
    read_by_compose(made.path)


def test_the_smallest_of_the_source_document(composed, read_by_compose):
    made = composed(f'{APP}.use_template("t")')

    assert made.services == {
        "web": {
            "image": "nginx:1.27",
            "container_name": "web",
            "restart": "unless-stopped",
            "ports": ["8080:8080"],
        }
    }
    assert made.problems == []
    read_by_compose(made.path)


def test_several_containers_have_no_name(composed, read_by_compose):
    made = composed(f'{APP}.replicas(2).use_template("t")')

    assert "container_name" not in made.services["web"]
    assert made.lost() == ["2 containers cannot have one name: container_name is left out"]
    read_by_compose(made.path)


def test_manifests_are_left_alone(tmp_path, composed):
    assert composed(f'{APP}.use_template("t")').found.files == described(APP).files


def test_hostile_values_reach_the_container_as_they_are(composed, read_by_compose):
    variables = {f"V{number}": value for number, value in enumerate(HOSTILE)}

    made = composed(f'{APP}.environment({variables!r}).use_template("t")')

    read = json.loads(read_by_compose(made.path, HOME="/home/somebody"))
    # What Docker Compose prints can be read by it again, so that it doubles every dollar.
    told = {name: value.replace("$$", "$") for name, value in shown(read).items()}
    assert told == variables
    assert list(made.services) == ["web"]


def shown(read: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = read["services"]["web"]["environment"]
    return found


def test_variables_that_the_template_itself_names_are_replaced(composed, read_by_compose):
    template = (
        'services:\n  {{ name }}:\n    image: "{{ image }}-${TAG}"\n'
        "    command: [\"{{ command | join(' ') }}\", $TAG, {{ '$TAG' }}]\n"
        "    labels:\n      {{ team }}: {{ team }}\n"
    )
    values = '.command(["run", "$TAG"]).use_template("t", team="$TAG")'

    made = composed(f'App("web").image("shop:1"){values}', template)

    read = json.loads(read_by_compose(made.path, TAG="9"))["services"]["web"]
    assert read["image"] == "shop:1-9"
    assert read["command"] == ["run $$TAG", "9", "9"]
    # What Docker Compose prints can be read by it again, so that it doubles every dollar.
    assert read["labels"] == {"$$TAG": "$$TAG"}


def test_a_check_over_http_is_not_made_up(composed):
    made = composed(f'{APP}.health_checks(readiness_probe="/up").use_template("t")')

    assert "healthcheck" not in made.services["web"]
    assert made.lost() == [
        "Docker Compose checks the health of web by a command in its container only"
    ]


LEAVES_OUT = "the template 't' leaves this out"
LEFT_OUT = [
    pytest.param('.command(["run"])', "read {{ command }} in it", id="command"),
    pytest.param('.args(["x"])', "read {{ args }} in it", id="args"),
    pytest.param(".hardened()", "read {{ hardened }} in it", id="hardened"),
    pytest.param(
        '.add_secret(Secret("s").add("a", "b"))', "say it in the template", id="attachment"
    ),
    pytest.param('.lifecycle(pre_stop=["bye"])', "say it in the template", id="hook"),
]


@pytest.mark.parametrize(("call", "hint"), LEFT_OUT)
def test_what_the_template_leaves_out_is_reported(composed, call, hint):
    made = composed(f'{APP}{call}.use_template("t")')

    [problem] = [each for each in made.problems if each.message == LEAVES_OUT]
    assert problem.rule == "setting-not-supported"
    assert hint in (problem.hint or "")


def test_lines_name_their_calls_and_not_the_one_that_names_the_service(composed):
    made = composed(FULL).calls()

    assert made["  web:"] == {"__init__"}
    assert made["    image: ghcr.io/acme/web:1.10"] == {"image"}
    assert made['    - "9090:9090"'] == {"port"}
    assert made['      A: "1"'] == {"environment"}
    assert made['          cpus: "0.2"'] == {"resources"}
    assert made["      - ready"] == {"health_checks"}
    assert made["    driver: bridge"] == {"use_template"}


def test_the_built_in_one_is_valid(composed, read_by_compose):
    made = composed(FULL.replace('"t"', '"compose-service"'))

    assert made.services["web"]["healthcheck"]["test"] == ["CMD", "ready", "-q"]
    read_by_compose(made.path)

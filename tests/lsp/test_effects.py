"""What a call made, read from a preview of the text as it is."""

from pathlib import Path

import pytest

from k8sgen_core.kubernetes.manual import explained
from k8sgen_lsp.effects import Effect, effects_at, shown
from k8sgen_lsp.features.hover import explanation
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, cursor_in

IMPORT = "from k8s_gen import App, Job\n"
URI = Path("/app.py").as_uri()


def place(line, character):
    return {"line": line, "character": character}


def origin(line, character, via=()):
    span = {"start": place(line, character), "end": place(line, character + 9)}
    return {"uri": URI, "range": span, "via": list(via)}


PREVIEW = {
    "files": [
        {
            "path": "web.yaml",
            "text": "a: 1\nspec:\n  b: 2\n  c: 3\n  d: 4\n  e: 5\n",
            "origins": [origin(1, 4), origin(2, 0, [{"uri": URI, "range": origin(7, 2)["range"]}])],
            "lines": [[0, 1], [2, 0], [3, 0], [5, 0], [5, 1]],
        }
    ]
}


def test_the_lines_of_a_call_are_those_it_made():
    assert effects_at(PREVIEW, URI, place(1, 4)) == [
        Effect("web.yaml", (2, 3, 5), "b: 2\nc: 3\n# ...\ne: 5")
    ]


def test_a_call_of_a_function_made_what_the_calls_in_it_made():
    assert effects_at(PREVIEW, URI, place(7, 2)) == [
        Effect("web.yaml", (0, 5), "a: 1\n# ...\ne: 5")
    ]


@pytest.mark.parametrize(("uri", "at"), [(URI, place(1, 5)), ("file:///other.py", place(1, 4))])
def test_elsewhere_nothing_was_made(uri, at):
    assert effects_at(PREVIEW, uri, at) == []


def test_what_was_made_is_shown_as_yaml():
    assert shown([Effect("web.yaml", (2,), "b: 2")]) == "`web.yaml`, line 3\n\n```yaml\nb: 2\n```"


def hovered(marked):
    text, offset = cursor_in(IMPORT + marked)
    return explanation(Concern(text, None, WorkspaceCatalogue(CATALOGUE, Modules(), text)), offset)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'App("a").repli|cas(1)',
            "**Deployment** `spec.replicas`: Number of desired pods.",
            id="field",
        ),
        pytest.param(
            'Job("a").retr|ies(1)',
            "**Job** `spec.backoffLimit`: Specifies the number of retries",
            id="named without its place",
        ),
        pytest.param(
            'App("a").resources(cpu_li|mit="1")',
            "**Deployment** `spec.template.spec.containers.resources.limits.cpu`: Limits describes",
            id="argument",
        ),
        pytest.param("def web(n: int = 1): ...\nwe|b(2)", "web(n: int=1)", id="function"),
        pytest.param("Ap|p('a')", "App(name: str)", id="class"),
    ],
)
def test_what_is_said_of_a_name(source, expected):
    assert expected in hovered(source)


@pytest.mark.parametrize("source", ["x|x = 1", "App('a').unkn|own()", '"repl|icas"', "1|2"])
def test_nothing_is_said_of_what_is_not_known(source):
    assert hovered(source) is None


def test_the_manual_follows_lists_and_mappings():
    assert explained("Deployment", "nothing.of.this") is None
    assert explained("Unknown", "spec") is None
    path, said = explained("Deployment", "spec.template.spec.containers[0].ports[0].containerPort")
    assert path.endswith("containerPort")
    assert said.startswith("Number of port to expose")

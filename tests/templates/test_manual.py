import re
from pathlib import Path

import pytest

from k8sgen_core.templates.context import NAMES
from k8sgen_core.templates.manual import documentation
from k8sgen_core.templates.registry import builtin
from k8sgen_core.templates.sample import findings_of, kind_of
from tests.cli.project import Project
from tests.core.described import described
from tests.templates.rendered import project

MANUAL = Path(__file__).parents[2] / "docs/templates.md"
TEXT = MANUAL.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


def test_the_reference_is_made_from_the_table():
    assert documentation(TEXT) == TEXT, "make it anew: templates.manual.documentation"


def test_the_blocks_run_together(tmp_path):
    [(_, template), (_, program), _] = BLOCKS
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/web.yaml.j2").write_text(template, encoding="utf-8")

    found = described(program, tmp_path)

    assert found.findings == []
    [deployment, service, account] = found.objects
    pod = deployment["spec"]["template"]
    assert deployment["metadata"]["labels"] == {"app": "shop", "team": "checkout"}
    assert pod["spec"]["containers"][0]["env"] == [{"name": "GREETING", "value": 'say "hi": #1'}]
    assert service["spec"]["selector"] == pod["metadata"]["labels"] == {"app": "shop"}
    assert account["metadata"]["name"] == "shop-sa"


def test_the_commands_say_what_is_shown(tmp_path):
    [(_, template), (_, program), (_, console)] = BLOCKS
    project = Project(tmp_path)
    project.write("k8sgen.toml", "")
    project.write("templates/web.yaml.j2", template)
    project.write("app.py", program)

    for shown in console.split("$ k8sgen ")[1:]:
        command, *lines = shown.splitlines()
        ran = project.run(*command.split())
        assert (ran.code, ran.err) == (0, "")
        assert lines
        assert "\n".join(lines) in ran.out


@pytest.mark.parametrize("name", builtin())
def test_a_built_in_template_is_sound(name):
    assert findings_of(builtin()[name], Path("/")) == []


def test_built_in_templates_make_what_they_are_named_for():
    assert {name: kind_of(path, Path("/")) for name, path in builtin().items()} == {
        "compose-service": "compose",
        "deployment-with-probes": "Deployment",
    }


@pytest.mark.parametrize(
    "settings",
    [
        "",
        ".port(8080)",
        '.port(8080, name="web").port(53, name="dns", protocol="UDP").replicas(3)'
        '.health_checks(liveness_probe="/live").service_account("me").command(["run"])',
    ],
    ids=["minimal", "port", "full"],
)
def test_the_built_in_deployment_is_valid(tmp_path, settings):
    source = f'App("web").image("nginx:1.27"){settings}.use_template("deployment-with-probes")'

    found = project(tmp_path, source)

    assert [finding.rule for finding in found.findings] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_name_can_be_tested_and_defaulted(tmp_path, name):
    template = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n"
        f"  a: '{{{{ {name} | default(\"none\") }}}}'\n"
        f"  b: '{{% if {name} %}}yes{{% else %}}no{{% endif %}}'\n"
        f"  c: '{{{{ {name}.deep.er | default(\"none\") }}}}'\n"
    )
    source = 'App("web").image("nginx").use_template("t")'

    found = project(tmp_path, source, t=template)

    known = name in ("name", "kind", "image")
    if not known and name not in ("resources", "health", "environment"):
        assert found.findings == []
        assert found.objects[-1]["data"] == {"a": "none", "b": "no", "c": "none"}

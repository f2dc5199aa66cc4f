import json

import pytest

from k8sgen_core.cli import main

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}-{{ team }}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "k8sgen.toml").write_text("", encoding="utf-8")
    (tmp_path / "templates").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "templates"


def test_list_shows_what_templates_make_and_take(folder, capsys):
    (folder / "mine.yaml.j2").write_text(GOOD.replace("team", "tier"), encoding="utf-8")
    (folder / "broken.yaml.j2").write_text("{% if %}", encoding="utf-8")

    assert main(["templates", "list", "--json"]) == 0

    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["templates"]}
    assert rows["deployment-with-probes"]["makes"] == "Deployment"
    assert rows["mine.yaml.j2"]["values"] == ["tier"]
    assert rows["broken.yaml.j2"]["makes"] == "?"


def test_check_reports_a_misspelt_name(folder, capsys):
    (folder / "mine.yaml.j2").write_text(GOOD.replace("{{ name", "{{ nmae"), encoding="utf-8")

    assert main(["templates", "check", "templates/mine.yaml.j2", "--value", "team"]) == 3

    assert capsys.readouterr().out == (
        "error[unknown-template-name] templates/mine.yaml.j2:4:12 "
        "nothing gives the template a value for 'nmae'\n"
        "  4 |   name: {{ nmae }}-{{ team }}\n"
        "                 ^^^^\n"
        "  hint: did you mean 'name'?\n"
        "1 template: 1 error\n"
    )


def test_check_is_content_with_a_good_template(folder, capsys):
    (folder / "mine.yaml.j2").write_text(GOOD, encoding="utf-8")

    assert main(["templates", "check", "templates/mine.yaml.j2", "--value", "team"]) == 0
    assert capsys.readouterr().out == "1 template: no findings\n"


def test_check_wants_a_file(folder, capsys):
    assert main(["templates", "check"]) == 2
    assert main(["templates", "check", "gone.j2"]) == 2

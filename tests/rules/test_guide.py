"""Every block of ``docs/validators.md`` does what the page says."""

import re
from pathlib import Path

import pytest

from k8sgen_core import evaluate
from k8sgen_core.cli import main
from k8sgen_core.config import load
from k8sgen_core.grammar.pattern import Pattern
from k8sgen_core.ids import registry

PAGE = (Path(__file__).parents[2] / "docs/validators.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
TOML = [text for language, text in BLOCKS if language == "toml"]
TEXT = [text for language, text in BLOCKS if language == "text"]
VALIDATOR, APP, *OTHERS = PYTHON


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "validators").mkdir()
    (tmp_path / "validators/shop.py").write_text(VALIDATOR, encoding="utf-8")
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines_of(folder: Path) -> list[str]:
    return [
        f"{each.severity}[{each.rule}] {Path(each.place.path).relative_to(folder).as_posix()}:"
        f"{each.place.range.start.line + 1}:{each.place.range.start.character + 1} {each.message}"
        + (f" ({each.hint})" if each.hint else "")
        for each in evaluate(folder / "app.py", judging=None).findings
    ]


def test_there_is_a_test_for_every_block():
    assert [language for language, _ in BLOCKS] == (
        ["python", "python", "text", "toml", "python", "text", "python", "toml", "console"]
    )


def test_the_validator_says_what_the_page_says(project):
    assert sorted(lines_of(project)) == sorted(TEXT[0].splitlines())


def test_the_validator_of_the_project_says_the_same(project):
    (project / "k8sgen.toml").write_text(TOML[0], encoding="utf-8")
    app = APP.replace("    .add_validator(ShopRules())\n", "")
    (project / "app.py").write_text(app, encoding="utf-8")

    assert sorted(lines_of(project)) == sorted(TEXT[0].splitlines())


def test_a_validator_that_fails_is_reported_as_the_page_says(project):
    (project / "validators/policy.py").write_text(
        "from k8s_gen import Validator\n\nclass Policy(Validator):\n"
        "    def validate_name(self, app):\n        if re.match('a', app.name): pass\n",
        encoding="utf-8",
    )
    (project / "k8sgen.toml").write_text('validators = ["validators.policy:Policy"]\n', "utf-8")

    assert TEXT[1].strip() in lines_of(project)


@pytest.mark.parametrize("block", OTHERS)
def test_the_other_examples_hold(project, block):
    (project / "app.py").write_text(block, encoding="utf-8")

    assert not [line for line in lines_of(project) if "uncaught-exception" in line]


def test_the_policy_is_one(project):
    (project / "k8sgen.toml").write_text(TOML[1], encoding="utf-8")
    config = load(project)

    assert config.policy == {
        "approved_registries": ("docker.io/library", "ghcr.io/acme"),
        "naming_pattern": "[a-z]+(-[a-z]+)*",
        "required_labels": ("team",),
        "max_cpu": "2",
        "max_memory": "4Gi",
    }
    assert Pattern(config.naming_pattern).matches("shop-web")


def test_the_findings_that_the_page_names_exist():
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE)) | set(
        re.findall(r"\[([a-z-]+)\]", PAGE)
    )
    keys = {name.removeprefix("policy.") for name in ("approved-registries", "naming-pattern")}

    assert {
        "failed-validation",
        "validator-failed",
        "unapproved-registry",
        "naming-convention",
        "missing-required-label",
        "cpu-above-maximum",
        "memory-above-maximum",
    } <= named & registry().keys()
    assert keys <= named


def test_the_commands_run(project, capsys):
    [console] = [text for language, text in BLOCKS if language == "console"]
    commands = [line.removeprefix("$ k8sgen ").split() for line in console.splitlines()]

    codes = [int(main(arguments)) for arguments in commands]

    assert codes == [1, 0]
    assert "objects to a workload" in capsys.readouterr().out

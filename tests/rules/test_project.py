"""Validators that the configuration names check every workload of the project."""

import subprocess
import sys
from pathlib import Path

import pytest

from k8sgen_core import evaluate
from tests.rules.marked import marks_for, marks_of, messages

ROOT = Path(__file__).parents[2]
VALIDATOR = """\
from k8s_gen import Validator, ValidationError

class Security(Validator):
    def validate_image(self, app):
        if app.image.endswith(":latest"):
            raise ValidationError("pin the version")

class Company(Validator):
    def __init__(self, policy):
        self.policy = policy

    def validate_labels(self, app):
        missing = set(self.policy["required_labels"]) - set(app.labels)
        if missing:
            raise ValidationError(f"{missing} is missing", severity="warning")
"""
APP = """\
from k8s_gen import App

app = App("web").image("ghcr.io/acme/web:latest")
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^ failed-validation
"""


def project(folder: Path, **files: str) -> Path:
    for name, text in {"app.py": APP, **files}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "app.py"


def configured(*validators: str) -> str:
    return f"validators = {list(validators)}\n".replace("'", '"')


def test_a_validator_of_the_project_checks_every_workload(tmp_path):
    files = {
        "k8sgen.toml": configured("validators.security:Security"),
        "validators/security.py": VALIDATOR,
    }
    app = project(tmp_path, **files)

    found = evaluate(app, judging=None).findings

    assert marks_for(APP, found) == marks_of(APP)
    assert evaluate(app, judging=None).blocking == found


def test_a_validator_that_takes_an_argument_gets_the_policy(tmp_path):
    files = {
        "pyproject.toml": "[tool.k8sgen]\n"
        + configured("checks:Company")
        + '[tool.k8sgen.policy]\nrequired-labels = ["team"]\n',
        "checks.py": VALIDATOR,
    }

    found = evaluate(project(tmp_path, **files), judging=None).findings

    assert set(messages(found)) == {
        "error: the label 'team' must be set (add .labels({'team': ...}))",
        "warning: {'team'} is missing",
    }


@pytest.mark.parametrize(
    ("reference", "text", "place", "said"),
    [
        pytest.param(
            "gone:Check",
            "",
            ("k8sgen.toml", 0),
            "ModuleNotFoundError: No module named 'gone'",
            id="no such module",
        ),
        pytest.param(
            "checks:Chekc",
            "",
            ("k8sgen.toml", 0),
            "AttributeError: module 'checks' has no attribute 'Chekc'",
            id="no such class",
        ),
        pytest.param(
            "checks:Check",
            "class Check: pass",
            ("k8sgen.toml", 0),
            "TypeError: Check is no subclass of Validator",
            id="no validator",
        ),
        pytest.param(
            "checks:Check",
            "\npattern = re.compile('a')",
            ("checks.py", 1),
            "NameError: name 're' is not defined (add: import re)",
            id="fails while it is imported",
        ),
    ],
)
def test_what_cannot_be_loaded_is_a_finding_and_all_else_is_judged(
    tmp_path, reference, text, place, said
):
    files = {
        "k8sgen.toml": configured(reference, "good:Security"),
        "checks.py": text,
        "good.py": VALIDATOR,
    }

    found = evaluate(project(tmp_path, **files), judging=None).findings

    rules = {each.rule: each for each in found}
    assert rules.keys() == {"validator-failed", "failed-validation"}
    broken = rules["validator-failed"]
    assert (Path(broken.place.path).name, broken.place.range.start.line) == place
    assert list(messages([broken])) == [
        f"error: the validator {reference} cannot be loaded: {said}"
    ]


def test_a_plain_script_is_held_to_the_same(tmp_path):
    files = {
        "k8sgen.toml": configured("checks:Security") + "[policy]\nmax-cpu = 1\n",
        "checks.py": VALIDATOR,
        "app.py": APP.replace("latest", "1") + 'app.resources(cpu=2).generate().to_yaml("out")\n',
    }
    app = project(tmp_path, **files)

    run = subprocess.run(
        [sys.executable, app],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
    )

    assert "error[cpu-above-maximum] the cpu request 2 is above 1" in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_validator_may_not_do_what_a_file_may_not(tmp_path):
    app = project(
        tmp_path,
        **{
            "k8sgen.toml": configured("checks:Check"),
            "checks.py": "import os\nfrom k8s_gen import Validator\nclass Check(Validator):\n"
            "    def validate_it(self, app):\n        os.system('true')\n",
        },
    )

    findings = evaluate(app, judging=None).findings

    assert {each.rule for each in findings} == {"side-effect", "validator-failed"}
    for finding in findings:
        assert Path(finding.place.path).name == "checks.py"
        assert "is refused" in finding.message


def test_an_endless_validator_ends_with_the_run(tmp_path):
    from k8sgen_core.evaluation.request import Limits

    app = project(
        tmp_path,
        **{
            "k8sgen.toml": configured("checks:Check"),
            "checks.py": "from k8s_gen import Validator\nclass Check(Validator):\n"
            "    def validate_it(self, app):\n        while True: pass\n",
        },
    )

    [finding] = evaluate(app, judging=None, limits=Limits(timeout=1)).findings

    assert finding.rule == "evaluation-timeout"
    assert Path(finding.place.path).name == "checks.py"

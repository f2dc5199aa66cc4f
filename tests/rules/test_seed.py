"""The validators of the source document, run as they are written there."""

import re
from pathlib import Path

import pytest

from k8sgen_core import evaluate
from tests.rules.marked import marks_for, marks_of, messages

BLOCK = re.compile(r"```python\n(# validators/.*?)```", re.DOTALL)


@pytest.fixture(scope="session")
def blocks(shared) -> dict[str, str]:
    """Return the two validators by the path that their first line names."""
    text = (shared / "seed/extensions.md").read_text(encoding="utf-8")
    found = {each.split("\n")[0].removeprefix("# "): each for each in BLOCK.findall(text)}
    assert list(found) == ["validators/security_validator.py", "validators/policy_validator.py"]
    return found


def run(folder: Path, block: str, app: str, module: str):
    """Return the findings of a project with the class of a block, added to an app."""
    validators, usage = re.split(r"(?=# (?:Register and use|Usage))", block)
    (folder / "validators").mkdir()
    (folder / f"validators/{module}.py").write_text(validators, encoding="utf-8")
    path = folder / "app.py"
    if "import" not in usage:
        usage = f"from validators.{module} import PolicyValidator\n{usage}"
    path.write_text(f"{app}\n{usage}", encoding="utf-8")
    return evaluate(path, judging=None).findings


@pytest.mark.parametrize(
    ("app", "said"),
    [
        pytest.param(
            """\
from k8s_gen import App
app = App("web").image("quay.io/acme/web:1")
#     ^^^^^^^^^^ failed-validation, failed-validation
#                      ^^^^^^^^^^^^^^^^^^^^ failed-validation
""",
            [
                "Image registry 'quay.io' not approved. "
                "Use one of: company-registry.com, docker.io, gcr.io",
                "Resource limits must be specified",
                "Security context must be configured",
            ],
            id="everything is wrong",
        ),
        pytest.param(
            """\
from k8s_gen import StatefulApp
app = (StatefulApp("web").image("gcr.io/acme/web:1")
#      ^^^^^^^^^^^^^^^^^^ failed-validation
    .resources(cpu_limit="1")
    .security_context(run_as_non_root=False))
#                                     ^^^^^ failed-validation
""",
            [
                "Missing required resource limit: memory_limit",
                "Security setting required: run_as_non_root",
            ],
            id="some is wrong",
        ),
        pytest.param(
            """\
from k8s_gen import Job
app = (Job("web").image("nginx:1").hardened()
    .security_context(read_only_root_filesystem=True)
    .resources(cpu_limit="1", memory_limit="1Gi"))
""",
            [],
            id="nothing is wrong",
        ),
    ],
)
def test_the_security_validator(tmp_path, blocks, app, said):
    found = run(tmp_path, blocks["validators/security_validator.py"], app, "security_validator")

    assert marks_for(app, found) == marks_of(app)
    assert sorted(each.message for each in found) == said


POLICY_APP = """\
from k8s_gen import App
app = (App("web").image("nginx:1").labels(team="a", version="1")
#                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ failed-validation
    .resources(cpu_limit="500m", memory_limit="16Gi"))
#                                             ^^^^^^ failed-validation
"""


def test_the_policy_validator_lacks_an_import(tmp_path, blocks):
    found = run(tmp_path, blocks["validators/policy_validator.py"], POLICY_APP, "policy_validator")

    [broken] = [each for each in found if each.rule == "validator-failed"]
    others = [each for each in found if each is not broken]
    assert Path(broken.place.path) == tmp_path / "validators/policy_validator.py"
    assert list(messages([broken])) == [
        "error: PolicyValidator.validate_naming_convention failed: "
        "NameError: name 're' is not defined (add: import re)"
    ]
    assert marks_for(POLICY_APP, others) == marks_of(POLICY_APP)
    assert sorted(each.message for each in others) == [
        "Memory limit exceeds maximum: 4Gi",
        "Missing required labels: environment",
    ]


def test_the_policy_validator_with_its_import(tmp_path, blocks):
    block = blocks["validators/policy_validator.py"]

    found = run(tmp_path, f"import re\n{block}", POLICY_APP, "policy_validator")

    assert marks_for(POLICY_APP, found) == marks_of(POLICY_APP)

"""
The law of provenance, over generated programs that reach every line of the lowering.

``K8SGEN_LAW_SEEDS=500`` judges that many further programs, from a seed that no other run uses.
"""

import os
from pathlib import Path

import pytest

import k8sgen_core.kubernetes
from tests.core.law.conftest import FIGURE
from tests.core.law.coverage import Reached
from tests.core.law.judge import Trial, Verdict
from tests.core.law.programs import FILES, ROUND, program
from tests.core.law.running import run

SOME = range(0, ROUND, 4)
FURTHER = int(os.environ.get("K8SGEN_LAW_SEEDS", str(ROUND)))
FIRST_FURTHER = 5000 * ROUND
ENOUGH = 99.9
MODULES = (
    *("containers", "holding", "lowering", "metadata", "networking", "objects", "pods", "policies"),
    *("routing", "volumes", "workloads"),
)
NEED_NOT_RUN = {
    # Only where a call was refused: such programs are not judged, for they generate nothing.
    "lowering.py _lowered: lowering.problems[told:] = "
    "[p for p in lowering.problems[told:] if not p.is_missing]",
    # Only where an override is refused, which generates nothing either.
    "lowering.py _patched: message = "
    '"".join(("the override leaves ", plain(target["kind"]), " without ", lost))',
    'lowering.py _patched: lowering.problem("invalid-override", message, override.origin, '
    '"leave it out, or give text")',
    "lowering.py _patched: return target",
    # Plugins, which programs here do not have, are judged by leaving their calls out.
    "lowering.py _lowered: return _bundled(lowering, resource, use)",
    'holding.py _in_group: changes["validators"] = (*group.validators, *member.validators)',
}
OF_PLUGINS = ("_bundled", "_of_plugin", "in_bundle")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    return root


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SOME, id="some"),
        pytest.param(
            range(FIRST_FURTHER, FIRST_FURTHER + FURTHER), id="further", marks=pytest.mark.slow
        ),
    ],
)
def verdict(request, workspace) -> Verdict:
    found = Verdict()
    found.is_further = request.param is not SOME
    for seed in request.param:
        Trial(program(seed), workspace, found).hold()
    return found


@pytest.mark.parametrize("name", ["recall", "presence", "precision"])
def test_the_law_holds(verdict, name, record_property):
    figure = getattr(verdict, name)

    record_property(
        FIGURE,
        f"{name:10} {figure.percent:7.2f} % of {figure.judged:6} lines,"
        f" {sum(figure.excepted.values()):4} excepted, {verdict.variants['judged']:6} variants",
    )
    if verdict.is_further:
        # Programs that nobody has seen may show a combination that is not attributed yet.
        assert figure.percent >= ENOUGH, figure.missed
    else:
        assert figure.missed == []


def test_programs_reach_every_line_of_the_lowering(workspace):
    folder = Path(k8sgen_core.kubernetes.__file__).parent
    reached = Reached([folder / f"{name}.py" for name in MODULES])

    with reached:
        for seed in range(6 * ROUND):
            each = program(seed)
            run(each.texts(), workspace, each.environment)

    missing = [line for line in reached.missing() if line not in NEED_NOT_RUN]
    unreached = [line for line in missing if not line.split(" ")[1].startswith(OF_PLUGINS)]
    assert not unreached, "\n".join(unreached)

"""A process that is warm has loaded what a file needs, before there is one."""

import subprocess
import sys
from pathlib import Path

import pytest

from k8sgen_core.evaluation import rehearsal
from k8sgen_core.session import Collecting, Session, activate

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*/app.py"))
MODULES = """
import os, sys
from pathlib import Path
from k8sgen_core.evaluation.outcome import Ran, describe
from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.warming import warm, warm_more
from k8sgen_core.judging.request import Judging
from k8sgen_core.locating import Locator
from k8sgen_core.session import Collecting, activate

path = Path(sys.argv[1])
os.chdir(path.parent)
sys.path.insert(0, str(path.parent))
warm()
warm_more()
before = {*sys.modules}
session = Collecting(path.parent)
activate(session)
exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})
found = describe(Ran(session, Request(path, path.parent, judging=Judging()), Locator(path.parent)))
assert found["preview"]["files"], found["findings"]
new = {*sys.modules} - before
print(*sorted(new - {name for name in new if str(path.parent) in sys.modules[name].__file__}))
"""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_loads_nothing_that_was_not_loaded(path):
    command = [sys.executable, "-c", MODULES, path]

    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert loaded.split() == []


def test_the_rehearsal_describes_all_that_it_says():
    session = Collecting(rehearsal.PATH.parent)
    activate(session)

    exec(compile(rehearsal.SAMPLE, str(rehearsal.PATH), "exec"), {"__name__": "__main__"})

    activate(Session())
    assert session.refusals == []
    assert {type(each).__name__ for each in session.builders.values()} >= {
        "App",
        "CronJob",
        "Secret",
    }

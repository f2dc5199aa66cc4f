"""What ``docs/ci.md`` promises: the action's own script, the hooks, and the options it names."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from k8sgen_core.reports import KINDS

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
MANUAL = (ROOT / "docs/ci.md").read_text("utf-8")
FILES = {
    "deploy/app.py": 'from k8s_gen import App\nApp("web").image("nginx")\n',
    "base dir/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
}


@pytest.fixture
def workspace(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="the steps of the action are bash")
def test_the_action_annotates_uploads_and_fails(workspace):
    [step] = [each for each in ACTION["runs"]["steps"] if each.get("id") == "validate"]
    output = workspace / "output"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(workspace),
        "GITHUB_OUTPUT": str(output),
        "PATHS": "deploy $(touch${IFS}pwned)\n",
        "FAIL_ON": "error",
        "ARGS": "--select latest-tag",
    }

    def run(**changed):
        return subprocess.run(
            [shutil.which("bash"), "-eo", "pipefail", "-c", step["run"]],
            cwd=workspace,
            env=environment | changed,
            capture_output=True,
            encoding="utf-8",
        )

    good = run(PATHS="deploy")
    sarif = Path(output.read_text("utf-8").splitlines()[0].partition("=")[2])
    results = json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]
    hostile = run()

    assert good.returncode == 1, good.stderr
    assert good.stdout.startswith("::error file=deploy/app.py,line=2,")
    assert [each["ruleId"] for each in results] == ["latest-tag"]
    assert hostile.returncode == 2
    assert not (workspace / "pwned").exists()


def test_actions_are_pinned_by_hash():
    used = [each["uses"] for each in ACTION["runs"]["steps"] if "uses" in each]

    assert used
    assert all(re.search(r"@[0-9a-f]{40}$", each) for each in used)
    scripts = [each["run"] for each in ACTION["runs"]["steps"] if "run" in each]
    assert not any("${{" in each for each in scripts), "inputs come in by the environment"


def test_the_hooks_run(workspace):
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    files = {"python": "deploy/app.py", "yaml": "base dir/web.yaml"}

    codes = {}
    for hook in hooks:
        [file] = [files[kind] for kind in hook.get("types", hook.get("types_or")) if kind in files]
        program, *arguments = shlex.split(hook["entry"])
        command = [Path(sys.executable).with_name(program), *arguments, file]
        codes[hook["id"]] = subprocess.run(command, cwd=workspace, capture_output=True).returncode

    assert codes == {
        "k8sgen-validate": 1,
        "k8sgen-validate-manifests": 0,
        "k8sgen-generate-check": 1,
    }
    assert all(f"id: {hook['id']}" in MANUAL for hook in hooks)


def test_the_manual_names_every_report():
    assert set(re.findall(r"^\| `(\w+)` \|", MANUAL, re.MULTILINE)) >= {"text", "json", *KINDS}

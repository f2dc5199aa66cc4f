"""What the real command makes of an example."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py"))
# Every environment that an example has settings for, beside the one without a name.
ENVIRONMENTS = {"hello": ["prod"], "shop": ["prod"]}
CASES = [(name, env) for name in EXAMPLES for env in (None, *ENVIRONMENTS.get(name, []))]


def source_of(example: str) -> Path:
    return ROOT / "examples" / example / "app.py"


def generate(
    example: str,
    folder: Path,
    environment: str | None = None,
    seed: str = "random",
    cwd: Path = ROOT,
) -> dict[str, bytes]:
    """Run ``k8sgen generate`` and return the files of the folder, without our own record."""
    command = [sys.executable, "-m", "k8sgen_core", "generate", source_of(example), "-o", folder]
    if environment is not None:
        command += ["--env", environment]
    variables = {key: value for key, value in os.environ.items() if key != "CI"}
    variables |= {"K8SGEN_SECRETS": "placeholder", "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return files_of(folder)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }

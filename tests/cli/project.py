"""A project in a temporary folder, and the command line run in it as a user would."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
# Most projects here are about other things than good practice.
FEW_RULES = {"K8SGEN_SELECT": "latest-tag"}
HIDDEN = ("CI", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONPATH", "TERM")


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@dataclass
class Project:
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def environment(self, **variables: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in HIDDEN and not name.startswith("K8SGEN_")
        }
        home = {"K8SGEN_CONFIG_HOME": str(self.folder.parent / "home"), "PYTHONPATH": str(ROOT)}
        return {**kept, **home, **FEW_RULES, **self.variables, **variables}

    def run(self, *arguments: str, stdin: str = "", **variables: str) -> Ran:
        """Run ``k8sgen``; what it says is never a traceback."""
        ran = self.python("-m", "k8sgen_core", *arguments, stdin=stdin, **variables)
        assert "Traceback" not in ran.err
        return ran

    def python(self, *arguments: str, stdin: str = "", **variables: str) -> Ran:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def tree(self, name: str = ".") -> dict[str, str]:
        """Return every file below a folder, without what the run of Python leaves behind."""
        top = self.folder / name
        return {
            path.relative_to(top).as_posix(): path.read_bytes().decode()
            for path in sorted(top.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }

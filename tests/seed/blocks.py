"""The blocks of the document that the product was asked for, each in a project of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from k8sgen_core import evaluate

APP = """from k8s_gen import App
app = (
    App("web-shop")
    .image("docker.io/acme/web:1.4")
    .port(8080)
    .labels({"team": "shop", "environment": "prod", "version": "1.4"})
    .resources(cpu="500m", memory="512Mi", cpu_limit="1", memory_limit="1Gi")
    .security_context(run_as_non_root=True, read_only_root_filesystem=True)
)
"""
JOBS = """from k8s_gen import Job
migration_job = Job("migration").image("acme/migrate:1.0").command(["migrate", "up"])
processing_job = Job("processing").image("acme/process:1.0").command(["process"])
cleanup_job = Job("cleanup").image("acme/clean:1.0").command(["clean"]).resources(cpu="1")
"""
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block: the language of its fence, its text, and the file that it names."""

    language: str
    text: str
    path: str | None


def blocks(document: str) -> list[Block]:
    """Return the blocks of the document, in order."""
    return [_block(match[1], match[2]) for match in _FENCED.finditer(document)]


def _block(language: str, text: str) -> Block:
    named = re.match(r"# ([\w/]+\.[\w.]+)\n", text)
    return Block(language, text, named[1] if named else None)


class Ran(NamedTuple):
    """What a block came to."""

    evaluation: Any
    folder: Path

    @property
    def titles(self) -> list[str]:
        """The objects, as ``Kind/name``."""
        return [f"{each['kind']}/{each['name']}" for each in self.evaluation.preview["objects"]]

    @property
    def rules(self) -> list[str]:
        """The ids of the findings."""
        return [finding.rule for finding in self.evaluation.findings]

    def texts(self) -> dict[str, str]:
        """The files, by path."""
        return {file["path"]: file["text"] for file in self.evaluation.preview["files"]}


def run(block: Block, folder: Path, before: str = "", path: str = "app.py", **settings: Any) -> Ran:
    """Run a block as it is written, after what supplies the names that it leaves undefined."""
    (folder / "k8sgen.toml").write_text("", encoding="utf-8")
    file = folder / (block.path or path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before + block.text, encoding="utf-8")
    return Ran(evaluate(file, judging=None, **settings), folder)

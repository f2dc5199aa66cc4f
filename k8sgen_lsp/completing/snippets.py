"""Whole descriptions to fill in; what they name is imported with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from k8sgen_lsp.completing.imports import PUBLIC, edit, known_in
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.static.layout import Layout


class Snippet(NamedTuple):
    """A description, by the word that one types for it."""

    word: str
    needs: str
    summary: str
    text: str


SNIPPETS = (
    Snippet(
        "app", "App", "an application with a port, resources and health checks",
        'App("${1:web}")\n    .image("${2:ghcr.io/acme/web:1.0}")\n    .port(${3:8080})\n'
        '    .resources(cpu="${4:250m}", memory="${5:256Mi}")\n'
        '    .health_checks(readiness_probe="${6:/ready}", liveness_probe="${7:/health}")\n',
    ),
    Snippet(
        "statefulapp", "StatefulApp", "an application that keeps data",
        'StatefulApp("${1:db}")\n    .image("${2:postgres:17}")\n    .port(${3:5432})\n'
        '    .storage("${4:10Gi}")\n    .resources(cpu="${5:500m}", memory="${6:1Gi}")\n',
    ),
    Snippet(
        "cronjob", "CronJob", "a job on a schedule",
        'CronJob("${1:nightly}")\n    .schedule("${2:0 2 * * *}")\n'
        '    .image("${3:ghcr.io/acme/job:1.0}")\n    .command("${4:python}", "${5:job.py}")\n',
    ),
    Snippet(
        "job", "Job", "a job that runs once",
        'Job("${1:migrate}")\n    .image("${2:ghcr.io/acme/job:1.0}")\n'
        '    .command("${3:python}", "${4:migrate.py}")\n',
    ),
    Snippet(
        "configmap", "ConfigMap", "settings",
        'ConfigMap("${1:settings}")\n    .add("${2:LOG_LEVEL}", "${3:info}")\n',
    ),
    Snippet(
        "secret", "Secret", "a secret with a generated password",
        'Secret("${1:credentials}")\n    .generate_password("${2:password}")\n',
    ),
)  # fmt: skip
_PLUGIN = '''class ${1:Database}(Plugin):
    """${2:What it is.}"""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.${3:size} = ${4:1}

    def ${3:size}(self, ${3:size}: int) -> "${1:Database}":
        """${5:What it sets.}"""
        self.${3:size} = ${3:size}
        return self

    def generate_resources(self):
        return ${0:App(self.name).image("postgres:17").replicas(self.size)}
'''
_VALIDATOR = '''class ${1:Policy}(Validator):
    """${2:What it wants.}"""

    def validate_${3:image}(self, app) -> None:
        if ${4:app.image is None}:
            raise ValidationError("${5:message}", field="${3:image}")
'''
DEFINITIONS = (
    Snippet("plugin", "Plugin", "a plugin", _PLUGIN),
    Snippet("validator", "ValidationError Validator", "a validator", _VALIDATOR),
)


def snippets(layout: Layout, offset: int) -> Iterator[Offer]:
    """Yield the descriptions; those of classes only where a line begins."""
    # The editor indents the lines that follow as the one that the cursor is in.
    for each in SNIPPETS:
        body = each.text.rstrip("\n")
        yield _offer(layout, each, f"(\n    {body}\n)")
    if not layout.code[layout.line_start(offset) : offset].startswith((" ", "\t")):
        for each in DEFINITIONS:
            yield _offer(layout, each, each.text)


def _offer(layout: Layout, snippet: Snippet, text: str) -> Offer:
    known = known_in(layout)
    missing = [name for name in snippet.needs.split() if not known(name, PUBLIC)]
    return Offer(
        snippet.word, Sort.SNIPPET, snippet.summary, f"9{snippet.word}",
        inserted=text, is_snippet=True,
        edits=(edit(layout, ", ".join(missing), PUBLIC),) if missing else (),
    )  # fmt: skip

"""``k8sgen.validateWorkspace``: what is wrong with every DSL file of the workspace."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from k8sgen_core.config import ConfigurationError, load, project_root
from k8sgen_core.findings import SEVERITIES
from k8sgen_lsp.features.diagnostics import evaluated, judged_together
from k8sgen_lsp.outcomes import Json
from k8sgen_lsp.progress import progress
from k8sgen_lsp.refusing import not_trusted
from k8sgen_lsp.reporting import found_in
from k8sgen_lsp.server import K8sGenServer

COMMAND = "k8sgen.validateWorkspace"


def register(server: K8sGenServer) -> None:
    """Validate on command; from then on these files are followed though they are not open."""

    @server.command(COMMAND)
    async def validated(ls: K8sGenServer) -> Json:
        folders = ls.folders()
        trusted = [folder for folder in folders if ls.may_run(folder / "app.py")]
        if folders and not trusted:
            raise not_trusted(folders[0])
        ls.evaluations.look_again()
        async with progress(ls, "Validate the workspace") as tell:
            lists = [await asyncio.to_thread(dsl_files, folder) for folder in trusted]
            files = list(dict.fromkeys(path for each in lists for path in each))
            ls.validated |= {*files}
            for number, path in enumerate(files):
                tell(path.name, number / len(files))
                ls.reporter.report(map(ls.uri_of, await evaluated(ls, path)))
            ls.reporter.report(map(ls.uri_of, judged_together(ls)))
        return report(ls, files)


def dsl_files(folder: Path) -> list[Path]:
    """Return the DSL files in a folder of the workspace, which may be a part of a project."""
    try:
        return load(project_root(folder / "app.py")).dsl_files(folder)
    except ConfigurationError:
        # What is wrong with it shows with any of its files that is open.
        return []


def report(ls: K8sGenServer, files: list[Path]) -> Json:
    """Return what was found, as ``k8sgen validate --output json`` prints it."""
    concerned = sorted({*files} | {path for path in ls.findings.files() if path not in files})
    findings = [each for path in concerned for each in found_in(ls, ls.uri_of(path))]
    counts = Counter(each["severity"] for each in findings)
    # A DSL file is read as a whole, and no object of its own is without a schema.
    summary: Json = {**{each: counts[each] for each in SEVERITIES}, "skipped": [], "unchecked": []}
    return {"version": 1, "files": len(files), "findings": findings, "summary": summary}

"""Generate the manifests of apps.py, and print what each phase cost."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from time import process_time

PROGRAM = Path(__file__).with_name("apps.py")


def main(wanted: str) -> None:
    """Run the program as the tool does, up to the text of every file and the note of every line."""
    marks = [("start", process_time())]
    from k8sgen_core.pipeline import build
    from k8sgen_core.session import Collecting, activate

    marks.append(("import", process_time()))
    session = Collecting(PROGRAM.parent)
    activate(session)
    runpy.run_path(str(PROGRAM), run_name="__main__")
    marks.append(("build", process_time()))
    built = build(session.roots())
    marks.append(("lower", process_time()))
    files = built.files()
    marks.append(("emit", process_time()))
    if wanted == "validated":
        assert not built.all_problems
    elif wanted == "previewed":
        _contract(files[0].notes)
    marks.append((wanted, process_time()))
    phases = {name: at - before for (_, before), (name, at) in zip(marks, marks[1:], strict=False)}
    lines = sum(len(each.notes) for each in files)
    print(json.dumps({"phases": {"start": marks[0][1], **phases}, "lines": lines}))
    if wanted == "shown":
        for each in files[:6]:
            print("---", each.text, sep="\n")


def _contract(notes: list) -> list[list[int]]:
    """Return the pairs of line and origin that a preview of one file has."""
    from k8sgen_core.yaml.emitter import line_origins

    origins: dict = {}
    return [
        [line, origins.setdefault(origin, len(origins))]
        for line, made in enumerate(line_origins(notes))
        for origin in made
    ]


if __name__ == "__main__":
    main(sys.argv[1])

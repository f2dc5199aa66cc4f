"""Generate the manifests of apps.py, and print what each phase cost."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8sgen_core.formats import OutputFile

PROGRAM = Path(__file__).with_name("apps.py")
STOCK, VALIDATE, NOTES, PREVIEW, SHOW = "stock", "validate", "notes", "preview", "show"


def main(wanted: str) -> None:
    """Run the program as the tool does, up to the text of every file."""
    marks = {"start": process_time()}
    from k8sgen_core.garbage import collect_rarely

    if wanted != STOCK:
        collect_rarely()
    from k8sgen_core.pipeline import build
    from k8sgen_core.session import Collecting, activate

    marks["import"] = process_time()
    session = Collecting(PROGRAM.parent)
    activate(session)
    code = compile(PROGRAM.read_text(encoding="utf-8"), str(PROGRAM), "exec")
    exec(code, {"__name__": "__main__"})  # noqa: S102  # It is the program beside this file.
    marks["build"] = process_time()
    built = build(session.roots())
    marks["lower"] = process_time()
    files = built.files()
    marks["emit"] = process_time()
    if wanted == VALIDATE and built.all_problems:
        sys.exit(f"not valid: {built.all_problems[0]}")
    look(files, wanted)
    if wanted == SHOW:
        print(*(each.text for each in files), sep="---\n", end="")
    else:
        print(json.dumps({"marks": marks, "lines": lines_of(files)}))
    sys.stdout.flush()
    if wanted != STOCK:
        # As the tool's own process does: the system takes the memory back at once.
        os._exit(0)


def look(files: list[OutputFile], wanted: str) -> None:
    """Work out what those who look are shown: a preview of one file, or all notes at once."""
    if wanted == PREVIEW:
        from k8sgen_core.locating import Locator
        from k8sgen_core.shown import Shown

        Shown(Locator(PROGRAM.parent)).file(files[0])
    if wanted == NOTES:
        kept = [each.notes for each in files]
        if sum(map(len, kept)) != lines_of(files):
            sys.exit("not every line has a note")


def lines_of(files: list[OutputFile]) -> int:
    """Return how many lines there are."""
    return sum(each.text.count("\n") for each in files)


if __name__ == "__main__":
    main(sys.argv[1])

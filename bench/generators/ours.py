"""Generate the manifests of apps.py, and print what each phase cost."""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path
from time import process_time

PROGRAM = Path(__file__).with_name("apps.py")


def main(wanted: str) -> None:
    """Run the program as the tool does, up to the text of every file and a note for every line."""
    marks = {"start": process_time()}
    from k8sgen_core.garbage import collect_rarely
    from k8sgen_core.pipeline import build
    from k8sgen_core.session import Collecting, activate

    if wanted != "stock":
        collect_rarely()
    marks["import"] = process_time()
    session = Collecting(PROGRAM.parent)
    activate(session)
    runpy.run_path(str(PROGRAM), run_name="__main__")
    marks["build"] = process_time()
    built = build(session.roots())
    marks["lower"] = process_time()
    files = built.files()
    marks["emit"] = process_time()
    if wanted == "validate":
        assert not built.all_problems
    elif wanted == "preview":
        from k8sgen_core.locating import Locator
        from k8sgen_core.preview import Shown

        Shown(Locator(PROGRAM.parent)).file(files[0])
    marks["more"] = process_time()
    if wanted == "show":
        print(*(each.text for each in files), sep="---\n", end="")
    else:
        print(json.dumps({"marks": marks, "lines": sum(len(each.notes) for each in files)}))
    sys.stdout.flush()
    if wanted != "stock":
        # As the tool's own process does: the system takes the memory back at once.
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])

"""Evaluate app.py in a warm worker, as often as the first argument says; how, the second."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter

from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.worker import Worker
from k8sgen_core.judging.request import Judging

PROGRAM = Path(__file__).with_name("app.py")
PREVIEW = "preview"
# Seconds between two saves, far less than an editor's user takes.
BETWEEN = 0.2


async def main(times: int, how: str) -> None:
    """Ask as an editor does at each save, and print the wall time of each answer."""
    worker = Worker()
    await worker.start()
    shown = how == PREVIEW
    request = Request(PROGRAM, PROGRAM.parent, uris=True, preview=shown, judging=Judging())
    for _ in range(times):
        await asyncio.sleep(BETWEEN)
        began = perf_counter()
        result = await worker.evaluate(request)
        print(perf_counter() - began)
        if result is None or not result["complete"] or not result["findings"]:
            sys.exit(f"not what the file describes: {result}")
        if request.preview and not result["preview"]["files"]:
            sys.exit("the preview has no files")
    await worker.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))

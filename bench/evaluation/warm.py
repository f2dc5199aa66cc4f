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
REFUSED, PREVIEW = "refused", "preview"
# A port that there is not, which only running the file tells.
WRONG = '\nApp("wrong").image("wrong:1").port(70_000)\n'
# Seconds between two saves, far less than an editor's user takes.
BETWEEN = 0.2


async def main(times: int, how: str) -> None:
    """Ask as an editor does at each save, and print the wall time of each answer."""
    worker = Worker()
    await worker.start()
    text = PROGRAM.read_text("utf-8") + (WRONG if how == REFUSED else "")
    request = Request(
        *(PROGRAM, PROGRAM.parent, text),
        uris=True,
        preview=how == PREVIEW,
        early=how == REFUSED,
        judging=Judging(),
    )
    for _ in range(times):
        await asyncio.sleep(BETWEEN)
        told = asyncio.get_running_loop().create_future()
        began = perf_counter()
        evaluation = asyncio.create_task(worker.evaluate(request, told.set_result))
        if request.early:
            await told
        else:
            await evaluation
        print(perf_counter() - began)
        result = await evaluation
        if result is None or not result["complete"] or not result["findings"]:
            sys.exit(f"not what the file describes: {result}")
        if request.preview and not result["preview"]["files"]:
            sys.exit("the preview has no files")
    await worker.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))

"""Evaluate app.py in a warm worker, as often as the argument says."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter

from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.worker import Worker

PROGRAM = Path(__file__).with_name("app.py")


async def main(times: int) -> None:
    """Ask as an editor does at each save, and print the wall time of each answer."""
    worker = Worker()
    await worker.start()
    for _ in range(times):
        began = perf_counter()
        result = await worker.evaluate(Request(PROGRAM, PROGRAM.parent, uris=True))
        print(perf_counter() - began)
        if result is None or result["findings"] or not result["preview"]["files"]:
            sys.exit(f"not what the file describes: {result}")
    await worker.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

"""What the operating system is told to enforce on one run."""

from __future__ import annotations

import math
import os
import sys

from k8sgen_core.evaluation.request import Request

# How much longer than its time limit a run may take to say where it was.
GRACE = 0.5
LARGEST_FILE = 256 << 20
# What is left for reporting once the memory of a run is used up.
RESERVE = 128 << 20
MORE_PROCESSES = 256
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0

if sys.platform != "win32":
    import resource

    def impose(request: Request) -> None:
        """Limit this process for good; what the system does not offer is left out."""
        seconds = math.ceil(2 * (request.limits.timeout + GRACE)) + 1
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_CPU, seconds)
        _limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
        used = address_space()
        if used is not None:
            _limit(resource.RLIMIT_AS, used + request.limits.memory, RESERVE)
        if "process" in request.allow and used is not None:
            _limit(resource.RLIMIT_NPROC, _processes_of_user() + MORE_PROCESSES)

    def _limit(kind: int, value: int, reserve: int = 0) -> None:
        _, hard = resource.getrlimit(kind)
        ceiling = value + reserve
        if hard != resource.RLIM_INFINITY:
            ceiling = min(ceiling, hard)
        resource.setrlimit(kind, (min(value, ceiling), ceiling))

    def release_reserve() -> None:
        """Make room for the report of a run that has used up its memory."""
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))

else:

    def impose(request: Request) -> None:
        """Leave all but the time to others: Windows has no limits a process can set itself."""

    def release_reserve() -> None:
        """Leave the memory as it is."""


def address_space() -> int | None:
    """Return the address space this process uses, ``None`` where the system does not say."""
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None
    try:
        pages = os.read(file, 64).split()[0]
    finally:
        os.close(file)
    return int(pages) * _PAGE


def _processes_of_user() -> int:
    own = os.getuid()
    found = 0
    with os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                try:
                    found += entry.stat().st_uid == own and len(os.listdir(f"{entry.path}/task"))
                except OSError:
                    continue
    return found

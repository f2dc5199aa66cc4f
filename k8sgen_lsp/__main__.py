"""Start the server on stdin and stdout."""

from __future__ import annotations

import gc
import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from k8sgen_core.garbage import no_collection

# What asyncio can do with TLS, and hashlib with OpenSSL, takes 4 MB and a hundredth of a second.
# The server speaks on pipes, and Python has digests of its own.
UNUSED = ("ssl", "_ssl", "_hashlib")


def main() -> NoReturn:
    """Load the server, and serve one session."""
    # Nearly all that loading makes is kept: to look for garbage in it takes a tenth of the time.
    with no_collection(), without(UNUSED):
        import lsprotocol.types  # noqa: F401

        # But attrs makes each class of the protocol twice, and the first ones are 4 MB.
        gc.collect()
        from k8sgen_lsp.starting import run

    # The source of what attrs has generated, which only a debugger shows, takes more than 1 MB.
    linecache.clearcache()
    # And whoever looks later, while somebody types, need not look at it again.
    gc.freeze()
    run()


@contextmanager
def without(modules: tuple[str, ...]) -> Iterator[None]:
    """Let what is imported do without these modules, as it does where they are not built."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


if __name__ == "__main__":
    main()

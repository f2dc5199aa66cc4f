"""Start the server on stdin and stdout."""

from __future__ import annotations

import gc
from typing import NoReturn

from k8sgen_core.garbage import no_collection


def main() -> NoReturn:
    """Load the server, and serve one session."""
    # All that loading makes is kept: to look for garbage in it takes a tenth of the time.
    with no_collection():
        from k8sgen_lsp.starting import run

    # And whoever looks later, while somebody types, need not look at it again.
    gc.freeze()
    run()


if __name__ == "__main__":
    main()

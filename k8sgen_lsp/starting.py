"""The server on stdin and stdout, from its first message to its last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from typing import BinaryIO, NoReturn

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from k8sgen_core.evaluation.pipes import widen
from k8sgen_lsp.features import FEATURES
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.serving import serve


def run() -> NoReturn:
    """Serve one session, and exit with 1 if the client was gone without ending it."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(is_unexpected)
    server = created()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        asyncio.run(serve(server.protocol, sys.stdin.buffer, _protocol_stream()))
    sys.exit(not server.was_shut_down)


def is_unexpected(record: logging.LogRecord) -> bool:
    """Keep out of the log the tracebacks of refusals, which the client is told and shows."""
    error = record.exc_info[1] if record.exc_info else None
    expected = (types.LSPErrorCodes.RequestFailed, types.ErrorCodes.InvalidParams)
    return not (isinstance(error, JsonRpcException) and error.code in expected)


def created() -> K8sGenServer:
    """Return a server with every feature."""
    from k8sgen_core import __version__

    server = K8sGenServer(__version__)
    for feature in FEATURES:
        feature.register(server)
    return server


def _protocol_stream() -> BinaryIO:
    """Return standard output for the protocol alone: whatever else prints goes to the log."""
    protocol = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    widen(protocol.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return protocol

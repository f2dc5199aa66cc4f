"""Progress that the client shows of a command, and lets its user cancel."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeAlias

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from k8sgen_lsp.protocol import TOKEN

if TYPE_CHECKING:
    from k8sgen_lsp.server import K8sGenServer

# Says what is being done, and what part of all is done already, from 0 to 1.
Tell: TypeAlias = Callable[[str, float], None]
# How long, in seconds, a client may take to prepare for showing progress.
PATIENCE = 2.0


@contextlib.asynccontextmanager
async def progress(ls: K8sGenServer, title: str) -> AsyncIterator[Tell]:
    """Show the progress of what is done inside; it is cancelled if the user wishes so."""
    token = TOKEN.get()
    if token is None:
        token = await _new_token(ls)
    if token is None:
        yield lambda message, part: None
        return
    shown = ls.work_done_progress
    shown.begin(token, types.WorkDoneProgressBegin(title, cancellable=True, percentage=0))
    task = asyncio.current_task()
    shown.tokens[token].add_done_callback(
        lambda wish: task.cancel() if wish.cancelled() and task else None
    )
    try:
        yield lambda message, part: shown.report(
            token,
            types.WorkDoneProgressReport(message=message, percentage=int(100 * part)),
        )
    finally:
        del shown.tokens[token]
        shown.end(token, types.WorkDoneProgressEnd())


async def _new_token(ls: K8sGenServer) -> types.ProgressToken | None:
    """Have the client prepare; ``None`` if it shows no progress."""
    window = ls.client_capabilities.window
    if window is None or not window.work_done_progress:
        return None
    token = str(uuid.uuid4())
    params = types.WorkDoneProgressCreateParams(token)
    answer = ls.protocol.send_request(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)
    try:
        await asyncio.wait_for(asyncio.wrap_future(answer), PATIENCE)
    except (TimeoutError, JsonRpcException):
        return None
    return token

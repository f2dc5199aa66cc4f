"""What the server answers, whatever it is sent: each request once, and an error in its place."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    default_converter,
    lsp_method,
)

from k8sgen_lsp.documents import Documents
from k8sgen_lsp.messages import Id, Json, Refusal

log = logging.getLogger(__name__)

# The token under which the client shows the progress of the command that is executed.
TOKEN: ContextVar[types.ProgressToken | None] = ContextVar("token", default=None)


class Protocol(LanguageServerProtocol):
    """Takes messages that were read, in the order of the session's life."""

    _is_ending = False

    def keep_documents(self, folders: Sequence[types.WorkspaceFolder]) -> None:
        """Keep documents whose lines end where the protocol says."""
        encoding = self.workspace.position_encoding
        kind = types.TextDocumentSyncKind.Incremental
        self._workspace = Documents(self.workspace.root_uri, kind, folders, encoding)

    def refuse(self, refusal: Refusal) -> None:
        """Answer what is no message."""
        log.warning("refused: %s", refusal.reason)
        error = {"code": refusal.code, "message": refusal.reason}
        # Their own type would leave out an id that is null, which an answer must have.
        self._send_data({"jsonrpc": self.VERSION, "id": refusal.id, "error": error})

    def receive(self, message: Json) -> None:
        """Handle a message of a valid shape, whose content may be invalid."""
        method, number = message.get("method"), message.get("id")
        if method is None:
            self._respond(message)
            return
        refusal = self._out_of_order(method, number)
        if refusal is not None:
            if number is not None:
                self.refuse(refusal)
            return
        try:
            structured = self._structured(message)
        except ValueError as error:
            log.warning("%s: %s", method, error)
            if number is not None:
                self.refuse(Refusal(number, types.ErrorCodes.InvalidParams, str(error)))
            return
        self._is_ending = method == types.SHUTDOWN
        self.handle_message(structured)

    def _out_of_order(self, method: str, number: Id | None) -> Refusal | None:
        if self._is_ending:
            reason = "the server was shut down"
            return Refusal(number, types.ErrorCodes.InvalidRequest, reason)
        if method == types.INITIALIZE and self._workspace is not None:
            reason = "the session was initialized already"
            return Refusal(number, types.ErrorCodes.InvalidRequest, reason)
        if method != types.INITIALIZE and self._workspace is None:
            reason = "initialize comes first"
            return Refusal(number, types.ErrorCodes.ServerNotInitialized, reason)
        return None

    def _structured(self, message: Json) -> Any:
        """
        Return the message as its type.

        Raises:
            ValueError: if its parameters do not have the types of the protocol.
        """
        general = JsonRPCRequestMessage if "id" in message else JsonRPCNotification
        kind = self.get_message_type(message["method"]) or general
        if kind is general:
            # Our own methods take an object, which may be left out.
            message = {**message, "params": message.get("params") or {}}
            if not isinstance(message["params"], dict):
                raise ValueError(f"invalid parameters of {message['method']}: no object")
        return self._of_type(message, kind)

    def _of_type(self, message: Json, kind: Any) -> Any:
        try:
            return self._converter.structure(message, kind)
        except Exception as error:  # noqa: BLE001 - what a client sends can break any of it.
            reason = str(_innermost(error)) or type(error).__name__
            method = message.get("method", "the response")
            raise ValueError(f"invalid parameters of {method}: {reason}") from None

    def _send_response(
        self, msg_id: Id, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        """Send what is JSON already as it is: taking a large preview apart takes longer."""
        if error is None and type(result) is dict:
            self._result_types.pop(msg_id, None)
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "result": result})
        else:
            super()._send_response(msg_id, result, error)

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification; what is JSON already as it is."""
        if type(params) is dict:
            self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})
        else:
            super().notify(method, params)

    def _respond(self, message: Json) -> None:
        """Hand a response to whoever waits for it; it may be of any type."""
        number = message["id"]
        future = self._request_futures.get(number) if isinstance(number, int | str) else None
        if not isinstance(future, Future) or future.done():
            # Who asked was cancelled meanwhile, or nobody did.
            log.info("there is no request %r to respond to", number)
            return
        kind = types.ResponseErrorMessage if "error" in message else self._result_types[number]
        try:
            response = self._of_type(message, kind or JsonRPCResponseMessage)
        except ValueError as error:
            del self._request_futures[number]
            future.set_exception(JsonRpcInvalidParams(str(error)))
        else:
            self.handle_message(response)
        self._result_types.pop(number, None)

    def _execute_handler(self, msg_id: Id, *args: Any, **named: Any) -> None:
        super()._execute_handler(msg_id, *args, **named)
        future = self._request_futures.get(msg_id)
        if future is not None:
            # That of a notification, which nobody answers, would be kept for ever.
            future.add_done_callback(lambda done: self._forget(msg_id, done))

    def _forget(self, number: Id, done: Any) -> None:
        if self._request_futures.get(number) is done:
            del self._request_futures[number]

    def _handle_cancel_notification(self, msg_id: Id) -> None:
        future = self._request_futures.get(msg_id)
        if future is not None:
            future.cancel()

    @lsp_method(types.SHUTDOWN)
    async def lsp_shutdown(self, *args: Any) -> None:  # type: ignore[override]
        """End what is going on; each request that was is answered as cancelled."""
        # Cancelling one takes it out of the list, so the list is not the one to go through.
        for number, future in [*self._request_futures.items()]:
            if number != self.msg_id:
                future.cancel()
        handler = self.fm.features.get(types.SHUTDOWN)
        if handler is not None:
            await handler(*args)
        self._shutdown = True

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Execute a command in a task, so that cancelling the request ends what it does."""
        handler: Any = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"there is no command {params.command!r}")
        arguments = params.arguments or ()
        try:
            # What is registered passes the server on to the function, whose first argument it is.
            inspect.signature(handler.func).bind(self._server, *arguments)
        except TypeError as error:
            raise JsonRpcInvalidParams(f"{params.command}: {error}") from None
        if not all(isinstance(each, dict) for each in arguments):
            raise JsonRpcInvalidParams(f"{params.command} takes objects: {{uri: ...}}")
        TOKEN.set(params.work_done_token)
        result = handler(*arguments)
        return await result if inspect.isawaitable(result) else result


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def converter() -> Converter:
    """Return what reads messages: the parameters of our own methods stay what JSON has."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    for kind in (JsonRPCRequestMessage, JsonRPCNotification, JsonRPCResponseMessage):
        made.register_structure_hook(kind, _plain)
    return made


def _plain(message: Json, kind: Any) -> Any:
    names = (each.name for each in kind.__attrs_attrs__)
    return kind(**{name: message.get(name) for name in names})

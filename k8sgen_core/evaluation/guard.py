"""
Refuses what a description has no business doing, and says where it was tried.

A guard, not a sandbox: it sees what Python announces (audit events), so it stops the
honest mistake and the careless dependency. Code that sets out to get past it can, for
example through an extension module that makes system calls itself. What must not be run at
all is decided by trust, before a file gets here.
"""

from __future__ import annotations

# Loading it opens this very process as a library, which a file that does so is refused.
import ctypes  # noqa: F401
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from k8sgen_core.evaluation.report import Report

Act = tuple[str, str]

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DOES = {
    "process": "starts or signals a process",
    "network": "uses the network",
    "write": "changes files outside the temporary folder",
}
# Events whose first arguments are paths, with the position of the folder they may start at.
_CHANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.mkdir": ((0, 2),),
    "os.rmdir": ((0, 1),),
    "os.truncate": ((0, -1),),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, -1),),
    "os.removexattr": ((0, -1),),
    "os.chflags": ((0, -1),),
    "shutil.rmtree": ((0, 1),),
}
_PROCESS = (
    "subprocess.Popen os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty pty.spawn "
    "os.startfile os.startfile/2 os.kill os.killpg signal.pthread_kill _winapi.CreateProcess"
)
# What Python does not announce: functions, and what they do to their first argument.
_SILENT: tuple[tuple[Any, str, str], ...] = (
    (os, "mkfifo", "write"),
    (os, "mknod", "write"),
    (signal, "raise_signal", "process"),
)
_NETWORK = (
    "socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo "
    "socket.gethostbyname socket.gethostbyaddr socket.getnameinfo urllib.Request"
)


class SideEffectRefused(PermissionError):
    """A description tried to do something; it is reported even where this is caught."""


class Guard:
    """
    Judges the events of a run. Reading is free; the temporary folder is the run's own.

    ``folder`` is that temporary folder, by its real path.
    """

    def __init__(self, report: Report, folder: str) -> None:
        self._report = report
        self._allowed = report.request.allow
        self._folder = os.path.join(folder, "")
        self._checks: dict[str, Callable[[str, tuple[Any, ...]], Act | None]] = {
            "open": self._open,
            "sqlite3.connect": self._database,
            "ctypes.dlopen": _library,
            "ctypes.dlsym": _function,
            **dict.fromkeys(_PROCESS.split(), _process),
            **dict.fromkeys(_NETWORK.split(), _network),
            **dict.fromkeys(_CHANGES, self._change),
        }

    def install(self) -> None:
        """Watch this process from now on; a hook can never be taken out again."""
        for module, name, kind in _SILENT:
            if hasattr(module, name):
                setattr(module, name, self._judged(module, name, kind))
        sys.addaudithook(self._hook)

    def _judged(self, module: Any, name: str, kind: str) -> Callable[..., Any]:
        real = getattr(module, name)

        def judged(target: Any, *arguments: Any, **named: Any) -> Any:
            folder = named.get("dir_fd")
            is_own = kind == "write" and not self._is_outside(target, folder)
            if kind not in self._allowed and not is_own:
                self._refuse(kind, f"{module.__name__}.{name} of {_text(target)!r}")
            return real(target, *arguments, **named)

        return judged

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        check = self._checks.get(event)
        if check is None:
            return
        act = check(event, arguments)
        if act is not None and act[0] not in self._allowed:
            self._refuse(*act)

    def _refuse(self, kind: str, what: str) -> None:
        message = f"{what} is refused: a description that {_DOES[kind]} would do so on every save"
        hint = f'move it out of the file, or set evaluate.allow = ["{kind}"] in the configuration'
        self._report.note("side-effect", message, sys._getframe(2), hint)
        raise SideEffectRefused(message)

    def _open(self, event: str, arguments: tuple[Any, ...]) -> Act | None:
        path, _, flags = arguments
        if isinstance(path, int) or not (flags or 0) & _WRITES or not self._is_outside(path):
            return None
        return "write", f"writing {_text(path)!r}"

    def _database(self, event: str, arguments: tuple[Any, ...]) -> Act | None:
        path = _text(arguments[0])
        if path in {"", ":memory:"} or (path.startswith("file:") and "mode=ro" in path):
            return None
        if not self._is_outside(path.removeprefix("file:")):
            return None
        return "write", f"opening the database {path!r}"

    def _change(self, event: str, arguments: tuple[Any, ...]) -> Act | None:
        for position, base in _CHANGES[event]:
            folder = arguments[base] if 0 <= base < len(arguments) else -1
            if self._is_outside(arguments[position], folder):
                return "write", f"{event} of {_text(arguments[position])!r}"
        return None

    def _is_outside(self, path: Any, folder: Any = -1) -> bool:
        text = f"/proc/self/fd/{path}" if isinstance(path, int) else _text(path)
        if isinstance(folder, int) and folder >= 0:
            base = f"/proc/self/fd/{folder}"
            if not os.path.lexists(base):
                # Where an open folder cannot be named, whoever opened it has been judged.
                return False
            text = os.path.join(os.path.realpath(base), text)
        real = os.path.realpath(text)
        return real != os.devnull and not os.path.join(real, "").startswith(self._folder)


def _text(path: Any) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)


def _process(event: str, arguments: tuple[Any, ...]) -> Act:
    named = arguments[0] if arguments else None
    if isinstance(named, str | bytes | os.PathLike):
        return "process", f"{event} of {_text(named)!r}"
    return "process", event


def _network(event: str, arguments: tuple[Any, ...]) -> Act:
    address = arguments[0] if isinstance(arguments[0], str) else arguments[-1]
    return "network", f"{event} {address!r}"


def _library(event: str, arguments: tuple[Any, ...]) -> Act:
    """Judge loading a C library: what it does then announces no events."""
    named = "the C library" if arguments[0] is None else repr(_text(arguments[0]))
    return "process", f"loading {named}"


def _function(event: str, arguments: tuple[Any, ...]) -> Act | None:
    """Judge taking a function from a library that is loaded; those of Python itself are free."""
    name = _text(arguments[1])
    return None if name.startswith(("Py", "_Py")) else ("process", f"calling {name!r} of C")

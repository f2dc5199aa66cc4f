"""Files that are whole after a crash, and locks that end with the process that holds them."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import errno
    import msvcrt

    _OPEN_FLAGS = os.O_BINARY

    def _acquire(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            except OSError as error:
                # Windows gives up after ten seconds; the other process may need longer.
                if error.errno not in {errno.EACCES, errno.EDEADLOCK}:
                    raise
            else:
                return

else:
    import fcntl

    _OPEN_FLAGS = os.O_NOFOLLOW

    def _acquire(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def create(path: Path, content: bytes, mode: int) -> None:
    """Write a new file and wait for the device; ``mode`` holds from its first moment on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN_FLAGS, mode)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another: after a crash there is the old one or the new one."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        create(staged, content, 0o666)
        with contextlib.suppress(FileNotFoundError):
            staged.chmod(stat.S_IMODE(path.stat().st_mode))
        os.replace(staged, path)
    finally:
        staged.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in ``folder`` last; Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path, *, temporary: bool = False) -> Iterator[None]:
    """Hold the lock file ``path``, made with its folder; a ``temporary`` one goes in the end."""
    descriptor = _locked_descriptor(path)
    try:
        yield
    finally:
        # While it is still held: whoever waits for it then sees that it is gone, and starts anew.
        if temporary and sys.platform != "win32":
            path.unlink(missing_ok=True)
        os.close(descriptor)
        # Windows removes no open file, so this can only remove a lock that nobody wants.
        if temporary and sys.platform == "win32":
            with contextlib.suppress(OSError):
                path.unlink()


def _locked_descriptor(path: Path) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _OPEN_FLAGS, 0o600)
        except FileNotFoundError:
            # The previous holder has just removed the folder.
            continue
        _acquire(descriptor)
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False

"""
Where a value was written.

While a user's program runs, a call notes the code object and the instruction it came
from, and nothing else. Ranges are worked out when somebody asks: the instruction's
position locates the call in the syntax tree of the text that ran, and the tree gives
the exact range of the method name with its arguments, and of each argument.
"""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.carriers import Origin

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable
    from types import CodeType, FrameType

_INSTALLED = Path(__file__).resolve().parents[1]
_LIBRARIES = tuple(
    str(_INSTALLED / name) + ("\\" if sys.platform == "win32" else "/")
    for name in ("k8s_gen", "k8sgen_core", "k8sgen_lsp")
)
# What tells an object from all others that live, as id() does; but id() is an audit event,
# for which the guard of a run is called each time.
identity: Callable[[object], int] = object.__hash__
_TAKES_REST = 0x04
_COMPREHENSIONS = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"))


class Frame(NamedTuple):
    """A place that was being run: an instruction of a code object, and who called it."""

    code: CodeType
    at: int
    outer: Frame | None


class Span(NamedTuple):
    """A range of a file: lines from 1, columns in UTF-8 bytes from 0, as Python counts."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class _Libraries(dict[str, bool]):
    """Is a file the product's own? By name: the hash of a code object reads all its constants."""

    def __missing__(self, path: str) -> bool:
        known = self[path] = path.startswith(_LIBRARIES)
        return known


is_library = _Libraries()
# A frame keeps its code object, so that no other can have its identity.
_of_modules: dict[tuple[int, int], Frame] = {}


class Call:
    """One call that a user wrote."""

    __slots__ = ("frame", "function", "given", "kind")

    def __init__(
        self,
        kind: type,
        function: Callable[..., Any],
        frame: FrameType | None,
        given: int | None = None,
    ) -> None:
        self.kind = kind
        # How many positional arguments the method was given, if that was counted.
        self.given = given
        self.function = function
        known = frame and _of_modules.get((identity(frame.f_code), frame.f_lasti))
        self.frame = known or user_frame(frame)

    @property
    def place(self) -> tuple[int, int]:
        """Where in the text the call stands, which is the same each time that a loop makes it."""
        frame = self.frame
        return (identity(self), 0) if frame is None else (identity(frame.code), frame.at)

    @property
    def builder(self) -> str:
        """The name of the builder's class."""
        return self.kind.__name__

    @property
    def method(self) -> str:
        """The name of the method; ``__init__`` for the constructor."""
        return self.function.__name__

    def parameter(self, position: int) -> str | None:
        """Return the name of the parameter that a positional argument fills."""
        code = self.function.__code__
        if position + 1 < code.co_argcount:
            return code.co_varnames[position + 1]
        takes_rest = code.co_flags & _TAKES_REST
        return code.co_varnames[code.co_argcount + code.co_kwonlyargcount] if takes_rest else None

    @property
    def name(self) -> str:
        """How the call is shown: ``App.replicas``, or ``App`` for the constructor."""
        return self.builder if self.method == "__init__" else f"{self.builder}.{self.method}"

    def __repr__(self) -> str:
        return f"<{self.name}>"


def user_frame(frame: FrameType | None) -> Frame | None:
    """Return the frames outside the library, from the innermost to the module that ran."""
    while frame is not None and is_library[frame.f_code.co_filename]:
        frame = frame.f_back
    if frame is None:
        return None
    code = frame.f_code
    if _is_module(code):
        return _in_module(code, frame.f_lasti)
    stack = [frame]
    while not _is_module(code) and (frame := frame.f_back) is not None:
        code = frame.f_code
        if not is_library[code.co_filename]:
            stack.append(frame)
    found: Frame | None = None
    for each in reversed(stack):
        found = Frame(each.f_code, each.f_lasti, found)
    return found


def _is_module(code: CodeType) -> bool:
    """Is it a file's own code, and not a text that a file lets run?"""
    return code.co_name == "<module>" and not code.co_filename.startswith("<")


def _in_module(code: CodeType, at: int) -> Frame:
    """Return the one frame for an instruction that a loop may run thousands of times."""
    found = _of_modules.get((identity(code), at))
    if found is None:
        found = _of_modules[identity(code), at] = Frame(code, at, None)
    return found


def frames(frame: Frame | None) -> list[Frame]:
    """Return the frames from the innermost outwards; a comprehension counts as its function."""
    found = []
    while frame is not None:
        outer = frame.outer
        found.append(frame)
        while frame.code.co_name in _COMPREHENSIONS and outer is not None:
            frame, outer = outer, outer.outer
        frame = outer
    return found


class Sources:
    """The texts that ran, with what their syntax trees say of calls. One for each run."""

    def __init__(self, texts: dict[str, str] | None = None) -> None:
        self._texts = texts or {}
        self._calls: dict[str, dict[tuple[int, int], ast.Call]] = {}
        self._positions: dict[int, tuple[CodeType, list[Any]]] = {}

    def text(self, path: str) -> str | None:
        """Return the text of a file as it ran, ``None`` if it cannot be read."""
        if path not in self._texts:
            try:
                self._texts[path] = Path(path).read_text(encoding="utf-8")
            except (OSError, ValueError):
                return None
        return self._texts[path]

    def position(self, frame: Frame) -> Span:
        """Return what the instruction of this frame covers; without columns, its whole line."""
        known = self._positions.get(identity(frame.code))
        if known is None:
            # Reading one entry takes as long as reading all of them.
            known = self._positions[identity(frame.code)] = (
                frame.code,
                list(frame.code.co_positions()),
            )
        line, end_line, column, end_column = known[1][frame.at // 2]
        first = line or frame.code.co_firstlineno
        path = frame.code.co_filename
        if column is None or end_column is None:
            return self._line(path, first, end_line or first)
        return Span(path, first, column, end_line or first, end_column)

    def _line(self, path: str, line: int, end_line: int) -> Span:
        there = [node for node in self.calls(path).values() if node.lineno == line]
        if len(there) == 1:
            return _span(path, there[0])
        lines = (self.text(path) or "").splitlines()
        text = lines[line - 1] if line <= len(lines) else ""
        indent = len(text) - len(text.lstrip())
        return Span(path, line, indent, end_line, len(text.encode()))

    def calls(self, path: str) -> dict[tuple[int, int], ast.Call]:
        """Return the calls of a file by their ends; no two calls end at the same parenthesis."""
        if path not in self._calls:
            self._calls[path] = _calls_of(self.text(path))
        return self._calls[path]

    def call_range(self, frame: Frame) -> Span:
        """Return the range from the method's name to the closing parenthesis."""
        here = self.position(frame)
        node = self.calls(here.path).get((here.end_line, here.end_column))
        return here if node is None else _called(here.path, node)

    def argument_range(self, origin: Origin, frame: Frame) -> Span:
        """Return the range of the argument, or of the element in it that is written out."""
        here = self.position(frame)
        node = self.calls(here.path).get((here.end_line, here.end_column))
        if node is None:
            return here
        if origin.argument is None or not _is_call_of(node, origin.call):
            return _called(here.path, node)
        inner = argument_node(node, origin.argument)
        return _called(here.path, node) if inner is None else _span(here.path, inner)


def _calls_of(text: str | None) -> dict[tuple[int, int], ast.Call]:
    import ast

    if text is None:
        return {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[tuple[int, int], ast.Call] = {}
    left: list[Any] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, list):
            left += node
        elif isinstance(node, ast.Call):
            found[node.end_lineno or 0, node.end_col_offset or 0] = node
            left += (node.func, node.args, node.keywords)
        # Most nodes are words and values, which have no others in them.
        elif isinstance(node, ast.AST) and not isinstance(node, (ast.Name, ast.Constant)):
            left += vars(node).values()
    return found


def _is_call_of(node: ast.Call, call: Call) -> bool:
    """
    Does the call in the text give the method its arguments?

    Under another name it does if it gives as many: with a partial, or as what ``map``
    calls, they stand elsewhere.
    """
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    if name == (call.builder if call.method == "__init__" else call.method):
        return True
    return len(node.args) == call.given and (name is None or not hasattr(builtins, name))


def argument_node(node: ast.Call, argument: Any) -> ast.expr | None:
    """Return where an argument, or an element in it, is written out in a call."""
    import ast

    first, *path = argument if type(argument) is tuple else (argument,)
    found: ast.expr | None = None
    if isinstance(first, int):
        if not any(isinstance(given, ast.Starred) for given in node.args[: first + 1]):
            found = node.args[first] if first < len(node.args) else None
    else:
        found = next((word.value for word in node.keywords if word.arg == first), None)
    for key in path:
        inner = _element(found, key)
        if inner is None:
            break
        found = inner
    return found


def _element(node: ast.expr | None, key: Any) -> ast.expr | None:
    import ast

    if isinstance(node, ast.Dict):
        wanted, is_key = (key[1], True) if isinstance(key, tuple) else (key, False)
        for name, value in zip(node.keys, node.values, strict=True):
            if isinstance(name, ast.Constant) and name.value == wanted:
                return name if is_key else value
    elif isinstance(node, ast.List | ast.Tuple) and isinstance(key, int) and key < len(node.elts):
        return node.elts[key]
    return None


def _called(path: str, node: ast.Call) -> Span:
    import ast

    whole = _span(path, node)
    if not isinstance(node.func, ast.Attribute):
        return whole
    end = node.func.end_col_offset or 0
    start = end - len(node.func.attr.encode())
    return whole._replace(line=node.func.end_lineno or whole.line, column=start)


def _span(path: str, node: ast.expr) -> Span:
    return Span(
        path,
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
    )

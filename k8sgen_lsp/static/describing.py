"""From the statements of a module to what it offers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from k8sgen_lsp.static.altering import altered, binds_computed_names, is_altered, receiver_of
from k8sgen_lsp.static.checking import Checks, Examined, constants
from k8sgen_lsp.static.described import Class, Member, Module, Parameter, written
from k8sgen_lsp.static.returning import is_silent, remembered, returned
from k8sgen_lsp.static.walking import FunctionNode, forget, held

_PROPERTIES = ("property", "cached_property", "functools.cached_property", "abc.abstractproperty")
_ADDING = ("_append", "_merge", "append", "add", "extend", "update", "insert", "setdefault")
_ANSWERING = ("__getattr__", "__getattribute__")
_SECRET = re.compile(r"passw|secret|token|credential|api_?key", re.IGNORECASE)
# What a value begins with that is a literal, and so what it is.
_KINDS = {"'": "str", "[": "list", "{": "dict", "(": "tuple", **dict.fromkeys("-0123456789", "int")}
_TRUTHS = ("=True", "=False")


def described(name: str, body: Iterable[ast.stmt], package: str | None = None) -> Module:
    """Return what the statements of a module say; ``package`` is what holds it."""
    body = list(body)
    module = Module(name, documentation=_docstring(body))
    above = name.rpartition(".")[0] if package is None else package
    for node in _statements(body):
        _add(module, node, above)
    # Of a class that is derived from nothing nobody says what it lacks.
    derived = {each.name for each in module.classes.values() if each.bases}
    for each in altered(body, derived):
        module.classes[each].is_altered = True
    forget()
    return module


def _add(module: Module, node: ast.stmt, package: str) -> None:
    if isinstance(node, ast.ClassDef):
        module.classes[node.name] = _class(module, node)
    elif isinstance(node, FunctionNode):
        module.functions[node.name] = member(module.name, node, Checks(module, ()))
    elif isinstance(node, ast.ImportFrom):
        source = _source(package, node)
        for alias in node.names:
            module.imports[alias.asname or alias.name] = f"{source}.{alias.name}"
    elif isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            module.imports[alias.asname or top] = alias.name if alias.asname else top
    else:
        for name, value in _assigned(node):
            module.variables[name] = value
        _note_constant(module, node)


def _note_constant(module: Module, node: ast.stmt) -> None:
    """Remember a tuple of texts, which may be the values that a parameter can have."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        texts = constants(node.value)
        if texts:
            module.constants[node.targets[0].id] = texts


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, also those under a condition, as for type checkers."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _statements([*node.orelse, *node.body])
        elif isinstance(node, ast.Try):
            yield from _statements(node.body)
        else:
            yield node


def _assigned(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the names that a statement binds, each with what it says of the value."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, ast.unparse(node.annotation)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, value_of(node.value)


def value_of(node: ast.expr) -> str:
    """Return how an expression is remembered; what is too long for that says nothing."""
    return remembered(node)


def _class(module: Module, node: ast.ClassDef) -> Class:
    functions = [each for each in node.body if isinstance(each, FunctionNode)]
    checks = Checks(module, functions)
    made = Class(
        module=module.name,
        name=node.name,
        documentation=ast.get_docstring(node) or "",
        bases=tuple(ast.unparse(base) for base in node.bases),
        aliases=tuple(_aliases(node)),
        fields=dict(_fields(node, functions)),
        is_dynamic=any(each.name in _ANSWERING for each in functions),
        is_altered=is_altered(node),
        binds_computed=bool(node.bases) and binds_computed_names(functions),
        line=node.lineno,
    )
    for each in functions:
        if each.name == "__init__":
            made.constructor = parameters(each, checks)[1:]
        elif each.name in ("__enter__", "__aenter__"):
            made.entered = returned(each)
        elif not each.name.startswith("_") and not _is_setter(each):
            made.own[each.name] = member(made.qualified, each, checks)
    if made.constructor is None and any("dataclass" in each for each in _decorators(node)):
        made.constructor = tuple(_of_data_class(node))
    _add_fields(made, node, [each for each in functions if each.name == "__init__"])
    return made


def _add_fields(made: Class, node: ast.ClassDef, begun: list[FunctionNode]) -> None:
    """Add the attributes that an object has from its beginning, where no method is named so."""
    for name, value in _fields(node, begun):
        if not name.startswith("_") and name not in made.own and name != "aliases":
            made.own[name] = _field(made.qualified, name, value)


def _field(owner: str, name: str, value: str) -> Member:
    known = "bool" if value in _TRUTHS else _KINDS.get(value[1:2], "...")
    note = known if value.startswith("=") else value
    return Member(name, owner, f"{name}: {note}", "", value, is_property=True, is_field=True)


def _is_setter(node: FunctionNode) -> bool:
    return any(each.endswith((".setter", ".deleter")) for each in _decorators(node))


def _fields(node: ast.ClassDef, functions: Iterable[FunctionNode]) -> Iterator[tuple[str, str]]:
    """Yield the attributes: what methods bind ``self.x`` to, and what the class says itself."""
    for function in functions:
        receiver = receiver_of(function)
        for each in held(function):
            target = _target(each)
            if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
                continue
            if target.value.id == receiver:
                yield target.attr, _bound(each)
    for each in node.body:
        yield from _assigned(each)


def _target(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Assign):
        return node.targets[0]
    return node.target if isinstance(node, ast.AnnAssign) else None


def _bound(node: ast.AST) -> str:
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation)
    return value_of(node.value) if isinstance(node, ast.Assign) else "="


def _of_data_class(node: ast.ClassDef) -> Iterator[Parameter]:
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            note = ast.unparse(each.annotation)
            if not note.startswith(("ClassVar", "typing.ClassVar")):
                default = ast.unparse(each.value) if each.value else None
                yield Parameter(each.target.id, annotation=note, default=default)


def _aliases(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "aliases":
            texts = (inner for inner in ast.walk(each.value) if isinstance(inner, ast.Constant))
            yield from (text.value for text in texts if isinstance(text.value, str))


def member(owner: str, node: FunctionNode, checks: Checks) -> Member:
    """Return a function or method as the index keeps it."""
    decorators = _decorators(node)
    is_property = any(each in _PROPERTIES for each in decorators)
    taken = parameters(node, checks)
    is_bound = owner != checks.module.name and "staticmethod" not in decorators
    returns = returned(node)
    arrow = f" -> {_shown(node, returns)}" if node.returns or returns == "Self" else ""
    head = node.name + (
        f": {_shown(node, returns)}"
        if is_property
        else f"({written(taken[1:] if is_bound else taken)}){arrow}"
    )
    return Member(
        name=node.name,
        owner=owner,
        signature=head,
        documentation=ast.get_docstring(node) or "",
        returns=returns,
        is_property=is_property,
        is_silent=not node.returns and not is_property and is_silent(node),
        parameters=taken[1:] if is_bound else taken,
        deprecated=_deprecated(node),
        line=node.lineno,
        adds=any(map(_is_adding, held(node))),
    )


def _is_adding(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _ADDING
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)


def _shown(node: FunctionNode, returns: str) -> str:
    if node.returns:
        return ast.unparse(node.returns)
    return "" if returns.startswith("=") else returns


def _deprecated(node: FunctionNode) -> str:
    """Return why nobody should call it any more: what its decorator or docstring says."""
    for each in node.decorator_list:
        called = each.func if isinstance(each, ast.Call) else each
        if ast.unparse(called).rpartition(".")[2] == "deprecated":
            first = each.args[0] if isinstance(each, ast.Call) and each.args else None
            return str(first.value) if isinstance(first, ast.Constant) else "deprecated"
    for line in (ast.get_docstring(node) or "").splitlines():
        if line.strip().lower().startswith((".. deprecated", "deprecated")):
            return line.strip()
    return ""


def _decorators(node: FunctionNode | ast.ClassDef) -> list[str]:
    return [ast.unparse(each) for each in node.decorator_list]


def _source(package: str, node: ast.ImportFrom) -> str:
    """Return the module that names are imported from; dots at its start lead upwards."""
    above = package.rsplit(".", node.level - 1)[0] if node.level else ""
    return ".".join(filter(None, (above, node.module)))


def _docstring(body: list[ast.stmt]) -> str:
    first = body[0] if body else None
    value = first.value if isinstance(first, ast.Expr) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return text.strip() if isinstance(text, str) else ""


def parameters(node: FunctionNode, checks: Checks) -> tuple[Parameter, ...]:
    """Return what a function takes, its receiver included."""
    return tuple(
        _parameter(each, default, kind, only, checks.of(node, each))
        for each, default, kind, only in _given(node.args)
    )


def _given(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None, str, str]]:
    plain = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(plain) - len(given.defaults)), *given.defaults]
    for index, (each, default) in enumerate(zip(plain, defaults, strict=True)):
        yield each, default, "", "position" if index < len(given.posonlyargs) else ""
    if given.vararg:
        yield given.vararg, None, "*", ""
    for each, value in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield each, value, "", "name"
    if given.kwarg:
        yield given.kwarg, None, "**", ""


def _parameter(
    given: ast.arg, default: ast.expr | None, kind: str, only: str, examined: Examined
) -> Parameter:
    return Parameter(
        name=given.arg,
        kind=kind,
        only=only,
        annotation=ast.unparse(given.annotation) if given.annotation else "",
        default=_default(given.arg, default) if default else None,
        check=examined[0],
        choices=examined[1],
    )


def _default(name: str, value: ast.expr) -> str:
    """Return a default as it is written; what may be a secret is not shown."""
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value
    return "'***'" if is_text and _SECRET.search(name) else ast.unparse(value)

"""Rules of the code base that a linter cannot say. Each failure names the file and the reason."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8sgen_core.ids import SUBJECTS
from tests.judges.availability import absent

ROOT = Path(__file__).parents[1]
PACKAGES = ("k8s_gen", "k8sgen_core", "k8sgen_lsp")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
# These pass values on as they are, or speak about them; all else in the folder makes objects.
NOT_LOWERING = {
    "bundle.py",
    "checks.py",
    "custom.py",
    "manual.py",
    "merge.py",
    "schemas.py",
    "violations.py",
}
KUBERNETES = sorted((ROOT / "k8sgen_core/kubernetes").glob("*.py"))
LOWERING = [path for path in KUBERNETES if path.name not in NOT_LOWERING]
DRAWERS = {"common", "constants", "helpers", "manager", "misc", "util", "utils"}
# Boundaries behind which anything may go wrong: code of others is run, or a request is answered.
MAY_CATCH_ALL = {
    "k8sgen_core/cli/__init__.py",
    "k8sgen_core/evaluation/program.py",
    "k8sgen_core/plugins/generating.py",
    "k8sgen_core/plugins/registering.py",
    "k8sgen_core/rendering.py",
    "k8sgen_core/judging/running.py",
    "k8sgen_lsp/protocol.py",
}
# The brackets keep each pattern from finding itself here.
OUTSIDE = re.compile(
    r"[/]work/|DESIG[N]\.md|STYL[E]\.md|BRIE[F]\.md|\bprompt[s]?\b|as requeste[d]"
    r"|language mode[l]s?\b|issue #?\d+ o[f]|issues sho[w]"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_module(path):
    text = path.read_text(encoding="utf-8")
    broad = broad_handlers(ast.parse(text))
    parts = path.relative_to(ROOT).with_suffix("").parts

    assert not DRAWERS.intersection(parts), "name the module after what it knows"
    assert text.count("\n") <= 400, "two subjects in one module"
    assert len(parts) <= 3, "at most package/folder/module.py"
    assert not broad or name(path) in MAY_CATCH_ALL, (
        f"broad except in lines {broad}: catch the narrowest type, next to the call that raises it"
    )


def broad_handlers(tree: ast.AST) -> list[int]:
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [handler.lineno for handler in handlers if is_broad(handler.type)]


def is_broad(caught: ast.expr | None) -> bool:
    types = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
        for kind in types
    )


@pytest.mark.parametrize("path", LOWERING, ids=name)
def test_lowering_joins_text_without_losing_its_origin(path):
    lines = sorted(f_strings(ast.parse(path.read_text(encoding="utf-8"))))

    assert not lines, (
        f"f-strings in lines {lines} forget which call their parts came from: "
        "join with +, which keeps the origin (messages in `raise` and Problem(...) are free)"
    )


def f_strings(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Raise) or is_message(node):
        return
    if isinstance(node, ast.JoinedStr):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from f_strings(child)


def is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"Problem", "Finding"}


@pytest.mark.parametrize("path", sorted((ROOT / "k8s_gen").rglob("*.py")), ids=name)
def test_the_public_package_only_names_what_core_has(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {package for node in ast.walk(tree) for package in packages_imported_by(node)}

    assert imported - sys.stdlib_module_names <= {"k8s_gen", "k8sgen_core"}


def packages_imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").split(".")[0]]
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    return []


@pytest.mark.parametrize("folder", ["formats", "judging", "rules"])
def test_every_extension_point_is_tested(folder):
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    modules = [path.stem for path in (ROOT / "k8sgen_core" / folder).glob("[!_]*.py")]

    # The catalogue tests every rule of every subject by its example.
    untested = [
        module
        for module in modules
        if module not in SUBJECTS and not re.search(rf"\b{module}\b", tests)
    ]

    assert untested == [], f"no test names these modules of k8sgen_core/{folder}"


def test_the_text_stands_on_its_own():
    traces = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in files_of_the_repository()
        for number, line in enumerate(lines_of_text(path), 1)
        if OUTSIDE.search(line)
    ]

    assert traces == [], "a reader of the repository has none of the things these lines point to"


def files_of_the_repository() -> list[Path]:
    if not (ROOT / ".git").exists():
        absent("the git repository")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    paths = [ROOT / entry for entry in listing.stdout.split("\0") if entry]
    return [path for path in paths if path.is_file()]


def lines_of_text(path: Path) -> list[str]:
    content = path.read_bytes()
    return [] if b"\0" in content else content.decode("utf-8").splitlines()

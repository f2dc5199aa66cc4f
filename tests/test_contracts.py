"""Each import contract, broken on purpose: one that cannot fail protects nothing."""

import re
import shutil
import subprocess
import sys
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IMPORTLINTER = CONFIGURATION["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in IMPORTLINTER["contracts"]}
ARROWS = "inside core arrows point down only"
# For each contract that is not about the layers of core: an importer and what it must not import.
FORBIDDEN = {
    "front ends sit on core and not on each other": [
        ("k8sgen_core.model", "k8sgen_lsp"),
        ("k8sgen_core.model", "k8s_gen"),
        ("k8sgen_lsp.new", "k8s_gen"),
        ("k8s_gen.new", "k8sgen_lsp"),
    ],
    "formats never import each other": [("k8sgen_core.formats.one", "k8sgen_core.formats.other")],
    "the disk knows findings and grammar only": [
        ("k8sgen_core.disk", "k8sgen_core.yaml"),
        ("k8sgen_core.disk", "k8sgen_core.model"),
    ],
    "core knows no editor and no network": [
        ("k8sgen_core.pipeline", "lsprotocol.types"),
        ("k8sgen_core.cli", "pygls.server"),
        ("k8sgen_core.cli", "urllib.request"),
        ("k8sgen_core.evaluation", "http.client"),
        ("k8sgen_core.evaluation", "socket"),
    ],
    "plugins are found, never imported by name": [
        ("k8sgen_core.cli", "plugins.database"),
        ("k8sgen_lsp.new", "plugins"),
        ("k8s_gen.new", "plugins"),
    ],
}


def layers_of_core() -> list[list[str]]:
    """Return the modules of each layer, from the top."""
    return [
        [f"k8sgen_core.{tail.strip(' ()')}" for tail in re.split("[|:]", layer)]
        for layer in CONTRACTS[ARROWS]["layers"]
    ]


def strangers_of_core() -> list[tuple[str, str]]:
    """Return the pairs that share a layer and must not know each other."""
    layers = zip(CONTRACTS[ARROWS]["layers"], layers_of_core(), strict=True)
    return [pair for text, modules in layers if "|" in text for pair in combinations(modules, 2)]


def broken_arrows() -> list[tuple[str, str, str]]:
    layers = layers_of_core()
    upwards = [
        (lower, upper) for above, below in pairwise(layers) for lower in below for upper in above
    ]
    others = [(name, *pair) for name, pairs in FORBIDDEN.items() for pair in pairs]
    return [(ARROWS, *pair) for pair in upwards + strangers_of_core()] + others


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the packages in which every layer exists, if only as an empty package."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in IMPORTLINTER["root_packages"]:
        skip = shutil.ignore_patterns("__pycache__", "_schemas")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=skip)
        add(tmp_path, package)
    for module in {module for layer in layers_of_core() for module in layer}:
        add(tmp_path, module)
    return tmp_path


def add(tree: Path, module: str, text: str = "") -> None:
    """Append ``text`` to a module, or to a new package where there is none."""
    path = tree.joinpath(*module.split("."))
    file = path.with_suffix(".py")
    if not file.exists():
        path.mkdir(exist_ok=True)
        file = path / "__init__.py"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(text)


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    command = [program, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=tree, capture_output=True, encoding="utf-8")


def as_reported(module: str) -> str:
    """Return the name the report uses, which of foreign modules is the package."""
    package = module.split(".")[0]
    return module if package in IMPORTLINTER["root_packages"] else package


def test_every_contract_is_broken_by_a_test_below():
    assert CONTRACTS.keys() == {ARROWS, *FORBIDDEN}


def test_the_tree_keeps_its_contracts(tree):
    run = lint(tree)

    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(("contract", "importer", "imported"), broken_arrows())
def test_a_forbidden_import_breaks_its_contract(tree, contract, importer, imported):
    if imported.startswith("k8sgen_core.formats."):
        add(tree, imported)
    add(tree, importer, f"\nimport {imported}\n")

    run = lint(tree)

    assert f"{contract} BROKEN" in run.stdout
    assert f"{importer} -> {as_reported(imported)} (l." in run.stdout


def test_a_new_module_must_find_its_layer(tree):
    add(tree, "k8sgen_core.drawer")

    assert f"{ARROWS} BROKEN" in lint(tree).stdout

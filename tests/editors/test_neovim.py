"""A real Neovim, set up as the README says, and typed into as a person types."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pynvim
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/shop"
# Two lines of the README, one to trust the example, and which Python this test is run by.
INIT = """
vim.opt.runtimepath:append("{root}/neovim")
vim.lsp.config("k8sgen", {{
  cmd = {{ "{python}", "-P", "-m", "k8sgen_lsp" }},
  init_options = {{ trusted = {{ {trusted} }} }},
}})
vim.lsp.enable("k8sgen")
vim.o.completeopt = "menuone,noselect"
vim.o.swapfile = false
"""
WAIT = 30.0


class Neovim:
    """The editor, with what a person would look at."""

    def __init__(self, program: Path, init: Path, address: str) -> None:
        arguments = ["--headless", "--clean", "-u", str(init), "--listen", address]
        self.process = subprocess.Popen([program, *arguments], stderr=subprocess.DEVNULL)
        self.until(lambda: listens(address))
        self.nvim = pynvim.attach("socket", path=address)
        # Wide enough for each message to be one line, as longer ones wait for a key.
        self.nvim.ui_attach(400, 40, rgb=True)

    def edit(self, path: Path) -> None:
        self.nvim.command(f"edit {path}")
        self.until(lambda: self.lua("return #vim.lsp.get_clients({name = 'k8sgen'}) == 1"))

    def lua(self, code: str) -> Any:
        return self.nvim.exec_lua(code)

    def type(self, keys: str) -> None:
        self.nvim.input(keys)

    @property
    def lines(self) -> list[str]:
        return list(self.nvim.current.buffer)

    def diagnostics(self) -> list[dict[str, Any]]:
        return list(self.lua("return vim.diagnostic.get(0)"))

    def until(self, look: Callable[[], Any]) -> Any:
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            if seen := look():
                return seen
            time.sleep(0.02)
        raise AssertionError("not seen")

    def messages(self) -> str:
        return str(self.nvim.command_output("messages"))

    def close(self) -> None:
        self.nvim.command("qa!", async_=True)
        self.process.wait(WAIT)
        self.nvim.close()
        # The client library closes its loop before its connection is closed.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            del self.nvim
            gc.collect()


def listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(address) == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copy = tmp_path / "shop"
    shutil.copytree(EXAMPLE, copy)
    return copy


@pytest.fixture
def start(
    nvim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Neovim]]:
    started: list[Neovim] = []
    # Whatever the developer's own Neovim and list of trusted folders say stays out of it.
    for name in ("XDG_STATE_HOME", "K8SGEN_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    home = tempfile.mkdtemp(prefix="nvim-")  # A socket's path may not be long.

    def started_with(*trusted: Path) -> Neovim:
        init = tmp_path / "init.lua"
        named = ", ".join(f'"{path.as_posix()}"' for path in trusted)
        text = INIT.format(
            root=ROOT.as_posix(), python=Path(sys.executable).as_posix(), trusted=named
        )
        init.write_text(text, encoding="utf-8")
        started.append(Neovim(nvim, init, os.path.join(home, f"{len(started)}.sock")))
        return started[-1]

    yield started_with
    for each in started:
        each.close()
    shutil.rmtree(home)


def with_a_problem(project: Path) -> tuple[Path, int, int, int]:
    """Make one argument of the example wrong; return where it stands then."""
    app = project / "app.py"
    text = app.read_text(encoding="utf-8")
    broken = text.replace(".port(8080)", ".port(80800)", 1)
    assert broken != text
    app.write_text(broken, encoding="utf-8", newline="\n")
    for number, line in enumerate(broken.split("\n")):
        if "80800" in line:
            column = line.index("80800")
            return app, number, column, column + len("80800")
    raise AssertionError("the example has no such port")


def test_a_problem_is_underlined_at_the_argument_that_caused_it(start, project):
    app, line, start_column, end_column = with_a_problem(project)
    editor = start(project)

    editor.edit(app)
    found = editor.until(editor.diagnostics)

    [problem] = [each for each in found if each["code"] == "invalid-port"]
    assert (problem["lnum"], problem["col"]) == (line, start_column)
    assert (problem["end_lnum"], problem["end_col"]) == (line, end_column)
    assert "80800" in problem["message"]
    assert problem["source"] == "k8sgen"

    editor.nvim.command(f"{line + 1}substitute/80800/8080/ | write")
    rules = lambda: [each["code"] for each in editor.diagnostics()]  # noqa: E731
    editor.until(lambda: "invalid-port" not in rules())


def test_a_method_is_completed_behind_a_chain(start, project):
    editor = start(project)
    editor.edit(project / "app.py")

    editor.type('Goextra = App("extra").image("nginx:1.27").repl<C-x><C-o>')
    editor.until(lambda: editor.nvim.funcs.pumvisible())
    offered = editor.nvim.funcs.complete_info(["items"])["items"]
    editor.type("<C-n><C-y>(3)<Esc>")

    assert [each["word"] for each in offered] == ["replicas"]
    expected = 'extra = App("extra").image("nginx:1.27").replicas(3)'
    editor.until(lambda: editor.lines[-1] == expected)


def test_the_preview_shows_what_the_file_deploys_and_follows_it(start, project):
    editor = start(project)
    editor.edit(project / "app.py")

    editor.nvim.command("K8sGenPreview")
    editor.until(lambda: len(editor.nvim.windows) == 2)
    [shown] = [
        window.buffer for window in editor.nvim.windows if window != editor.nvim.current.window
    ]

    text = "\n".join(shown)
    assert "# api-deployment.yaml\n---\napiVersion: apps/v1\nkind: Deployment\n" in text
    assert "image: ghcr.io/acme/shop-api:3.8.1" in text
    assert shown.options["filetype"] == "yaml"
    assert not shown.options["modifiable"]

    editor.nvim.command("%substitute/shop-api:3.8.1/shop-api:3.9.0/ | write")
    editor.until(lambda: "image: ghcr.io/acme/shop-api:3.9.0" in "\n".join(shown))
    assert len(editor.nvim.windows) == 2


def test_the_preview_follows_what_is_typed(start, project):
    editor = start(project)
    app = project / "app.py"
    editor.edit(app)
    before = app.read_bytes()
    editor.nvim.command("K8sGenPreview")
    editor.until(lambda: len(editor.nvim.windows) == 2)
    [shown] = [
        window.buffer for window in editor.nvim.windows if window != editor.nvim.current.window
    ]

    editor.type('Goextra = App("éxtra🐘"<Esc>')
    editor.until(lambda: shown[0].startswith("# Out of date"))
    assert "image: ghcr.io/acme/shop-api:3.8.1" in "\n".join(shown)
    editor.type('ccextra = App("extra").image("nginx:1.27")<Esc>')
    editor.until(lambda: "# extra-deployment.yaml" in shown[:])
    assert app.read_bytes() == before

    editor.nvim.command(f"bwipeout {shown.number}")
    editor.type("oother = 1<Esc>")
    editor.nvim.command("write")
    editor.until(lambda: "other = 1" in app.read_text(encoding="utf-8"))
    assert len(editor.nvim.windows) == 1
    assert "k8sgen:" not in editor.messages()


def test_nothing_is_shown_before_the_folder_is_trusted(start, project):
    app, line, *_ = with_a_problem(project)
    editor = start()
    editor.edit(app)

    editor.nvim.command("K8sGenPreview")
    editor.until(lambda: "not trusted" in editor.messages())
    # What is found without running anything is there already.
    untrusted = editor.diagnostics()
    assert [each["lnum"] for each in untrusted] == [line]

    editor.nvim.command("K8sGenTrust")
    editor.until(lambda: len(editor.diagnostics()) > len(untrusted))


ASK = """
local method, more = ...
local client = vim.lsp.get_clients({ name = "k8sgen" })[1]
local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
local answer = client:request_sync(method, vim.tbl_extend("force", params, more), 10000, 0)
return { answer.err or vim.NIL, answer.result or vim.NIL }
"""


class Asking:
    """What a key of Neovim asks the server, at a place in the text."""

    def __init__(self, editor: Neovim) -> None:
        self.editor = editor

    def __call__(self, method: str, at: str, offset: int = 0, **more: Any) -> Any:
        line = next(n for n, each in enumerate(self.editor.lines) if at in each)
        text = self.editor.lines[line]
        column = len(text[: text.index(at) + offset].encode())
        self.editor.nvim.current.window.cursor = (line + 1, column)
        error, result = self.editor.nvim.exec_lua(ASK, f"textDocument/{method}", more)
        assert error is None, error
        return result


def test_what_a_person_asks_for_is_answered(start, project):
    app = project / "app.py"
    editor = start(project)
    editor.edit(app)
    editor.until(editor.diagnostics)
    ask = Asking(editor)

    hover = ask("hover", ".replicas(2)", 3)["contents"]["value"]
    assert "replicas(count: int)" in hover
    signature = ask("signatureHelp", ".scale(2, 8", 7)
    assert "min" in signature["signatures"][0]["label"]
    place = ask("definition", ".hardened()", 3)
    assert "k8sgen_core/builders/" in str(place)
    names = [each["name"] for each in ask("documentSymbol", "settings =")]
    assert any("api" in each for each in names)
    found = ask("references", 'App("api")', 5, context={"includeDeclaration": True})
    assert {each["uri"] for each in found} == {app.as_uri()}
    assert ask("foldingRange", "api = (")
    tokens = ask("semanticTokens/full", "api = (")["data"]
    assert len(tokens) > 20
    lenses = ask("codeLens", "api = (")
    assert lenses


def test_a_rule_is_met_by_its_action(start, project):
    app = project / "app.py"
    editor = start(project)
    editor.edit(app)
    editor.until(lambda: "no-anti-affinity" in [each["code"] for each in editor.diagnostics()])
    line = next(number for number, each in enumerate(editor.lines, 1) if "App(name)" in each)

    editor.nvim.current.window.cursor = (line, 10)
    editor.nvim.exec_lua(
        "vim.lsp.buf.code_action({ apply = true,"
        ' filter = function(each) return each.title:find(".spread", 1, true) end })'
    )

    editor.until(lambda: '        .spread("kubernetes.io/hostname")' in editor.lines)


def test_a_resource_is_renamed_where_it_is_named(start, project):
    app = project / "app.py"
    calls = 'App("api").image("a:1")\nApp("web").image("a:1").connect_to("api")\n'
    text = f"from k8s_gen import App\n\n{calls}"
    app.write_text(text, encoding="utf-8")
    editor = start(project)
    editor.edit(app)

    Asking(editor)("hover", '"api")', 2)
    editor.nvim.exec_lua('vim.lsp.buf.rename("backend")')

    editor.until(lambda: "\n".join(editor.lines).count('"backend"') == 2)
    assert 'App("backend").image("a:1")' in editor.lines

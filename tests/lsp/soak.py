"""
A long editing session, the same one each time: type, undo, rename, save, switch the branch.

``python -m tests.lsp.soak`` prints how much memory the server and its worker take on the way,
and fails if what it says at the end is not what a server says that has just been started.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.lsp.wire import ON_LINUX, Wire, framed, notification, request

Json = dict[str, Any]
HEAD = "from k8s_gen import App\nfrom parts import web\n\n"
PARTS = "from k8s_gen import App\n\n\ndef web(name):\n    return App(name).image({image!r})\n"
CALLS = (".port(80)", ".port(0)", ".replicas(2)", '.labels(mood="é🐘")', '.image("a:1")', ".typo()")
TYPED = ("x", " ", "\n", ".", "(", ")", "#", "🐘", "App('a')", ".port(70000)", "\r\n", '"')
NAMES = ("app", "é🐘", "api", "shop", "web")


class Branch:
    """The files of a project as they are in one branch."""

    def __init__(self, seed: int) -> None:
        chosen = random.Random(seed)  # noqa: S311 - the same one each time.
        self.files = {f"app{number}.py": self._app(chosen) for number in range(4)}
        self.files["parts.py"] = PARTS.format(image=f"nginx:1.{seed}")

    def _app(self, chosen: random.Random) -> str:
        lines = [
            f'App("{chosen.choice(NAMES)}{number}").image("nginx:1.27")'
            + "".join(chosen.sample(CALLS[:5], 2))
            for number in range(chosen.randint(4, 8))
        ]
        return HEAD + "\n".join([*lines, "web('w').port(80)", ""])


class Editor:
    """An editor with documents of its own, which tells the server what it does to them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)  # noqa: S311 - the same one each time.
        self.branches = [Branch(1), Branch(2)]
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.undone: dict[str, list[str]] = {}
        self.number = 0
        self._write(self.branches[0])
        self.wire = self._server()
        for name in self.branches[0].files:
            self.open(name)

    def _server(self) -> Wire:
        return Wire(self.folder.parent, trusted=[str(self.folder)])

    def _write(self, branch: Branch) -> None:
        for name, text in branch.files.items():
            (self.folder / name).write_bytes(text.encode())

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def tell(self, method: str, params: Json) -> None:
        self.wire.send(framed(notification(method, params)))

    def ask(self, method: str, params: Json) -> Json:
        self.number += 1
        self.wire.send(framed(request(self.number, method, params)))
        answer = self.wire.answer(self.number, 60)
        # What was said is not kept: it would be the client's memory that grows.
        self.wire.forget()
        return answer

    def open(self, name: str) -> None:
        self.texts[name] = (self.folder / name).read_bytes().decode()
        self.versions[name] = self.versions.get(name, 0) + 1
        self.undone[name] = []
        document = {"uri": self.uri(name), "languageId": "python", "version": self.versions[name]}
        self.tell("textDocument/didOpen", {"textDocument": document | {"text": self.texts[name]}})

    def close(self, name: str) -> None:
        del self.texts[name]
        self.tell("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def change(self, name: str, *changes: tuple[int, int, str], remember: bool = True) -> None:
        """Replace parts of a document, one after the other."""
        if remember:
            self.undone[name] = [*self.undone[name][-20:], self.texts[name]]
        told = []
        for start, end, new in changes:
            text = self.texts[name]
            span = {"start": position(text, start), "end": position(text, end)}
            told.append({"range": span, "text": new})
            self.texts[name] = text[:start] + new + text[end:]
        self.versions[name] += 1
        document = {"uri": self.uri(name), "version": self.versions[name]}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": told})

    def type(self, name: str) -> None:
        text = self.texts[name]
        start = edge(text, self.random.randint(0, len(text)))
        end = edge(text, min(len(text), start + self.random.choice((0, 0, 0, 1, 5))))
        self.change(name, (start, end, self.random.choice(TYPED)))

    def undo(self, name: str) -> None:
        if self.undone[name]:
            self.change(name, (0, len(self.texts[name]), self.undone[name].pop()), remember=False)

    def rename(self, name: str) -> None:
        old, new = self.random.sample(NAMES, 2)
        found = [each.span() for each in re.finditer(re.escape(old), self.texts[name])]
        if found:
            self.change(name, *((start, end, new) for start, end in reversed(found)))

    def save(self, name: str) -> None:
        (self.folder / name).write_bytes(self.texts[name].encode())
        self.tell("textDocument/didSave", {"textDocument": {"uri": self.uri(name)}})

    def look(self, name: str) -> None:
        text = self.texts[name]
        at = position(text, edge(text, self.random.randint(0, len(text))))
        where = {"textDocument": {"uri": self.uri(name)}, "position": at}
        self.ask(self.random.choice(("textDocument/completion", "textDocument/hover")), where)

    def reopen(self, name: str) -> None:
        self.close(name)
        self.open(name)

    def switch(self, name: str) -> None:
        """Switch the branch: every file changes on disk, and so do the documents."""
        del name
        branch = self.random.choice(self.branches)
        self._write(branch)
        for each, text in branch.files.items():
            if each in self.texts:
                self.change(each, (0, len(self.texts[each]), text))
        changes = [{"uri": self.uri(each), "type": 2} for each in branch.files]
        self.tell("workspace/didChangeWatchedFiles", {"changes": changes})

    def preview(self, name: str) -> None:
        self.ask("k8sgen/preview", {"uri": self.uri(name), "watch": False})

    def step(self) -> None:
        kinds = (self.type, self.undo, self.rename, self.look, self.save, self.reopen)
        rare = (self.switch, self.preview)
        name = self.random.choice(sorted(self.texts))
        [do] = self.random.choices((*kinds, *rare), (50, 15, 5, 24, 3, 1, 0.5, 0.5))
        do(name)

    def settle(self) -> None:
        """Wait until nothing more is said."""
        for name in sorted(self.texts):
            # It is answered after the evaluations of the file that were asked for before.
            self.preview(name)
        said, quiet = -1, 0
        while quiet < 6:
            time.sleep(0.25)
            quiet = quiet + 1 if said == self.wire.counted else 0
            said = self.wire.counted

    def opinion(self) -> Json:
        """Return what the server says of all documents."""
        found: Json = {}
        for name in sorted(self.texts):
            lines = self.texts[name].count("\n")
            shown = self.ask("k8sgen/preview", {"uri": self.uri(name)})
            completed = [
                self.ask(
                    "textDocument/completion",
                    {
                        "textDocument": {"uri": self.uri(name)},
                        "position": {"line": line, "character": 9},
                    },
                ).get("result")
                for line in range(lines)
            ]
            result = shown.get("result", shown)
            result.pop("documentVersion", None)
            found[name] = [result, completed]
        return found

    def diagnostics(self) -> Json:
        return {
            name: sorted(map(json.dumps, self.wire.diagnostics.get(self.uri(name), [])))
            for name in sorted(self.texts)
        }


def position(text: str, offset: int) -> Json:
    before = re.split(r"\r\n|\r|\n", text[:offset])
    return {"line": len(before) - 1, "character": len(before[-1].encode("utf-16-le")) // 2}


def edge(text: str, offset: int) -> int:
    """Return an offset that is not between the two characters of a line end."""
    return offset + (text[offset - 1 : offset + 1] == "\r\n")


def memory_of(pid: int) -> int:
    """Return how much memory a process and its children have, in MiB."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text("ascii").split()]
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    own = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) >> 10
    return own + sum(map(memory_of, children))


def soak(folder: Path, steps: int, seed: int = 7) -> tuple[list[int], Json, Json, Json, Json]:
    """Return the memory on the way, and what the old and a new server say at the end."""
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    editor = Editor(folder, seed)
    memory = []
    for step in range(steps):
        editor.step()
        if step % (steps // 5) == steps // 5 - 1:
            editor.settle()
            memory.append(memory_of(editor.wire.process.pid) if ON_LINUX else 0)
    for name in sorted(editor.texts):
        editor.save(name)
    editor.settle()
    old = editor.diagnostics(), editor.opinion()
    editor.wire.shut_down()
    editor.wire.free()
    editor.wire = editor._server()
    for name in sorted(editor.texts):
        editor.open(name)
    editor.settle()
    new = editor.diagnostics(), editor.opinion()
    editor.wire.shut_down()
    editor.wire.free()
    return memory, *old, *new


def main() -> int:
    """Print the figures; 1 if the two servers do not agree."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        memory, told, said, told_anew, said_anew = soak(Path(folder) / "project", steps)
    sys.stdout.write(f"{steps} steps in {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(f"{sum(map(len, told.values()))} findings\n")
    sys.stdout.write(f"memory of server and worker: {memory} MiB\n")
    same = told == told_anew and said == said_anew
    sys.stdout.write(f"a fresh server says {'the same' if same else 'something else'}\n")
    return not same


if __name__ == "__main__":
    sys.exit(main())

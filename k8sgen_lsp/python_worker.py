"""
Completes Python that is not of the DSL, with jedi: ``python -P -m k8sgen_lsp.python_worker``.

It is a process of its own because jedi may take any time it likes. Each line on its input is
a question, each on its output an answer. It reads the modules of a workspace and imports none
of them.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

# It says nothing of its types, and is not there for everybody.
jedi: Any = importlib.import_module("jedi")

MOST = 500
# What a completion is, in the words of the protocol; a class and a function are told apart.
KINDS = {
    "module": 9,
    "class": 7,
    "instance": 6,
    "function": 3,
    "param": 6,
    "path": 17,
    "keyword": 14,
    "property": 10,
    "statement": 6,
}


def main() -> None:
    """Answer until the input ends."""
    environment = jedi.InterpreterEnvironment()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {"id": asked["id"], "items": _answer(asked, environment)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(asked: dict[str, Any], environment: Any) -> list[dict[str, Any]]:
    project = jedi.Project(asked["root"], load_unsafe_extensions=False)
    script = jedi.Script(
        asked["text"], path=asked["path"], project=project, environment=environment
    )
    try:
        found = script.complete(asked["line"], asked["column"])
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        # It trips over texts that are being typed.
        return []
    return [
        {"label": each.name, "sort": KINDS.get(each.type, 1), "detail": each.type}
        for each in found[:MOST]
    ]


if __name__ == "__main__":
    main()

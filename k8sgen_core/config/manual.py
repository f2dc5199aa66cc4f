"""The manual page of the configuration, made of the keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

from k8sgen_core.config.keys import KEYS, Key

INTRODUCTION = """\
# Configuration

A project is configured in `k8sgen.toml`:

```toml
kubernetes-version = "1.36"

[evaluate]
timeout = 20
```

or, with the same keys, in the table `[tool.k8sgen]` of `pyproject.toml`:

```toml
[tool.k8sgen]
kubernetes-version = "1.36"

[tool.k8sgen.evaluate]
timeout = 20
```

Both at once are an error, and so is a key that does not exist. The project root is the nearest
folder above a file with one of the two, else with a `pyproject.toml` or `.git`.

What is given on the command line wins over an environment variable, which wins over the file,
which wins over the default. An empty variable counts as not set. In variables and options the items
of a list are separated by commas.

No key names a program or an interpreter. `validators` names classes to import; they run where DSL
files run: never in the language server's own process, and from the editor only in trusted folders.

## All keys

| Key | Type | Default | Variable | Option |
| --- | --- | --- | --- | --- |
"""


def documentation() -> str:
    """Return ``docs/configuration.md``."""
    rows = "".join(map(_row, KEYS.values()))
    return INTRODUCTION + rows + "".join(map(_section, KEYS.values()))


def _row(key: Key) -> str:
    anchor = key.name.replace(".", "")
    cells = (f"[`{key.name}`](#{anchor})", key.kind.name, *_codes(key))
    return f"| {' | '.join(cells)} |\n"


def _codes(key: Key) -> Iterator[str]:
    yield "" if key.default is None else f"`{json.dumps(key.default)}`"
    yield from (f"`{name}`" if name else "" for name in (key.variable, key.option))


def _section(key: Key) -> str:
    return f"\n### `{key.name}`\n\n{key.description}\n\nAllowed: {key.kind.allowed}.\n"

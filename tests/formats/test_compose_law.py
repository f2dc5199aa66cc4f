"""
Every line of a Compose project knows the calls that made it.

A program has one call on each line. Each is left out, and its arguments are changed: what
differs then must have been attributed to it, and what is attributed to it must differ.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from k8sgen_core.carriers import each
from k8sgen_core.formats.compose import Compose
from k8sgen_core.yaml.emitter import line_origins
from tests.core.described import described

PROGRAM = """\
password = (Secret("database")
  .generate_password("PASSWORD")
  .add("user", "admin")
)
certificate = (Secret("tls")
  .add("tls.key", "x")
  .mount_path("/tls")
)
settings = (ConfigMap("settings")
  .add("LEVEL", "info")
)
files = (ConfigMap("files")
  .add("a.conf", "a $x")
  .file_permissions(256)
  .mount_path("/etc/a")
)
database = (StatefulApp("database")
  .image("postgres:17")
  .port(5432)
  .storage("10Gi", mount_path="/db")
  .add_secret(password)
  .health_checks(readiness_probe=["pg_isready", "-q"])
)
migration = (Job("migration")
  .image("shop:1")
  .command(["migrate"])
  .args(["up"])
  .retries(3)
  .depends_on("database")
  .env("PW", secret=password, key="PASSWORD")
)
sidecar = (Companion("logs")
  .image("logs:1")
  .port(2020)
  .volumes({"/logs": "emptyDir"})
)
first = (Companion("first", "init")
  .image("first:1")
)
shop = (App("shop")
  .image("shop:1")
  .from_dockerfile("src", VERSION="1")
  .port(8080)
  .port(53, protocol="UDP")
  .expose(via="loadbalancer")
  .environment({"A": "1"})
  .env("EXT", secret="other", key="k")
  .add_config(settings)
  .add_config(files)
  .add_secret(certificate)
  .labels(team="shop")
  .annotations({"a/b": "c"})
  .resources(cpu="500m", memory="512Mi")
  .resources(memory_limit="1Gi", gpu=1)
  .hardened()
  .security_context(run_as_user=1000)
  .security_context(capabilities={"add": ["CHOWN"]})
  .lifecycle(pre_stop=["bye"])
  .lifecycle(termination_grace_period=30)
  .volumes({"/logs": "emptyDir", "/m": "memory"})
  .depends_on("database")
  .depends_on("migration")
  .add_companion(sidecar)
  .add_companion(first)
)
"""
LINES = PROGRAM.splitlines()
CALLS = [number for number, line in enumerate(LINES) if line.startswith("  .")]
# What tells the items of a list apart.
KEYS = ("target", "source", "path", "driver", "command")


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Yield every field: its path, its text if it is a scalar, and the line that it stands on."""
    if isinstance(node, yaml.MappingNode) and node.value:
        for key, value in node.value:
            if not isinstance(value, yaml.ScalarNode) and value.value:
                yield (*path, key.value), "", key.start_mark.line
            yield from leaves(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode) and node.value:
        for value in node.value:
            yield from leaves(value, (*path, step(value)))
    else:
        yield path, str(node.value), node.start_mark.line


def step(node: Any) -> str:
    if isinstance(node, yaml.MappingNode):
        named = {key.value: value for key, value in node.value}
        return next(str(named[key].value) for key in KEYS if key in named)
    return str(node.value)


def told(source: str) -> dict[tuple[str, ...], tuple[str, set[int]]]:
    """Return each field of the project with the lines of the program that made it."""
    built = described(source).built
    [file, *_] = Compose().render(built.model)
    made = [
        {origin.call.frame and code_line(origin) for origin in each(origins)}
        for origins in line_origins(file.notes)
    ]
    return {path: (text, made[line]) for path, text, line in leaves(yaml.compose(file.text))}


def code_line(origin: Any) -> int:
    """Return the line on which the method's name stands, counted from 0."""
    from k8sgen_core.origin import Sources

    frame = origin.call.frame
    return Sources({frame.code.co_filename: PROGRAM}).call_range(frame).line - 1


ORIGINAL = told(PROGRAM)


def without(number: int) -> str:
    return "\n".join([*LINES[:number], "", *LINES[number + 1 :]])


def varied(number: int) -> Iterator[str]:
    """Yield the program with one literal of a line changed."""
    for literal in re.finditer(r'"[^"]*"|\b\d+\b', LINES[number]):
        text = literal[0]
        others = [f"{text[:-1]}x{text[-1]}"] if text[0] == '"' else [str(int(text) + 1)]
        others += [f'"{digits[1]}7{digits[2]}"'] if (digits := NUMBER.match(text)) else []
        for other in others:
            start, end = literal.span()
            line = LINES[number][:start] + other + LINES[number][end:]
            yield "\n".join([*LINES[:number], line, *LINES[number + 1 :]])


NUMBER = re.compile(r'"([^"0-9]*)\d([^"]*)"')


def changed(source: str) -> set[tuple[str, ...]]:
    """Return the fields of the program that are not the same in another."""
    other = told(source)
    return {path for path in ORIGINAL if path not in other or other[path][0] != ORIGINAL[path][0]}


@pytest.mark.parametrize("number", CALLS, ids=lambda number: LINES[number].strip())
def test_what_differs_without_a_call_or_with_other_arguments_is_attributed_to_it(number):
    differs = changed(without(number)).union(*map(valid_changes, varied(number)))

    assert {path for path in differs if number not in ORIGINAL[path][1]} == set()


@pytest.mark.parametrize("number", CALLS, ids=lambda number: LINES[number].strip())
def test_what_is_attributed_to_a_call_differs_without_it_or_with_other_arguments(number):
    differs = changed(without(number)).union(*map(valid_changes, varied(number)))

    assert {path for path, (_, made) in ORIGINAL.items() if number in made} <= differs


def valid_changes(source: str) -> set[tuple[str, ...]]:
    found = described(source)
    return set() if found.session.refusals else changed(source)

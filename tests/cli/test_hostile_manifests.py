"""Manifests made to hurt: an error soon, in bounded memory, and nothing half said."""

import os
import subprocess
import sys
import tempfile
from typing import NamedTuple

import pytest

from tests.cli.project import ROOT

HEAD = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
# What the interpreter and the schemas take alone, and what a file may take of its own.
ORDINARY = 80
MEBIBYTE = 1 << 20
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 9))
    for level in range(8)
)
INDENTED = b"a:\n" + b"".join(b" " * level + b"b:\n" for level in range(1, 2000))

# A process starts with the peak of whoever started it, so that must be somebody small.
LAUNCHER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(process.pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(f"{used.ru_maxrss} {used.ru_utime + used.ru_stime}")
sys.exit(os.waitstatus_to_exitcode(status))
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="the system tells no peak")


class Ran(NamedTuple):
    code: int
    out: str
    seconds: float
    megabytes: float
    taken: int


def validated(blocks):
    """Return what ``k8sgen validate -`` makes of what is piped into it."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile("r+") as used:
        process = subprocess.Popen(
            [
                *[sys.executable, "-c", LAUNCHER, used.name],
                *[sys.executable, "-m", "k8sgen_core", "validate", "-"],
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        taken = written(process.stdin, blocks)
        code = process.wait()
        out.seek(0)
        text = out.read().decode()
        peak, seconds = map(float, used.read().split())
    unit = 1 if sys.platform == "darwin" else 1024
    return Ran(code, text, seconds, peak * unit / MEBIBYTE, taken)


def written(pipe, blocks):
    """Write until nobody reads on; return how much that was."""
    taken = 0
    try:
        for block in blocks:
            pipe.write(block)
            taken += len(block)
        pipe.close()
    except BrokenPipeError:
        pipe.raw.close()
    return taken


@pytest.fixture(scope="module")
def ordinary():
    """Return what a good manifest costs here and now."""
    return validated([HEAD])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(HEAD + BOMB, "aliases make this document too large", id="nine levels"),
        pytest.param(HEAD + b"a: " + b"[" * 20_000, "128 deep", id="brackets"),
        pytest.param(
            b'{"apiVersion": "v1", "kind": "A", "a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
            "128 deep",
            id="json",
        ),
        pytest.param(HEAD + b"a:\n " + b"- " * 10_000, "128 deep", id="levels"),
        pytest.param(HEAD + INDENTED, "128 deep", id="indentation"),
        pytest.param(HEAD + b"b: 1\nb: 2\n", "key 'b' already set", id="key twice"),
        pytest.param(HEAD + b"a: b\0c\n", "U+0000", id="nul"),
    ],
)
def test_hostile_manifests_are_errors_soon(ordinary, content, message):
    ran = validated([content])

    assert (ran.code, ran.out.count("error[")) == (1, 1)
    assert "error[invalid-manifest] <stdin>:" in ran.out
    assert message in ran.out
    assert ran.out.endswith("1 file: 1 error\n")
    assert ran.seconds < ordinary.seconds + 1
    assert ran.megabytes < ORDINARY


def test_a_gibibyte_is_not_read_to_its_end(ordinary):
    block = HEAD * (MEBIBYTE // len(HEAD))

    ran = validated(block for _ in range(1024))

    assert ran.code == 1
    assert "more than 67,108,864" in ran.out
    assert ran.taken < 70 * MEBIBYTE
    assert ran.seconds < ordinary.seconds + 1
    assert ran.megabytes < ORDINARY + 80


def test_a_file_beyond_the_limit_is_not_read_whole(project):
    path = project.write("a.yaml", "")
    with path.open("wb") as file:
        file.truncate(1 << 40)

    ran = project.run("validate", "a.yaml")

    assert ran.code == 1
    assert "more than 67,108,864" in ran.out


def test_a_million_documents_of_something_else_are_not_all_told(ordinary):
    ran = validated([b"---\na\n" * 1_000_000])

    assert (ran.code, ran.out.count("error[")) == (1, 100)
    assert ran.seconds < ordinary.seconds + 1
    assert ran.megabytes < ORDINARY + 80

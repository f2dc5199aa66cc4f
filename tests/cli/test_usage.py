"""What every command has in common: help, usage errors, streams, colours, defects."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from k8sgen_core import __version__
from k8sgen_core.cli import BROKEN_PIPE, COMMANDS
from k8sgen_core.kubernetes.schemas import VERSIONS
from tests.cli.project import Project, Ran

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


ACTIONS = ("secret list", "secret rotate", "plugins new", "plugins list", "plugins show")


@pytest.mark.parametrize("command", [*COMMANDS, *ACTIONS])
def test_every_command_has_help_with_examples(project, command):
    ran = project.run(*command.split(), "--help")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: k8sgen {command}")
    assert f"examples:\n  k8sgen {command}" in ran.out


def test_help_names_every_command(project):
    ran = project.run("--help")

    assert ran.code == 0
    assert set(COMMANDS) <= set(ran.out.split())
    assert project.run().out == ran.out
    assert project.run().code == 2


def test_help_names_the_versions_there_are(project):
    assert f"{VERSIONS[0]} to {VERSIONS[-1]} (default {VERSIONS[-1]})" in (
        " ".join(project.run("generate", "--help").out.split())
    )


def test_help_loads_little(project):
    script = (
        "import sys\nfrom k8sgen_core.cli import main\ntry:\n    main(['--help'])\n"
        "except SystemExit:\n    print(*sorted(sys.modules), file=sys.stderr)\n"
    )

    loaded = set(project.python("-c", script).err.split())

    assert {each for each in loaded if each.startswith("k8sgen_core")} == {
        "k8sgen_core",
        "k8sgen_core.cli",
        "k8sgen_core.cli.failure",
        "k8sgen_core.cli.parsing",
        "k8sgen_core.garbage",
    }
    assert not loaded & {"json", "tempfile", "yaml", "asyncio", "jsonschema_rs", "subprocess"}


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ("genrate app.py", "there is no command 'genrate'", "did you mean 'generate'?"),
        ("generate", "FILE is missing", "k8sgen generate --help"),
        ("generate a.py --focre", "k8sgen generate has no option --focre", "did you mean --force?"),
        ("generate a.py --output", "--output needs a value", "k8sgen generate --help"),
        ("generate a.py -o b --stdout", "--stdout and --output exclude each other", "k8sgen"),
        ("generate a.py --check --stdout", "--check compares a folder, --stdout", "leave one out"),
        ("validate a.py --fail-on eror", "--fail-on cannot be 'eror'", "did you mean 'error'?"),
        ("explain a b", "unexpected argument 'b'", "k8sgen explain --help"),
        ("secret", "ACTION is missing", "k8sgen secret --help"),
        ("trust", "name the folder to trust", "k8sgen trust ."),
        ("trust . --list --remove", "--remove and --list exclude each other", "k8sgen trust"),
    ],
)
def test_wrong_usage_is_said_as_any_other_error(project, arguments, message, hint):
    ran = project.run(*arguments.split())

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error[usage] {message}")
    assert f"\n  hint: {hint}" in ran.err


@pytest.mark.parametrize("command", ["generate", "preview", "diff", "validate"])
def test_a_missing_file_is_a_usage_error(project, command):
    ran = project.run(command, "missing.py")

    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(
        r"error\[unreadable-file\] there is no file.* missing\.py\n  hint: check the path\n",
        ran.err,
    )


@pytest.mark.parametrize("command", ["generate", "preview", "diff", "validate", "doctor"])
def test_a_wrong_configuration_is_named_at_its_place(web, command):
    web.write("k8sgen.toml", '\noutpt = "x"\n')

    ran = web.run(command, *([] if command == "doctor" else ["app.py"]))

    assert ran.code == 2
    assert "outpt" in ran.out + ran.err
    if command != "doctor":
        assert ran.err.startswith("error[configuration] k8sgen.toml:2:1 ")


def test_a_defect_of_ours_is_told_from_an_error_of_the_users(project):
    script = (
        "import sys\nfrom k8sgen_core import cli\nfrom k8sgen_core.cli import explain\n"
        "def broken(chosen):\n    raise KeyError('seven')\n"
        "explain.run = broken\nsys.exit(cli.main(['explain']))\n"
    )

    ran = project.python("-c", script)

    assert ran.code == 5
    head, hint = ran.err.splitlines()
    assert head == "error[internal] K8s-Gen failed: KeyError: 'seven' (<string>:5)"
    trace = Path(hint.rpartition(" ")[2])
    assert "in broken" in trace.read_text(encoding="utf-8")
    trace.unlink()


def test_a_reader_that_has_seen_enough_is_no_error(web):
    # More than a pipe holds, so that the writer still writes when the reader is gone.
    web.write(
        "app.py", "from k8s_gen import App\nfor n in range(300):\n    App(f'a{n}').image('a:1')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "k8sgen_core", "preview", "app.py"],
        cwd=web.folder,
        env=web.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(1) == b"#"
    process.stdout.close()

    assert process.stderr.read() == b""
    assert process.wait() == BROKEN_PIPE
    process.stderr.close()


@pytest.mark.parametrize(
    "command",
    ["generate app.py", "diff app.py", "validate app.py", "init new", "trust .", "doctor"],
)
def test_quiet_leaves_errors_only(web, command):
    ran = web.run(*command.split(), "--quiet")

    assert (ran.out, ran.err) == ("", "")


@pytest.mark.parametrize("command", ["generate", "preview", "validate", "diff"])
def test_another_interpreter_gives_the_same(web, command):
    here = web.run(command, "app.py")
    shutil.rmtree(web.folder / "k8s", ignore_errors=True)

    assert web.run(command, "app.py", "--python", sys.executable) == here


def test_an_interpreter_without_the_product_is_named_with_the_remedy(web):
    web.write("python", "#!/bin/sh\nexit 1\n").chmod(0o755)
    other = str(web.folder / "python")

    assert web.run("generate", "app.py", "--python", other) == Ran(
        2,
        "",
        f"error[configuration] {other} cannot load k8s-gen\n"
        f"  hint: run: {other} -m pip install k8s-gen=={__version__}\n",
    )


posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo terminals in Python")


def on_terminal(project: Project, *arguments: str, columns: int = 80, **variables: str) -> Ran:
    """Run the command line with a terminal as both output streams."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "k8sgen_core", *arguments],
        cwd=project.folder,
        env=project.environment(**{"TERM": "xterm", **variables}),
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    try:
        while read := os.read(master, 65536):
            seen += read
    except OSError:
        # Linux says so when the last process has closed the terminal.
        pass
    os.close(master)
    return Ran(process.wait(), seen.decode().replace("\r\n", "\n"), "")


WRONG = 'from k8s_gen import App\n\nApp("web").image("nginx:1.27").replicas("three")\n'


@posix
def test_colours_are_for_terminals_only(web):
    web.write("bad.py", WRONG)
    for arguments in (("preview", "app.py"), ("validate", "bad.py"), ("diff", "app.py")):
        shown = on_terminal(web, *arguments).out
        piped = web.run(*arguments)
        plain = on_terminal(web, *arguments, NO_COLOR="1").out

        assert "\x1b[" in shown
        assert "\x1b" not in piped.out + piped.err + plain
        assert COLOUR.sub("", shown) == plain
    assert "\x1b" not in on_terminal(web, "preview", "app.py", TERM="dumb").out


@posix
def test_on_a_terminal_secret_values_stay_masked(project):
    project.write("app.py", 'from k8s_gen import Secret\nSecret("s").add("key", "S3ntinel")\n')

    shown = on_terminal(project, "generate", "app.py", "--stdout").out

    assert "S3ntinel" not in shown
    assert "UzNudGluZWw" not in shown
    assert '"***"' in shown


@posix
def test_a_person_sees_which_file_is_waited_for(web):
    web.write("b.py", web.read("app.py").replace("web", "b"))

    shown = on_terminal(web, "validate", "app.py", "b.py").out

    assert "[1/2] app.py\r" in shown
    assert shown.endswith("[2/2] b.py\r\x1b[K2 files: no findings\n")
    assert "[1/2]" not in web.run("validate", "app.py", "b.py").err


@posix
def test_an_excerpt_fits_a_narrow_terminal_and_the_carets_stay_in_place(project):
    before = "; ".join(f"name_{number} = {number}" for number in range(20))
    project.write(
        "app.py", f'from k8s_gen import App; {before}; App("web").image("Nginx X"); x = 1\n'
    )

    shown = on_terminal(project, "validate", "app.py", columns=50, NO_COLOR="1").out

    excerpts = re.findall(r"  1 \| (.*)\n      (.*)\n", shown)
    assert excerpts
    for line, carets in excerpts:
        assert len(line) <= 45
        assert line[carets.index("^") :].startswith(('App("web")', '"Nginx X"'))


@posix
def test_text_of_a_user_cannot_command_the_terminal(project):
    project.write("app.py", 'from k8s_gen import App\nprint("\\x1b[2J")\nApp("\\x1b[2Jweb")\n')

    shown = on_terminal(project, "generate", "app.py").out

    assert "\x1b[2J" not in shown

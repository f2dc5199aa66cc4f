"""
What only our server does, timed: findings after a save, previews, and typing while code hangs.

``python bench/lsp/evaluating.py [--rounds N]``, after ``bench/lsp/run.py`` has installed.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from client import Client, Clock, Document, Json  # noqa: E402
from measuring import Environment, Times, complete  # noqa: E402
from run import BIN, FOLDER, install  # noqa: E402

APPS = 20
# Seconds, as somebody takes who saves again at once.
BETWEEN_SAVES = 0.7
GOALS = {
    "save to what is refused": (25, 50),
    "save to all findings": (25, 50),
    "preview of unsaved text": (60, 120),
    "completion": (4, 8),
    "completion while a file hangs": (4, 8),
    "preview after the worker was killed": (400, 400),
}
COMMAND = (BIN / "python", "-P", "-m", "k8sgen_lsp")


def main(arguments: Sequence[str]) -> None:
    """Run the session, and print what was measured beside what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args(arguments)
    install()
    if Path(sys.prefix).resolve() != (FOLDER / "venv").resolve():
        command = [BIN / "python", HERE / "evaluating.py", *arguments]
        sys.exit(subprocess.run(command, check=False).returncode)
    asyncio.run(session(asked.rounds))


def program(apps: int) -> str:
    """Return a file of applications."""
    lines = ["from k8s_gen import App", ""]
    for number in range(apps):
        lines += [
            f'app_{number} = (App("app-{number}")',
            f'    .image("ghcr.io/acme/app-{number}:1.{number}")',
            f"    .port({8000 + number})",
            '    .resources(cpu="250m", memory="256Mi")',
            '    .env("LOG_LEVEL", "info")',
            f"    .replicas({number % 5 + 1}))",
            "",
        ]
    return "\n".join(lines) + "\n"


async def session(rounds: int) -> None:
    """Measure one session in a trusted folder."""
    root = FOLDER / "corpora" / "evaluated"
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    path = root / "app.py"
    path.write_text(program(APPS), encoding="utf-8")
    other = FOLDER / "corpora" / "hanging"
    other.mkdir(parents=True, exist_ok=True)
    (other / "pyproject.toml").write_text("", encoding="utf-8")
    (other / "hang.py").write_text("import k8s_gen\nwhile True:\n    pass\n", encoding="utf-8")
    place = Environment(BIN / "python")
    client = Client(COMMAND, root, place.settings)
    await client.start(place.variables, {"trusted": [str(root), str(other)]})
    document = Document(client, path, program(APPS))
    document.open()
    await preview(client, document)
    rows = {
        "save to what is refused": await saves(client, document, rounds, refused),
        "save to all findings": await saves(client, document, rounds, judged),
        "preview of unsaved text": await previews(client, document, rounds),
        "completion": await completions(client, document, rounds),
    }
    idle = client.megabytes()
    hanging = Document(client, other / "hang.py", (other / "hang.py").read_text("utf-8"))
    hanging.open()
    waiting = asyncio.ensure_future(preview(client, hanging))
    await asyncio.sleep(0.3)
    rows["completion while a file hangs"] = await completions(client, document, rounds)
    hanging.insert(1, "raise SystemExit")
    await preview(client, hanging)
    await asyncio.wait([waiting])
    # What follows the edits has come to its end: a run that the end of the worker ends is repeated.
    await asyncio.sleep(BETWEEN_SAVES)
    rows["preview after the worker was killed"] = await killed(client, document)
    table(rows, idle)
    await client.stop()


async def preview(client: Client, document: Document) -> None:
    """Ask for what a document deploys."""
    params = {"command": "k8sgen.preview", "arguments": [{"uri": document.uri}]}
    await client.ask("workspace/executeCommand", params)


def refused(number: int) -> tuple[str, str]:
    """Return a line with a port that there is not, and what is said of it."""
    # What only running it tells: the static checks know no sums.
    return f'App("x").image("a:1").port({70_000 + number} + 1)', f"{70_001 + number}"


def judged(number: int) -> tuple[str, str]:
    """Return a line that only rules object to, and what they are about."""
    return f'App("late-{number}").image("a:1")', f"late-{number}"


async def saves(
    client: Client, document: Document, rounds: int, made: Callable[[int], tuple[str, str]]
) -> Times:
    """
    Write a line, save, and wait until something is said of it.

    As editors do, the client asks for diagnostics when the text changes and when it is told
    that there are others, and says which it has already.
    """
    times = Times()
    line = len(document.lines) - 1
    for number in range(rounds):
        text, mark = made(number)
        document.insert(line, text)
        report = await diagnostics(client, document, None)
        while not client.refreshes.empty():
            client.refreshes.get_nowait()
        clock = Clock()
        document.save()
        while not says(report, mark):
            await asyncio.wait_for(client.refreshes.get(), 30)
            report = await diagnostics(client, document, report)
        times.taken.append(clock.read())
        document.delete(line)
        await asyncio.sleep(BETWEEN_SAVES)
    return times


async def diagnostics(client: Client, document: Document, before: Json | None) -> Json:
    """Ask for the diagnostics of a document; those it had before stand if they are the same."""
    asked: Json = {"textDocument": {"uri": document.uri}}
    if before is not None:
        asked["previousResultId"] = before["resultId"]
    report: Json = await client.ask("textDocument/diagnostic", asked)
    return report if before is None or report["kind"] == "full" else before


def says(report: Json, mark: str) -> bool:
    """Does one of the diagnostics speak of this? To look at all they say takes a millisecond."""
    return any(mark in each["message"] for each in report["items"])


async def previews(client: Client, document: Document, rounds: int) -> Times:
    """Change a line, and ask for what the unsaved text deploys."""
    times = Times()
    line = len(document.lines) - 1
    for number in range(rounds):
        document.insert(line, f"app_0.replicas({number + 2})")
        clock = Clock()
        await preview(client, document)
        times.taken.append(clock.read())
        document.delete(line)
    return times


async def completions(client: Client, document: Document, rounds: int) -> Times:
    """Begin a line in a chain, and ask what can follow."""
    times = Times()
    line = next(number for number, text in enumerate(document.lines) if ".port(" in text)
    for _ in range(rounds):
        document.insert(line + 1, "    .")
        clock = Clock()
        times.right += "replicas" in await complete(client, document, line + 1)
        times.taken.append(clock.read())
        document.delete(line + 1)
        await asyncio.sleep(0.02)
    return times


async def killed(client: Client, document: Document) -> Times:
    """End the worker with force, and ask for a preview."""
    import psutil

    for child in psutil.Process(client.process.pid).children(recursive=True):
        child.kill()
    clock = Clock()
    await preview(client, document)
    return Times([clock.read()])


def table(rows: dict[str, Times], idle: dict[str, float]) -> None:
    """Print what was measured, in milliseconds, and how much memory it took."""
    print(f"{APPS} applications in one file, ms; goals in brackets")
    for name, times in rows.items():
        half, most = times.quantile(0.5), times.quantile(0.95)
        first, second = GOALS[name]
        print(f"{name:40}{half:9.1f} ({first}){most:9.1f} ({second})")
    print(f"{'server, MB':40}{idle['server']:9.1f} (60)")
    print(f"{'worker and its processes, MB':40}{idle['children']:9.1f} (60 each)")


if __name__ == "__main__":
    main(sys.argv[1:])

import os
from pathlib import Path

import pytest

from tests.judges.availability import IN_CI, SHARED, absent

# No test leaves anything in the cache of whoever runs it: what is no folder keeps nothing.
os.environ["K8SGEN_CACHE_HOME"] = os.path.abspath(os.devnull)

pytest_plugins = ["tests.judges.compose", "tests.judges.kubectl", "tests.judges.neovim"]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of schemas, fixtures and judges next to the repository."""
    if not SHARED.is_dir():
        absent(f"the folder {SHARED}")
    return SHARED.resolve()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for the folder, so that ``-m 'not shared'`` finds them all."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", []):
            item.add_marker(pytest.mark.shared)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        absent(f"the folder {SHARED}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was not tested, because dots do not."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum("shared" in report.keywords for report in skipped)
    if count and not SHARED.is_dir() and not IN_CI:
        terminalreporter.write_line(
            f"NOT TESTED: {count} tests need the folder {SHARED}, which is missing here",
            yellow=True,
            bold=True,
        )

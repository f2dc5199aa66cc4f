import pytest

FIGURE = "figure of the law"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of the law as a table."""
    reports = [
        report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)
    ]
    rows = [row for report in reports for name, row in report.user_properties if name == FIGURE]
    if rows:
        terminalreporter.section("law of provenance")
        for row in rows:
            terminalreporter.write_line(row)

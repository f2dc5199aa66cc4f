"""DSL text with marks under the places of its findings, as whole inputs of tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from k8sgen_core.findings import Finding
from tests.core.described import described

MARK = re.compile(r"^#(?P<before> *)(?P<range>\^+) (?P<rules>[a-z ,-]+)$")


def marks_of(text: str) -> list[tuple[int, int, int, str]]:
    """Return (line, first column, end column, rule) of each mark, which are under their line."""
    found = []
    line = 0
    for number, content in enumerate(text.split("\n")):
        mark = MARK.match(content)
        if mark is None:
            line = number
            continue
        start, end = mark.span("range")
        found += [(line, start, end, rule) for rule in mark["rules"].split(", ")]
    return sorted(found)


def marks_for(text: str, findings: Iterable[Finding]) -> list[tuple[int, int, int, str]]:
    """Return the same of findings; what goes on in further lines ends with its first."""
    return sorted(_mark(text.split("\n"), finding) for finding in findings)


def _mark(lines: list[str], finding: Finding) -> tuple[int, int, int, str]:
    assert finding.place is not None, finding
    start, end = finding.place.range
    last = end.character if end.line == start.line else len(lines[start.line])
    return (start.line, start.character, last, finding.rule)


def messages(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield what a reader sees."""
    for each in findings:
        yield f"{each.severity}: {each.message}" + (f" ({each.hint})" if each.hint else "")


HEAD = "class Check(Validator):\n    def validate_it(self, app):\n"


def check(source: str, *said: str, environment: str | None = None) -> None:
    """Compare the findings of a text with its marks, and, if given, with what they say."""
    found = described(source, environment=environment).findings
    assert marks_for(source, found) == marks_of(source), list(messages(found))
    if said:
        assert sorted(messages(found)) == sorted(said)


def checking(body: str) -> str:
    """Return a validator ``Check`` with these lines in its only method."""
    return HEAD + "".join(f"        {line}\n" for line in body.split("\n"))

"""JUnit XML: a test suite for each file, and in it a failed test for each finding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from k8sgen_core.reports.reported import Reported

# What XML 1.0 has no way to say.
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(reported: Sequence[Reported], files: Sequence[str]) -> str:
    """Return the report; a file without findings is one test that passed."""
    found: dict[str, list[Reported]] = defaultdict(list)
    for each in reported:
        found[each.path or "project"].append(each)
    names = list(dict.fromkeys((*files, *found)))
    suites = "".join(_suite(name, found[name]) for name in names)
    tests = sum(max(1, len(found[name])) for name in names)
    counts = f'name="k8sgen" tests="{tests}" failures="{len(reported)}" errors="0"'
    header = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{header}<testsuites {counts}>\n{suites}</testsuites>\n"


def _suite(name: str, found: Sequence[Reported]) -> str:
    cases = "".join(map(_case, found)) or f'    <testcase name="valid" {_class(name)}/>\n'
    counts = f'tests="{max(1, len(found))}" failures="{len(found)}" errors="0"'
    return f"  <testsuite name={_quoted(name)} {counts}>\n{cases}  </testsuite>\n"


def _case(reported: Reported) -> str:
    finding = reported.finding
    start = finding.place.range.start if finding.place else None
    where = f":{start.line + 1}:{start.character + 1}" if start else ""
    subject = f" {finding.object}" if finding.object else ""
    name = _quoted(f"{finding.rule}{subject}{where}")
    details = (f"{reported.path or ''}{where}", finding.field, finding.hint)
    text = escape(_legal("\n".join(filter(None, details))))
    failure = f"<failure type={_quoted(finding.severity)} message={_quoted(finding.message)}>"
    case = f"<testcase name={name} {_class(reported.path or 'project')}>"
    return f"    {case}\n      {failure}{text}</failure>\n    </testcase>\n"


def _class(path: str) -> str:
    return f"classname={_quoted(path)}"


def _quoted(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)

"""The manual page of all ids, made of their registry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from k8sgen_core.ids import HEADING, POLICY, SUBJECTS, TOOL, Rule, registry
from k8sgen_core.ids.upstream import TOOLS, check_of, differences, not_built_in, standing_for

INTRODUCTION = """\
# Rules

Every finding has an id. `k8sgen explain ID` prints what stands here, and editors link to it.

An **error** is something that Kubernetes refuses or that certainly does not work; a **warning** is
something that good practice says otherwise; **info** is worth a look. Some rules find cases that
are less certain than the others, and report these less severely; the text says which.

```toml
# k8sgen.toml
select = ["latest-tag"]              # these alone, instead of those that are on by default
extend-select = ["no-node-affinity"] # these, too
ignore = ["no-cpu-limit"]            # not these

[rules.minimum-three-replicas]
severity = "error"                   # instead of its own
minimum = 2                          # an option of the rule
```

One finding is excepted where it is: in Python by the comment `# k8sgen: ignore[latest-tag] reason`
or the method `.ignore("latest-tag", reason="...")`, in YAML by the annotation
`ignore.k8s-gen.io/latest-tag: reason`. The annotations of kube-linter and kube-score are honoured.

Rules judge Kubernetes objects, whoever made them. Those that judge several objects together know
the objects of all files that are given. What is not among them may exist all the same, so its
absence is an error only where it is certain. An object that says no namespace may be in any.
"""
_SECTIONS = {
    TOOL: "The tool itself",
    POLICY: "The policy of a project",
    "apis": "API versions",
    "network": "Network policies",
    "pod_security": "Pod Security Standards",
}
_UPSTREAM = """
## Checks of other tools

What stands for each check of other tools, or why nothing does.
"""
_DIFFERENCES = """
## Differences to kube-linter

A rule that has the name of a check of kube-linter finds what that one finds, but for this.
"""
_FIXES = {"safe": "`--fix` corrects it", "unsafe": "`--fix` corrects it if asked to"}


def documentation() -> str:
    """Return ``docs/rules.md``."""
    subjects = (_subject(name) for name in SUBJECTS)
    return "".join(
        [INTRODUCTION, *subjects, _UPSTREAM, *_upstream(), _DIFFERENCES, *_differences()]
    )


def _subject(name: str) -> str:
    rules = [rule for rule in registry().values() if rule.subject == name]
    title = _SECTIONS.get(name) or name.replace("_", " ").capitalize()
    head = "| Id | Severity | By default | Fix | What |\n| --- | --- | --- | --- | --- |\n"
    rows = "".join(map(_row, rules))
    return f"\n## {title}\n\n{head}{rows}{''.join(map(_section, rules))}"


def _row(rule: Rule) -> str:
    default = "yes" if rule.default else "no"
    return (
        f"| {_link(rule.id)} | {rule.severity} | {default} | {rule.fix} | {_cell(rule.summary)} |\n"
    )


def _section(rule: Rule) -> str:
    return f"\n{HEADING}{rule.id}`\n\n" + "\n".join(_paragraphs(rule))


def _paragraphs(rule: Rule) -> Iterator[str]:
    default = "" if rule.default else ", not by default"
    yield f"{rule.severity.capitalize()}{default}. {rule.summary}\n"
    yield f"{rule.why}\n"
    yield f"**Remedy**: {rule.remedy}\n"
    if rule.example:
        yield f"```python\n{rule.example.strip()}\n```\n"
    if rule.fixed:
        yield f"Without the finding:\n\n```python\n{rule.fixed.strip()}\n```\n"
    if rule.options:
        yield from _options(rule)
    if rule.versions:
        yield f"Applies to Kubernetes {rule.versions}.\n"
    if rule.fix:
        yield f"{_FIXES[rule.fix]}.\n"
    if rule.sources:
        yield _sources(rule)


def _options(rule: Rule) -> Iterator[str]:
    yield "| Option | Default | What |\n| --- | --- | --- |"
    for name, option in rule.options.items():
        default = _cell(json.dumps(option.default))
        yield f"| `{name}` | `{default}` | {_cell(option.description)} |"
    yield ""


def _sources(rule: Rule) -> str:
    named = [
        f"{TOOLS[tool]} `{check}`" for tool, check in filter(None, map(check_of, rule.sources))
    ]
    reasons = [f"{each[:1].upper()}{each[1:].rstrip('.')}." for each in _reasons(rule)]
    return " ".join([*([f"Stands for {', '.join(named)}."] if named else []), *reasons]) + "\n"


def _reasons(rule: Rule) -> list[str]:
    """Return what stands where no check of another tool can be named."""
    return [source for source in rule.sources if check_of(source) is None]


def _upstream() -> Iterator[str]:
    known, left_out = standing_for(), not_built_in()
    for tool, title in TOOLS.items():
        yield f"\n### {title}\n\n| Check | Ours |\n| --- | --- |\n"
        reasons = left_out.get(tool, {})
        for check in sorted({*known.get(tool, ()), *reasons}, key=_alphabetical):
            ours = known.get(tool, {}).get(check)
            what = _links(ours) if ours else f"Not built in. {_cell(reasons[check])}"
            yield f"| `{check}` | {what} |\n"


def _alphabetical(check: str) -> tuple[str, str]:
    return check.lower(), check


def _differences() -> Iterator[str]:
    yield "\n| Check | Ours |\n| --- | --- |\n"
    for check, reason in sorted(differences().items()):
        yield f"| {_link(check)} | {_cell(reason)} |\n"


def _links(ids: Iterable[str]) -> str:
    return ", ".join(map(_link, ids))


def _link(name: str) -> str:
    return f"[`{name}`](#{name})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

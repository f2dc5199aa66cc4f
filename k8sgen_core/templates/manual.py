"""The part of the manual of templates that is made of the table of names."""

from __future__ import annotations

from k8sgen_core.templates.context import HEALTH, NAMES, PROBES, Name
from k8sgen_core.templates.registry import builtin

BEGIN = "<!-- made from the table of names: begin -->\n"
END = "<!-- made from the table of names: end -->\n"


def reference() -> str:
    """Return the tables of names, and of built-in templates."""
    rows = "".join(_row(name) for name in NAMES.values())
    names = f"| Name | Is | Set by |\n| --- | --- | --- |\n{rows}"
    made = "".join(f"- `{name}`: {_summary(name)}\n" for name in builtin())
    return f"{names}\n## Built-in templates\n\n{made}"


def documentation(text: str) -> str:
    """Return the manual with its reference part made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}\n{END}{after}"


def _row(name: Name) -> str:
    what = ": ".join(filter(None, (name.kind, name.meaning)))
    if name.fields:
        what += f" with {_fields(name)}"
    return f"| `{name.name}` | {what} | {name.given_by} |\n"


def _fields(name: Name) -> str:
    fields = name.fields
    if fields == HEALTH:
        parts = (field.removeprefix("liveness_") for field in fields if field.startswith("live"))
        return f"`{'`, `'.join(parts)}`, each after one of `{'_`, `'.join(PROBES)}_`"
    return f"`{'`, `'.join(fields)}`"


def _summary(name: str) -> str:
    first = builtin()[name].read_text(encoding="utf-8").splitlines()[0]
    return first.removeprefix("{#- ").removesuffix(" #}")

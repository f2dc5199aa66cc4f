"""What is said of an offer when somebody looks at it: found by what the offer carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.docstrings import about_parameter, markdown


def documentation(catalogue: Catalogue, asked: Mapping[str, Any]) -> str | None:
    """Return the documentation of what an offer names, as Markdown."""
    if "class" in asked:
        return _of_class(catalogue, asked)
    if "key" in asked:
        return _of_key(str(asked["key"]))
    if "variable" in asked:
        return _of_variable(str(asked["variable"]))
    return _of_filter(str(asked["filter"])) if "filter" in asked else None


def _of_class(catalogue: Catalogue, asked: Mapping[str, Any]) -> str | None:
    found = catalogue.find(str(asked["class"]))
    if found is None:
        return None
    text, before = found.documentation, ""
    if "member" in asked:
        member = catalogue.members(found).get(str(asked["member"]))
        if member is None:
            return None
        text = member.documentation
        before = f"**{member.deprecated}**\n\n" if member.deprecated else ""
    if "argument" in asked:
        return markdown(about_parameter(text, str(asked["argument"])))
    return before + markdown(text)


def _of_key(name: str) -> str | None:
    from k8sgen_core.config.keys import KEYS
    from k8sgen_core.ids import registry

    for key in KEYS.values():
        if key.name == name:
            return key.description
    rule, _, option = name.removeprefix("rules.").partition(".")
    found = registry().get(rule)
    if found is not None and not option:
        return found.why
    return found.options[option].description if found and option in found.options else None


def _of_variable(name: str) -> str | None:
    from k8sgen_core.templates.context import NAMES

    known = NAMES.get(name)
    if known is None:
        return None
    given = f", from {known.given_by}" if known.given_by else ""
    return (known.meaning or known.kind) + given


def _of_filter(name: str) -> str | None:
    from k8sgen_core.templates.filters import offered

    return offered().get(name)

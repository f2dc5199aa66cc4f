"""Which rules apply, and how severe each is: the defaults, and what is configured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.config.discovery import matches
from k8sgen_core.findings import Finding, Severity
from k8sgen_core.ids import TOOL, Rule, blocks, registry
from k8sgen_core.rules import rules
from k8sgen_core.rules.manifest import Container, Manifest, Pod
from k8sgen_core.rules.pod_security import of_level
from k8sgen_core.rules.rule import BuiltIn

if TYPE_CHECKING:
    from k8sgen_core.config import Config


class Selection:
    """The rules that a configuration chooses; the built-in ones by what they look at."""

    def __init__(self, config: Config) -> None:
        self.options = config.rules
        self._config = config
        self._chosen = {each.id: each for each in self._built_in()}
        self.of_containers = [each for each in self._chosen.values() if each.on is Container]
        self.of_pods = [each for each in self._chosen.values() if each.on is Pod]
        self._of_all: list[BuiltIn] = []
        self._of_kinds: dict[str, list[BuiltIn]] = defaultdict(list)
        self._of_kind: dict[str, Sequence[BuiltIn]] = {}
        self._severities: dict[tuple[str, Severity | None], Severity] = {}
        for each in self._chosen.values():
            if each.on is Manifest and not each.kinds:
                self._of_all.append(each)
            for kind in each.kinds:
                self._of_kinds[kind].append(each)

    def _built_in(self) -> Iterable[BuiltIn]:
        level, known = self._config.pod_security, rules()
        if level is not None:
            return [known[name] for name in of_level(level) if name not in self._config.ignore]
        return [each for each in known.values() if self._is_chosen(registry()[each.id])]

    def _is_chosen(self, rule: Rule) -> bool:
        config = self._config
        if rule.id in config.ignore:
            return False
        named = rule.id in config.select or rule.id in config.extend_select
        return named or (rule.default and not config.select)

    def allows(self, name: str) -> bool:
        """Tell whether findings of this id are wanted; errors of the tool itself always are."""
        rule = registry().get(name)
        if rule is None or rule.subject == TOOL:
            return name not in self._config.ignore or (
                rule is not None and rule.severity == "error"
            )
        return name in self._chosen if rule.is_lint else self._is_chosen(rule)

    def wanted(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that the configuration does not leave out, for their files either."""
        excepted = self._config.per_path_ignores
        return [
            each
            for each in findings
            if self.allows(each.rule) and not (excepted and self._is_excepted(each))
        ]

    def _is_excepted(self, finding: Finding) -> bool:
        if finding.place is None or blocks(finding):
            return False
        parts = self._parts(finding.place.path)
        return any(
            finding.rule in ids and matches(parts, pattern)
            for pattern, ids in self._config.per_path_ignores.items()
        )

    def _parts(self, path: str) -> tuple[str, ...]:
        try:
            return Path(path).relative_to(self._config.root).parts
        except ValueError:
            return ()

    def severity(self, name: str, usual: Severity | None = None) -> Severity:
        """Return how severe a finding of a built-in rule is; ``usual`` unless configured."""
        known = self._severities.get((name, usual))
        if known is None:
            given: Severity | None = self.options.get(name, {}).get("severity")
            known = given or usual or registry()[name].severity
            known = known if self._config.pod_security is None else "error"
            self._severities[name, usual] = known
        return known

    def of_manifest(self, manifest: Manifest) -> Sequence[BuiltIn]:
        """Return the rules that look at an object of this kind as a whole."""
        found = self._of_kind.get(manifest.kind)
        if found is None:
            found = (*self._of_all, *self._of_kinds.get(manifest.kind, ()))
            self._of_kind[manifest.kind] = found
        return found

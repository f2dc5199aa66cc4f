"""Everything that can be configured: each field of ``Config`` declares its key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from k8sgen_core.config.discovery import (
    EXTENSIONS,
    MANIFESTS,
    files_below,
    is_foreign,
    leads_to_k8s_gen,
    matches,
)
from k8sgen_core.config.kinds import (
    BYTES,
    CLASSES,
    COUNT,
    CPU,
    FLAG,
    FOLDER,
    FOLDERS,
    IDS,
    IDS_OF_PATTERNS,
    LABEL_KEYS,
    LOCATIONS,
    MEMORY,
    NAME,
    NAME_PATTERN,
    PATTERNS,
    REGISTRIES,
    RULES,
    SECONDS,
    VERSION,
    Kind,
    one_of,
    some_of,
)
from k8sgen_core.config.project_file import ConfigurationError
from k8sgen_core.findings import SEVERITIES, Place, Severity


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that can be configured; ``default`` is what a file would say, None is unset."""

    name: str
    kind: Kind
    default: object
    description: str
    variable: str | None = None
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who set a value, as messages name it, and where if it is a file."""

    name: str
    place: Place | None = None


def _of(key: Key) -> Any:
    if key.default == {}:
        return field(default_factory=dict, metadata={"key": key})
    default = None if key.default is None else key.kind.check(key.default)
    return field(default=default, metadata={"key": key})


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of one project; ``sources`` tells who set what is not a default."""

    root: Path
    files: tuple[str, ...] = _of(
        Key(
            "files",
            PATTERNS,
            [],
            "Which Python files are DSL files. By default those that import `k8s_gen`, themselves "
            "or through modules of the project, and are not in the folders `plugins`, "
            "`validators`, `output_formats` and `tests` of the project. "
            "Hidden folders, virtual environments, `node_modules`, `build` and `dist` never count.",
        )
    )
    include: tuple[str, ...] = _of(
        Key(
            "include",
            PATTERNS,
            [],
            "Manifests that belong to the project without being generated: rules that look at "
            "several objects know those in these files too, and do not judge them.",
        )
    )
    output: str = _of(
        Key(
            "output",
            FOLDER,
            "k8s",
            "The folder that `k8sgen generate` writes to.",
            "K8SGEN_OUTPUT",
            "--output",
        )
    )
    kubernetes_version: str = _of(
        Key(
            "kubernetes-version",
            VERSION,
            "1.37",
            "The version of Kubernetes that the objects are made for and checked against.",
            "K8SGEN_KUBERNETES_VERSION",
            "--kubernetes-version",
        )
    )
    environment: str | None = _of(
        Key(
            "environment",
            NAME,
            None,
            'The environment whose settings apply, as in `app.for_environment("prod")`. Unset '
            "means the base.",
            "K8SGEN_ENVIRONMENT",
            "--env",
        )
    )
    fail_on: Severity | None = _of(  # noqa: RUF009 - it is a field, as are the others.
        Key(
            "fail-on",
            one_of(*SEVERITIES),
            None,
            "The least severity at which findings make the exit code 1. Unset means `error` for "
            "`k8sgen validate`; `k8sgen generate` then fails only on what prevents writing.",
            "K8SGEN_FAIL_ON",
            "--fail-on",
        )
    )
    select: tuple[str, ...] = _of(
        Key(
            "select",
            IDS,
            [],
            "The only rules to apply. Empty means those that apply by default.",
            "K8SGEN_SELECT",
            "--select",
        )
    )
    ignore: tuple[str, ...] = _of(
        Key(
            "ignore",
            IDS,
            [],
            "Rules that are not applied, even if selected.",
            "K8SGEN_IGNORE",
            "--ignore",
        )
    )
    extend_select: tuple[str, ...] = _of(
        Key(
            "extend-select",
            IDS,
            [],
            "Rules to apply besides: those that do not apply by default.",
            option="--extend-select",
        )
    )
    per_path_ignores: Mapping[str, tuple[str, ...]] = _of(
        Key(
            "per-path-ignores",
            IDS_OF_PATTERNS,
            {},
            "Rules that are not applied to files: DSL files, or manifests where they are "
            "validated themselves.",
        )
    )
    rules: Mapping[str, Mapping[str, Any]] = _of(
        Key(
            "rules",
            RULES,
            {},
            'How severe a rule is, and its options: `latest-tag = {severity = "warning"}`.',
        )
    )
    pod_security: Literal["privileged", "baseline", "restricted"] | None = _of(
        Key(
            "pod-security",
            one_of("privileged", "baseline", "restricted"),
            None,
            "Judge by this level of the Pod Security Standards alone, as of the target version.",
            option="--pod-security",
        )
    )
    schema_locations: tuple[str, ...] = _of(
        Key(
            "schema-locations",
            LOCATIONS,
            [],
            "Where the schemas of custom resources are, in the layout of a catalogue of CRDs, or "
            "as the path says.",
            option="--schema-location",
        )
    )
    strict_crds: bool = _of(
        Key(
            "strict-crds",
            FLAG,
            False,
            "Whether an object of a kind without a schema is an error.",
            option="--strict-crds",
        )
    )
    timeout: float = _of(
        Key(
            "evaluate.timeout",
            SECONDS,
            10,
            "How many seconds a DSL file may run.",
            "K8SGEN_EVALUATE_TIMEOUT",
        )
    )
    memory: int = _of(
        Key(
            "evaluate.memory",
            MEMORY,
            "1Gi",
            "How much memory a DSL file may use.",
            "K8SGEN_EVALUATE_MEMORY",
        )
    )
    objects: int = _of(
        Key(
            "evaluate.objects",
            COUNT,
            10_000,
            "How many objects a DSL file may describe.",
            "K8SGEN_EVALUATE_OBJECTS",
        )
    )
    allow: frozenset[str] = _of(
        Key(
            "evaluate.allow",
            some_of("process", "network", "write"),
            [],
            "What a DSL file may do besides describing: start processes, open connections, write "
            "files.",
        )
    )
    secrets: Literal["store", "placeholder"] = _of(
        Key(
            "secrets",
            one_of("store", "placeholder"),
            "store",
            "Whether generated secrets get their values from `.k8sgen/secrets.json`, or a fixed "
            "text that is no secret, for dry runs.",
            "K8SGEN_SECRETS",
        )
    )
    plugins: tuple[str, ...] = _of(
        Key(
            "plugins",
            FOLDERS,
            ["plugins"],
            "What `PluginManager().load_all()` loads: the plugins in these folders, and installed "
            "plugins by the names of their entry points in the group `k8s_gen.plugins`. They are "
            "imported where the DSL files run, and nowhere else.",
        )
    )
    validators: tuple[str, ...] = _of(
        Key(
            "validators",
            CLASSES,
            [],
            "Validators that check every workload of the project. Each class is made without "
            "arguments, or with the policy as a mapping if it takes an argument. They run where "
            "the DSL files run, and nowhere else.",
        )
    )
    approved_registries: tuple[str, ...] = _of(
        Key(
            "policy.approved-registries",
            REGISTRIES,
            [],
            "The only registries that images may come from. Empty means all.",
        )
    )
    naming_pattern: str | None = _of(
        Key(
            "policy.naming-pattern",
            NAME_PATTERN,
            None,
            "What the names of workloads must look like.",
        )
    )
    required_labels: tuple[str, ...] = _of(
        Key("policy.required-labels", LABEL_KEYS, [], "Labels that every workload must have.")
    )
    max_cpu: str | None = _of(
        Key(
            "policy.max-cpu",
            CPU,
            None,
            "The most CPU that one container may have as its request or limit.",
        )
    )
    max_memory: str | None = _of(
        Key(
            "policy.max-memory",
            BYTES,
            None,
            "The most memory that one container may have as its request or limit.",
        )
    )
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)

    @property
    def policy(self) -> dict[str, Any]:
        """What the table ``policy`` says, by the names of the attributes here."""
        names = (name for name, key in KEYS.items() if key.name.startswith("policy."))
        return {name: getattr(self, name) for name in names}

    def is_dsl_file(self, path: Path, text: str) -> bool:
        """Tell whether the file at ``path``, with this text, describes what to deploy."""
        place = Path(os.path.abspath(self.root / path))
        if place.suffix != ".py" or not place.is_relative_to(self.root):
            return False
        parts = place.relative_to(self.root).parts
        if any(is_foreign(folder) for folder in parts[:-1]):
            return False
        if self.files:
            return any(matches(parts, pattern) for pattern in self.files)
        return parts[0] not in EXTENSIONS and leads_to_k8s_gen(text, place.parent, self.root)

    def dsl_files(self, folder: Path) -> list[Path]:
        """Return the DSL files below ``folder``, which is the project's root or inside it."""
        start = Path(os.path.abspath(self.root / folder))
        return [p for p in files_below(start, ".py") if self.is_dsl_file(p, _text_of(p))]

    def included(self) -> list[Path]:
        """Return the manifests that belong to the project without being generated."""
        if not self.include:
            return []
        return [
            path
            for path in files_below(self.root, *MANIFESTS)
            if any(matches(path.relative_to(self.root).parts, each) for each in self.include)
        ]

    def error(self, name: str, message: str, hint: str | None) -> ConfigurationError:
        """Return the error for a value that only a higher layer can judge, where it was set."""
        source = self.sources.get(name, Source(f"`{name}`"))
        return ConfigurationError(f"{source.name}: {message}", source.place, hint)


def _text_of(path: Path) -> str:
    """Return enough of a file to see its imports, nothing if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


KEYS: Mapping[str, Key] = {
    each.name: each.metadata["key"] for each in fields(Config) if "key" in each.metadata
}

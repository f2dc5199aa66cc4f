"""Metadata: whose objects are, and in which namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.rules.manifest import TEMPLATES, Manifest
from k8sgen_core.rules.rule import Flaw, rule

_OWNER, _EMAIL = "owner", "email"
_INSTANCE = "app.kubernetes.io/instance"
_is_address = re.compile(r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+").fullmatch


@rule("required-label-owner", on=Manifest, kinds=tuple(TEMPLATES))
def required_label_owner(manifest: Manifest) -> Iterator[Flaw]:
    """Flag what nobody is named as the owner of."""
    if not manifest.labels.get(_OWNER):
        yield Flaw(
            ("metadata",),
            f"{manifest.title} has no label {_OWNER}",
            'add it, in the DSL .labels(owner="...")',
        )


@rule("required-annotation-email", on=Manifest, kinds=tuple(TEMPLATES))
def required_annotation_email(manifest: Manifest) -> Iterator[Flaw]:
    """Flag what nobody can be reached about."""
    value = manifest.annotations.get(_EMAIL)
    if not isinstance(value, str) or not _is_address(value):
        said = "no annotation email" if value is None else f"the email {value!r}, no address"
        path = ("metadata",) if value is None else ("metadata", "annotations", _EMAIL)
        hint = 'add an address, in the DSL .annotations({"email": "team@example.com"})'
        yield Flaw(path, f"{manifest.title} has {said}", hint)


@rule("mismatched-instance-label", on=Manifest, kinds=tuple(TEMPLATES))
def mismatched_instance_label(manifest: Manifest) -> Iterator[Flaw]:
    """Flag objects whose instance label is not their name."""
    value = manifest.labels.get(_INSTANCE)
    if value is not None and value != manifest.name:
        yield Flaw(
            ("metadata", "labels", _INSTANCE),
            f"{manifest.title} says that it is the instance {value!r}",
            did_you_mean(manifest.name),
        )


@rule("use-namespace", on=Manifest)
def use_namespace(manifest: Manifest) -> Iterator[Flaw]:
    """Flag objects in the namespace that is everybody's."""
    if manifest.metadata.get("namespace") == "default":
        yield Flaw(
            ("metadata", "namespace"),
            f"{manifest.title} is in the namespace default, which is nobody's own",
            "use a namespace of the application's own",
        )

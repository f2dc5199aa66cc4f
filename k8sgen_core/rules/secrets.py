"""Secrets where anybody can read them: in variables, arguments, annotations and ConfigMaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.manifest import Container, Manifest, items, mapping, texts
from k8sgen_core.rules.revealing import is_certain, is_likely, is_variable, reveals
from k8sgen_core.rules.rule import Flaw, rule

_HINT = "put it into a Secret, and mount that as a file or use a secretKeyRef"
_OPTION = re.compile(r"-{0,2}(?P<name>[A-Za-z][\w.-]*)=(?P<value>.*)", re.DOTALL)
_SEALED = ("ENC[", "vault:", "ref+", "<path:")


@rule("env-var-secret", on=Container)
def env_var_secret(container: Container) -> Iterator[Flaw]:
    """Flag variables that hold a secret itself, by their names or their values."""
    cluster = container.pod.manifest.cluster
    for index, variable in items(container.value, "env"):
        name, value = variable.get("name"), variable.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            continue
        if (is_variable(name, value) or reveals(value)) and not _is_kept(value, cluster):
            yield Flaw(
                ("env", index, "value"),
                f"the variable {name} of the container {container.name!r} holds a secret",
                _HINT,
            )


@rule("secret-in-arguments", on=Container)
def secret_in_arguments(container: Container) -> Iterator[Flaw]:
    """Flag secrets on the command line."""
    for field in ("command", "args"):
        if field not in container.value:
            continue
        before = ""
        for index, word in texts(container.value, field):
            if _is_told(word, before) and not _is_kept(word, container.pod.manifest.cluster):
                yield Flaw(
                    (field, index),
                    f"an argument of the container {container.name!r} is a secret",
                    _HINT,
                )
            before = word


def _is_told(word: str, before: str) -> bool:
    """Is a word of a command line a secret, by itself or after the option before it?"""
    if reveals(word):
        return True
    given = _OPTION.fullmatch(word)
    if given is not None:
        return is_likely(given["name"], given["value"])
    option = before.removeprefix("--")
    is_option = before.startswith("--") and "=" not in before and not word.startswith("-")
    return is_option and is_likely(option, word)


@rule("secret-in-annotations", on=Manifest)
def secret_in_annotations(manifest: Manifest) -> Iterator[Flaw]:
    """Flag secrets in annotations, which everybody may read who may read the object."""
    own, pod = manifest.annotations, manifest.pod
    yield from _annotated((), own, manifest.cluster)
    if pod is not None and pod.path:
        # Who annotates a workload often means its pods too.
        others = {key: value for key, value in pod.annotations.items() if own.get(key) != value}
        yield from _annotated(pod.path, others, manifest.cluster)


def _annotated(
    where: tuple[str | int, ...], annotations: Mapping[str, Any], cluster: Cluster
) -> Iterator[Flaw]:
    for key, value in annotations.items():
        if not isinstance(value, str) or not isinstance(key, str) or _is_kept(value, cluster):
            continue
        if is_certain(key.rpartition("/")[2], value) or reveals(value):
            path = (*where, "metadata", "annotations", key)
            yield Flaw(path, f"the annotation {key} holds a secret", _HINT)


@rule("secret-in-config-map", on=Manifest, kinds=("ConfigMap",))
def secret_in_config_map(config: Manifest) -> Iterator[Flaw]:
    """Flag secrets in ConfigMaps."""
    for key, value in mapping(config.value, "data").items():
        if not isinstance(value, str) or _is_kept(value, config.cluster):
            continue
        if is_likely(str(key), value) or reveals(value):
            message = f"the key {key} of the ConfigMap {config.name!r} holds a secret"
            yield Flaw(("data", key), message, "move it to a Secret")


@rule("plain-secret", on=Manifest, kinds=("Secret",))
def plain_secret(secret: Manifest) -> Iterator[Flaw]:
    """Flag Secrets whose values are in the file."""
    for field in ("stringData", "data"):
        values = mapping(secret.value, field)
        told = [str(key) for key, value in values.items() if _is_plain(value)]
        if told:
            yield Flaw(
                (field, told[0]),
                f"the Secret {secret.name!r} has its values in the file: {', '.join(told)}",
                "encrypt it (SealedSecret, SOPS), or let an ExternalSecret fetch it",
            )


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not value.startswith(_SEALED)


@rule("read-secret-from-env-var", on=Container)
def read_secret_from_env_var(container: Container) -> Iterator[Flaw]:
    """Flag Secrets that become variables instead of files."""
    for index, variable in items(container.value, "env"):
        reference = mapping(variable, "valueFrom").get("secretKeyRef")
        if reference is not None:
            yield Flaw(
                ("env", index, "valueFrom", "secretKeyRef"),
                f"the variable {variable.get('name')} of {container.name!r} is read from a Secret",
                "mount the Secret as a file",
            )


def _is_kept(value: str, cluster: Cluster) -> bool:
    """Is a value the name of a Secret, and so no secret?"""
    return value in cluster.once(_secret_names)


def _secret_names(cluster: Cluster) -> set[str]:
    return {each.name for each in cluster.by_kind.get("Secret", ())}

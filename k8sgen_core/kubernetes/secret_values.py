"""What the values of a Secret refer to, and the checksum by which pods follow them."""

from __future__ import annotations

from typing import Any

from k8sgen_core.carriers import Origins, like, origin_of, plain
from k8sgen_core.kubernetes.lowered import Lowering, Object, Problem
from k8sgen_core.model import Secret
from k8sgen_core.parts import SecretValue
from k8sgen_core.secrets import Checksum, Generated, Given, SecretText


def reference_of(secret: Secret, key: str, value: SecretValue) -> Given | Generated:
    """Return what one key of a Secret refers to."""
    if value.text is not None:
        return Given(value.text)
    return Generated(
        namespace=plain(secret.namespace),
        name=plain(secret.name),
        key=plain(key),
        length=int(value.length),
        charset=plain(value.charset),
    )


def checksum_of(secret: Secret, origin: Origins) -> SecretText:
    """Return the value of the annotation by which pods follow a Secret."""
    parts = tuple(
        (plain(key), reference_of(secret, key, secret.data[key])) for key in sorted(secret.data)
    )
    return SecretText(Checksum(parts), origin)


def concealed(lowering: Lowering, made: Object) -> Object:
    """Return an object; if it is a Secret, without a value in clear, wherever it came from."""
    if made["kind"] != "Secret" or made["apiVersion"] != "v1":
        return made
    _refuse_numbers(lowering, made)
    hidden = {key: _hidden(made[key]) if key in _VALUES else made[key] for key in made}
    return like(made, hidden)


_VALUES = ("data", "stringData")


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return like(value, {key: _hidden(element) for key, element in value.items()})
    if isinstance(value, list | tuple):
        return like(value, [_hidden(element) for element in value])
    if value is None or isinstance(value, SecretText):
        return value
    return SecretText(Given(str(plain(value))), origin_of(value))


def _refuse_numbers(lowering: Lowering, made: Object) -> None:
    """Note values that are no text, which cannot be told any more once they are hidden."""
    for field in _VALUES:
        given = made.get(field)
        for key, value in given.items() if isinstance(given, dict) else ():
            if isinstance(value, int | float):
                message = "expected text, got another type"
                lowering.problems.append(
                    Problem(
                        "schema-violation",
                        message,
                        origin_of(value),
                        "write it in quotes",
                        object=f"Secret/{plain(made['metadata'].get('name', ''))}",
                        field=f"{field}.{plain(key)}",
                    )
                )

"""What the values of a Secret refer to, and the checksum by which pods follow them."""

from __future__ import annotations

from k8sgen_core.carriers import Origins, plain
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

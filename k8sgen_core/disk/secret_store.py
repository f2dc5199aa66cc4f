"""
The values of generated secrets, kept in ``.k8sgen/secrets.json`` so that each is drawn only once.

A rotated secret keeps its entry without a value; the next ``generate`` draws the new one, by the
length and charset that the DSL file then asks for.
"""

import contextlib
import json
import os
import secrets
import shlex
import stat
import string
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from k8sgen_core.disk import durable
from k8sgen_core.disk.paths import read_regular
from k8sgen_core.findings import Place

# Without quotes, backslash, backtick and dollar, which shells and connection strings trip over.
_SYMBOLS = "!#%&()*+,-./:;<=>?@[]^_{|}~"

CHARSETS: Mapping[str, tuple[str, ...]] = {
    "alnum": (string.ascii_lowercase, string.ascii_uppercase, string.digits),
    "alpha": (string.ascii_lowercase, string.ascii_uppercase),
    "digits": (string.digits,),
    "hex": (string.digits, "abcdef"),
    "ascii-symbols": (string.ascii_lowercase, string.ascii_uppercase, string.digits, _SYMBOLS),
}

_PLACEHOLDER = "k8sgen-placeholder"
_SHORTEST, _LONGEST = 16, 1024
# The environment of the base.
DEFAULT = "default"


class SecretStoreError(ValueError):
    """
    The store cannot be used as it is; nothing in it was changed.

    ``specs`` are the secrets that this is about, ``places`` where they are asked for.
    """

    def __init__(self, message: str, specs: Sequence["SecretSpec"] = ()) -> None:
        super().__init__(message)
        self.specs = tuple(specs)
        self.places: tuple[Place, ...] = ()


class SecretSpecChanged(SecretStoreError):
    """A stored value has another length or charset than asked for."""


class SecretNotStored(SecretStoreError):
    """A value would be drawn in a checkout that is thrown away, where nobody could keep it."""

    rule: ClassVar[str] = "secret-not-stored"


@dataclass(frozen=True, slots=True)
class SecretSpec:
    """Which secret, and of what a value of it consists (see ``CHARSETS``)."""

    environment: str
    namespace: str | None
    name: str
    key: str
    length: int = 32
    charset: str = "alnum"

    def __post_init__(self) -> None:
        if self.charset not in CHARSETS:
            known = ", ".join(CHARSETS)
            raise SecretStoreError(f"unknown charset {str(self.charset)!r} of {self}, use {known}")
        if not _SHORTEST <= self.length <= _LONGEST:
            limits = f"{_SHORTEST} to {_LONGEST}"
            raise SecretStoreError(f"the length {self.length} of {self} is not in {limits}")

    def __str__(self) -> str:
        return f"{self.selector} (environment {self.environment})"

    @property
    def selector(self) -> str:
        """Return what names this secret on the command line."""
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{place}{self.name}:{self.key}"


class SecretValues(dict[SecretSpec, str]):
    """The values asked for; ``created`` are those that were drawn just now."""

    def __init__(self, values: Mapping[SecretSpec, str], created: Sequence[SecretSpec]) -> None:
        super().__init__(values)
        self.created = tuple(created)

    def __repr__(self) -> str:
        return f"SecretValues({', '.join(f'{spec}: ***' for spec in self)})"


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """What may be shown of a stored secret; ``created`` is a date, or empty once rotated."""

    environment: str
    namespace: str | None
    name: str
    key: str
    length: int
    charset: str
    created: str


@dataclass(frozen=True, slots=True)
class _Entry:
    spec: SecretSpec
    created: str
    value: str | None = field(repr=False)

    def shown(self) -> StoredSecret:
        spec = self.spec
        place = (spec.environment, spec.namespace, spec.name, spec.key)
        return StoredSecret(*place, spec.length, spec.charset, self.created)


_Name = tuple[str, str]
_Entries = dict[_Name, _Entry]


class SecretStore:
    """
    The store of one project.

    With ``placeholders`` every value is a fixed text, and nothing is read or written.
    """

    def __init__(self, project_root: Path, *, placeholders: bool = False) -> None:
        self._placeholders = placeholders
        self._folder = project_root.absolute() / ".k8sgen"
        self._file = self._folder / "secrets.json"

    def values(self, specs: Sequence[SecretSpec]) -> SecretValues:
        """
        Return the value of each secret, and draw those that are missing.

        With ``CI`` set nothing is drawn.
        """
        if self._placeholders:
            return SecretValues({spec: _placeholder(spec) for spec in specs}, ())
        entries = self._read()
        missing = self._missing(entries, specs)
        if not missing:
            return SecretValues(_known(entries, specs), ())
        if os.environ.get("CI"):
            raise _not_stored(missing)
        with self._changing() as entries:
            created = self._missing(entries, specs)
            today = time.strftime("%Y-%m-%d", time.gmtime())
            entries |= {_name(spec): _Entry(spec, today, _draw(spec)) for spec in created}
        return SecretValues(_known(entries, specs), created)

    def list(self) -> tuple[StoredSecret, ...]:
        """Return what is stored, without the values."""
        return tuple(entry.shown() for entry in self._read().values())

    def rotate(self, selector: str, environment: str = DEFAULT) -> tuple[StoredSecret, ...]:
        """Forget the value of ``name:key`` or ``namespace/name:key``; ``generate`` draws anew."""
        name = (environment, selector)
        entries = self._read()
        if name not in entries:
            known = ", ".join(str(entry.spec) for entry in entries.values()) or "nothing"
            message = f"no secret {selector!r} in environment {environment!r}: stored is {known}"
            raise SecretStoreError(message)
        with self._changing() as entries:
            entries[name] = replace(entries[name], created="", value=None)
        return (entries[name].shown(),)

    def _missing(self, entries: _Entries, specs: Sequence[SecretSpec]) -> Sequence[SecretSpec]:
        """Return those without a value, each secret once; a value of another spec is an error."""
        missing: dict[_Name, SecretSpec] = {}
        for spec in specs:
            entry = entries.get(_name(spec))
            wanted = entry.spec if entry and entry.value else missing.setdefault(_name(spec), spec)
            if wanted != spec:
                raise SecretSpecChanged(
                    f"the secret {spec} has {wanted.length} characters of {wanted.charset}, and "
                    f"{spec.length} of {spec.charset} are asked for: run {self._rotation(spec)}",
                    [spec],
                )
        return tuple(missing.values())

    def _rotation(self, spec: SecretSpec) -> str:
        """Return the command that forgets a value, as it is given here."""
        command = ["k8sgen", "secret", "rotate", spec.selector]
        if spec.environment != DEFAULT:
            command += ["--env", spec.environment]
        project, here = self._folder.parent.resolve(), Path.cwd()
        if project != here:
            below = project.is_relative_to(here)
            command += ["--project", str(project.relative_to(here) if below else project)]
        return shlex.join(command)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[_Entries]:
        self._make_folder()
        with durable.locked(self._folder / "lock"):
            entries = self._read()
            yield entries
            new = self._folder / "secrets.json.new"
            new.unlink(missing_ok=True)
            durable.create(new, _text_of(entries), 0o600)
            new.replace(self._file)
            durable.sync_folder(self._folder)

    def _make_folder(self) -> None:
        self._refuse_links()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._folder.chmod(0o700)
        with contextlib.suppress(FileExistsError):
            durable.create(self._folder / ".gitignore", b"*\n", 0o600)

    def _read(self) -> _Entries:
        self._refuse_links()
        if not self._file.exists():
            return {}
        if os.name == "posix" and stat.S_IMODE(self._file.stat().st_mode) & 0o077:
            raise SecretStoreError(
                f"other users can read {self._file}: run chmod 600 '{self._file}', "
                "and rotate what it holds"
            )
        try:
            return _parsed(json.loads(read_regular(self._file)))
        except (ValueError, RecursionError) as error:
            raise SecretStoreError(
                f"{self._file} cannot be read: {error}; restore it from a backup, or move it away "
                "to draw new values"
            ) from None

    def _refuse_links(self) -> None:
        for place in (self._folder, self._file):
            if place.is_symlink():
                raise SecretStoreError(f"{place} is a symbolic link: secrets stay in the project")


def _placeholder(spec: SecretSpec) -> str:
    return _PLACEHOLDER.ljust(spec.length, "-")[: spec.length]


def _name(spec: SecretSpec) -> _Name:
    return (spec.environment, spec.selector)


def _known(entries: _Entries, specs: Sequence[SecretSpec]) -> dict[SecretSpec, str]:
    return {spec: value for spec in specs if (value := entries[_name(spec)].value)}


def _not_stored(missing: Sequence[SecretSpec]) -> SecretNotStored:
    names = ", ".join(map(str, missing))
    return SecretNotStored(
        f"no stored value for {names}, and with CI set none is drawn, because it would be lost: "
        "provide .k8sgen/secrets.json, or set K8SGEN_SECRETS=placeholder for a dry run",
        missing,
    )


def _draw(spec: SecretSpec) -> str:
    """Draw until each class of the charset occurs; all values that qualify are equally likely."""
    classes = CHARSETS[spec.charset]
    alphabet = "".join(classes)
    while True:
        value = "".join(secrets.choice(alphabet) for _ in range(spec.length))
        if all(any(character in value for character in letters) for letters in classes):
            return value


def _text_of(entries: _Entries) -> bytes:
    stored = [asdict(entry.shown()) | {"value": entry.value} for entry in entries.values()]
    return (json.dumps({"version": 1, "secrets": stored}, indent=2) + "\n").encode()


def _parsed(document: object) -> _Entries:
    match document:
        case {"version": 1, "secrets": [*stored]}:
            entries = [_entry(fields) for fields in stored]
            return {_name(entry.spec): entry for entry in entries}
    raise ValueError('it lacks "version": 1 or "secrets"')


def _entry(fields: object) -> _Entry:
    match fields:
        case {
            "environment": str(environment),
            "namespace": str() | None as namespace,
            "name": str(name),
            "key": str(key),
            "length": int(length),
            "charset": str(charset),
            "created": str(created),
            "value": str() | None as value,
        }:
            place = (environment, namespace, name, key)
            return _Entry(SecretSpec(*place, length, charset), created, value)
    raise ValueError("one of its entries is incomplete")

"""Settings and secret values: ConfigMap and Secret."""

from __future__ import annotations

from collections.abc import Mapping
from types import MethodType
from typing import Any, Self

from k8sgen_core.builders.arguments import checked, manifest, mistyped, one_of, refusal, text
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.recording import recorded
from k8sgen_core.carriers import because, placed, plain
from k8sgen_core.grammar import ArgumentError, names, paths, quantity
from k8sgen_core.grammar import text as grammar_text
from k8sgen_core.model import ConfigMap as ConfigMapModel
from k8sgen_core.model import Secret as SecretModel
from k8sgen_core.parts import SecretValue
from k8sgen_core.secrets import noted
from k8sgen_core.session import current

CHARSETS = ("alnum", "alpha", "digits", "hex", "ascii-symbols")


class _Keyed(Builder):
    """Values by key, used as files or as environment variables."""

    @recorded
    def mount_path(self, path: str) -> Self:
        """
        Mount every key as a file in this folder of the containers that use it.

        Kubernetes: ``volumeMounts.mountPath``.

        Raises:
            ArgumentError: ``invalid-path``.
        """
        return self._set(mount_path=checked(paths.mount_path, path))

    @recorded
    def mount_as_env_vars(self, prefix: str = "") -> Self:
        """
        Give every key to the containers that use it as an environment variable.

        Args:
            prefix: Text in front of every variable's name. Kubernetes: ``envFrom.prefix``.

        Raises:
            ArgumentError: ``invalid-name``.
        """
        files = self._draft.get("mount_path")
        return self._set(
            prefix=checked(variable_prefix, prefix), mount_path=files and because(self._cause, "")
        )

    @recorded
    def file_permissions(self, mode: int | str) -> Self:
        """
        Set the mode of mounted files, e.g. ``0o400`` or ``"0400"``; default ``0o644``.

        Kubernetes: ``volumes.defaultMode``.

        Raises:
            ArgumentError: ``invalid-value``, ``wrong-type``.
        """
        return self._set(mode=checked(paths.file_mode, mode))


class ConfigMap(_Keyed):
    """
    Settings that are no secret.

    Kubernetes: ConfigMap (v1).

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.
    """

    _model = ConfigMapModel

    @recorded
    def add(self, key: str, value: str | float | bool) -> Self:
        """
        Add one setting; a later value of a key replaces an earlier one.

        Args:
            key: Letters, digits, ``-``, ``_`` and ``.``; a file name where it is mounted.
            value: Text, of any number of lines; numbers become text.

        Raises:
            ArgumentError: ``invalid-key``, ``wrong-type``.
        """
        return self._put(key, checked(text, value, f"the value of {key}"))

    def _put(self, key: str, value: str) -> Self:
        return self._merge("data", {checked(names.config_key, key): value})

    @recorded
    def add_json(self, key: str, value: Any) -> Self:
        """
        Add a setting written as JSON, e.g. ``add_json("app.json", {"debug": False})``.

        Args:
            key: The key, a file name where it is mounted.
            value: What is written, with two blanks for each level.

        Raises:
            ArgumentError: ``invalid-key``, ``wrong-type`` for what JSON cannot say.
        """
        import json

        try:
            written = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError):
            raise mistyped(value, f"the value of {key}", "something that JSON can say") from None
        written += "\n"
        return self._put(key, because(self._cause, written))

    @recorded
    def add_yaml(self, key: str, value: Mapping[str, Any] | list[Any]) -> Self:
        """
        Add a setting written as YAML, e.g. ``add_yaml("app.yaml", {"debug": False})``.

        Args:
            key: The key, a file name where it is mounted.
            value: What is written, in block style.

        Raises:
            ArgumentError: ``invalid-key``, ``wrong-type`` for what YAML cannot say.
        """
        from k8sgen_core.yaml.emitter import emit

        if not isinstance(value, Mapping | list | tuple):
            raise mistyped(value, f"the value of {key}", "a mapping or a list")
        written = emit([plain(checked(manifest, value, f"the value of {key}"))])
        return self._put(key, because(self._cause, written))

    @recorded
    def from_file(self, key: str, path: str) -> Self:
        """
        Add the text of a file under this key.

        Args:
            key: The key, e.g. ``"nginx.conf"``.
            path: The file; a relative path starts at the project root.

        Raises:
            ArgumentError: ``unreadable-file``, ``invalid-key``.
        """
        return self._put(key, because(self._cause, checked(file_text, path)))

    @recorded
    def from_env_file(self, path: str) -> Self:
        """
        Add every ``NAME=value`` of a file such as ``.env``.

        Args:
            path: The file; a relative path starts at the project root.

        Raises:
            ArgumentError: ``unreadable-file``, ``invalid-key``.
        """
        for key, value in checked_lines(path).items():
            self._put(because(self._cause, key), because(self._cause, value))
        return self


class Secret(_Keyed):
    """
    Values that nobody may see: previews, findings and logs show ``***``.

    Kubernetes: Secret (v1), its file is written with mode 0600.

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.
    """

    _model = SecretModel

    @recorded
    def add(self, key: str, value: str | float | bool) -> Self:
        """
        Add one value; a later value of a key replaces an earlier one.

        Args:
            key: Letters, digits, ``-``, ``_`` and ``.``.
            value: The text. It stands in your file: for passwords use
                ``generate_password``.

        Raises:
            ArgumentError: ``invalid-key``, ``wrong-type``.
        """
        return self._put(key, checked(_secret_text, value, key))

    def _put(self, key: str, value: str) -> Self:
        given = SecretValue(text=noted(plain(value)), origin=self._origin)
        return self._merge("data", {checked(names.config_key, key): given})

    @recorded
    def from_file(self, key: str, path: str) -> Self:
        """
        Add the text of a file under this key.

        Args:
            key: The key, e.g. ``"tls.key"``.
            path: The file; a relative path starts at the project root.

        Raises:
            ArgumentError: ``unreadable-file``, ``invalid-key``.
        """
        return self._put(key, checked(file_text, path))

    @recorded
    def from_env_file(self, path: str) -> Self:
        """
        Add every ``NAME=value`` of a file such as ``.env``.

        Args:
            path: The file; a relative path starts at the project root.

        Raises:
            ArgumentError: ``unreadable-file``, ``invalid-key``.
        """
        for key, value in checked_lines(path).items():
            self._put(placed(key, self._origin), value)
        return self

    @recorded
    def generate_password(self, key: str, length: int = 32, charset: str = "alnum") -> Self:
        """
        Generate a value once and keep it: the next run writes the same one.

        It is made when files are written, stored in ``.k8sgen/secrets.json`` (mode 0600,
        never committed), and replaced only by ``k8sgen secret rotate``.

        Args:
            key: The key under which pods find it.
            length: Number of characters, 16 to 1024, default 32.
            charset: ``alnum`` (default), ``alpha``, ``digits``, ``hex``, ``ascii-symbols``.

        Raises:
            ArgumentError: ``invalid-key``, ``invalid-value``.
        """
        value = SecretValue(
            length=checked(quantity.whole_number, length, 16, 1024, "length", "invalid-value"),
            charset=checked(one_of, charset, CHARSETS, "character set"),
            origin=self._origin,
        )
        return self._merge("data", {checked(names.config_key, key): value})

    @recorded
    def type(self, name: str) -> Self:
        """
        Set the Secret's type, e.g. ``kubernetes.io/tls``; default ``Opaque``.

        Kubernetes: ``type``.

        Raises:
            ArgumentError: ``wrong-type``.
        """
        return self._set(type=checked(grammar_text, name, "the type"))


def _secret_text(value: Any, key: str) -> str:
    """Return text; what is refused may be a secret all the same, and is not shown."""
    if isinstance(value, (str, int, float, MethodType)):
        return text(value, f"the value of {key}")
    kind = "None" if value is None else f"a {type(value).__name__.lower()}"
    message = f"the value of {key} is {kind}, not text"
    raise refusal(value, "wrong-type", message, "write it in quotes")


def variable_prefix(value: object) -> str:
    """Return text in front of names of environment variables, which may be empty."""
    return names.environment_variable(value) if value != "" else ""


def file_text(path: Any) -> str:
    """Return the text of a file that the description names."""
    if not isinstance(path, str):
        raise mistyped(path, "a path", "text")
    try:
        return current().path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ArgumentError(
            "unreadable-file",
            f"{path!r} cannot be read: {error.strerror}",
            "relative paths start at the project root",
        ) from None
    except UnicodeDecodeError:
        raise ArgumentError(
            "unreadable-file", f"{path!r} is not UTF-8 text", "keep binary files in a Secret"
        ) from None


def checked_lines(path: Any) -> dict[str, str]:
    """Return the assignments of an environment file."""
    found = {}
    for number, line in enumerate(plain(checked(file_text, path)).splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.removeprefix("export ").partition("=")
        if not equals:
            raise ArgumentError(
                "unreadable-file",
                f"line {number} of {path!r} is no assignment",
                "write NAME=value",
            )
        found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value

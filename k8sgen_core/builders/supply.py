"""What a container is given from outside: variables, files, settings and secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from k8sgen_core.builders.arguments import checked, mapping, mistyped, optional, text
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.configuration import ConfigMap, Secret, variable_prefix
from k8sgen_core.builders.cycles import check_holding
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.volumes import volume
from k8sgen_core.carriers import because
from k8sgen_core.grammar import ArgumentError, names, paths
from k8sgen_core.parts import Attachment, Variable


class SuppliedBuilder(Builder):
    """What a container is given."""

    _holds: ClassVar[tuple[str, ...]] = ("attachments", "volumes", "variables")

    @recorded
    def environment(self, variables: Mapping[str, str | float | bool]) -> Self:
        """
        Set environment variables; a later value of a name replaces an earlier one.

        Values are text; numbers become text, ``True`` becomes ``"true"``. Kubernetes:
        ``env`` of the container.

        Raises:
            ArgumentError: ``invalid-name``, ``wrong-type``.
        """
        checked(mapping, variables, "the environment", "{'LOG_LEVEL': 'info'}")
        return self._merge("variables", {k: self._variable(k, v) for k, v in variables.items()})

    def _variable(self, name: str, value: Any) -> Variable:
        given = checked(names.environment_variable, name)
        return Variable(name=given, value=checked(text, value, f"the variable {name}"))

    @recorded
    def env(
        self,
        name: str,
        value: str | float | bool | None = None,
        *,
        secret: Secret | str | None = None,
        config: ConfigMap | str | None = None,
        key: str | None = None,
    ) -> Self:
        """
        Set one environment variable: to a text, or to a key of a Secret or ConfigMap.

        Args:
            name: The variable's name.
            value: Its text; numbers become text, ``True`` becomes ``"true"``.
            secret: The Secret (or its name) that has the value.
            config: The ConfigMap (or its name) that has the value.
            key: The key in it, default: ``name``.

        Raises:
            ArgumentError: ``invalid-name``, ``invalid-key``, ``wrong-type``,
                ``conflicting-settings``.
        """
        if [value, secret, config].count(None) != 2:
            raise ArgumentError(
                "conflicting-settings",
                f"{name} needs exactly one of value, secret= and config=",
                f'for example env("{name}", "text")',
            )
        if value is not None:
            return self._merge("variables", {name: self._variable(name, value)})
        kind, source = (ConfigMap, config) if secret is None else (Secret, secret)
        variable = Variable(
            name=checked(names.environment_variable, name),
            source="configMapKeyRef" if secret is None else "secretKeyRef",
            resource=self._name_of(source, kind),
            key=name if key is None else checked(names.config_key, key),
            holds=self._hold(source).resource if isinstance(source, Builder) else None,
            origin=self._origin,
        )
        return self._merge("variables", {name: variable})

    def _name_of(self, resource: Any, kind: type[Builder] = Builder) -> str:
        """Return the name of a resource given as a builder or by its name."""
        what = "a resource" if kind is Builder else f"a {kind.__name__}"
        if isinstance(resource, kind):
            return because(self._cause, resource._title)
        if isinstance(resource, Builder):
            raise mistyped(resource, "what is named", f"{what} or its name")
        return str(checked(names.subdomain, resource, f"the name of {what}"))

    @recorded
    def volumes(self, mounts: Mapping[str, Any]) -> Self:
        """
        Mount volumes: a mapping from the absolute path in the container to what is there.

        ``"emptyDir"`` (scratch space), ``"memory"`` (scratch space in memory), a
        ``PersistentVolumeClaim``, ``ConfigMap`` or ``Secret`` builder, ``"claim:NAME"``
        for an existing claim, or a volume source as Kubernetes writes it, e.g.
        ``{"hostPath": {"path": "/var/log"}}``.

        Scratch space is another one at every path; containers of a pod that mount the same
        kind of it at the same path share it.

        Raises:
            ArgumentError: ``invalid-path``, ``invalid-value``, ``invalid-name``.
        """
        checked(mapping, mounts, "volumes", "{'/cache': 'emptyDir'}")
        for path, source in mounts.items():
            if isinstance(source, Builder):
                self._hold(source)
            if isinstance(source, ConfigMap | Secret):
                self._attach(source, type(source), path)
            else:
                self._append("volumes", volume(path, source, self._origin))
        return self

    @recorded
    def add_config(
        self,
        config: ConfigMap | str,
        mount_path: str | None = None,
        prefix: str | None = None,
    ) -> Self:
        """
        Give the container the settings of a ConfigMap, as variables or as files.

        Without ``mount_path`` (here or on the ConfigMap) every key becomes an environment
        variable. The pods restart when the settings change.

        Args:
            config: The ConfigMap, or the name of one that exists.
            mount_path: The folder in which every key becomes a file.
            prefix: Text in front of every variable's name.

        Raises:
            ArgumentError: ``invalid-path``, ``wrong-type``, ``invalid-name``.
        """
        return self._attach(config, ConfigMap, mount_path, prefix)

    @recorded
    def add_secret(
        self,
        secret: Secret | str,
        mount_path: str | None = None,
        prefix: str | None = None,
    ) -> Self:
        """
        Give the container the values of a Secret, as variables or as files.

        Without ``mount_path`` (here or on the Secret) every key becomes an environment
        variable. The pods restart when the values change.

        Args:
            secret: The Secret, or the name of one that exists.
            mount_path: The folder in which every key becomes a file.
            prefix: Text in front of every variable's name.

        Raises:
            ArgumentError: ``invalid-path``, ``wrong-type``, ``invalid-name``.
        """
        return self._attach(secret, Secret, mount_path, prefix)

    def _attach(
        self,
        source: Any,
        kind: type[Builder],
        mount_path: str | None = None,
        prefix: str | None = None,
    ) -> Self:
        if isinstance(source, kind):
            check_holding(self, source)
        elif isinstance(source, str):
            checked(names.subdomain, source, f"the name of a {kind.__name__}")
        else:
            raise mistyped(source, "what is attached", f"a {kind.__name__} or its name")
        return self._append(
            "attachments",
            Attachment(
                resource=source,
                secret=kind is Secret,
                mount_path=optional(paths.mount_path, mount_path),
                prefix=optional(variable_prefix, prefix),
                origin=self._origin,
            ),
        )

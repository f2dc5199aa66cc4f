"""
What a service is given: variables, secrets, configs and volumes.

Secret values never stand in the Compose file. As variables they come from an ``env_file``, as
files from ``secrets``; both are files of mode 0600 beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from k8sgen_core.carriers import all_of, because, deep_origins, origin_of, plain, sole
from k8sgen_core.compose.project import Object, Project, secret_text
from k8sgen_core.compose.volumes import volumes_of
from k8sgen_core.model import ConfigMap, Container, Secret, Workload
from k8sgen_core.parts import Attachment, Variable
from k8sgen_core.secrets import SecretText
from k8sgen_core.templates.compose_values import escaped

_REFERENCE = re.compile(r"(?<!\$)\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)")


@dataclass
class Supply:
    """What one container is given; ``name`` is that of its service."""

    project: Project
    owner: Container
    name: str
    pod: Container
    variables: Object = field(default_factory=dict)
    secrets: list[tuple[str, SecretText]] = field(default_factory=list)
    required: Object = field(default_factory=dict)
    mounted: dict[str, list[Object]] = field(default_factory=dict)

    def settings(self) -> Object:
        """Return the settings of the service."""
        for attachment in self.owner.attachments:
            self._attach(attachment)
        for name, variable in self.owner.variables.items():
            self._add_variable(name, variable)
        made: Object = {}
        if self.secrets:
            made["env_file"] = self._env_file()
        environment = {**escaped(self.variables), **self.required}
        if environment:
            self._report_references(environment)
            made["environment"] = environment
        made |= escaped(self.mounted)
        volumes = volumes_of(self.project, self.owner, self.pod)
        if volumes:
            made["volumes"] = escaped(volumes)
        return made

    def _env_file(self) -> list[Object]:
        path = f"secrets/{plain(self.name)}.env"
        self.project.secret_files[path] = self.secrets
        cause = sole([value for _, value in self.secrets])
        return [because(cause, {"path": f"./{path}", "format": "raw"})]

    def _attach(self, attachment: Attachment) -> None:
        kind = Secret if attachment.secret else ConfigMap
        resource = self.project.resource(kind, attachment.resource)
        if resource is None:
            self.project.cannot(
                f"{plain(attachment.resource)} is not described here, so Docker Compose cannot "
                f"give it to {plain(self.owner.name)}",
                deep_origins(attachment.resource) or attachment.origin,
                f"describe the {kind.__name__} in the same file",
            )
            return
        path = attachment.mount_path or resource.mount_path
        if path:
            self._mount(resource, path, attachment)
        else:
            self._spread(resource, attachment)

    def _spread(self, resource: Any, attachment: Attachment) -> None:
        prefix = resource.prefix if attachment.prefix is None else attachment.prefix
        cause = all_of(attachment, resource.mount_path)
        for key, value in resource.data.items():
            name = because(cause, key if not prefix else prefix + key)
            if attachment.secret:
                self._add_secret(name, secret_text(resource, key, value, cause, name))
            else:
                self.variables[name] = because(cause, value)

    def _add_secret(self, name: str, value: SecretText) -> None:
        text = getattr(value.reference, "text", None)
        if text is not None and "\n" in text:
            self.project.cannot(
                f"Docker Compose cannot give {plain(self.owner.name)} a variable of several "
                f"lines, {plain(name)}",
                value.origin,
                "mount the Secret as files",
            )
            return
        self._forget(name)
        self.secrets.append((name, value))

    def _forget(self, name: str) -> None:
        """Let a later value of a variable replace the earlier one, wherever that stands."""
        self.variables.pop(name, None)
        self.required.pop(name, None)
        self.secrets = [each for each in self.secrets if each[0] != name]

    def _add_variable(self, name: str, variable: Variable) -> None:
        if variable.source is None:
            self._forget(name)
            self.variables[name] = variable.value
            return
        kind = Secret if variable.source == "secretKeyRef" else ConfigMap
        resource = self.project.resource(kind, variable.holds or variable.resource)
        found = None if resource is None else resource.data.get(variable.key)
        if found is None:
            self._forget(name)
            wanted = f"${{{plain(name)}:?{plain(variable.key)} of {plain(variable.resource)}}}"
            cause = all_of(variable, name, variable.key, variable.resource)
            self.required[name] = because(cause, wanted)
        elif kind is Secret:
            cause = all_of(variable, variable.key)
            self._add_secret(name, secret_text(resource, variable.key, found, cause))
        else:
            self._forget(name)
            self.variables[name] = because(all_of(variable, variable.key), found)

    def _mount(self, resource: Any, path: str, attachment: Attachment) -> None:
        field_ = "secrets" if attachment.secret else "configs"
        mode = attachment.mode if resource.mode is None else resource.mode
        for key, value in resource.data.items():
            cause = all_of(attachment, path, key, value)
            source = resource.name + "_" + key
            target = path.rstrip("/") + "/" + key
            made: Object = {"source": source, "target": target}
            if attachment.secret:
                self._share_secret(source, secret_text(resource, key, value, key), cause)
            else:
                self._share_config(source, value, cause)
            if mode is not None and self._has_modes(attachment, mode):
                made["mode"] = because(mode, f"{int(mode):04o}")
            self.mounted.setdefault(field_, []).append(because(cause, made))

    def _has_modes(self, attachment: Attachment, mode: int) -> bool:
        if not attachment.secret and not self._is_read_only:
            return True
        self.project.cannot(
            f"Docker Compose mounts files of {plain(self.owner.name)} with the mode that they "
            "have on the host",
            origin_of(mode),
        )
        return False

    @property
    def _is_read_only(self) -> bool:
        return bool(self.owner.security_context.get("read_only_root_filesystem"))

    def _share_secret(self, source: str, value: SecretText, cause: object) -> None:
        path = f"secrets/{plain(source)}"
        self.project.secret_files[path] = [("", value)]
        self.project.share("secrets", source, {"file": f"./{path}"}, cause)

    def _share_config(self, source: str, value: str, cause: object) -> None:
        # Compose copies a content into the container, which is refused in a read-only one.
        if self._is_read_only:
            path = f"configs/{plain(source)}"
            self.project.config_files[path] = value
            self.project.shared.get("configs", {}).pop(source, None)
            self.project.share("configs", source, {"file": f"./{path}"}, cause)
        else:
            self.project.share("configs", source, {"content": escaped(value)}, cause)

    def _report_references(self, environment: Mapping[str, Any]) -> None:
        names = {plain(name) for name in environment}
        for value in (*environment.values(), *self.owner.command, *self.owner.args):
            for name in _references(value):
                if name in names:
                    self.project.cannot(
                        f"Docker Compose does not put {name} in the place of $({name})",
                        origin_of(value),
                        "write the value itself",
                    )


def _references(value: Any) -> Iterator[str]:
    text = plain(value).replace("$$", "$") if isinstance(value, str) else ""
    return (match[1] for match in _REFERENCE.finditer(text))


def is_attached(resource: ConfigMap | Secret, workloads: list[Workload]) -> bool:
    """Does any container use a ConfigMap or Secret?"""
    name = plain(resource.name)
    for workload in workloads:
        containers: list[Any] = [workload, *(each.resource for each in workload.companions)]
        for container in containers:
            given = [each.resource for each in container.attachments]
            given += [v.resource for v in container.variables.values() if v.source]
            names = {plain(each if isinstance(each, str) else each.name) for each in given}
            if name in names:
                return True
    return False

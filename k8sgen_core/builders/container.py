"""What every container can be told: image, ports, environment, files, resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from k8sgen_core.builders.arguments import checked, mistyped, text, texts
from k8sgen_core.builders.builder import Builder, recorded
from k8sgen_core.builders.configuration import ConfigMap, Secret
from k8sgen_core.builders.health import probe
from k8sgen_core.builders.volumes import volume
from k8sgen_core.carriers import all_of, because
from k8sgen_core.grammar import ArgumentError, duration, image, names, paths, ports, quantity
from k8sgen_core.parts import Attachment, Build, Hook, Port, Variable

_PORT_NAMES = {80: "http", 443: "https"}
_POD_SECURITY = (
    "run_as_user",
    "run_as_group",
    "run_as_non_root",
    "fs_group",
    "fs_group_change_policy",
    "supplemental_groups",
    "sysctls",
    "seccomp_profile",
    "se_linux_options",
    "windows_options",
    "app_armor_profile",
)
_CONTAINER_SECURITY = (
    "read_only_root_filesystem",
    "privileged",
    "allow_privilege_escalation",
    "capabilities",
    "proc_mount",
)
SECURITY_FIELDS = (*_POD_SECURITY, *_CONTAINER_SECURITY)


class ContainerBuilder(Builder):
    """The settings of one container."""

    _holds: ClassVar[tuple[str, ...]] = ("attachments", "volumes", "variables")

    @recorded
    def image(self, reference: str) -> Self:
        """
        Run this container image, e.g. ``"ghcr.io/acme/web:1.4"``.

        ``[registry/]repository[:tag][@digest]``, in lower case. Kubernetes: ``image`` of
        the container.

        Raises:
            ArgumentError: ``invalid-image``.
        """
        return self._set(image=checked(image.image, reference))

    @recorded
    def from_dockerfile(
        self, context: str = ".", dockerfile: str = "Dockerfile", **arguments: str
    ) -> Self:
        """
        Build the image from source, where the output format can (Docker Compose).

        Args:
            context: The folder to build, relative to the project root.
            dockerfile: The Dockerfile in it.
            arguments: Build arguments.
        """
        given = {key: checked(text, value, f"{key}=") for key, value in arguments.items()}
        build = Build(context=context, dockerfile=dockerfile, arguments=given, origin=self._origin)
        return self._set(built_from=build)

    @recorded
    def port(
        self,
        number: int,
        name: str | None = None,
        protocol: str = "TCP",
        *,
        service_port: int | None = None,
    ) -> Self:
        """
        Listen on a port; call again for each further port.

        One ClusterIP Service with all ports makes them reachable in the cluster.

        Args:
            number: 1 to 65535. Kubernetes: ``containerPort``.
            name: At most 15 lower-case letters, digits and ``-``. Default: ``http`` for
                80, ``https`` for 443, else ``port-<number>``.
            protocol: ``TCP`` (default), ``UDP`` or ``SCTP``.
            service_port: The port of the Service, default: the same number.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``.
        """
        return self._append("ports", self._port(number, name, protocol, service_port))

    def _port(self, number: int, name: str | None, protocol: str, service_port: int | None) -> Port:
        given = checked(ports.port, number)
        named = (
            because(all_of(given, protocol), _port_name(given, protocol))
            if name is None
            else checked(names.port_name, name)
        )
        return Port(
            number=given,
            name=named,
            protocol=checked(ports.protocol, protocol),
            service_port=service_port and checked(ports.port, service_port),
            origin=self._origin,
        )

    @recorded
    def ports(self, ports: Sequence[int | Mapping[str, Any]]) -> Self:
        """
        Listen on several ports: numbers, or mappings with ``port``, ``name``, ``protocol``.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``.
        """
        if not isinstance(ports, list | tuple):
            raise mistyped(ports, "ports", "a list such as [80, {'port': 9090, 'name': 'metrics'}]")
        for given in ports:
            settings = given if isinstance(given, Mapping) else {"port": given}
            unknown = set(settings) - {"port", "name", "protocol", "service_port"}
            if unknown or "port" not in settings:
                raise ArgumentError(
                    "invalid-value",
                    f"{given!r} does not describe a port",
                    "use the keys port, name, protocol and service_port",
                )
            self._append(
                "ports",
                self._port(
                    settings["port"],
                    settings.get("name"),
                    settings.get("protocol", "TCP"),
                    settings.get("service_port"),
                ),
            )
        return self

    @recorded
    def environment(self, variables: Mapping[str, str | float | bool]) -> Self:
        """
        Set environment variables; a later value of a name replaces an earlier one.

        Values are text; numbers become text, ``True`` becomes ``"true"``. Kubernetes:
        ``env`` of the container.

        Raises:
            ArgumentError: ``invalid-key``, ``wrong-type``.
        """
        if not isinstance(variables, Mapping):
            raise mistyped(variables, "the environment", "a mapping such as {'LOG_LEVEL': 'info'}")
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
            ArgumentError: ``invalid-key``, ``wrong-type``, ``conflicting-settings``.
        """
        if [value, secret, config].count(None) != 2:
            raise ArgumentError(
                "conflicting-settings",
                f"{name} needs exactly one of value, secret= and config=",
                f'for example env("{name}", "text")',
            )
        if value is not None:
            return self._merge("variables", {name: self._variable(name, value)})
        source = secret if secret is not None else config
        variable = Variable(
            name=checked(names.environment_variable, name),
            source="configMapKeyRef" if secret is None else "secretKeyRef",
            resource=self._name_of(source),
            key=name if key is None else checked(names.config_key, key),
            holds=self._hold(source).resource if isinstance(source, Builder) else None,
            origin=self._origin,
        )
        return self._merge("variables", {name: variable})

    def _name_of(self, resource: Any) -> str:
        """Return the name of a resource given as a builder or by its name."""
        if isinstance(resource, Builder):
            name: str = resource._draft["name"]
            return because(self._cause, name)
        return str(checked(names.subdomain, resource, "the name"))

    @recorded
    def resources(
        self,
        cpu: str | float | None = None,
        memory: str | int | None = None,
        cpu_limit: str | float | None = None,
        memory_limit: str | int | None = None,
        gpu: int | None = None,
    ) -> Self:
        """
        Ask for compute resources.

        Args:
            cpu: Requested CPU: ``"500m"`` or cores (``2``, ``0.5``). Kubernetes:
                ``resources.requests.cpu``.
            memory: Requested memory: ``"512Mi"``, ``"2Gi"``, or bytes.
            cpu_limit: The most CPU. Kubernetes: ``resources.limits.cpu``.
            memory_limit: The most memory; a container that uses more is killed.
            gpu: Number of NVIDIA GPUs (limit ``nvidia.com/gpu``); 0 asks for none.

        Raises:
            ArgumentError: ``invalid-quantity``.
        """
        parsers = {"cpu": quantity.cpu, "memory": quantity.memory}
        given = {"cpu": cpu, "memory": memory, "cpu_limit": cpu_limit, "memory_limit": memory_limit}
        wanted = {
            key: checked(parsers[key.removesuffix("_limit")], value)
            for key, value in given.items()
            if value is not None
        }
        if gpu is not None:
            wanted["gpu"] = checked(quantity.whole_number, gpu, 0, None, "gpu", "invalid-quantity")
        return self._merge("resources", wanted)

    @recorded
    def health_checks(
        self, readiness_probe: Any = None, liveness_probe: Any = None, startup_probe: Any = None
    ) -> Self:
        """
        Check the container's health.

        Each probe is an HTTP path (``"/health"``, asked on the first port), a port number
        (a TCP connection), a command (``["pg_isready"]``), or a mapping with ``path``,
        ``port``, ``scheme``, ``command`` or ``grpc`` and with ``initial_delay``,
        ``period``, ``timeout`` (seconds or ``"10s"``), ``success_threshold``,
        ``failure_threshold``.

        Args:
            readiness_probe: Is it ready for traffic? Kubernetes: ``readinessProbe``.
            liveness_probe: Is it alive, or must it be restarted? ``livenessProbe``.
            startup_probe: Has it started? Until then the others wait. ``startupProbe``.

        Raises:
            ArgumentError: ``invalid-path``, ``invalid-port``, ``invalid-value``.
        """
        given = {
            "startupProbe": startup_probe,
            "readinessProbe": readiness_probe,
            "livenessProbe": liveness_probe,
        }
        wanted = {
            kind: probe(check, self._origin) for kind, check in given.items() if check is not None
        }
        return self._merge("probes", wanted)

    @recorded
    def command(self, *words: str | Sequence[str]) -> Self:
        """
        Run this instead of the image's entrypoint: ``command(["python", "train.py"])``.

        Each word is one argument; there is no shell. Kubernetes: ``command``.

        Raises:
            ArgumentError: ``invalid-value`` for one text with blanks, ``wrong-type``.
        """
        return self._set(command=_words(words, "command"))

    @recorded
    def args(self, *words: str | Sequence[str]) -> Self:
        """
        Pass these arguments to the command: ``args(["--verbose"])``.

        Kubernetes: ``args`` of the container.

        Raises:
            ArgumentError: ``invalid-value`` for one text with blanks, ``wrong-type``.
        """
        return self._set(args=_words(words, "args"))

    @recorded
    def security_context(self, settings: Mapping[str, Any] | None = None, /, **named: Any) -> Self:
        """
        Set what the processes may do; merges with earlier calls.

        Settings, under their names here or in Kubernetes: ``run_as_user``,
        ``run_as_group``, ``run_as_non_root``, ``fs_group``, ``supplemental_groups``,
        ``seccomp_profile``, ``read_only_root_filesystem``, ``privileged``,
        ``allow_privilege_escalation``, ``capabilities``, ... Those of pods are set on the
        pod, the others on the container. Kubernetes: ``securityContext``.

        Raises:
            ArgumentError: ``unknown-setting``.
        """
        given = {**(settings or {}), **named}
        return self._merge("security_context", {_security_field(k): v for k, v in given.items()})

    @recorded
    def hardened(self) -> Self:
        """
        Set everything that the Pod Security level *restricted* wants.

        Runs as a non-root user, without capabilities or privilege escalation, with the
        runtime's seccomp profile. What ``security_context`` sets wins.
        """
        return self._set(hardened=because(self._cause, True))

    @recorded
    def volumes(self, mounts: Mapping[str, Any]) -> Self:
        """
        Mount volumes: a mapping from the absolute path in the container to what is there.

        ``"emptyDir"`` (scratch space), ``"memory"`` (scratch space in memory), a
        ``PersistentVolumeClaim``, ``ConfigMap`` or ``Secret`` builder, ``"claim:NAME"``
        for an existing claim, or a volume source as Kubernetes writes it, e.g.
        ``{"hostPath": {"path": "/var/log"}}``.

        Raises:
            ArgumentError: ``invalid-path``, ``invalid-value``.
        """
        if not isinstance(mounts, Mapping):
            raise mistyped(mounts, "volumes", "a mapping such as {'/cache': 'emptyDir'}")
        for path, source in mounts.items():
            if isinstance(source, Builder):
                self._hold(source)
            if isinstance(source, ConfigMap | Secret):
                self._attach(source, checked(paths.mount_path, path), None)
            else:
                self._append("volumes", volume(path, source, self._origin))
        return self

    @recorded
    def lifecycle(
        self,
        pre_stop: Any = None,
        post_start: Any = None,
        termination_grace_period: str | int | None = None,
    ) -> Self:
        """
        Run something when the container starts or before it stops.

        Args:
            pre_stop: A command (``["nginx", "-s", "quit"]``), an HTTP path, or seconds to
                sleep (a number). Kubernetes: ``lifecycle.preStop``.
            post_start: The same for after the start: ``lifecycle.postStart``.
            termination_grace_period: How long the pod may take to stop, in seconds or as
                ``"30s"``. Kubernetes: ``terminationGracePeriodSeconds``.

        Raises:
            ArgumentError: ``invalid-path``, ``invalid-duration``, ``wrong-type``.
        """
        given = {"postStart": post_start, "preStop": pre_stop}
        hooks = {
            name: Hook(action=_hook(value), origin=self._origin)
            for name, value in given.items()
            if value is not None
        }
        grace = termination_grace_period
        if grace is not None:
            self._set(grace_period=checked(duration.seconds, grace))
        return self._merge("hooks", hooks) if hooks else self

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
            ArgumentError: ``invalid-path``, ``wrong-type``.
        """
        return self._attach(config, mount_path, prefix)

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
            ArgumentError: ``invalid-path``, ``wrong-type``.
        """
        return self._attach(secret, mount_path, prefix, secret=True)

    def _attach(
        self, source: Any, mount_path: str | None, prefix: str | None, *, secret: bool = False
    ) -> Self:
        wanted = Secret if secret else ConfigMap
        if isinstance(source, Secret):
            secret = True
        if isinstance(source, ConfigMap | Secret):
            if not secret and isinstance(source, Secret):
                raise mistyped(source, "the configuration", "a ConfigMap; use add_secret")
            self._hold(source)
        elif not isinstance(source, str):
            raise mistyped(source, "what is attached", f"a {wanted.__name__} or its name")
        return self._append(
            "attachments",
            Attachment(
                resource=source,
                secret=secret,
                mount_path=mount_path and checked(paths.mount_path, mount_path),
                prefix=prefix and checked(names.environment_variable, prefix),
                origin=self._origin,
            ),
        )


def _port_name(number: int, protocol: str) -> str:
    """Return a name that depends on nothing else, so that no other port renames it."""
    if protocol != "TCP":
        return f"port-{int(number)}-{protocol.lower()}"
    return _PORT_NAMES.get(number) or f"port-{int(number)}"


def _words(words: Any, what: str) -> tuple[str, ...]:
    if len(words) == 1 and isinstance(words[0], str) and " " in words[0].strip():
        raise checked_error(words[0], what)
    return texts(words, f"a word of the {what}")


def checked_error(value: str, what: str) -> ArgumentError:
    """Return the error for a shell line where separate words are wanted."""
    split = value.split()
    return ArgumentError(
        "invalid-value",
        f"{value!r} would be one word, and there is no shell that splits it",
        f"write {what}({split!r})",
    )


def _security_field(name: str) -> str:
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    if snake not in SECURITY_FIELDS:
        import difflib

        near = difflib.get_close_matches(snake, SECURITY_FIELDS, 1)
        raise ArgumentError(
            "unknown-setting",
            f"{name!r} is not a setting of a security context",
            f"did you mean {near[0]!r}?" if near else f"one of {', '.join(SECURITY_FIELDS)}",
        )
    return name if snake == name else because(name, snake)


def _hook(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list | tuple):
        return {"exec": {"command": list(texts([value], "a word of the command"))}}
    if isinstance(value, str):
        return {"httpGet": {"path": checked(paths.path, value, "a hook's HTTP path")}}
    if isinstance(value, Mapping):
        return value
    return {"sleep": {"seconds": checked(duration.seconds, value)}}

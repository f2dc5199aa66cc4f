"""What every container can be told: image, ports, environment, files, resources."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from k8sgen_core.builders.arguments import (
    checked,
    manifest,
    mapping,
    mistyped,
    optional,
    refusal,
    text,
    texts,
)
from k8sgen_core.builders.health import check_no_command, probe
from k8sgen_core.builders.ports import named
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.supply import SuppliedBuilder
from k8sgen_core.carriers import because, origin_of, plain
from k8sgen_core.grammar import (
    ArgumentError,
    did_you_mean,
    duration,
    image,
    names,
    paths,
    ports,
    quantity,
)
from k8sgen_core.grammar import text as grammar_text
from k8sgen_core.parts import Build, Hook, Port

_POD_SECURITY = ("fs_group", "fs_group_change_policy", "supplemental_groups", "sysctls")
CONTAINER_SECURITY = (
    "run_as_user",
    "run_as_group",
    "run_as_non_root",
    "seccomp_profile",
    "se_linux_options",
    "windows_options",
    "app_armor_profile",
    "read_only_root_filesystem",
    "privileged",
    "allow_privilege_escalation",
    "capabilities",
    "proc_mount",
)
SECURITY_FIELDS = (*_POD_SECURITY, *CONTAINER_SECURITY)


class ContainerBuilder(SuppliedBuilder):
    """The settings of one container."""

    _security_fields: ClassVar[tuple[str, ...]] = SECURITY_FIELDS

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

        Raises:
            ArgumentError: ``wrong-type``.
        """
        given = {key: checked(text, value, f"{key}=") for key, value in arguments.items()}
        build = Build(
            context=checked(grammar_text, context, "the folder"),
            dockerfile=checked(grammar_text, dockerfile, "the Dockerfile"),
            arguments=given,
            origin=self._origin,
        )
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
                80, ``https`` for 443, else ``port-<number>``; behind it the protocol
                where it is not TCP, as in ``port-53-udp``.
            protocol: ``TCP`` (default), ``UDP`` or ``SCTP``.
            service_port: The port of the Service, default: the same number.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``.
        """
        port = named(
            checked(ports.port, number),
            optional(names.port_name, name),
            checked(ports.protocol, protocol),
            self._origin,
            optional(ports.port, service_port),
        )
        return self._append("ports", port)

    @recorded
    def ports(self, ports: Sequence[int | Mapping[str, Any]]) -> Self:
        """
        Listen on several ports: numbers, or mappings with ``port``, ``name``, ``protocol``.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``, ``invalid-value``.
        """
        if not isinstance(ports, list | tuple):
            raise mistyped(ports, "ports", "a list such as [80, {'port': 9090, 'name': 'metrics'}]")
        for given in ports:
            settings = given if isinstance(given, Mapping) else {"port": given}
            unknown = set(settings) - {"port", "name", "protocol", "service_port"}
            if unknown or "port" not in settings:
                raise refusal(
                    given,
                    "invalid-value",
                    f"{given!r} does not describe a port",
                    "use the keys port, name, protocol and service_port",
                )
            self._append("ports", self._port_of(settings))
        return self

    def _port_of(self, settings: Mapping[str, Any]) -> Port:
        return named(
            checked(ports.port, settings["port"]),
            optional(names.port_name, settings.get("name")),
            checked(ports.protocol, settings.get("protocol", "TCP")),
            self._origin,
            optional(ports.port, settings.get("service_port")),
        )

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
        given = (
            ("cpu", quantity.cpu, cpu),
            ("memory", quantity.memory, memory),
            ("cpu_limit", quantity.cpu, cpu_limit),
            ("memory_limit", quantity.memory, memory_limit),
        )
        wanted: dict[str, Any] = {}
        for key, parse, value in given:
            if value is not None:
                wanted[key] = checked(parse, value)
        if gpu is not None:
            wanted["gpu"] = checked(quantity.whole_number, gpu, 0, None, "gpu", "invalid-quantity")
        self._forget_no_gpu()
        return self._merge("resources", wanted)

    def _forget_no_gpu(self) -> None:
        """Forget that none was wanted: what is asked for now takes the place of nothing."""
        before = self._draft.get("resources", {})
        if before.get("gpu") == 0:
            self._draft["resources"] = {key: v for key, v in before.items() if key != "gpu"}

    @recorded
    def health_checks(
        self, readiness_probe: Any = None, liveness_probe: Any = None, startup_probe: Any = None
    ) -> Self:
        """
        Check the container's health.

        Each probe is an HTTP path (``"/health"``, asked on the first port), a port number
        (a TCP connection), a command (``["pg_isready"]``), or a mapping with one of
        ``path`` (and ``port``, ``scheme``, ``headers``), ``port``, ``command`` and ``grpc``
        (a port), and with ``initial_delay``, ``period``, ``timeout`` (seconds or
        ``"10s"``), ``termination_grace_period``, ``success_threshold``,
        ``failure_threshold``.

        Args:
            readiness_probe: Is it ready for traffic? Kubernetes: ``readinessProbe``.
            liveness_probe: Is it alive, or must it be restarted? ``livenessProbe``.
            startup_probe: Has it started? Until then the others wait. ``startupProbe``.

        Raises:
            ArgumentError: ``invalid-path``, ``invalid-port``, ``invalid-value``,
                ``invalid-duration``, ``unknown-setting``, ``conflicting-settings``,
                ``invalid-port-name``.
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
            ArgumentError: ``unknown-setting``, ``wrong-type``.
        """
        told = checked(mapping, settings or {}, "the security context", "{'runAsUser': 1000}")
        given = {self._security_field(*each): each[1] for each in (told | named).items()}
        return self._merge("security_context", checked(manifest, given, "the security context"))

    def _security_field(self, name: str, value: Any) -> str:
        snake = _snake_case(plain(name))
        if snake not in self._security_fields:
            # The name of a keyword argument is no value, and has no place of its own.
            culprit = value if origin_of(name) is None else name
            raise refusal(culprit, "unknown-setting", *self._unknown(name, snake))
        return name if snake == name else because(name, snake)

    def _unknown(self, name: str, snake: str) -> tuple[str, str]:
        if snake in _POD_SECURITY:
            message = f"{name!r} is a setting of the whole pod, and not of one container"
            return message, "set it on the application: app.security_context(...)"
        import difflib

        near = did_you_mean(*difflib.get_close_matches(snake, self._security_fields, 1))
        message = f"{name!r} is not a setting of a security context here"
        return message, near or f"one of {', '.join(self._security_fields)}"

    @recorded
    def hardened(self) -> Self:
        """
        Set everything that the Pod Security level *restricted* wants.

        Runs as a non-root user, without capabilities or privilege escalation, with the
        runtime's seccomp profile. What ``security_context`` sets wins.
        """
        return self._set(hardened=because(self._cause, True))

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


@functools.lru_cache(maxsize=64)
def _snake_case(name: str) -> str:
    """Return a setting's name here: ``runAsUser`` → ``run_as_user``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _words(words: Any, what: str) -> tuple[str, ...]:
    if len(words) == 1 and isinstance(words[0], str) and " " in words[0].strip():
        raise _shell_line(words[0], what)
    return texts(words, f"a word of the {what}")


def _shell_line(value: str, what: str) -> ArgumentError:
    """Return the error for a shell line where separate words are wanted."""
    split = value.split()
    return refusal(
        value,
        "invalid-value",
        f"{value!r} would be one word, and there is no shell that splits it",
        f"write {what}({split!r})",
    )


def _hook(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list | tuple):
        return {"exec": {"command": list(texts([value], "a word of the command"))}}
    if isinstance(value, str):
        check_no_command(value, "a hook")
        return {"httpGet": {"path": checked(paths.path, value, "a hook's HTTP path")}}
    if isinstance(value, Mapping):
        found: Mapping[str, Any] = checked(manifest, value, "a hook")
        return found
    return {"sleep": {"seconds": checked(duration.seconds, value)}}

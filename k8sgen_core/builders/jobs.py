"""Work that ends: Job and CronJob."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from k8sgen_core.builders import naming
from k8sgen_core.builders.arguments import checked, one_of
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.workload import WorkloadBuilder
from k8sgen_core.carriers import because
from k8sgen_core.grammar import cron as cron_grammar
from k8sgen_core.grammar import duration as duration_grammar
from k8sgen_core.grammar import names, quantity, time_zone
from k8sgen_core.model import Workload

POLICIES = ("Allow", "Forbid", "Replace")


class Job(WorkloadBuilder):
    """
    Work that runs to its end once.

    Kubernetes: Job (batch/v1). Pods are not restarted; the Job starts new ones, see
    ``retries``.

    Args:
        name: At most 63 lower-case letters, digits and ``-``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = Workload
    _constants: ClassVar[Mapping[str, object]] = {"controller": "Job"}

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, names.label_name)

    @recorded
    def timeout(self, duration: str | int) -> Self:
        """
        End the work after this time: seconds, or ``"6h"``, ``"1h30m"``.

        Kubernetes: ``activeDeadlineSeconds``.

        Raises:
            ArgumentError: ``invalid-duration``.
        """
        return self._set(timeout=checked(duration_grammar.seconds, duration))

    @recorded
    def retries(self, count: int) -> Self:
        """
        Start at most this many new pods after failures; without it Kubernetes starts 6.

        Kubernetes: ``backoffLimit``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        return self._set(retries=_number(count, 0, "retries"))

    @recorded
    def parallelism(self, count: int) -> Self:
        """
        Run this many pods at a time; without it Kubernetes runs 1.

        Kubernetes: ``parallelism``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        return self._set(parallelism=_number(count, 0, "parallelism"))

    @recorded
    def completions(self, count: int) -> Self:
        """
        Be done when this many pods have succeeded.

        Kubernetes: ``completions``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        return self._set(completions=_number(count, 1, "completions"))

    @recorded
    def ttl(self, duration: str | int) -> Self:
        """
        Remove the finished work after this time: seconds, or ``"1d"``.

        Kubernetes: ``ttlSecondsAfterFinished``.

        Raises:
            ArgumentError: ``invalid-duration``.
        """
        return self._set(ttl=checked(duration_grammar.seconds, duration))

    @recorded
    def suspend(self, suspended: bool = True) -> Self:
        """
        Do not start it until this is taken back.

        Kubernetes: ``suspend``.
        """
        return self._set(suspend=because(self._cause, suspended))


class CronJob(Job):
    """
    Work that runs on a schedule.

    Kubernetes: CronJob (batch/v1).

    Args:
        name: At most 52 lower-case letters, digits and ``-``: Kubernetes adds 11.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _constants: ClassVar[Mapping[str, object]] = {"controller": "CronJob"}

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, naming.schedule_name)

    @recorded
    def schedule(self, cron: str) -> Self:
        """
        Run at these times: ``"0 2 * * *"``.

        Minute, hour, day of month, month, day of week; or ``@hourly``, ``@daily``, ... In
        the time zone of ``timezone``. Kubernetes: ``spec.schedule``.

        Raises:
            ArgumentError: ``invalid-cron``.
        """
        return self._set(schedule=checked(cron_grammar.cron, cron))

    @recorded
    def timezone(self, name: str) -> Self:
        """
        Read the schedule in this IANA time zone, e.g. ``"Europe/Zurich"``.

        Without it, in that of the cluster's controller. Kubernetes: ``spec.timeZone``.

        Raises:
            ArgumentError: ``invalid-time-zone``.
        """
        return self._set(time_zone=checked(time_zone.time_zone, name))

    @recorded
    def concurrency_policy(self, policy: str) -> Self:
        """
        Say what happens when the last run has not ended.

        ``Allow`` (Kubernetes' default): both run; ``Forbid``: the new one is skipped;
        ``Replace``: the old one is ended. Kubernetes: ``spec.concurrencyPolicy``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        return self._set(concurrency_policy=checked(one_of, policy, POLICIES, "concurrency policy"))


def _number(value: Any, least: int, what: str) -> int:
    number: int = checked(quantity.whole_number, value, least, None, what, "invalid-value")
    return number

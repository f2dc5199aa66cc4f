"""Jobs: what happens when they fail, end, or start too late."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.rules.manifest import Manifest, Pod, mapping
from k8sgen_core.rules.rule import Flaw, rule

_TEMPLATE = ("spec", "jobTemplate", "spec")
# What hooks of these tools create, they remove themselves.
_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
_ENDING = ("Job", "CronJob")
_TTL = "ttlSecondsAfterFinished"


@rule("job-ttl-seconds-after-finished", on=Manifest, kinds=_ENDING)
def job_ttl_seconds_after_finished(manifest: Manifest) -> Iterator[Flaw]:
    """Flag Jobs that stay when they are done, and CronJobs that lose their history."""
    if manifest.kind == "CronJob":
        if mapping(manifest.value, *_TEMPLATE).get(_TTL) is not None:
            yield Flaw(
                (*_TEMPLATE, _TTL),
                f"the Jobs of {manifest.title} go by themselves, its history with them",
                "leave it out, and set successfulJobsHistoryLimit and failedJobsHistoryLimit",
            )
    elif manifest.spec.get(_TTL) is None and not any(map(manifest.annotations.get, _HOOKS)):
        yield Flaw(
            ("spec",),
            f"{manifest.title} stays when it is done, with its pods",
            f'set spec.{_TTL}, in the DSL .ttl("1h")',
        )


@rule("cronjob-without-deadline", on=Manifest, kinds=("CronJob",))
def cronjob_without_deadline(manifest: Manifest) -> Iterator[Flaw]:
    """Flag CronJobs that make up for a missed start at any later time."""
    if manifest.spec.get("startingDeadlineSeconds") is None:
        yield Flaw(
            ("spec",),
            f"{manifest.title} does not say until when a missed start is made up for",
            "set spec.startingDeadlineSeconds to a bit less than the time between two runs",
        )


@rule("restart-policy", on=Pod)
def restart_policy(pod: Pod) -> Iterator[Flaw]:
    """Flag pods whose containers stay down once they have failed."""
    if pod.spec.get("restartPolicy") == "Never":
        yield Flaw(
            ("spec", "restartPolicy"),
            f"a container of {pod.manifest.title} that fails is not started again",
            "use OnFailure, or Always",
        )

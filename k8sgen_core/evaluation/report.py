"""What a run is found to do while it runs, and its result when it is cut short."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from k8sgen_core.evaluation.places import Places
from k8sgen_core.evaluation.request import Request
from k8sgen_core.findings import Finding
from k8sgen_core.ids import blocks, registry
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Frame, Sources
from k8sgen_core.pipeline import finding_of_refusal
from k8sgen_core.secrets import masked
from k8sgen_core.session import Collecting
from k8sgen_core.shown import Shown

Ended = Callable[[dict[str, Any]], None]


class Report:
    """
    Collects the findings of one run; ``ended`` takes the result that ends it early, and
    ``tell`` findings that somebody waits for.

    A place that is run again and again is reported once.
    """

    def __init__(
        self, request: Request, session: Collecting, ended: Ended, tell: Ended | None = None
    ) -> None:
        self.request = request
        self.session = session
        # Filled as files are read, so that positions come from the texts that ran.
        self.texts: dict[str, str] = {**request.texts, str(request.path): request.text or ""}
        self.locator = Locator(request.root, Sources(self.texts))
        self.places = Places(self.locator, str(request.path), self.texts)
        self.output: Callable[[], str] = str
        self.imports: dict[str, None] = {}
        self._ended = ended
        self._tell = tell
        self._found: dict[object, Finding] = {}
        self._began = time.perf_counter()

    def add(self, finding: Finding) -> None:
        """Keep a finding."""
        self._found.setdefault(finding, finding)

    def note(self, rule: str, message: str, frame: FrameType | None, hint: str | None) -> None:
        """Keep what the workspace's innermost frame of a running stack does."""
        self.note_at(rule, message, self.places.running(frame), hint)

    def note_at(self, rule: str, message: str, frames: list[Frame], hint: str | None) -> None:
        """Keep what the first of these frames did."""
        key = (rule, id(frames[0].code), frames[0].at) if frames else (rule, message)
        if key in self._found:
            return
        self._found[key] = Finding(
            rule,
            message,
            self.places.place(frames),
            severity=registry()[rule].severity,
            hint=hint,
            related=self.places.outer(frames),
        )

    @property
    def findings(self) -> list[Finding]:
        """What has been found so far."""
        return list(self._found.values())

    def finished(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return a result with what is known of every run."""
        return {
            **_without_secrets(result),
            "imports": self._imports(),
            "seconds": time.perf_counter() - self._began,
        }

    def tell(self, findings: list[dict[str, Any]], *, all_of_them: bool = True) -> None:
        """Tell the findings before the preview is made, if that is wanted."""
        if self.request.early and self._tell is not None:
            shown = [_masked_finding(each) for each in findings]
            self._tell({"findings": shown, "imports": self._imports(), "all": all_of_them})

    def tell_refused(self) -> None:
        """Tell what keeps everything from being written, before anything is lowered or judged."""
        if not self.request.early:
            return
        shown = Shown(self.locator, self.request.unit, uris=self.request.uris)
        found = [shown.finding(each) for each in self._refused() if blocks(each)]
        if found:
            self.tell(found, all_of_them=False)

    def _refused(self) -> list[Finding]:
        refused = (finding_of_refusal(each, self.locator) for each in self.session.refusals)
        return [*self.findings, *refused]

    def _imports(self) -> list[str]:
        return sorted({*self.imports, *self._templates()})

    def _templates(self) -> set[str]:
        """Return the files of the templates that the file registers."""
        session = self.session
        return {str(session.path(each.path)) for each in session.templates.values()}

    def end(self) -> None:
        """End the run now, with what has been found so far."""
        self._ended(self.finished(self.cut_short()))

    def cut_short(self) -> dict[str, Any]:
        """Return what has been found so far as a result without a preview."""
        return without_preview(self.request, self.locator, self._refused(), self.output())


def _without_secrets(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result without given secret values in what the program itself said."""
    shown: dict[str, Any] = {**result, "output": masked(result["output"])}
    shown["findings"] = [_masked_finding(each) for each in result["findings"]]
    if result["preview"] is not None:
        shown["preview"] = {**result["preview"], "findings": shown["findings"]}
    return shown


def _masked_finding(finding: dict[str, Any]) -> dict[str, Any]:
    texts = {key: finding[key] and masked(finding[key]) for key in ("message", "hint")}
    return {**finding, **texts}


def without_preview(
    request: Request, locator: Locator, findings: list[Finding], output: str = ""
) -> dict[str, Any]:
    """Return the result of a run that did not get to describing what it deploys."""
    shown = Shown(locator, request.unit, uris=request.uris)
    return {
        "preview": None,
        "complete": False,
        "findings": [shown.finding(each) for each in findings],
        "environments": [],
        "output": output,
    }

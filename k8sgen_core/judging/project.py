"""What a project judges by: its validators and its policy, as its configuration names them."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from k8sgen_core.findings import Finding, Place
from k8sgen_core.judging import policy, running
from k8sgen_core.judging.request import Judging
from k8sgen_core.kubernetes.checks import Judged
from k8sgen_core.kubernetes.custom import Kinds
from k8sgen_core.kubernetes.lowered import Problem
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Frame, is_library
from k8sgen_core.parts import Validating
from k8sgen_core.validator import Validator

if TYPE_CHECKING:
    from k8sgen_core.config import Config
    from k8sgen_core.judging.selection import Selection

KEY = "validators"


@dataclass(frozen=True)
class ProjectRules:
    """
    What a project judges by; ``findings`` is what is wrong with that.

    With a ``selection`` the built-in rules judge too; ``context`` are the objects of its
    other files, which are known and not judged. ``definitions`` are of custom resources.
    """

    config: Config | None = None
    validators: tuple[Validating, ...] = ()
    findings: tuple[Finding, ...] = ()
    selection: Selection | None = None
    context: Sequence[Mapping[str, Any]] = ()
    definitions: Sequence[Mapping[str, Any]] = ()

    def kinds(self, version: str) -> Kinds:
        """Return the kinds that are known: by their definitions, or by schemas in files."""
        config = self.config
        locations = () if config is None else config.schema_locations
        known = Kinds(version, locations, None if config is None else config.root)
        known.learn([*self.definitions, *self.context])
        return known

    def problems(self, judged: Sequence[Judged], version: str) -> list[Problem]:
        """Return what validators, those that builders were given included, and the rules say."""
        lowered = [each.lowered for each in judged]
        found = running.problems_of(lowered, self.validators)
        if self.config is not None:
            found += policy.problems_of(lowered, self.config)
        if self.selection is not None:
            from k8sgen_core.judging import described

            found += described.problems_of(judged, self.selection, version, self.context)
        return found


def project_rules(
    root: Path, locator: Locator | None = None, judging: Judging | None = None
) -> ProjectRules:
    """
    Return the rules of the project in ``root``, the built-in ones too if it is for ``judging``.

    This imports the validators that its configuration names: only a process that may run
    the project's code may call it.
    """
    # A DSL file that only describes needs no configuration, and loading it takes a while.
    from k8sgen_core.config import ConfigurationError, load

    try:
        config = load(root, options={} if judging is None else judging.options)
    except ConfigurationError as error:
        return ProjectRules(findings=(error.finding,))
    made: list[Validating] = []
    findings: list[Finding] = []
    with running.apart(), _importable(root):
        for reference in config.validators:
            validator, fault = running.attempt(_validator, reference, config)
            if fault is None:
                made.append(Validating(validator=validator))
            else:
                findings.append(_failed(reference, fault, config, locator or Locator(root)))
    if judging is None:
        return ProjectRules(config, tuple(made), tuple(findings))
    from k8sgen_core.judging.selection import Selection

    selection = Selection(config)
    return ProjectRules(config, tuple(made), tuple(findings), selection, judging.context)


@contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let modules of the project be found, after all others."""
    sys.path.append(str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))


def _validator(reference: str, config: Config) -> Validator:
    module, _, name = reference.partition(":")
    kind = getattr(importlib.import_module(module), name)
    if not (isinstance(kind, type) and issubclass(kind, Validator)):
        raise TypeError(f"{name} is no subclass of Validator")
    make: Callable[..., Validator] = kind
    takes_policy = kind.__init__ is not object.__init__ and inspect.signature(make).parameters
    return make(config.policy) if takes_policy else make()


def _failed(reference: str, error: BaseException, config: Config, locator: Locator) -> Finding:
    """Return the finding for a validator that cannot be had, in its file if it got that far."""
    message = f"the validator {reference} cannot be loaded: {type(error).__name__}: {error}"
    place = _raised(error.__traceback__, locator)
    hint = running.hint(error)
    if place is None:
        configured = config.error(KEY, message, hint).finding
        return Finding(running.BROKEN, message, configured.place, hint=hint)
    return Finding(running.BROKEN, message, place, hint=hint)


def _raised(traceback: TracebackType | None, locator: Locator) -> Place | None:
    """Return the innermost place of the workspace that an exception went through."""
    found = None
    while traceback is not None:
        frame = Frame(traceback.tb_frame.f_code, traceback.tb_lasti, None)
        if locator.is_inside(frame) and not is_library[frame.code.co_filename]:
            found = frame
        traceback = traceback.tb_next
    return None if found is None else locator.at(locator.sources.call_range(found))

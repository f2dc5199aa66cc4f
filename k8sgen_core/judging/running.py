"""Runs validators: each method by itself, for each workload that it was added to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from inspect import isawaitable, isgenerator
from typing import Any

from k8sgen_core.carriers import each, plain
from k8sgen_core.judging.landing import failing, origins_of
from k8sgen_core.kubernetes.lowered import Lowered, Problem
from k8sgen_core.model import Resource, Workload
from k8sgen_core.parts import Validating
from k8sgen_core.session import Session, activate, current
from k8sgen_core.validator import PREFIX, ValidationError, checks
from k8sgen_core.view import Reads, View

FAILED = "failed-validation"
BROKEN = "validator-failed"
EMPTY = "empty-validator"


def problems_of(lowered: Iterable[Lowered], of_project: Sequence[Validating] = ()) -> list[Problem]:
    """Return what the validators of the resources, and those of the project, say of them."""
    found: dict[tuple[object, ...], Problem] = {}
    with apart():
        for resource, title in _judged(lowered):
            general = of_project if isinstance(resource, Workload) else ()
            added = (*general, *resource.validators)
            for validating in {id(one.validator): one for one in added}.values():
                for problem in _said(validating, resource, title):
                    found.setdefault(_identity(problem), problem)
    return list(found.values())


def _identity(problem: Problem) -> tuple[object, ...]:
    """Return what is equal in the problems of a check that fails for each workload alike."""
    places = tuple((origin.call.place, str(origin.argument)) for origin in each(problem.origin))
    return (problem.rule, problem.message, places, problem.object)


@contextmanager
def apart() -> Iterator[None]:
    """Let what is built for a look at something be no part of what is described."""
    session = current()
    activate(Session(session.root, session.environment))
    try:
        yield
    finally:
        activate(session)


def _judged(lowered: Iterable[Lowered]) -> Iterator[tuple[Resource, str]]:
    """Yield every resource once, with what it inherits and its name; also the companions."""
    seen: set[Resource] = set()
    for one in lowered:
        resource = one.resource
        if resource in seen:
            continue
        seen.add(resource)
        if isinstance(resource, Workload):
            title = f"{resource.controller}/{plain(resource.name)}"
            yield resource, title
            yield from ((companion.resource, title) for companion in resource.companions)
        else:
            yield resource, one.title


def _said(validating: Validating, resource: Resource, title: str) -> Iterator[Problem]:
    methods = checks(validating.validator)
    if not methods:
        name = type(validating.validator).__name__
        message = f"{name} checks nothing: it has no method {PREFIX}<what>(self, app)"
        yield Problem(EMPTY, message, validating.origin, severity="warning", object=title)
    for check in methods:
        problem = _judgement(check, resource, title)
        if problem is not None:
            yield problem


def _judgement(check: Callable[..., Any], resource: Resource, title: str) -> Problem | None:
    """Return what one method says of one workload; what was refused has been said already."""
    reads = Reads()
    told, error = attempt(check, View(resource, reads))
    if error is None:
        return _ill_said(check, told)
    if not isinstance(error, ValidationError):
        return None if resource.refused else _broken(check, error)
    origins = origins_of(error, resource, reads)
    if resource.refused and not origins:
        return None
    return Problem(
        FAILED,
        error.message,
        origins or resource.origin,
        error.hint,
        error.severity,
        title,
        resource=resource,
    )


def attempt(function: Callable[..., Any], *given: object) -> tuple[Any, BaseException | None]:
    """Return what code of users returns, or what it raises, which may be anything."""
    try:
        return function(*given), None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see above.
        return None, error


def _broken(check: Callable[..., Any], error: BaseException) -> Problem:
    said = str(error)
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return Problem(BROKEN, f"{_name(check)} failed: {what}", failing(check, error), hint(error))


def hint(error: BaseException) -> str | None:
    """Return the import that the code forgot, if it is one of the standard library."""
    known = isinstance(error, NameError) and error.name in sys.stdlib_module_names
    return f"add: import {error.name}" if known and isinstance(error, NameError) else None


def _ill_said(check: Callable[..., Any], told: object) -> Problem | None:
    """Return the problem with a method that says something in a way that nobody hears."""
    if not isinstance(told, ValidationError) and not isgenerator(told) and not isawaitable(told):
        return None
    close = getattr(told, "close", None)
    if close is not None:
        close()
    what = "returned the error" if isinstance(told, ValidationError) else "did not run"
    hint = "raise the ValidationError in a plain method"
    return Problem(BROKEN, f"{_name(check)} {what}", failing(check, None), hint)


def _name(check: Callable[..., Any]) -> str:
    owner = type(getattr(check, "__self__", check)).__name__
    return f"{owner}.{getattr(check, '__name__', PREFIX)}"

"""What users derive their validators from."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

from k8sgen_core.findings import SEVERITIES, Severity
from k8sgen_core.view import View

PREFIX = "validate_"


class ValidationError(Exception):
    """
    What a validator raises about a workload.

    Args:
        message: What is wrong, for whoever reads the finding.
        field: The setting that it is about, as in ``"image"`` or ``"resources.cpu_limit"``;
            the finding is shown at the call that set it. Default: the setting read last.
        severity: ``"error"`` (default), which prevents writing, ``"warning"`` or ``"info"``.
        hint: What to do about it.
    """

    def __init__(
        self,
        message: str,
        field: str | None = None,
        severity: Severity = "error",
        hint: str | None = None,
    ) -> None:
        if severity not in SEVERITIES:
            raise ValueError(f"{severity!r} is no severity: use one of {', '.join(SEVERITIES)}")
        super().__init__(message)
        self.message = str(message)
        self.field = field
        self.severity = severity
        self.hint = hint


class Validator:
    """
    Checks of your own: each method ``validate_<what>(self, app)`` runs by itself.

    ``app`` is the read-only view of one workload, as ``app.build()`` returns it. A method
    raises :class:`ValidationError`, or returns. Called directly, it takes builders too.
    """

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        for name, method in list(vars(cls).items()):
            if name.startswith(PREFIX) and isinstance(method, FunctionType):
                setattr(cls, name, _of_view(method))


def _of_view(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method take the view of a builder that it is given."""

    @functools.wraps(method)
    def check(self: Validator, app: Any, *rest: Any, **named: Any) -> Any:
        build = None if isinstance(app, View) else getattr(app, "build", None)
        return method(self, build() if callable(build) else app, *rest, **named)

    return check


def checks(validator: Validator) -> list[Callable[[View], Any]]:
    """Return the methods that check something, those of base classes first, as they are defined."""
    kinds = reversed(type(validator).__mro__)
    names = (name for place in (*kinds, validator) for name in getattr(place, "__dict__", ()))
    wanted = dict.fromkeys(name for name in names if name.startswith(PREFIX))
    found = (getattr(validator, name) for name in wanted)
    return [cast("Callable[[View], Any]", check) for check in found if callable(check)]

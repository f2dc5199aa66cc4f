"""What every builder is: a draft that calls fill, frozen once."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from k8sgen_core.builders.arguments import (
    a_format,
    a_validator,
    checked,
    located,
    manifest,
    mapping,
    optional,
    text,
)
from k8sgen_core.builders.cycles import check_holding
from k8sgen_core.builders.effect import note_default, note_replaced
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.repeating import after
from k8sgen_core.carriers import Cause, Origin, plain
from k8sgen_core.grammar import ArgumentError, names
from k8sgen_core.grammar import labels as labels_grammar
from k8sgen_core.grammar import text as grammar_text
from k8sgen_core.model import Resource
from k8sgen_core.origin import Call
from k8sgen_core.parts import Added, Override, Validating
from k8sgen_core.session import current, pipeline
from k8sgen_core.sharing import merged
from k8sgen_core.validator import Validator
from k8sgen_core.view import View

if TYPE_CHECKING:
    from k8sgen_core.builders.freezing import Freezing

_getframe = sys._getframe
# The fields of parts that may be a builder until they are frozen.
HOLDING = ("resource", "claim", "holds")
# The fields of those builders that other resources can be added to.
_MEMBERS = frozenset(("holds", "members"))


class Builder:
    """Describes one resource; every setter returns the builder."""

    _model: ClassVar[type[Resource]] = Resource
    _constants: ClassVar[Mapping[str, object]] = {}
    _holds: ClassVar[tuple[str, ...]] = ()
    _refers: ClassVar[tuple[str, ...]] = ()
    _base: Self
    _call: Call
    _replays: list[Any] | None = None
    # What this is a copy of, if a plugin made it for itself to work on.
    _copied: Builder | None = None
    _formats: Mapping[str, Any] = {}

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, names.subdomain)

    def _start(self, name: str, check: Callable[..., str]) -> None:
        self._draft: dict[str, Any] = {"name": str(name), "origin": self._origin}
        self._overlays: dict[str, Self] = {}
        self._base = cast(Self, self)
        current().created(self)
        try:
            checked(check, name, "the name")
        except ArgumentError as error:
            current().refused(located(error, self._call, (name,), {}), self._call)
            self._draft["refused"] = True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._draft['name'])!r})"

    @property
    def _title(self) -> str:
        """What it is called."""
        name: str = self._draft["name"]
        return name

    @property
    def _origin(self) -> Origin:
        """The call that is being recorded, as such."""
        return Origin((self._call, None))

    @property
    def _cause(self) -> Cause:
        """The same, as the cause of a choice."""
        return Cause((Origin((self._call, None)),))

    def _set(self, **changes: object) -> Self:
        draft = self._draft
        for field, new in changes.items():
            if field in draft:
                note_replaced(self, draft[field])
                draft[field] = after(draft[field], new)
            else:
                note_default(self, field, new)
                draft[field] = new
        return self

    def _append(self, field: str, *items: object) -> Self:
        self._draft[field] = (*self._draft.get(field, ()), *items)
        return self

    def _merge(self, field: str, mapping: Mapping[Any, Any]) -> Self:
        before = self._draft.get(field)
        if before and not before.keys().isdisjoint(mapping):
            for key in before.keys() & mapping:
                note_replaced(self, before[key])
            mapping = {key: after(before.get(key), new) for key, new in mapping.items()}
        self._draft[field] = merged(before, mapping)
        return self

    def _held(self) -> list[Builder]:
        """Return the builders that this one holds in any environment: they are no roots."""
        found: list[Builder] = []
        if self._holds:
            drafts: tuple[Builder, ...] = (self, *self._overlays.values())
            for each in drafts:
                for field in self._holds:
                    if field in each._draft:
                        found += builders_in(each._draft[field])
        return found

    def _hold(self, builder: Builder) -> Added:
        """Return the builder as a part of this one, which must not be a part of it."""
        check_holding(self, builder)
        return Added(resource=builder, origin=self._origin)  # type: ignore[arg-type]

    def _freeze(self, freezing: Freezing) -> Resource:
        overlay = self._overlays.get(freezing.environment or "")
        builder: Builder = self if overlay is None else self._overlaid(overlay)
        draft = {**self._constants, **builder._draft}
        for field in self._holds:
            if field in draft:
                draft[field] = freezing.frozen(draft[field])
        for field in self._refers:
            if field in draft:
                draft[field] = freezing.referred(draft[field])
        return self._model.of(draft)

    def _overlaid(self, overlay: Self) -> Self:
        """Return a copy with the calls of an environment made after its own."""
        copy = self._copy()
        for call, method, args, kwargs in overlay._replays or ():
            copy._call = call
            # What a call refuses was reported where it was made.
            with contextlib.suppress(ArgumentError):
                method(copy, *args, **kwargs)
        return copy

    def _copy(self) -> Self:
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._draft = dict(self._draft)
        copy._replays = None
        return copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self._copy()
        memo[id(self)] = twin
        twin._base = twin
        twin._overlays = dict(self._overlays)
        twin._copied = self._original if current().is_inside else None
        current().created(twin)
        return twin

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    @property
    def _original(self) -> Builder:
        return self if self._copied is None else self._copied

    @recorded
    def for_environment(self, name: str) -> Self:
        """
        Return a builder for what is different in one environment.

        Its calls are made after those of this builder when the environment is chosen
        (``k8sgen generate app.py --env prod``); without a choice they have no effect.

        Args:
            name: The environment's name, e.g. ``"prod"``.

        Raises:
            ArgumentError: ``invalid-name``, ``wrong-type``.
        """
        base, chosen = self._base, plain(checked(names.environment, name))
        known = base._overlays.get(chosen)
        if known is None:
            known = base._overlays[chosen] = base._copy()
            known._replays = []
        return known

    @recorded
    def labels(self, labels: Mapping[str, str] | None = None, /, **named: str) -> Self:
        """
        Add labels; a later value of a key replaces an earlier one.

        Keys may have a DNS prefix and ``/``; keys and values have at most 63 letters,
        digits, ``-``, ``_`` and ``.``. Kubernetes: ``metadata.labels``, on pods too.

        Raises:
            ArgumentError: ``invalid-label``.
        """
        given = {**checked(mapping, labels or {}, "labels", "{'team': 'shop'}"), **named}
        return self._merge("labels", checked(labels_grammar.labels, given))

    @recorded
    def annotations(self, annotations: Mapping[str, str] | None = None, /, **named: str) -> Self:
        """
        Add annotations; a later value of a key replaces an earlier one.

        Kubernetes: ``metadata.annotations``.

        Raises:
            ArgumentError: ``invalid-annotation``.
        """
        given = {**checked(mapping, annotations or {}, "annotations", "{'a': 'b'}"), **named}
        for key, value in given.items():
            checked(labels_grammar.annotation_key, key)
            checked(text, value, "an annotation's value")
        return self._merge("annotations", given)

    @recorded
    def namespace(self, name: str) -> Self:
        """
        Put the objects into this namespace.

        A DNS label: at most 63 lower-case letters, digits and ``-``. Without it the
        namespace is chosen when the objects are applied. Kubernetes: ``metadata.namespace``.

        Raises:
            ArgumentError: ``invalid-name``.
        """
        return self._set(namespace=checked(names.label_name, name, "the namespace"))

    @recorded
    def override(self, patch: Mapping[str, Any], kind: str | None = None) -> Self:
        """
        Change any field of a generated object: the way out where no method fits.

        The patch is merged as ``kubectl patch`` does: mappings merge, lists merge by
        their Kubernetes merge key (containers by ``name``), ``None`` removes a field.

        Args:
            patch: The fields to change, as they stand in the manifest.
            kind: Which object of this resource: ``"Service"`` for all of a kind,
                ``"Service/web"`` for one of them; default: the main one.

        Raises:
            ArgumentError: ``wrong-type`` for what YAML cannot say.
        """
        checked(mapping, patch, "a patch", "{'spec': {...}}")
        override = Override(
            patch=checked(manifest, patch, "a patch"),
            kind=optional(grammar_text, kind, "the kind"),
            origin=self._origin,
        )
        return self._append("overrides", override)

    @recorded
    def ignore(self, rule: str, reason: str) -> Self:
        """
        Do not report this rule for this resource.

        Args:
            rule: The id of the rule; ``k8sgen explain ID`` describes it.
            reason: Why it does not apply, for whoever reads the file later.

        Raises:
            ArgumentError: ``wrong-type``, ``invalid-value`` for an empty reason.
        """
        from k8sgen_core.builders.ignoring import ignored

        return self._append("ignored", ignored(rule, reason, self._origin))

    @recorded
    def add_validator(self, validator: Validator) -> Self:
        """
        Check what is described by rules of your own; what they raise becomes a finding.

        On a group it checks every workload in it.

        Args:
            validator: An instance of a subclass of ``Validator``.

        Raises:
            ArgumentError: ``wrong-type``.
        """
        given = a_validator(validator)
        return self._append("validators", Validating(validator=given, origin=self._origin))

    @recorded
    def register_output_format(self, name: str, output_format: Any) -> Self:
        """
        Let ``generate().to_<name>(path)`` write this in a format of your own.

        A name of a built-in format, e.g. ``"terraform"``, takes its place here.

        Args:
            name: Lower-case words with ``-`` or ``_``; in the method's name, ``-`` is ``_``.
            output_format: An instance of a subclass of ``OutputFormat``, or any object with
                ``render(model)``.

        Raises:
            ArgumentError: ``invalid-name``, ``wrong-type``.
        """
        given = plain(checked(names.format_name, name)), a_format(output_format)
        self._base._formats = {**self._base._formats, given[0]: (given[1], self._origin)}
        return self

    def __dir__(self) -> list[str]:
        names = current().adders() if _MEMBERS.intersection(self._holds) else ()
        return sorted({*super().__dir__(), *(f"add_{name}" for name in names)})

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Return ``add_<plugin>``, which every plugin brings along."""
            adds = name.startswith("add_") and _MEMBERS.intersection(self._holds)
            if adds and current().adder(name.removeprefix("add_")) is not None:
                from k8sgen_core.builders.adding import adding

                return functools.partial(adding(name), self)
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
            )

    def build(self) -> View:
        """
        Return what has been described so far, read-only, as it is in the environment.

        That is the chosen one (``--env prod``), or that of ``for_environment("prod")``.
        """
        from k8sgen_core.builders.freezing import Freezing

        base = self._base
        own = [name for name, overlay in base._overlays.items() if overlay is self]
        return View(Freezing(own[0] if own else current().environment).resource(base))

    def generate(self) -> Any:
        """
        Return what this resource generates: ``generate().to_yaml("./k8s/")``.

        A file that calls this for some of its resources deploys only those.
        """
        current().generating(self._base)
        return pipeline("Generation")(self._base, _getframe(1))


def builders_in(value: Any) -> list[Builder]:
    """Return the builders in what a call was given, or in a field of a draft."""
    if isinstance(value, Builder):
        return [value]
    found: list[Builder] = []
    if isinstance(value, (tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            found += builders_in(each)
    else:
        for field in HOLDING:
            held = getattr(value, field, None)
            if held is not None:
                found += builders_in(held)
    return found

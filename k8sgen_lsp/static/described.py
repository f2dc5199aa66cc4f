"""
What the source of a module says of what can be called: plain values, as a cache can keep them.

What something gives is told by ``returns``: an annotation as it is written, ``Self``, or an
expression behind an equals sign, which is to be read where the module's names mean what they do.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    What a call can be given; ``kind`` is what stands before it: ``/``, nothing, ``*``, ``**``.

    ``only`` says how it must be given: ``position``, ``name``, or either way. ``check`` names
    what examines the value, and ``choices`` are the only values there are, as source text.
    """

    name: str
    kind: str = ""
    only: str = ""
    annotation: str = ""
    default: str | None = None
    check: str = ""
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        note = f": {self.annotation}" if self.annotation else ""
        return f"{self.kind}{self.name}{note}" + (f"={self.default}" if self.default else "")


@dataclass(frozen=True, slots=True)
class Member:
    """
    A public method or property of a class; a silent one never says what it returns.

    ``adds`` says that a second call adds to the first instead of replacing it.
    """

    name: str
    owner: str
    signature: str
    documentation: str
    returns: str
    is_property: bool
    is_silent: bool = False
    parameters: tuple[Parameter, ...] = ()
    deprecated: str = ""
    line: int = 0
    adds: bool = False
    is_field: bool = False


@dataclass(eq=False, slots=True)
class Class:
    """
    A class as its source describes it.

    A dynamic one answers to any name, and one that binds computed names has more than it says.
    What other statements give an altered one is only known of one that was loaded.
    """

    module: str
    name: str
    documentation: str = ""
    bases: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    own: dict[str, Member] = field(default_factory=dict)
    constructor: tuple[Parameter, ...] | None = None
    fields: dict[str, str] = field(default_factory=dict)
    entered: str = ""
    is_dynamic: bool = False
    binds_computed: bool = False
    is_altered: bool = False
    is_loaded: bool = False
    line: int = 0

    @property
    def qualified(self) -> str:
        """The dotted name."""
        return f"{self.module}.{self.name}"

    @property
    def parameters(self) -> str | None:
        """What the constructor takes, if the class itself says so."""
        return None if self.constructor is None else written(self.constructor)


@dataclass(eq=False, slots=True)
class Module:
    """A module as its source describes it."""

    name: str
    classes: dict[str, Class] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Member] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    constants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    documentation: str = ""
    digest: str = ""


def written(parameters: tuple[Parameter, ...]) -> str:
    """Return parameters as a signature shows them."""
    parts: list[str] = []
    kinds = [each.only for each in parameters]
    has_star = any(each.kind == "*" for each in parameters)
    for index, each in enumerate(parameters):
        if each.only == "name" and not has_star and "name" not in kinds[:index]:
            parts.append("*")
        parts.append(str(each))
        if each.only == "position" and "position" not in kinds[index + 1 :]:
            parts.append("/")
    return ", ".join(parts)

"""
Output formats: from what is described to files.

The built-in formats are listed here and nowhere else; command line, language server and
``generate().to_*`` take them from this list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from k8sgen_core.kubernetes.lowered import Lowered, Places
    from k8sgen_core.model import Model, Resource
    from k8sgen_core.secrets import SecretText
    from k8sgen_core.yaml.emitter import Header, Note

    Notes: TypeAlias = list[Note | Header]
    Noting: TypeAlias = Callable[[], Notes]
    StandIn: TypeAlias = Callable[[SecretText], str]
    Placeholder: TypeAlias = Callable[[SecretText, int], str]
    Write: TypeAlias = Callable[[StandIn], tuple[str, Notes]]


class BuiltIn(NamedTuple):
    """A format that comes with K8s-Gen; ``method`` of ``app.generate()`` writes to ``path``."""

    name: str
    method: str
    path: str
    summary: str


BUILT_IN = (
    BuiltIn("kubernetes", "to_yaml", "./k8s/", "a manifest for each Kubernetes object"),
    BuiltIn("compose", "to_docker_compose", "./compose.yaml", "one file for Docker Compose"),
)
FORMATS = tuple(each.name for each in BUILT_IN)
_METHODS = {each.name: each.method for each in BUILT_IN}


def method_of(name: str) -> str:
    """Return the method of ``app.generate()`` that writes a format, built in or not."""
    return _METHODS.get(name) or f"to_{name.replace('-', '_')}"


class Format(Protocol):
    """
    What every output format is; any object of this shape is one.

    ``supports`` has the classes of ``k8sgen_core.model`` that it can say; a resource of
    another class is reported as ``setting-not-supported``.
    """

    @property
    def name(self) -> str:
        """What ``-f`` and ``to_<name>`` call it."""

    @property
    def supports(self) -> Sequence[type[Resource]]:
        """The resources that it can say."""

    def render(self, model: Model) -> Iterable[OutputFile]:
        """Yield the files of everything that the model describes; write nothing."""


class WrittenObject(NamedTuple):
    """Where an object stands in a file: its first line, and the line after its last."""

    lowered: Lowered
    start: int
    end: int


class OutputFile(NamedTuple):
    """
    One file of output, with what each line was made of; secret values are masked.

    Formats make them of ``path``, which is relative and has ``/`` between folders, and
    ``text``, or with :meth:`yaml`, which keeps the origin of every line. ``root`` tells the
    files of one root from those of another; ``places`` is where templates lay out its fields.
    """

    path: str
    text: str
    root: str = ""
    noting: Noting = list
    objects: tuple[WrittenObject, ...] = ()
    secrets: tuple[SecretText, ...] = ()
    places: Places = MappingProxyType({})
    # Are secret values put in as they are, and not as YAML writes them?
    verbatim: bool = False
    write: Write | None = None

    def __repr__(self) -> str:
        return f"OutputFile({self.path!r}, {self.text!r})"

    @classmethod
    def made(cls, path: str, write: Write, *, verbatim: bool = False) -> OutputFile:
        """Return what ``write`` makes of the texts that stand for secret values."""
        secrets: list[SecretText] = []

        def mask(value: SecretText) -> str:
            secrets.append(value)
            return repr(value)

        text, notes = write(mask)
        return cls(
            path,
            text,
            noting=lambda: notes,
            secrets=tuple(secrets),
            verbatim=verbatim,
            write=write,
        )

    @classmethod
    def yaml(cls, path: str, *documents: Mapping[str, Any] | Sequence[Any]) -> OutputFile:
        """Return documents as YAML; values that came from the model keep their origins."""

        def write(stand_in: StandIn) -> tuple[str, Notes]:
            from k8sgen_core.yaml.emitter import Emitter

            emitter = Emitter(stand_in)
            for document in documents:
                emitter.document(document)
            return emitter.text, emitter.notes

        return cls.made(path, write)

    @property
    def notes(self) -> Notes:
        """What each line was made of, worked out for who looks at the file."""
        return self.noting()

    def with_placeholders(self, placeholder: Placeholder) -> OutputFile:
        """Return the file with a text of its own for each secret value."""
        if self.write is None or not self.secrets:
            return self
        numbers = iter(range(len(self.secrets)))
        text, _ = self.write(lambda value: placeholder(value, next(numbers)))
        return self._replace(text=text)

"""How much a text may ask for: a short text can describe a value that fills any memory."""

from dataclasses import dataclass
from typing import Final

from k8sgen_core.yaml.chunks import Chunk

DEPTH: Final = 128
TOO_DEEP: Final = (f"values are nested more than {DEPTH} deep", "put less inside each other")
_SPLIT_HINT = "split the file into smaller ones"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for before it is refused."""

    size: int = 64 * 1024 * 1024
    """Bytes of a file, or characters of a text."""
    values: int = 1_000_000
    """Keys, scalars, mappings and lists in one document."""
    total: int = 2_000_000
    """The same in all documents of a file."""
    expansion: int = 1_000_000
    """Values and characters that aliases may add to one document."""

    def check_size(self, content: str | bytes, name: str) -> None:
        """Refuse a file that is too long to be read."""
        if len(content) > self.size:
            unit = "bytes" if isinstance(content, bytes) else "characters"
            message = f"the file has {len(content):,} {unit}, more than {self.size:,}"
            raise Chunk(name, "", 1).error(0, message, _SPLIT_HINT)

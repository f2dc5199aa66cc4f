"""What classes have, looked up many times: of installed ones it stays the same."""

from __future__ import annotations

from collections.abc import Mapping

from k8sgen_lsp.static.catalogue import PACKAGES, Catalogue, Class, Member

_members: dict[Class, Mapping[str, Member]] = {}
_returned: dict[Class, dict[str, Class | None]] = {}

BUILDER = "k8sgen_core.builders.builder.Builder"


class Lookup:
    """Asks a catalogue, and remembers."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._own: dict[Class, Mapping[str, Member]] = {}
        self._named: dict[Class, int | None] = {}
        self._builders: dict[Class, bool] = {}
        self._given: dict[tuple[Class, str], Class | None] = {}

    def member(self, found: Class, name: str) -> Member | None:
        """Return a member of a class; what plugins bring along is looked up each time."""
        if not is_installed(found.module):
            return self._all(found).get(name)
        known = _members.get(found)
        if known is None:
            every = self._all(found)
            known = {key: each for key, each in every.items() if is_installed(each.owner)}
            _members[found] = known
        member = known.get(name)
        if member is None and name.startswith("add_"):
            return self._all(found).get(name)
        return member

    def names(self, found: Class) -> list[str]:
        """Return the names of all members."""
        return sorted(self._all(found))

    def _all(self, found: Class) -> Mapping[str, Member]:
        if found not in self._own:
            self._own[found] = self.catalogue.members(found)
        return self._own[found]

    def name_position(self, found: Class) -> int | None:
        """Return at which position the constructor takes the resource's name."""
        if found not in self._named:
            parameters = self.catalogue.signature(found).partition("(")[2].split(",")
            names = [each.partition(":")[0].strip(" )") for each in parameters]
            self._named[found] = names.index("name") if "name" in names else None
        return self._named[found]

    def is_closed(self, found: Class) -> bool:
        """Is every method of a builder known, and of all that it is derived from?"""
        line = self.catalogue.ancestry(found)
        own = [each for each in line if not is_installed(each.module)]
        bases = [f"{each.module}.{base}" for each in own for base in each.bases]
        is_known = all(self.catalogue.find(base) is not None for base in bases)
        is_open = any(each.is_dynamic or each.binds_computed for each in own)
        # What a class was loaded with it has from its bases, too.
        is_read = found.is_loaded or not any(each.is_altered for each in own)
        return self.is_builder(found) and is_known and is_read and not is_open

    def is_builder(self, found: Class) -> bool:
        """Does the class describe a resource?"""
        if found not in self._builders:
            line = self.catalogue.ancestry(found)
            self._builders[found] = any(each.qualified == BUILDER for each in line)
        return self._builders[found]

    def returned(self, found: Class, name: str) -> Class | None:
        """Return the class of what a member gives."""
        if is_installed(found.module) and not name.startswith("add_"):
            given = _returned.setdefault(found, {})
            if name not in given:
                given[name] = self.catalogue.returned(found, name)
            return given[name]
        key = (found, name)
        if key not in self._given:
            self._given[key] = self.catalogue.returned(found, name)
        return self._given[key]


def is_installed(qualified: str) -> bool:
    """Is this a name of the product's own?"""
    return qualified.partition(".")[0] in PACKAGES

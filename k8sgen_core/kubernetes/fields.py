"""Fields of Kubernetes objects, as the schema describes them."""

from __future__ import annotations

from typing import NamedTuple

from k8sgen_core.kubernetes.bundle import Bundle, Schema


class Field(NamedTuple):
    """A place in the schema of a kind; of a list, the list and its items alike."""

    bundle: Bundle
    schema: Schema

    @property
    def merge_key(self) -> str | None:
        """The field by which a strategic merge tells the items of this list apart."""
        return self.schema.get("x-kubernetes-patch-merge-key")

    @property
    def strategies(self) -> frozenset[str]:
        """How a strategic merge treats the field: ``merge``, ``replace``, ``retainKeys``."""
        return frozenset(self.schema.get("x-kubernetes-patch-strategy", "").split(",")) - {""}

    @property
    def list_type(self) -> str | None:
        """``atomic``, ``set`` or ``map``."""
        return self.schema.get("x-kubernetes-list-type")

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return "items" in self.schema

    @property
    def names(self) -> tuple[str, ...]:
        """The fields inside, in alphabetical order; none where the names are free."""
        return tuple(self._content().get("properties", ()))

    def child(self, name: str) -> Field | None:
        """Return a field of this mapping, or of the items of this list."""
        content = self._content()
        inner = content.get("properties", {}).get(name, content.get("additionalProperties"))
        return Field(self.bundle, inner) if isinstance(inner, dict) else None

    def _content(self) -> Schema:
        schema = self.schema
        while True:
            if "$ref" in schema:
                schema = self.bundle.definition(int(schema["$ref"].rpartition("/")[2]))
            elif "items" in schema:
                schema = schema["items"]
            else:
                return schema

"""Images: which program runs, and that it is the same one each time."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.grammar.image import parse_image
from k8sgen_core.rules.manifest import Container
from k8sgen_core.rules.rule import Flaw, rule


@rule("latest-tag", on=Container)
def latest_tag(container: Container) -> Iterator[Flaw]:
    """Flag images without a fixed tag."""
    image = parse_image(container.value.get("image") or "")
    if image.repository and not image.digest and image.tag in (None, "latest"):
        what = "has no tag" if image.tag is None else "has the tag latest"
        yield Flaw(("image",), f"the image {str(image)!r} {what}", "pin a version or a digest")

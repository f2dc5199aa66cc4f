"""Images: which program runs, and that it is the same one each time."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.grammar.image import Image, parse_image
from k8sgen_core.rules.manifest import Container
from k8sgen_core.rules.rule import Flaw, rule


@rule("latest-tag", on=Container)
def latest_tag(container: Container) -> Iterator[Flaw]:
    """Flag images without a fixed tag."""
    image = parse_image(container.image)
    if not _is_moving(image):
        return
    what = "has no tag" if image.tag is None else "has the tag latest"
    # A bare image with the name of its object is one that the project builds; what deploys it
    # (Skaffold, kustomize) fills in the rest.
    is_blank = image.tag is None and image.name == container.pod.manifest.name
    yield Flaw(
        ("image",),
        f"the image {str(image)!r} {what}",
        "pin a version or a digest",
        "warning" if is_blank else None,
    )


@rule("image-without-digest", on=Container)
def image_without_digest(container: Container) -> Iterator[Flaw]:
    """Flag images that a tag alone tells apart."""
    image = parse_image(container.image)
    if image.repository and not image.digest and not _is_moving(image):
        yield Flaw(
            ("image",),
            f"the image {str(image)!r} has no digest, and a tag can be moved",
            f"append the digest: {image}@sha256:...",
        )


@rule("contradicting-pull-policy", on=Container)
def contradicting_pull_policy(container: Container) -> Iterator[Flaw]:
    """Flag pull policies that do not suit the image: what moves is pulled, what is fixed is not."""
    policy = container.value.get("imagePullPolicy")
    if policy is None:
        return
    image = parse_image(container.image)
    if policy == "Always" and image.digest:
        message = f"{str(image)!r} never changes, and is pulled at each start all the same"
        yield Flaw(("imagePullPolicy",), message, "use IfNotPresent, which a digest makes safe")
    elif policy in ("IfNotPresent", "Never") and _is_moving(image):
        message = f"{str(image)!r} changes, and nodes keep what they have of it ({policy})"
        yield Flaw(("imagePullPolicy",), message, "pin a version, or use Always")


def _is_moving(image: Image) -> bool:
    return bool(image.repository) and not image.digest and image.tag in (None, "latest")

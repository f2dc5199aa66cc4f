"""APIs: versions of objects that the target version of Kubernetes is about to lose, or has lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.kubernetes.schemas import VERSIONS, api_versions, has_schema
from k8sgen_core.rules.manifest import Manifest
from k8sgen_core.rules.rule import Flaw, rule

# Kinds that Kubernetes gave up without another version of theirs, since which one, and for what.
_GIVEN_UP = {
    ("v1", "ComponentStatus"): (19, "ask the health endpoints of the components"),
    ("v1", "Endpoints"): (33, "use EndpointSlice of discovery.k8s.io/v1"),
}
_UNSTABLE = re.compile(r"v\d+(?:alpha|beta)\d+").fullmatch


@rule("deprecated-api", on=Manifest)
def deprecated_api(manifest: Manifest) -> Iterator[Flaw]:
    """Flag versions of an API that another one has replaced."""
    version, kind = manifest.value.get("apiVersion"), manifest.kind
    if not isinstance(version, str):
        return
    cluster = manifest.cluster
    since, instead = _GIVEN_UP.get((version, kind), (cluster.minor + 1, ""))
    if cluster.minor >= since:
        yield Flaw(("apiVersion",), f"{kind} is deprecated since Kubernetes 1.{since}", instead)
    elif "alpha" in version or "beta" in version:
        better = _better(version, kind, cluster.version)
        if better is not None:
            message = f"{kind} of {version} is deprecated{_end(version, kind, cluster.version)}"
            yield Flaw(("apiVersion",), message, did_you_mean(better))


@lru_cache(maxsize=256)
def _better(api_version: str, kind: str, version: str) -> str | None:
    """Return the more stable version of the same API, if the cluster has it."""
    group, _, name = api_version.rpartition("/")
    if not _UNSTABLE(name) or not has_schema(api_version, kind, version):
        return None
    known = api_versions(kind, version)
    first = next(each for each in known if each.rpartition("/")[0] == group)
    return None if first == api_version else first


@lru_cache(maxsize=256)
def _end(api_version: str, kind: str, version: str) -> str:
    later = VERSIONS[VERSIONS.index(version) + 1 :] if version in VERSIONS else ()
    gone = next((each for each in later if not has_schema(api_version, kind, each)), None)
    return "" if gone is None else f", and Kubernetes {gone} does not have it"


@rule("no-extensions-v1beta", on=Manifest)
def no_extensions_v1beta(manifest: Manifest) -> Iterator[Flaw]:
    """Flag the group that all of Kubernetes once began in."""
    if manifest.group != "extensions":
        return
    version = str(manifest.value.get("apiVersion"))
    if version.startswith("extensions/v1beta"):
        yield Flaw(
            ("apiVersion",),
            f"{version} is gone since Kubernetes 1.22",
            did_you_mean(_now(manifest.kind, manifest.cluster.version))
            or "use the group of its own",
        )


@lru_cache(maxsize=64)
def _now(kind: str, version: str) -> str:
    return next(iter(api_versions(kind, version)), "")

import copy

import pytest

from k8sgen_core.carriers import Dict, List, Origin, Str, carry, origin_of
from k8sgen_core.kubernetes.merge import Unmergeable, json_merge, strategic_merge
from k8sgen_core.origin import Call

POD = {"api_version": "v1", "kind": "Pod", "version": "1.37"}


def merged(spec, patch, metadata=None):
    target = {"metadata": metadata or {"name": "web"}, "spec": spec}
    before = copy.deepcopy((target, patch))
    result = strategic_merge(target, patch, **POD)
    assert (target, patch) == before
    return result


@pytest.mark.parametrize(
    ("spec", "patch", "expected"),
    [
        pytest.param(
            {"containers": [{"name": "web", "image": "a:1"}, {"name": "log", "image": "b:1"}]},
            {"containers": [{"name": "log", "image": "b:2"}, {"name": "new", "image": "c:1"}]},
            {
                "containers": [
                    {"name": "web", "image": "a:1"},
                    {"name": "log", "image": "b:2"},
                    {"name": "new", "image": "c:1"},
                ]
            },
            id="containers merge by name, new ones come last",
        ),
        pytest.param(
            {"containers": [{"name": "web", "ports": [{"containerPort": 80}]}]},
            {
                "containers": [
                    {
                        "name": "web",
                        "ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 90}],
                    }
                ]
            },
            {
                "containers": [
                    {
                        "name": "web",
                        "ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 90}],
                    }
                ]
            },
            id="ports merge by containerPort",
        ),
        pytest.param(
            {"containers": [{"name": "web", "env": [{"name": "A", "value": "1"}]}]},
            {
                "containers": [
                    {
                        "name": "web",
                        "env": [{"name": "B", "value": "2"}, {"name": "A", "value": ""}],
                    }
                ]
            },
            {
                "containers": [
                    {
                        "name": "web",
                        "env": [{"name": "A", "value": ""}, {"name": "B", "value": "2"}],
                    }
                ]
            },
            id="environment merges by name, at the target's position",
        ),
        pytest.param(
            {"volumes": [{"name": "data", "emptyDir": {}}]},
            {"volumes": [{"name": "data", "emptyDir": None, "hostPath": {"path": "/data"}}]},
            {"volumes": [{"name": "data", "hostPath": {"path": "/data"}}]},
            id="null deletes the old kind of a volume",
        ),
        pytest.param(
            {"volumes": [{"name": "data", "emptyDir": {}}]},
            {"volumes": [{"name": "data", "$retainKeys": ["name"], "configMap": {"name": "c"}}]},
            {"volumes": [{"name": "data", "configMap": {"name": "c"}}]},
            id="retainKeys drops the rest",
        ),
        pytest.param(
            {"tolerations": [{"key": "a"}], "nodeSelector": {"disk": "ssd"}},
            {"tolerations": [{"key": "b"}], "nodeSelector": {"zone": "eu"}},
            {"tolerations": [{"key": "b"}], "nodeSelector": {"disk": "ssd", "zone": "eu"}},
            id="atomic lists are replaced, mappings merge",
        ),
        pytest.param(
            {"containers": [{"name": "web", "args": ["a", "b"]}]},
            {"containers": [{"name": "web", "args": ["c"]}]},
            {"containers": [{"name": "web", "args": ["c"]}]},
            id="lists of text are replaced",
        ),
        pytest.param(
            {"hostNetwork": True, "dnsPolicy": "Default"},
            {"hostNetwork": None, "hostPID": None},
            {"dnsPolicy": "Default"},
            id="null deletes, also what is not there",
        ),
        pytest.param(
            {},
            {
                "securityContext": {
                    "runAsUser": 1,
                    "runAsGroup": None,
                    "seccompProfile": {"a": None},
                }
            },
            {"securityContext": {"runAsUser": 1, "seccompProfile": {}}},
            id="null is dropped from what is new",
        ),
        pytest.param(
            {"containers": [{"name": "web"}, {"name": "log"}]},
            {
                "containers": [
                    {"name": "log", "$patch": "delete"},
                    {"name": "no", "$patch": "delete"},
                ]
            },
            {"containers": [{"name": "web"}]},
            id="delete takes an item out",
        ),
        pytest.param(
            {"containers": [{"name": "web", "image": "a"}, {"name": "log"}]},
            {"containers": [{"$patch": "replace"}, {"name": "web", "image": "b"}]},
            {"containers": [{"name": "web", "image": "b"}]},
            id="replace of a list",
        ),
        pytest.param(
            {"securityContext": {"runAsUser": 1, "fsGroup": 2}, "affinity": {"nodeAffinity": {}}},
            {
                "securityContext": {"$patch": "replace", "runAsUser": 3},
                "affinity": {"$patch": "delete"},
            },
            {"securityContext": {"runAsUser": 3}, "affinity": {}},
            id="replace and delete of a mapping",
        ),
        pytest.param(
            {"made-up": {"a": [1], "b": 1}},
            {"made-up": {"a": [2], "c": 1}},
            {"made-up": {"a": [2], "b": 1, "c": 1}},
            id="fields without schema merge as JSON",
        ),
        pytest.param(
            {"nodeSelector": "wrong", "hostAliases": {"wrong": 1}},
            {"nodeSelector": {"a": "b"}, "hostAliases": [{"ip": "::1", "hostnames": ["a"]}]},
            {"nodeSelector": {"a": "b"}, "hostAliases": [{"ip": "::1", "hostnames": ["a"]}]},
            id="another type is replaced",
        ),
    ],
)
def test_a_patch_merges_as_kubectl_patch_does(spec, patch, expected):
    result = merged(spec, {"spec": patch})

    assert result == {"metadata": {"name": "web"}, "spec": expected}


def test_sets_of_text_are_united():
    metadata = {"name": "web", "finalizers": ["a", "b"], "labels": {"x": "1"}}
    patch = {
        "metadata": {
            "labels": {"y": "2"},
            "$deleteFromPrimitiveList/finalizers": ["a"],
            "finalizers": ["b", "c"],
        }
    }

    assert merged({}, patch, metadata)["metadata"] == {
        "name": "web",
        "finalizers": ["b", "c"],
        "labels": {"x": "1", "y": "2"},
    }


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        pytest.param(
            {"spec": {"containers": [{"name": "web", "ports": [{"name": "http"}]}]}},
            "Pod.spec.containers[0].ports[0]: the items of this list merge by 'containerPort',"
            " which is missing here",
            id="merge key missing",
        ),
        pytest.param(
            {"spec": {"containers": ["web"]}},
            "Pod.spec.containers[0]: the items of this list merge by 'name', which is missing here",
            id="text instead of an item",
        ),
        pytest.param(
            {"spec": {"$patch": "remove"}},
            "Pod.spec: '$patch' is merge, replace or delete, not 'remove'",
            id="unknown directive",
        ),
        pytest.param(
            {"spec": {"$setElementOrder/containers": [{"name": "web"}]}},
            "Pod.spec: '$setElementOrder/containers' is not supported",
            id="order",
        ),
    ],
)
def test_a_patch_that_cannot_be_merged_names_the_place(patch, message):
    with pytest.raises(Unmergeable) as error:
        merged({"containers": [{"name": "web"}]}, patch)

    assert str(error.value) == message


def test_a_kind_without_schema_is_refused():
    with pytest.raises(ValueError, match="has no schema for"):
        strategic_merge({}, {}, api_version="example.com/v1", kind="Thing", version="1.37")


# The examples of RFC 7386, appendix A, between objects.
@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": {"$patch": "x"}}, {"a": {"$patch": "delete"}}, {"a": {"$patch": "delete"}}),
    ],
)
def test_json_merge_is_rfc_7386(target, patch, expected):
    assert json_merge(target, patch) == expected


CALL = Call(dict, dict.update, None)


def carried(value):
    return carry(value, Origin((CALL, "patch")))


def keys_of(mapping):
    return [(key, origin_of(key)) for key in mapping]


def test_what_the_patch_sets_is_the_patchs_own_key_and_value():
    target = {"spec": {"a": 1, "dnsPolicy": "Default", "z": 2}}
    patch = carried({"spec": {"dnsPolicy": "None", "hostname": "web"}})
    [_, new] = patch["spec"]

    spec = strategic_merge(target, patch, **POD)["spec"]

    assert list(spec) == ["a", "dnsPolicy", "z", "hostname"]
    assert origin_of(list(spec)[1]) == ()
    assert list(spec)[3] is new
    assert origin_of(spec["dnsPolicy"]) == (origin_of(patch["spec"]["dnsPolicy"]),)
    assert spec["hostname"] is patch["spec"]["hostname"]


def test_what_only_leads_to_a_change_stays_the_targets():
    web = Str("web")
    web.origin = Origin((CALL, "image"))
    target = {"spec": {"containers": [{"name": web, "args": ["a"]}]}}
    patch = carried({"spec": {"containers": [{"name": "web", "args": ["b"]}]}})

    result = strategic_merge(target, patch, **POD)
    [container] = result["spec"]["containers"]

    assert keys_of(result) == [("spec", ())]
    assert keys_of(result["spec"]) == [("containers", ())]
    assert keys_of(container) == [("name", ()), ("args", ())]
    assert container["name"] == web
    [given] = patch["spec"]["containers"][0]["args"]
    assert [origin_of(word) for word in container["args"]] == [(origin_of(given),)]


def test_a_block_that_both_have_belongs_to_neither():
    target = {"spec": {"affinity": {"nodeAffinity": {"a": 1}}, "nodeSelector": {}}}
    patch = carried({"spec": {"affinity": {"$patch": "delete"}, "nodeSelector": {"a": "b"}}})

    spec = strategic_merge(target, patch, **POD)["spec"]

    assert spec == {"affinity": {}, "nodeSelector": {"a": "b"}}
    assert [origin_of(key) for key in spec] == [(), ()]
    assert keys_of(spec["nodeSelector"]) == keys_of(patch["spec"]["nodeSelector"])


def test_containers_keep_their_origin():
    spec, tolerations, containers = Dict(hostname="a"), List([{"key": "a"}]), List()
    for index, container in enumerate((spec, tolerations, containers)):
        container.origin = Origin((CALL, index))
    spec.update(tolerations=tolerations, containers=containers)

    merged_spec = strategic_merge(
        {"spec": spec}, {"spec": {"hostname": "b", "containers": [{"name": "web"}]}}, **POD
    )["spec"]

    assert [origin_of(part) for part in (merged_spec, *merged_spec.values())] == [
        Origin((CALL, 0)),
        (),
        Origin((CALL, 1)),
        Origin((CALL, 2)),
    ]

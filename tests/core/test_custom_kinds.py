"""Custom resources: definitions among the objects, schemas in files, plugins that bring them."""

import json

import pytest

from k8sgen_core.kubernetes.custom import Kinds
from k8sgen_core.kubernetes.violations import Violation
from k8sgen_core.yaml.loader import load_all

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [size, owner]
            properties:
              size: {type: integer, minimum: 1, maximum: 10, exclusiveMaximum: true}
              owner: {type: string, nullable: true}
              name: {type: string, pattern: '^[a-z]+$'}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              mode: {type: string, enum: [fast, safe]}
              any: {type: object, x-kubernetes-preserve-unknown-fields: true}
              part:
                type: object
                x-kubernetes-preserve-unknown-fields: true
                properties: {a: {type: string}}
              inner: {type: object, x-kubernetes-embedded-resource: true}
              labels: {type: object, additionalProperties: {type: string}}
              either:
                type: object
                properties: {a: {type: string}, b: {type: string}}
                oneOf: [{required: [a]}, {required: [b]}]
              items: {type: array, items: {type: object, properties: {count: {type: integer}}}}
              tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              doors:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [number, side]
                items:
                  type: object
                  required: [number]
                  properties:
                    number: {type: integer}
                    side: {type: string, default: in}
                    rooms: {type: array, x-kubernetes-list-type: set, items: {type: integer}}
          status: {type: object}
"""
[THING] = [each.value for each in load_all(DEFINITION)]


def thing(**spec):
    spec = {"size": 1, "owner": "me", **spec}
    return {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "a"},
        "spec": spec,
    }


@pytest.fixture
def kinds():
    known = Kinds("1.37")
    known.learn([THING])
    return known


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"owner": None},
        {"mode": None},
        {"port": 80},
        {"port": "http"},
        {"any": {"a": {"b": [1]}}},
        {"part": {"a": "x", "c": 1}},
        {"inner": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}},
        {"labels": {"a": "b"}},
        {"either": {"a": "x"}},
        {"items": [{"count": 1}, {}]},
    ],
)
def test_what_the_definition_allows_has_no_violations(kinds, spec):
    assert kinds.violations(thing(**spec)) == []


@pytest.mark.parametrize(
    ("spec", "path", "message"),
    [
        ({"sise": 1}, ("sise",), "unknown field 'sise'"),
        ({"size": "1"}, ("size",), "expected an integer, got the text '1'"),
        ({"size": 0}, ("size",), "0 is less than the minimum of 1"),
        ({"size": 10}, ("size",), "10 is greater than or equal to the maximum of 10"),
        ({"size": None}, (), "missing required field 'size'"),
        ({"name": "A"}, ("name",), '"A" does not match "^[a-z]+$"'),
        ({"port": True}, ("port",), "expected an integer or text, got true"),
        ({"mode": "slow"}, ("mode",), "expected 'fast' or 'safe', got the text 'slow'"),
        ({"any": 1}, ("any",), "expected a mapping, got the number 1"),
        ({"part": {"a": 1}}, ("part", "a"), "expected text, got the number 1"),
        ({"inner": {"kind": "Pod"}}, ("inner",), "missing required field 'apiVersion'"),
        ({"labels": {"a": 1}}, ("labels", "a"), "expected text, got the number 1"),
        (
            {"either": {"a": "x", "b": "y"}},
            ("either",),
            "this must be exactly one of the alternatives that the schema allows",
        ),
        ({"items": [{"m": 1}]}, ("items", 0, "m"), "unknown field 'm'"),
    ],
)
def test_what_the_definition_forbids_is_found_at_its_place(kinds, spec, path, message):
    [found] = kinds.violations(thing(**spec))

    assert (found.path, found.message) == (("spec", *path), message)


def test_the_metadata_are_those_of_every_object(kinds):
    made = {**thing(), "metadata": {"name": "a", "lables": {}}, "spek": {}}

    assert kinds.violations(made) == [
        Violation(("metadata", "lables"), "unknown field 'lables'", "did you mean 'labels'?"),
        Violation(("spek",), "unknown field 'spek'", "did you mean 'spec'?"),
    ]


def test_only_the_versions_that_are_defined_are_known(kinds):
    assert kinds.knows("example.com/v1", "Thing")
    assert not kinds.knows("example.com/v2", "Thing")
    assert kinds.violations({**thing(), "apiVersion": "example.com/v2", "x": 1}) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"spec": None},
        {"spec": {"group": "example.com", "names": {"kind": "Thing"}, "versions": ["v1"]}},
        {"spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": []}}]}},
    ],
)
def test_a_broken_definition_defines_nothing(broken):
    known = Kinds("1.37")
    known.learn([{**THING, **broken}])

    assert not known.knows("example.com/v1", "Thing")


def test_a_pattern_that_the_engine_cannot_read_is_left_out():
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "(?=x)"}}}
    definition = json.loads(json.dumps(THING))
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = schema
    known = Kinds("1.37")
    known.learn([definition])

    made = {key: value for key, value in thing().items() if key != "spec"}
    assert known.violations({**made, "a": "y"}) == []
    assert len(known.violations({**made, "b": "y"})) == 1


@pytest.mark.parametrize(
    ("location", "file"),
    [
        ("schemas", "example.com/thing_v1.json"),
        ("schemas/{{.Group}}/{{ .ResourceKind }}.json", "example.com/thing.json"),
        ("schemas/{{.ResourceKind}}{{.KindSuffix}}.json", "thing-example-v1.json"),
        (
            "schemas/{{.NormalizedKubernetesVersion}}{{.StrictSuffix}}/"
            "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json",
            "v1.37.0-strict/thing_v1.json",
        ),
    ],
)
def test_schemas_are_found_where_a_location_says(tmp_path, location, file):
    path = tmp_path / "schemas" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"type": "object", "properties": {"spec": {"type": "string"}}}')

    [found] = Kinds("1.37", [location], tmp_path).violations(thing())

    assert found.message == "expected text, got a mapping"


@pytest.mark.parametrize(
    "made",
    [
        {"apiVersion": "../../x/v1", "kind": "Thing"},
        {"apiVersion": "example.com/v1", "kind": "../secret"},
        {"apiVersion": "example.com/v1", "kind": "a/b"},
    ],
)
def test_a_kind_never_leads_out_of_the_folder(tmp_path, made):
    for name in ("secret_v1.json", "x/thing_v1.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"type": "object", "properties": {}}')

    assert not Kinds("1.37", ["deep/er"], tmp_path).knows(made["apiVersion"], made["kind"])


def test_every_schema_of_the_catalogue_can_be_judged_by(shared):
    folder = shared / "judges/crds"
    files = sorted(folder.glob("*/*_v1*.json"))[::7]
    known = Kinds("1.37", [str(folder)])

    for file in files:
        kind, _, version = file.stem.partition("_")
        assert known.knows(f"{file.parent.name}/{version}", kind), file


def test_a_certificate_is_judged_by_the_catalogue(shared):
    known = Kinds("1.37", [str(shared / "judges/crds")])
    spec = {"secretName": "a", "issuerRef": {"name": "x", "kin": "y"}, "dnsNames": "a.b"}
    made = {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {}, "spec": spec}

    assert [(each.path, each.message) for each in known.violations(made)] == [
        (("spec", "issuerRef", "kin"), "unknown field 'kin'"),
        (("spec", "dnsNames"), "expected a list, got the text 'a.b'"),
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param({"tags": ["a", "b"], "items": [{"count": 1}, {"count": 1}]}, [], id="none"),
        pytest.param(
            {"tags": ["a", "b", "a", "a"]},
            [(("spec", "tags", 2), '"a"'), (("spec", "tags", 3), '"a"')],
            id="set",
        ),
        pytest.param(
            {"doors": [{"number": 1}, {"number": 2}, {"side": "in", "number": 1}]},
            [(("spec", "doors", 2, "number"), "1/in")],
            id="default of a key",
        ),
        pytest.param({"doors": [{"number": 1}, {"number": 1, "side": "out"}]}, [], id="other key"),
        pytest.param(
            {"doors": [{"number": 1, "rooms": [1, 2, 2]}, {"number": 2, "rooms": [1]}]},
            [(("spec", "doors", 0, "rooms", 2), "2")],
            id="inside an item",
        ),
    ],
)
def test_items_that_must_differ_do(kinds, spec, expected):
    found = kinds.repeated(thing(**spec))

    assert [(each.path, each.message) for each in found] == [
        (path, f"there is another item {named}") for path, named in expected
    ]
    assert {each.rule for each in found} <= {"duplicate-item"}

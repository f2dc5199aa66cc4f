"""What every builder promises: names people expect, types that chain, docstrings that help."""

import ast
import inspect
import re
import textwrap
from pathlib import Path
from typing import get_type_hints

import pytest

import k8s_gen
from k8sgen_core import builders
from k8sgen_core.ids import registry
from tests.core.described import BUILDERS, described

REFUSED = [
    block.partition("\n")[0]
    for block in Path(__file__).with_name("refusals.txt").read_text(encoding="utf-8").split("\n\n")
]
# What every argument may be, and no method needs to say.
OF_EVERY_CALL = ("method-as-value", "wrong-type")
CLASSES = {name: value for name, value in BUILDERS.items() if name in builders.NAMES}
METHODS = {
    f"{owner.__qualname__}.{name}": method
    for value in CLASSES.values()
    for owner in value.__mro__
    for name, method in vars(owner).items()
    if inspect.isfunction(method) and (not name.startswith("_") or name == "__init__")
    if owner.__module__.startswith("k8sgen_core.")
}
SETTERS = {
    name: method
    for name, method in METHODS.items()
    if not name.endswith((".__init__", ".build", ".generate"))
}
ANY = "labels annotations namespace for_environment override ignore build generate"
CONTAINER = (
    "image port ports environment env resources health_checks command args security_context"
    " hardened volumes lifecycle add_config add_secret from_dockerfile"
)
POD = "node_selector toleration spread service_account depends_on connect_to add add_companion"
SERVING = "expose"
APP = "replicas scale storage disruption_budget"
BATCH = "timeout retries parallelism completions ttl"
KEYED = "add from_file from_env_file mount_path mount_as_env_vars file_permissions"
VOCABULARY = {
    "App": (CONTAINER, POD, SERVING, APP),
    "StatefulApp": (CONTAINER, POD, SERVING, APP),
    "DaemonSet": (CONTAINER, POD, SERVING),
    "Job": (CONTAINER, POD, BATCH),
    "CronJob": (CONTAINER, POD, BATCH, "schedule timezone concurrency_policy suspend"),
    "Companion": (CONTAINER,),
    "ConfigMap": (KEYED, "add_json add_yaml"),
    "Secret": (KEYED, "generate_password type"),
    "Service": ("selector add_port type",),
    "Ingress": ("host path tls ingress_class",),
    "PersistentVolumeClaim": ("storage storage_class access_modes",),
    "ServiceAccount": ("automount_token",),
    "Role": ("allow",),
    "ClusterRole": ("allow",),
    "RoleBinding": ("role to_service_account to_user to_group",),
    "ClusterRoleBinding": ("role to_service_account to_user to_group",),
    "NetworkPolicy": ("selector deny_ingress deny_egress allow_from allow_to allow_dns",),
    "Namespace": (),
    "AppGroup": ("add",),
    "CustomResource": ("spec fields",),
    "Manifests": (),
}


def each(methods):
    return pytest.mark.parametrize(
        "method", [pytest.param(method, id=name) for name, method in methods.items()]
    )


def test_every_builder_is_public_and_has_its_vocabulary_here():
    assert set(VOCABULARY) == set(builders.NAMES)
    assert set(VOCABULARY) <= set(k8s_gen.__all__)


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_builder_has_the_names_that_people_expect(name):
    expected = {word for words in (ANY, *VOCABULARY[name]) for word in words.split()}

    assert expected <= set(dir(CLASSES[name]))


@pytest.mark.parametrize("name", VOCABULARY)
def test_no_attribute_of_a_builder_hides_a_method(name):
    methods = {word for word in dir(CLASSES[name]) if not word.startswith("_")}
    arguments = {
        "CustomResource": ("a/v1", "K", "x"),
        "Manifests": (str(Path(__file__).parents[1] / "examples/golden/hello"),),
    }

    assert not methods & set(vars(CLASSES[name](*arguments.get(name, ("x",)))))


@each(SETTERS)
def test_a_setter_returns_the_builder_it_was_called_on(method):
    returned = inspect.signature(method).return_annotation

    assert returned == "Self"


@each(METHODS)
def test_every_parameter_has_a_type(method):
    _, *parameters = inspect.signature(method).parameters.values()

    assert [p.name for p in parameters if p.annotation is p.empty] == []
    assert get_type_hints(inspect.unwrap(method), localns={"Self": object}) is not None


@each(SETTERS)
def test_a_setter_says_what_it_is_for(method):
    first = inspect.getdoc(method).split("\n\n")[0]

    assert re.fullmatch(r"[A-Z].*[.]", first)
    assert len(first) <= 100
    assert first.split()[0].lower() not in {"sets", "adds", "returns", "gets"}, "say what to do"


@each(SETTERS)
def test_a_parameter_that_is_no_matter_of_course_is_described(method):
    documentation = inspect.getdoc(method)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    described = re.search(r"^Args:\n(.*?)(?:\n\n|\Z)", documentation, re.DOTALL | re.MULTILINE)

    if len(parameters) > 1 and not any(p.kind is p.VAR_KEYWORD for p in parameters):
        assert described, "several parameters need a section Args"
        for parameter in parameters:
            assert re.search(rf"^    {parameter.name}:", described[1], re.MULTILINE), parameter.name


def raises(method):
    """Return the ids that a docstring promises, ``None`` if it has no such section."""
    section = re.search(r"^Raises:\n(.*)", inspect.getdoc(method), re.DOTALL | re.MULTILINE)
    return None if section is None else re.findall("``([a-z-]+)``", section[1])


@each(SETTERS)
def test_a_setter_that_refuses_says_so(method):
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(method))))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    if called & {"checked", "optional", "mistyped", "refusal", "ArgumentError"}:
        assert raises(method) is not None


@each(SETTERS)
def test_the_ids_that_a_setter_raises_can_be_explained(method):
    assert set(raises(method) or ()) <= set(registry())


@pytest.mark.parametrize("source", REFUSED)
def test_what_a_call_refuses_is_in_its_documentation(source):
    for call, error in described(source).session.refusals:
        documented = raises(call.kind if call.method == "__init__" else call.function)

        assert error.rule in (*(documented or ()), *OF_EVERY_CALL)

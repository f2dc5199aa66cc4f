"""Secrets where anybody can read them."""

import time

import pytest
import yaml

from k8sgen_core.rules import revealing
from tests.rules.judged import container, fields, judged, pod

WEB = "Pod/web spec.containers.0"
# What is a secret in a variable, and what only looks like one.
SECRETS = [
    ("DB_PASSWORD", "hunter2"),
    ("dbPassword", "hunter2"),
    ("PASSWORD_1", "hunter2"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY".replace("EXAMPLE", "")),
    ("SECRET_BLAH", "secretsquirrels"),
    ("API_KEY", "0123456789abcdef"),
    ("GITHUB_TOKEN", "abcDEF123"),
    ("DATABASE_URL", "postgres://web:hunter2@db/web"),
    ("CONFIG", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
    ("CONFIG", "-----BEGIN PRIVATE KEY-----\nMIIE"),
    *(("CONFIG", f"use {kind}{'a1B2' * 9} now") for kind in ("ghp_", "glpat-", "sk_live_", "npm_")),
    ("CONFIG", "xoxb-1234-" + "abcdef" * 3),
    ("CONFIG", "AIza" + "a1B2c" * 7),
    ("CONFIG", "github_pat_" + "a1B2c" * 11),
    ("CONFIG", ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJqYW5lIn0", "c2lnbmF0dXJl"))),
]
NO_SECRETS = [
    ("DB_PASSWORD", ""),
    ("ALLOW_EMPTY_PASSWORD", "yes"),
    ("DB_PASSWORD", "$(OTHER)"),
    ("DB_PASSWORD", "{{ .Values.password }}"),
    ("DB_PASSWORD_FILE", "/run/secrets/password"),
    ("DB_PASSWORD", "/run/secrets/password"),
    ("DB_SECRET", "web-db"),
    ("SECRET_NAME", "web"),
    ("TOKEN_ISSUER", "acme"),
    ("MAX_TOKENS", "4096"),
    ("TOKEN_URL", "https://example.com/token"),
    ("AUTH_TOKEN", "vault:secret/data/web#token"),
    ("GOOGLE_API_KEY", "GOOGLE_API_KEY_VAL"),
    ("API_KEY", "your-api-key"),
    ("DATABASE_URL", "postgres://web@db/web"),
    ("DATABASE_URL", "postgres://web:$(PASSWORD)@db/web"),
    ("KEYBOARD", "qwertz"),
    ("SECRETARY", "jane"),
]


def variable(name: str, value: str) -> str:
    made = {"name": "web", "env": [{"name": name, "value": value}]}
    return pod(yaml.safe_dump({"containers": [made]}, default_flow_style=True))


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_secrets(name, value):
    assert fields("env-var-secret", variable(name, value)) == [f"{WEB}.env.0.value"]


@pytest.mark.parametrize(("name", "value"), NO_SECRETS)
def test_what_is_no_secret(name, value):
    assert fields("env-var-secret", variable(name, value)) == []


def test_the_name_of_a_secret_is_none():
    described = "apiVersion: v1\nkind: Secret\nmetadata: {name: hunter2}\n"

    assert fields("env-var-secret", f"{variable('PASSWORD', 'hunter2')}---\n{described}") == []


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_no_message_quotes_a_secret(name, value):
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a", "annotations": {f"example.com/{name}": value}},
        "data": {name: value},
    }
    args = [f"--{name}={value}", f"--{name}", value]
    made = {"name": "web", "args": args, "env": [{"name": name, "value": value}]}
    spec = {"containers": [made]}
    objects = [config, {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": spec}]

    said = [f"{lint.message} {lint.hint}" for _, lint in judged(objects)]

    assert any("secret" in each for each in said)
    assert not any(value in each for each in said)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("['--password=hunter2']", ["args.0"]),
        ("['--password', 'hunter2']", ["args.1"]),
        ("['--password', '--user']", []),
        ("['--password-file=hunter2']", []),
        ("['--password=$(PASSWORD)']", []),
        ("['--auth-secret=shop/web']", []),
        ("['--token', 'abcDEF123']", ["args.1"]),
        ("['-c', 'curl https://web:hunter2@example.com/']", ["args.1"]),
    ],
)
def test_arguments(words, places):
    found = fields("secret-in-arguments", container(f"args: {words}"))

    assert found == [f"{WEB}.{place}" for place in places]


def test_annotations_of_pods_and_references():
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/auth-secret: web, a/password: x1}}
spec: {template: {metadata: {annotations: {a/password: x1, b/api-key: x2}}}}
"""

    assert fields("secret-in-annotations", text) == [
        "Deployment/web metadata.annotations.a/password",
        "Deployment/web spec.template.metadata.annotations.b/api-key",
    ]


def test_encrypted_secrets_are_not_plain():
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n"

    assert fields("plain-secret", f"{head}data: {{a: b}}\n") == ["Secret/web data.a"]
    assert fields("plain-secret", f"{head}data: {{a: 'ENC[AES256_GCM,data:x]'}}\n") == []


def test_words_of_names():
    assert revealing.is_likely("clientSecret", "abc")
    assert not revealing.is_likely("existingSecret", "shop-db")
    assert revealing.is_certain("api-key", "abc")
    assert not revealing.is_certain("token", "abc")


@pytest.mark.parametrize(
    "part",
    [
        "eyJ-",
        "eyJabcdefghijk.",
        "://a:",
        "a://b:c",
        "ghp_",
        "-----BEGIN A ",
        "xoxb-1-",
        "A ",
        "a_A",
    ],
)
def test_long_values_take_no_longer_for_what_is_in_them(part):
    value = part * (1_000_000 // len(part)) + "PRIVATE KEY-----"

    def seconds() -> float:
        before = time.process_time()
        revealing.reveals(value)
        revealing.is_likely("password", value)
        revealing.is_likely("token", value)
        return time.process_time() - before

    # One try of several is enough: garbage of other tests may be collected meanwhile.
    assert any(seconds() < 1 for _ in range(3))

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar import names as grammar


def name(value):
    return grammar.subdomain(value, "the name of a Deployment")


def label(value):
    return grammar.label_name(value, "the name of a Namespace")


def segment(value):
    return grammar.path_segment(value, "the name of a Role")


CHECKS = {
    "name": name,
    "label": label,
    "service": grammar.service_name,
    "port": grammar.port_name,
    "host": grammar.host,
    "segment": segment,
    "key": grammar.config_key,
    "variable": grammar.environment_variable,
}


@pytest.mark.parametrize(
    ("check", "value"),
    [
        ("name", "web"),
        ("name", "web.v1-2.example"),
        ("name", "9"),
        ("name", "a" * 253),
        ("label", "web-1"),
        ("label", "1web"),
        ("label", "a" * 63),
        ("service", "web-1"),
        ("port", "http"),
        ("port", "8080-http"),
        ("port", "a" * 15),
        ("host", "shop.example.com"),
        ("host", "*.example.com"),
        ("host", "localhost"),
        ("segment", "system:node-reader"),
        ("segment", "Read All"),
        ("key", "app.conf"),
        ("key", ".env"),
        ("key", "UPPER_case"),
        ("variable", "LOG_LEVEL"),
        ("variable", "a.b-c"),
        ("variable", "_x"),
    ],
)
def test_valid_names_are_returned_as_the_object_they_were(check, value):
    assert CHECKS[check](value) is value


@pytest.mark.parametrize(
    ("check", "value", "rule", "hint"),
    [
        ("name", "Web_App!", "invalid-name", "did you mean 'web-app'?"),
        ("name", "a..b", "invalid-name", "did you mean 'a.b'?"),
        ("name", "-a-", "invalid-name", "did you mean 'a'?"),
        ("name", "web\n", "invalid-name", "did you mean 'web'?"),
        ("name", "größe", "invalid-name", "did you mean 'grosse'?"),
        ("name", "!!!", "invalid-name", "write e.g. 'web'"),
        ("name", "", "invalid-name", "write e.g. 'web'"),
        ("name", "a" * 254, "invalid-name", f"did you mean {'a' * 253!r}?"),
        ("label", "a.b", "invalid-name", "did you mean 'a-b'?"),
        ("label", "A" * 64, "invalid-name", f"did you mean {'a' * 63!r}?"),
        ("service", "1web", "invalid-name", "did you mean 'web'?"),
        ("service", "Über", "invalid-name", "did you mean 'uber'?"),
        ("service", "9", "invalid-name", "did you mean 'svc-9'?"),
        ("service", "a.b", "invalid-name", "did you mean 'a-b'?"),
        ("port", "80", "invalid-port-name", "did you mean 'port-80'?"),
        ("port", "a--b", "invalid-port-name", "did you mean 'a-b'?"),
        ("port", "HTTP_API", "invalid-port-name", "did you mean 'http-api'?"),
        ("port", "prometheus-metrics", "invalid-port-name", "did you mean 'prometheus-metr'?"),
        ("host", "https://Shop.example.com/x", "invalid-host", "did you mean 'shop.example.com'?"),
        ("host", "a.com:80", "invalid-host", "did you mean 'a.com'?"),
        ("host", "*", "invalid-host", "write e.g. 'shop.example.com'"),
        ("host", "10.0.0.1", "invalid-host", "write e.g. 'shop.example.com'"),
        ("host", "a_b.com", "invalid-host", "did you mean 'a-b.com'?"),
        ("key", "a/b", "invalid-key", "did you mean 'a-b'?"),
        ("key", "..a", "invalid-key", "did you mean 'a'?"),
        ("key", ".", "invalid-key", "write e.g. 'app.conf'"),
        ("segment", "a/b", "invalid-name", "did you mean 'a-b'?"),
        ("segment", "..", "invalid-name", "write e.g. 'reader'"),
        ("variable", "1A", "invalid-name", "did you mean '_1A'?"),
        ("variable", "A=B", "invalid-name", "did you mean 'A_B'?"),
        ("variable", "..", "invalid-name", "write e.g. 'LOG_LEVEL'"),
    ],
)
def test_wrong_names_propose_a_valid_one(check, value, rule, hint):
    with pytest.raises(ArgumentError) as caught:
        CHECKS[check](value)

    assert (caught.value.rule, caught.value.hint) == (rule, hint)


def test_the_whole_message_says_whose_name_it_is_and_the_rule():
    with pytest.raises(ArgumentError) as caught:
        label("Web")

    assert str(caught.value) == (
        "'Web' cannot be the name of a Namespace: it must be an RFC 1123 label: "
        "lower-case letters, digits and '-', with a letter or digit at both ends, "
        "at most 63 characters (did you mean 'web'?)"
    )


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("value", [1, True, None, ["web"]])
def test_other_types_are_no_names(check, value):
    with pytest.raises(ArgumentError) as caught:
        CHECKS[check](value)

    assert caught.value.rule == "wrong-type"


@given(st.sampled_from(sorted(CHECKS)), st.text() | st.text("-._:aB9", max_size=6))
@example("key", ":.")
def test_what_an_error_proposes_is_valid(check, value):
    with contextlib.suppress(ArgumentError):
        assert CHECKS[check](value) is value
        return
    with pytest.raises(ArgumentError) as caught:
        CHECKS[check](value)
    proposed = caught.value.hint.split("'")[1]
    assert CHECKS[check](proposed) is proposed

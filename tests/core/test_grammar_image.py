import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.image import COMPONENT, HOST_PART, TAG, Image, image, parse_image

DIGEST = "sha256:" + "0a" * 32
GENERAL = "write [registry/]repository[:tag][@digest], e.g. 'ghcr.io/acme/web:1.4'"

components = st.from_regex(COMPONENT, fullmatch=True).filter(lambda part: len(part) <= 80)
hosts = st.from_regex(HOST_PART, fullmatch=True)
registries = st.builds("{}.{}:{}/".format, hosts, hosts, st.integers(0, 65535))
tags = st.from_regex(TAG, fullmatch=True).map(":{}".format)
references = st.builds(
    "{}{}/{}{}{}".format,
    st.one_of(st.just(""), registries),
    components.filter(lambda component: "." not in component),
    components,
    st.one_of(st.just(""), tags),
    st.sampled_from(["", f"@{DIGEST}"]),
)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("nginx", (None, "nginx", None, None)),
        ("nginx:1.27", (None, "nginx", "1.27", None)),
        ("library/nginx:1", (None, "library/nginx", "1", None)),
        ("ghcr.io/acme/web:1.4", ("ghcr.io", "acme/web", "1.4", None)),
        ("localhost/nginx", ("localhost", "nginx", None, None)),
        ("localhost:5000/nginx", ("localhost:5000", "nginx", None, None)),
        ("Registry.Example.com/a__b/c--d", ("Registry.Example.com", "a__b/c--d", None, None)),
        ("[::1]:5000/a", ("[::1]:5000", "a", None, None)),
        (f"nginx@{DIGEST}", (None, "nginx", None, DIGEST)),
        (f"ghcr.io/a/b:V1@{DIGEST}", ("ghcr.io", "a/b", "V1", DIGEST)),
        ("a:" + "t" * 128, (None, "a", "t" * 128, None)),
    ],
)
def test_references_are_accepted_and_taken_apart(value, parts):
    parsed = parse_image(value)

    assert image(value) is value
    assert (parsed.registry, parsed.repository, parsed.tag, parsed.digest) == parts
    assert parsed == Image(*parts)


def test_the_name_is_what_stays_from_version_to_version():
    assert parse_image(f"ghcr.io/acme/web:1.4@{DIGEST}").name == "ghcr.io/acme/web"
    assert parse_image("nginx:1").name == "nginx"


@pytest.mark.parametrize(
    ("value", "fault", "hint"),
    [
        ("", "it is empty", GENERAL),
        ("https://ghcr.io/a/b", "a reference has no scheme", "did you mean 'ghcr.io/a/b'?"),
        ("Nginx", "repository component 'Nginx' must be lower case", "did you mean 'nginx'?"),
        (
            "ghcr.io/Acme/Web:V1",
            "repository component 'Acme' must be lower case",
            "did you mean 'ghcr.io/acme/web:V1'?",
        ),
        ("Acme/web", "repository component 'Acme' must be lower case", "did you mean 'acme/web'?"),
        ("nginx:1\n", "it contains blanks", "did you mean 'nginx:1'?"),
        ("nginx 1", "it contains blanks", GENERAL),
        ("nginx:", "the tag after ':' is empty", "did you mean 'nginx'?"),
        ("a//b", "a component of the repository is empty", "did you mean 'a/b'?"),
        (":1", "a component of the repository is empty", GENERAL),
        (
            "a..b",
            "repository component 'a..b' must be lower-case letters and digits, "
            "with single '.', '_' or '__', or '-' between them",
            GENERAL,
        ),
        (
            "nginx:-1",
            "tag '-1' must be letters, digits, '_', '.' and '-', not led by '.' or '-'",
            GENERAL,
        ),
        ("a@sha256:0a", "a sha256 digest has 64 hexadecimal digits, this one has 2", GENERAL),
        ("a@md5:00", "digest algorithm 'md5' must be one of sha256, sha384, sha512", GENERAL),
        ("my:port/x", "registry 'my:port' is not a host with an optional port", GENERAL),
        ("my_host.io/x", "registry 'my_host.io' is not a host with an optional port", GENERAL),
    ],
)
def test_wrong_references_name_the_part_at_fault(value, fault, hint):
    with pytest.raises(ArgumentError) as caught:
        image(value)

    assert caught.value.rule == "invalid-image"
    assert caught.value.message == f"{value!r} is not an image reference: {fault}"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("a:" + "t" * 129, "the tag is 129 characters long, at most 128 are allowed"),
        ("a" * 256, "the repository is 256 characters long, at most 255 are allowed"),
        ("a@sha256:" + "A" * 64, "a sha256 digest consists of the digits 0-9 and a-f"),
    ],
)
def test_long_values_are_shortened_in_the_message(value, fault):
    with pytest.raises(ArgumentError) as caught:
        image(value)

    assert fault in caught.value.message
    assert caught.value.message.startswith(f"{value!r}"[:56] + "...' is not")


def test_an_image_is_text():
    with pytest.raises(ArgumentError) as caught:
        image(["nginx"])

    assert caught.value.rule == "wrong-type"


@given(references)
def test_every_accepted_reference_reassembles(reference):
    assert image(reference) is reference
    assert str(parse_image(reference)) == reference


@given(st.text(alphabet="aB1.:/@-_ ", max_size=20))
def test_any_text_reassembles_and_is_accepted_or_refused(value):
    assert str(parse_image(value)) == value
    with contextlib.suppress(ArgumentError):
        assert image(value) is value

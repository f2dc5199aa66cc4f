import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from k8sgen_core.carriers import Bool
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.labels import (
    annotation_key,
    annotations,
    label_key,
    label_value,
    labels,
)


@pytest.mark.parametrize("value", ["team", "a.B_c-1", "example.com/team", "a" * 63])
def test_valid_label_keys_are_returned_as_the_object_they_were(value):
    assert label_key(value) is value


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("a b", "did you mean 'a-b'?"),
        ("Example.com/team", "did you mean 'example.com/team'?"),
        ("example.com/my team", "did you mean 'example.com/my-team'?"),
        ("a/b/c", "write e.g. 'example.com/team'"),
        ("/team", "write e.g. 'example.com/team'"),
        ("", "write e.g. 'team'"),
        ("a" * 64, f"did you mean {'a' * 63!r}?"),
    ],
)
def test_wrong_label_keys_name_the_remedy(value, hint):
    with pytest.raises(ArgumentError) as caught:
        label_key(value)

    assert (caught.value.rule, caught.value.hint) == ("invalid-label", hint)


def test_annotation_keys_may_have_an_upper_case_prefix():
    assert annotation_key("Example.com/team") == "Example.com/team"
    with pytest.raises(ArgumentError, match="is not an annotation key") as caught:
        annotation_key("my key")
    assert caught.value.rule == "invalid-annotation"


@pytest.mark.parametrize("value", ["", "shop", "1.4_x-Y", "a" * 63])
def test_valid_label_values_are_returned_as_the_object_they_were(value):
    assert label_value(value) is value


@pytest.mark.parametrize(
    ("value", "rule", "hint"),
    [
        ("my shop", "invalid-label", "did you mean 'my-shop'?"),
        ("-", "invalid-label", "leave it empty, or use an annotation for free text"),
        (1, "wrong-type", "write '1'"),
        (Bool(1), "wrong-type", "write 'true'"),
        (False, "wrong-type", "write 'false'"),
        (None, "wrong-type", None),
    ],
)
def test_wrong_label_values_name_the_remedy(value, rule, hint):
    with pytest.raises(ArgumentError) as caught:
        label_value(value)

    assert (caught.value.rule, caught.value.hint) == (rule, hint)


def test_valid_mappings_are_returned_as_the_object_they_were():
    mapping = {"team": "shop", "example.com/tier": ""}

    assert labels(mapping) is mapping
    assert annotations(mapping) is mapping


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        ({"team": "shop", "Bad Key!": "x"}, (("key", "Bad Key!"),)),
        ({"team": "not valid"}, ("team",)),
        ({"team": True}, ("team",)),
        ({1: "x"}, (("key", 1),)),
        (["team"], ()),
    ],
)
def test_the_path_says_which_element_is_wrong(mapping, path):
    with pytest.raises(ArgumentError) as caught:
        labels(mapping)

    assert caught.value.path == path


def test_annotations_are_bounded_together():
    with pytest.raises(ArgumentError) as caught:
        annotations({"a": "x" * 200_000, "b": "ü" * 100_000})

    assert caught.value.message == "the annotations have 400002 bytes, at most 262144 are allowed"


@given(
    st.sampled_from([label_key, label_value, annotation_key]),
    st.text() | st.text("-._/:aB9", max_size=6),
)
@example(label_key, "B/")
def test_what_an_error_proposes_is_valid(check, value):
    with contextlib.suppress(ArgumentError):
        assert check(value) is value
        return
    with pytest.raises(ArgumentError) as caught:
        check(value)
    assert caught.value.hint
    for proposed in caught.value.hint.split("'")[1:2]:
        assert check(proposed) is proposed

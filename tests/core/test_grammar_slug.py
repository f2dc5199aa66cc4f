import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.grammar.slug import DEVICE, slug


@pytest.mark.parametrize("text", ["web", "web.v1-2", "9", "console", "com10", "a" * 100])
def test_safe_names_stay(text):
    assert slug(text) is text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Web", "web-29751047"),
        ("system:foo", "system-foo-4347f5fa"),
        ("con", "con-1143da2b"),
        ("nul.txt", "nul-txt-7f3cbdd5"),
        ("LPT1", "lpt1-6d50a69c"),
        ("-a", "a-c2748917"),
        ("a.", "a-5ab640fa"),
        ("", "e3b0c442"),
        ("...", "ab5df625"),
        ("a" * 101, "a" * 91 + "-9d079339"),
    ],
)
def test_other_names_carry_a_hash_of_themselves(text, expected):
    assert slug(text) == expected


@given(st.text())
def test_a_slug_is_a_safe_file_name(text):
    name = slug(text)

    assert re.fullmatch("[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?", name)
    assert not re.fullmatch(DEVICE, name)


@given(st.text())
def test_a_slug_is_its_own_slug(text):
    assert slug(slug(text)) == slug(text)


@given(st.lists(st.text(alphabet="aA.-_: ", max_size=8), unique=True))
def test_different_names_have_different_slugs(texts):
    assert len({slug(text) for text in texts}) == len(texts)

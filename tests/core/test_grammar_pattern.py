"""Patterns of names: as ``re`` reads them, in time that no pattern can blow up."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.pattern import Pattern, pattern

ATOMS = st.sampled_from(["a", "b", "-", ".", "[a-c]", "[^a]", r"\d", r"\.", "^", "$"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("(?:{0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"])).map(
            "({0[0]}){0[1]}".format
        ),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text("ab1-.", max_size=8))
def test_a_pattern_means_what_it_means_to_re(source, name):
    assert Pattern(source).matches(name) == bool(re.fullmatch(source, name))


@pytest.mark.parametrize(
    "source", ["^(a+)+$", "(a|aa)+", "(a*)*b", "((a*)*)*b", "a*a*a*a*a*b", "(a?){63}a{63}"]
)
def test_no_pattern_takes_long(source):
    def seconds() -> float:
        began = time.perf_counter()
        assert not Pattern(source).matches("a" * 62 + "!")
        return time.perf_counter() - began

    # One try of several is enough: garbage of other tests may be collected meanwhile.
    assert any(seconds() < 1 for _ in range(3))


def test_no_name_beyond_the_longest_matches():
    assert Pattern("a*").matches("a" * 253)
    assert not Pattern("a*").matches("a" * 254)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "it must have 1 to 253 characters"),
        ("a" * 254, "it must have 1 to 253 characters"),
        ("(a", "a '(' without its ')' at character 3"),
        ("a)", "a ')' without its '(' at character 2"),
        ("[a", "'[' cannot stand at character 1"),
        ("[z-a]", "bad character range z-a at character 1"),
        ("*a", "'*' cannot stand at character 1"),
        ("a**", "a second repetition at character 3"),
        ("a{3,2}", "{3,2} is no count"),
        ("a{999}", "{999} is no count"),
        (r"(a)\1", "'\\\\' cannot stand at character 4"),
        ("(?=a)", "only groups without extensions"),
        ("(?P<x>a)", "only groups without extensions"),
        ("(" * 21 + ")" * 21, "groups nested too deep"),
    ],
)
def test_what_cannot_be_matched_is_refused(source, said):
    with pytest.raises(ArgumentError) as refused:
        pattern(source)

    assert said in refused.value.message
    assert pattern("a+") == "a+"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.carriers import Bool
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.duration import seconds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (90, 90),
        (90.0, 90),
        (0, 0),
        ("90s", 90),
        ("6h", 21_600),
        ("1h30m", 5_400),
        ("2d", 172_800),
        ("1d1h1m1s", 90_061),
        ("120m", 7_200),
    ],
)
def test_durations_are_whole_seconds(value, expected):
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("90", "did you mean '90s'?"),
        ("5 minutes", "did you mean '5m'?"),
        ("1.5h", "did you mean '1h30m'?"),
        ("30m1h", "did you mean '1h30m'?"),
        ("1 hour and 30 minutes", "did you mean '1h30m'?"),
        ("1H", "did you mean '1h'?"),
        ("500ms", "write e.g. '1s'"),
        ("1w", "write e.g. '90s', '1h30m' or '2d'"),
        ("", "write e.g. '90s', '1h30m' or '2d'"),
        (1.5, "write a whole number of seconds, or e.g. '1h30m'"),
        (float("inf"), "write a whole number of seconds, or e.g. '1h30m'"),
        (float("nan"), "write a whole number of seconds, or e.g. '1h30m'"),
        (-3, "write 0 to 2147483647 seconds"),
        ("99999d", "write 0 to 2147483647 seconds"),
    ],
)
def test_wrong_durations_name_the_remedy(value, hint):
    with pytest.raises(ArgumentError) as caught:
        seconds(value)

    assert (caught.value.rule, caught.value.hint) == ("invalid-duration", hint)


@pytest.mark.parametrize("value", [True, Bool(0), None, ["1h"]])
def test_other_types_are_no_durations(value):
    with pytest.raises(ArgumentError) as caught:
        seconds(value)

    assert caught.value.rule == "wrong-type"


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_units_add_up(days, hours, minutes, rest):
    total = ((days * 24 + hours) * 60 + minutes) * 60 + rest

    assert seconds(f"{days}d{hours}h{minutes}m{rest}s") == total

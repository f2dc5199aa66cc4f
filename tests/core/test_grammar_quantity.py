from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.carriers import Bool
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.quantity import Quantity, amount, cpu, memory, storage, whole_number

NEGATIVE = "an amount is not negative; 0 is nothing"
UNITS = ["Ki", "Mi", "Gi", "k", "M", "G", "m", ""]
numbers = st.integers(0, 1 << 20)
units = st.sampled_from(UNITS)
quantities = st.builds("{}{}".format, numbers, units)


@pytest.mark.parametrize("value", ["500m", "2", "0.5", "1e3", "0", "1000u", "+1", ".5", "2000m"])
def test_cpu_text_is_returned_as_the_object_it_was(value):
    assert cpu(value) is value


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2, "2"), (0.5, "500m"), (2.0, "2"), (1.25, "1250m"), (0.001, "1m"), (0, "0"), (0.1, "100m")],
)
def test_cpu_numbers_become_the_shortest_text(value, expected):
    assert cpu(value) == expected


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("0.5 cpu", "did you mean '0.5'?"),
        ("500 m", "did you mean '500m'?"),
        ("2 cores", "did you mean '2'?"),
        ("500millicores", "did you mean '500m'?"),
        ("1,5", "did you mean '1.5'?"),
        ("500M", "did you mean '500m'?"),
        ("512Mi", "write e.g. '500m' for half a core"),
        ("0.5m", "did you mean '1m'?"),
        (0.0001, "did you mean '1m'?"),
        (-1, NEGATIVE),
        ("-500m", NEGATIVE),
        ("", "write e.g. '500m' for half a core"),
        ("half", "write e.g. '500m' for half a core"),
        (float("nan"), "write e.g. '500m' for half a core"),
        ("1e999999999", "write e.g. '500m' for half a core"),
    ],
)
def test_wrong_cpu_names_the_remedy(value, hint):
    with pytest.raises(ArgumentError) as caught:
        cpu(value)

    assert (caught.value.rule, caught.value.hint) == ("invalid-quantity", hint)


@pytest.mark.parametrize(
    "value", ["512Mi", "2G", "128974848", "1e3", "1E3", "1E", "1Ei", "1.5Gi", "0.1Gi", "0", "64k"]
)
def test_memory_text_is_returned_as_the_object_it_was(value):
    assert memory(value) is value


def test_memory_takes_whole_bytes():
    assert memory(1024) == "1024"


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("512MB", "did you mean '512M' or '512Mi'?"),
        ("2GB", "did you mean '2G' or '2Gi'?"),
        ("64KB", "did you mean '64k' or '64Ki'?"),
        ("1gi", "did you mean '1Gi'?"),
        ("512MiB", "did you mean '512Mi'?"),
        ("512m", "did you mean '512M' or '512Mi'?"),
        ("5 Gi", "did you mean '5Gi'?"),
        ("12 bytes", "did you mean '12'?"),
        ("-1Gi", NEGATIVE),
        ("1e", "did you mean '1E' or '1Ei'?"),
        ("lots", "write e.g. '512Mi' or '10Gi'"),
        ("1Gi\n", "did you mean '1Gi'?"),
    ],
)
def test_wrong_memory_names_the_remedy(value, hint):
    with pytest.raises(ArgumentError) as caught:
        memory(value)

    assert (caught.value.rule, caught.value.hint) == ("invalid-quantity", hint)


def test_the_whole_message_says_value_rule_and_remedy():
    with pytest.raises(ArgumentError) as caught:
        memory("512m")

    assert str(caught.value) == (
        "'512m' of memory is a fraction of bytes: 'm' divides, as in CPU "
        "(did you mean '512M' or '512Mi'?)"
    )


@pytest.mark.parametrize("value", ["0", "0Gi", 0, "0.0Mi"])
def test_a_volume_of_no_size_is_refused(value):
    with pytest.raises(ArgumentError, match="storage is nothing"):
        storage(value)


@pytest.mark.parametrize("value", [True, Bool(1), None, ["500m"], {"cpu": 1}])
@pytest.mark.parametrize("check", [cpu, memory, storage])
def test_other_types_are_no_quantities(check, value):
    with pytest.raises(ArgumentError) as caught:
        check(value)

    assert caught.value.rule == "wrong-type"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1Ki", 1024),
        ("1.5Gi", 3 << 29),
        ("500m", Fraction(1, 2)),
        ("100u", Fraction(1, 10_000)),
        ("1e-1", Fraction(1, 10)),
        ("1E2", 100),
        ("2E", 2 * 10**18),
        ("-1k", -1000),
        (0.5, Fraction(1, 2)),
    ],
)
def test_amount_is_exact(value, expected):
    assert amount(value) == expected


@given(numbers, units)
def test_quantities_order_as_numbers(number, unit):
    assert Quantity(f"{number}{unit}") < f"{number + 1}{unit}"
    assert f"{number}{unit}" < Quantity(f"{number + 1}{unit}")


@given(st.lists(quantities))
def test_quantities_sort_by_amount(texts):
    assert [amount(q) for q in sorted(map(Quantity, texts))] == sorted(map(amount, texts))


@given(quantities, quantities)
def test_equal_quantities_hash_alike(one, other):
    first, second = Quantity(one), Quantity(other)

    assert (first == second) == (amount(one) == amount(other))
    assert first != second or hash(first) == hash(second)


def test_quantities_compare_with_plain_text_and_numbers():
    assert not Quantity("500m") > "2000m"
    assert Quantity("1Gi") == "1024Mi"
    assert Quantity("1000m") == 1
    assert Quantity("2") >= 1.5
    assert Quantity("500m") != "small"


def test_a_quantity_has_no_order_with_other_text():
    with pytest.raises(ArgumentError, match="'small' is not a quantity"):
        Quantity("500m") < "small"  # noqa: B015 - the comparison is what raises


@pytest.mark.parametrize(
    ("value", "rule", "hint"),
    [
        ("3", "wrong-type", "write 3 without quotes"),
        (3.0, "wrong-type", "write 3"),
        (True, "wrong-type", "write a whole number such as 1"),
        (Bool(1), "wrong-type", "write a whole number such as 1"),
        (-1, "invalid-count", "the nearest is 0"),
        (11, "invalid-count", "the nearest is 10"),
    ],
)
def test_wrong_whole_numbers_name_the_remedy(value, rule, hint):
    with pytest.raises(ArgumentError) as caught:
        whole_number(value, 0, 10, "the number of replicas", "invalid-count")

    assert (caught.value.rule, caught.value.hint) == (rule, hint)


def test_whole_numbers_may_have_no_upper_bound():
    assert whole_number(10**9, 0, None, "the number of replicas", "invalid-count") == 10**9
    with pytest.raises(ArgumentError, match="must be at least 0"):
        whole_number(-1, 0, None, "the number of replicas", "invalid-count")

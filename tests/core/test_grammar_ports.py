import pytest

from k8sgen_core.carriers import Bool
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.ports import port, protocol


@pytest.mark.parametrize("value", [1, 80, 65535])
def test_ports_are_returned_as_the_object_they_were(value):
    assert port(value) is value


@pytest.mark.parametrize(
    ("value", "rule", "message"),
    [
        ("80", "wrong-type", "'80' is text; a port must be a whole number"),
        (80.0, "wrong-type", "80.0 is a number with a fraction; a port must be a whole number"),
        (True, "wrong-type", "True is true or false; a port must be a whole number"),
        (Bool(1), "wrong-type", "True is true or false; a port must be a whole number"),
        (0, "invalid-port", "0 is out of range: a port must be from 1 to 65535"),
        (65536, "invalid-port", "65536 is out of range: a port must be from 1 to 65535"),
    ],
)
def test_wrong_ports_say_why(value, rule, message):
    with pytest.raises(ArgumentError) as caught:
        port(value)

    assert (caught.value.rule, caught.value.message) == (rule, message)


def test_a_numeric_text_is_told_the_number():
    with pytest.raises(ArgumentError) as caught:
        port("80")

    assert caught.value.hint == "write 80 without quotes"


@pytest.mark.parametrize("value", ["TCP", "UDP", "SCTP"])
def test_protocols_are_returned_as_the_object_they_were(value):
    assert protocol(value) is value


@pytest.mark.parametrize(
    ("value", "hint"),
    [("tcp", "did you mean 'TCP'?"), ("HTTP", "write 'TCP', also for HTTP and gRPC")],
)
def test_wrong_protocols_name_the_remedy(value, hint):
    with pytest.raises(ArgumentError) as caught:
        protocol(value)

    assert (caught.value.rule, caught.value.hint) == ("invalid-port", hint)

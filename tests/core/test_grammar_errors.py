import pickle

from k8sgen_core.carriers import Bool
from k8sgen_core.grammar import ArgumentError, shown


def test_an_error_reads_as_message_and_hint():
    assert (
        str(ArgumentError("invalid-port", "0 is no port", "write 80")) == "0 is no port (write 80)"
    )
    assert str(ArgumentError("invalid-port", "0 is no port")) == "0 is no port"


def test_an_error_gathers_its_path_from_inside_out():
    error = ArgumentError("invalid-label", "wrong").under("team").under("labels")

    assert error.path == ("labels", "team")


def test_an_error_survives_the_way_between_processes():
    error = ArgumentError("invalid-label", "wrong", "right", ("team",))

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made one line above

    assert (copy.rule, copy.message, copy.hint, copy.path) == (
        "invalid-label",
        "wrong",
        "right",
        ("team",),
    )


def test_values_are_shown_on_one_short_line():
    assert shown("a\nb") == r"'a\nb'"
    assert shown(Bool(0)) == "False"
    assert shown("x" * 100) == "'" + "x" * 55 + "...'"
    assert len(shown(list(range(100)))) == 60

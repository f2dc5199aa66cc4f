import pytest

from k8sgen_core.carriers import Bool
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.paths import file_mode, ingress_path, mount_path, path


def http_path(value):
    return path(value, "the path of a probe")


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (http_path, "/"),
        (http_path, "/healthz?full=1:2"),
        (mount_path, "/data"),
        (mount_path, "/var/lib/my app"),
        (ingress_path, "/"),
        (ingress_path, "/api/"),
    ],
)
def test_valid_paths_are_returned_as_the_object_they_were(check, value):
    assert check(value) is value


@pytest.mark.parametrize(
    ("check", "value", "hint"),
    [
        (http_path, "healthz", "did you mean '/healthz'?"),
        (http_path, "./healthz", "did you mean '/healthz'?"),
        (http_path, "", "write e.g. '/data'"),
        (http_path, "/a\0b", "remove it"),
        (mount_path, "C:\\data", "write e.g. '/data'"),
        (mount_path, "/data:ro", "drop what stands after ':'; read-only is an option"),
        (ingress_path, "/a//b", "write e.g. '/a/b'"),
        (ingress_path, "/a/../b", "write e.g. '/a/b'"),
        (ingress_path, "/a/.", "write e.g. '/a'"),
    ],
)
def test_wrong_paths_name_the_remedy(check, value, hint):
    with pytest.raises(ArgumentError) as caught:
        check(value)

    assert (caught.value.rule, caught.value.hint) == ("invalid-path", hint)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0o644, 0o644), (0, 0), ("0644", 0o644), ("644", 0o644), ("0o400", 0o400)],
)
def test_file_modes_are_permission_bits(value, expected):
    assert file_mode(value) == expected


@pytest.mark.parametrize(
    ("value", "rule", "hint"),
    [
        (644, "invalid-value", "did you mean 0o644?"),
        (1000, "invalid-value", "write e.g. 0o644 or '0644'"),
        (-1, "invalid-value", "write e.g. 0o644 or '0644'"),
        ("0888", "invalid-value", "write e.g. 0o644 or '0644'"),
        ("1777", "invalid-value", "write e.g. 0o644 or '0644'"),
        (Bool(1), "wrong-type", "write e.g. 0o644 or '0644'"),
        (6.0, "wrong-type", "write e.g. 0o644 or '0644'"),
    ],
)
def test_wrong_file_modes_name_the_remedy(value, rule, hint):
    with pytest.raises(ArgumentError) as caught:
        file_mode(value)

    assert (caught.value.rule, caught.value.hint) == (rule, hint)

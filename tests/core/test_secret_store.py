"""Generated secrets are drawn once, kept private, and shown to nobody."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from k8sgen_core.disk.secret_store import (
    CHARSETS,
    SecretNotStored,
    SecretSpec,
    SecretSpecChanged,
    SecretStore,
    SecretStoreError,
)

DB = SecretSpec("default", None, "db", "password")
API = SecretSpec("default", "shop", "api", "token", 40, "hex")

posix = pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")


@pytest.fixture(autouse=True)
def _at_a_desk(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / ".k8sgen/secrets.json"


def test_a_value_is_drawn_once_and_then_read(tmp_path, file):
    first = SecretStore(tmp_path).values([DB, API])
    stored = file.read_bytes()
    second = SecretStore(tmp_path).values([API, DB])

    assert first == second
    assert (first.created, second.created) == ((DB, API), ())
    assert file.read_bytes() == stored


def test_only_missing_values_are_drawn(tmp_path):
    before = SecretStore(tmp_path).values([DB])

    after = SecretStore(tmp_path).values([DB, API, API])

    assert after[DB] == before[DB]
    assert after.created == (API,)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(DB, environment="prod"), id="environment"),
        pytest.param(replace(DB, namespace="shop"), id="namespace"),
        pytest.param(replace(DB, name="cache"), id="name"),
        pytest.param(replace(DB, key="token"), id="key"),
    ],
)
def test_each_secret_has_its_own_value(tmp_path, other):
    values = SecretStore(tmp_path).values([DB, other])

    assert values[DB] != values[other]


@pytest.mark.parametrize("charset", CHARSETS)
def test_200_draws_differ_and_have_every_class_of_the_charset(tmp_path, charset):
    specs = [SecretSpec("default", None, "db", f"k{n}", 16, charset) for n in range(200)]

    values = SecretStore(tmp_path).values(specs)

    classes = [set(letters) for letters in CHARSETS[charset]]
    assert len(set(values.values())) == 200
    for value in values.values():
        assert len(value) == 16
        assert set(value) <= set.union(*classes)
        assert all(letters & set(value) for letters in classes)


@posix
def test_the_store_is_private_and_ignored_by_git(tmp_path, file):
    (tmp_path / ".k8sgen").mkdir(mode=0o755)
    previous = os.umask(0)
    try:
        SecretStore(tmp_path).values([DB])
    finally:
        os.umask(previous)

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert (file.parent / ".gitignore").read_text(encoding="utf-8") == "*\n"


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_store_that_others_can_read_is_refused_with_the_remedy(tmp_path, file, mode):
    SecretStore(tmp_path).values([DB])
    file.chmod(mode)

    with pytest.raises(SecretStoreError, match="chmod 600"):
        SecretStore(tmp_path).values([DB])


@posix
@pytest.mark.parametrize("link", [".k8sgen", ".k8sgen/secrets.json"])
def test_a_store_that_leads_out_of_the_project_is_refused(tmp_path, link):
    project, outside = tmp_path / "project", tmp_path / "outside"
    outside.mkdir()
    (project / link).parent.mkdir(parents=True)
    (project / link).symlink_to(outside)

    with pytest.raises(SecretStoreError, match="symbolic link"):
        SecretStore(project).values([DB])

    assert list(outside.iterdir()) == []


def entry(**changes: object) -> str:
    fields = {"environment": "default", "namespace": None, "name": "db", "key": "password"}
    drawn = {"length": 32, "charset": "alnum", "created": "2026-01-01", "value": "hunter2"}
    return json.dumps({"version": 1, "secrets": [fields | drawn | changes]})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param('{"hunter2', id="not JSON"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"version": 2, "secrets": []}', id="newer"),
        pytest.param(entry(value=7), id="number as value"),
        pytest.param(entry(name=None), id="no name"),
        pytest.param(entry(charset="emoji"), id="charset"),
        pytest.param(entry(length=3), id="length"),
    ],
)
def test_a_damaged_store_is_refused_and_left_as_it_is(tmp_path, file, text):
    file.parent.mkdir()
    file.touch(0o600)
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SecretStoreError, match=r"cannot be read") as caught:
        SecretStore(tmp_path).values([API])

    assert file.read_text(encoding="utf-8") == text
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("change", [{"length": 40}, {"charset": "hex"}], ids=["length", "charset"])
def test_a_changed_spec_asks_for_a_rotation_which_then_draws_by_it(tmp_path, change):
    store = SecretStore(tmp_path)
    wanted = replace(API, namespace="shop", **({"length": 32, "charset": "alnum"} | change))
    store.values([replace(API, length=32, charset="alnum")])

    with pytest.raises(SecretSpecChanged, match="k8sgen secret rotate shop/api:token"):
        store.values([wanted])
    store.rotate("shop/api:token")

    assert len(store.values([wanted])[wanted]) == wanted.length


def test_one_secret_of_two_specs_is_an_error_and_nothing_is_stored(tmp_path, file):
    with pytest.raises(SecretSpecChanged):
        SecretStore(tmp_path).values([DB, replace(DB, length=20)])

    assert not file.exists()


def test_a_rotation_changes_exactly_one_value(tmp_path):
    store = SecretStore(tmp_path)
    specs = [DB, API, replace(DB, key="other"), replace(DB, environment="prod")]
    before = store.values(specs)

    [rotated] = store.rotate("db:password")
    after = store.values(specs)

    assert (rotated.name, rotated.key, rotated.created) == ("db", "password", "")
    assert [spec for spec in specs if before[spec] != after[spec]] == [DB]
    assert after.created == (DB,)


@pytest.mark.parametrize(
    ("selector", "environment"),
    [("db:user", "default"), ("shop/db:password", "default"), ("db:password", "prod"), ("", "")],
)
def test_rotating_what_is_not_stored_names_what_is(tmp_path, file, selector, environment):
    SecretStore(tmp_path).values([DB])
    stored = file.read_bytes()

    with pytest.raises(SecretStoreError, match=r"stored is db:password \(environment default\)"):
        SecretStore(tmp_path).rotate(selector, environment)

    assert file.read_bytes() == stored


def test_the_list_has_everything_but_the_value(tmp_path):
    store = SecretStore(tmp_path)
    values = store.values([DB, API])

    shown = [(s.environment, s.namespace, s.name, s.key, s.length, s.charset) for s in store.list()]

    assert shown == [
        ("default", None, "db", "password", 32, "alnum"),
        ("default", "shop", "api", "token", 40, "hex"),
    ]
    assert all(len(stored.created) == len("2026-01-01") for stored in store.list())
    printed = f"{store.list()!r} {values!r} {values} {store!r} {vars(store)!r}"
    assert not any(value in printed for value in values.values())
    assert "***" in repr(values)


def test_with_ci_set_stored_values_are_read_and_none_is_drawn(tmp_path, file, monkeypatch):
    before = SecretStore(tmp_path).values([DB])
    stored = file.read_bytes()
    monkeypatch.setenv("CI", "true")

    assert SecretStore(tmp_path).values([DB]) == before
    with pytest.raises(SecretNotStored, match="shop/api:token") as caught:
        SecretStore(tmp_path).values([DB, API])

    assert caught.value.rule == "secret-not-stored"
    assert file.read_bytes() == stored


@pytest.mark.parametrize("ci", ["", "true"])
def test_placeholders_are_fixed_texts_that_touch_no_store(tmp_path, monkeypatch, ci):
    monkeypatch.setenv("CI", ci)
    short, long = replace(DB, length=16), replace(API, length=20)

    values = SecretStore(tmp_path, placeholders=True).values([short, long])

    assert values == {short: "k8sgen-placehold", long: "k8sgen-placeholder--"}
    assert values.created == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change", [{"length": 15}, {"length": 1025}, {"charset": "ascii"}], ids=["short", "long", "set"]
)
def test_a_spec_out_of_bounds_is_refused(change):
    with pytest.raises(SecretStoreError, match="db:password"):
        replace(DB, **change)


CONCURRENT = """
import sys
from pathlib import Path
from k8sgen_core.disk.secret_store import SecretSpec, SecretStore
sys.stdin.read()
own = SecretSpec("default", None, "own", sys.argv[2])
shared = [SecretSpec("default", None, "db", f"k{n}") for n in range(20)]
values = [SecretStore(Path(sys.argv[1])).values([spec])[spec] for spec in (*shared, own)]
print(*values[:-1])
"""


def test_concurrent_processes_agree_on_one_value_and_lose_none(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CONCURRENT, str(tmp_path), f"own{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for number in range(3)
    ]
    for process in processes:
        process.stdin.close()
    printed = []
    for process in processes:
        with process.stdout as output:
            printed.append(output.read())
        assert process.wait() == 0

    assert len(set(printed)) == 1
    assert len(SecretStore(tmp_path).list()) == 23


KILLED = """
import os, signal, sys
from pathlib import Path
from k8sgen_core.disk.secret_store import SecretSpec, SecretStore
store, left = SecretStore(Path(sys.argv[1])), int(sys.argv[2])
def hook(name, args):
    global left
    if name in {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
store.values([SecretSpec("default", None, "db", key) for key in ("password", "new")])
"""


@posix
def test_killed_at_every_step_the_store_is_the_old_or_the_new_one(tmp_path, file):
    old = SecretStore(tmp_path).values([DB])
    stored = file.read_bytes()
    sizes = set()
    for moment in range(1, 100):
        file.write_bytes(stored)
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(moment)]
        killed = subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode
        assert SecretStore(tmp_path).values([DB])[DB] == old[DB]
        sizes.add(len(SecretStore(tmp_path).list()))
        if not killed:
            break

    assert not killed
    assert sizes == {1, 2}

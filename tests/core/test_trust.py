"""Trust is given by the user only, outside of every workspace, and never carried by a link."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from k8sgen_core.trust import Trust, TrustError, configuration_home

posix = pytest.mark.skipif(os.name != "posix", reason="owners, modes and links are POSIX matters")


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """Return a real folder with a home, projects, and no variables of the user's."""
    for name in ("K8SGEN_CONFIG_HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    here = tmp_path.resolve()
    for folder in ("homes/me/code/shop/app", "homes/me/code/shop-2", "evil"):
        (here / folder).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(here / "homes/me"))
    monkeypatch.setenv("USERPROFILE", str(here / "homes/me"))
    return here


@pytest.fixture
def file(here) -> Path:
    return here / "homes/me/.settings/k8sgen/trusted.json"


@pytest.fixture
def code(here) -> Path:
    return here / "homes/me/code"


def write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)


def test_nothing_is_trusted_by_default(file, code):
    trust = Trust(file)

    assert (trust.folders(), trust.is_trusted(code / "shop")) == ([], False)
    assert not file.parent.exists()


def test_a_folder_is_trusted_with_all_below_and_nothing_beside_or_above(file, code):
    Trust(file).trust(code / "shop")

    trusted = {
        name: Trust(file).is_trusted(code / name)
        for name in ("shop", "shop/app", "shop/app/not-there-yet", "shop-2", ".")
    }

    assert trusted == {
        "shop": True,
        "shop/app": True,
        "shop/app/not-there-yet": True,
        "shop-2": False,
        ".": False,
    }


def test_the_list_is_sorted_private_and_has_each_folder_once(file, code):
    for name in ("shop-2", "shop", "shop/../shop"):
        Trust(file).trust(code / name)

    folders = [str(code / "shop"), str(code / "shop-2")]
    assert json.loads(file.read_text("utf-8")) == {"version": 1, "folders": folders}
    assert Trust(file).folders() == [Path(folder) for folder in folders]
    assert sorted(path.name for path in file.parent.iterdir()) == ["trusted.json", "trusted.lock"]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_trust_can_be_taken_back_even_from_a_folder_that_is_gone(file, code):
    trust = Trust(file)
    trust.trust(code / "shop")
    trust.trust(code / "shop-2")
    (code / "shop-2").rmdir()

    trust.distrust(code / "shop-2")

    assert trust.folders() == [code / "shop"]


def test_taking_back_what_was_not_given_says_why_it_is_trusted(file, code):
    trust = Trust(file)
    trust.trust(code / "shop")

    with pytest.raises(TrustError) as caught:
        trust.distrust(code / "shop/app")

    wanted = f"{code / 'shop/app'} is not listed: it is trusted as a part of {code / 'shop'}"
    assert str(caught.value) == wanted


@posix
def test_a_link_carries_no_trust_out_of_a_folder_and_brings_it_in(file, here, code):
    (code / "shop/link").symlink_to(here / "evil")
    (here / "evil/shop").symlink_to(code / "shop")
    trust = Trust(file)
    trust.trust(here / "evil/shop")

    assert trust.folders() == [code / "shop"]
    assert not trust.is_trusted(code / "shop/link")
    assert not trust.is_trusted(here / "evil")
    assert trust.is_trusted(here / "evil/shop/app")


@posix
def test_a_trusted_folder_that_became_a_link_is_not_trusted(file, here, code):
    trust = Trust(file)
    trust.trust(code / "shop-2")
    (code / "shop-2").rmdir()
    (code / "shop-2").symlink_to(here / "evil")

    assert not trust.is_trusted(code / "shop-2")


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        pytest.param("/", "cannot be trusted: it is the root of a file system", id="root"),
        pytest.param("homes/me", "cannot be trusted: it holds everything of a user", id="home"),
        pytest.param("homes", "cannot be trusted: it holds everything of a user", id="homes"),
        pytest.param(
            "homes/me/.settings", "cannot be trusted: it holds the list of trusted", id="the list"
        ),
        pytest.param("absent", "is no folder: name a project's folder", id="absent"),
        pytest.param("homes/me/file", "is no folder: name a project's folder", id="file"),
    ],
)
def test_folders_that_hold_more_than_projects_are_refused(file, here, folder, reason):
    (here / "homes/me/file").touch()
    file.parent.mkdir(parents=True)

    with pytest.raises(TrustError) as caught:
        Trust(file).trust(here / folder)

    assert str(caught.value).startswith(f"{here / folder} {reason}")
    assert not file.exists()


@posix
def test_a_link_to_the_home_folder_is_refused(file, here):
    (here / "evil/harmless").symlink_to(here / "homes/me")

    with pytest.raises(TrustError, match="it holds everything of a user"):
        Trust(file).trust(here / "evil/harmless")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param('{"version": 1, "folders": [', id="cut off"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("[]", id="another shape"),
        pytest.param('{"version": 2, "folders": []}', id="another version"),
        pytest.param('{"version": 1, "folders": "/"}', id="text for a list"),
        pytest.param('{"version": 1, "folders": [1]}', id="number"),
        pytest.param('{"version": 1, "folders": ["."]}', id="relative"),
        pytest.param(r'{"version": 1, "folders": ["/a\u0000"]}', id="NUL"),
        pytest.param(json.dumps({"version": 1, "folders": [os.path.abspath("/")]}), id="root"),
    ],
)
def test_a_damaged_list_is_an_error_and_trusts_nothing(file, code, content):
    write(file, content)
    trust = Trust(file)
    uses = [
        trust.folders,
        *(
            lambda use=use: use(code / "shop")
            for use in (trust.is_trusted, trust.trust, trust.distrust)
        ),
    ]

    for use in uses:
        with pytest.raises(TrustError) as caught:
            use()
        message = str(caught.value)
        assert message.startswith(f"no folder is trusted, because {file} cannot be used: ")
        assert message.endswith("; correct or remove it")
    assert file.read_text("utf-8") == content


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_list_that_others_can_write_is_not_believed(file, code, mode):
    Trust(file).trust(code / "shop")
    file.chmod(mode)

    with pytest.raises(TrustError, match="other users can write it"):
        Trust(file).is_trusted(code / "shop")


@posix
def test_a_list_that_is_a_link_or_a_pipe_is_not_read(file, code):
    Trust(file).trust(code / "shop")
    file.rename(file.with_name("elsewhere"))
    os.mkfifo(file, 0o600)
    with pytest.raises(TrustError, match="it is no regular file"):
        Trust(file).is_trusted(code / "shop")

    file.unlink()
    file.symlink_to("elsewhere")
    with pytest.raises(TrustError):
        Trust(file).is_trusted(code / "shop")


def test_a_list_inside_the_folder_in_question_is_never_read(code):
    file = code / "shop/.settings/trusted.json"
    write(file, json.dumps({"version": 1, "folders": [str(code / "shop/app")]}))
    assert not Trust(file).is_trusted(code / "shop")

    file.write_text(json.dumps({"version": 1, "folders": [str(code / "shop")]}), "utf-8")
    assert not Trust(file).is_trusted(code / "shop")
    with pytest.raises(TrustError, match="it holds the list of trusted folders"):
        Trust(file).is_trusted(code / "shop/app")


@posix
@pytest.mark.parametrize(
    ("platform", "environ", "home"),
    [
        pytest.param("linux", {}, "~/.config/k8sgen", id="Linux"),
        pytest.param("linux", {"XDG_CONFIG_HOME": "/xdg"}, "/xdg/k8sgen", id="XDG"),
        pytest.param("linux", {"XDG_CONFIG_HOME": ".xdg"}, "~/.config/k8sgen", id="relative XDG"),
        pytest.param("darwin", {}, "~/Library/Application Support/k8sgen", id="macOS"),
        pytest.param("win32", {"APPDATA": "/roaming"}, "/roaming/k8sgen", id="Windows"),
        pytest.param("win32", {}, "~/AppData/Roaming/k8sgen", id="Windows without APPDATA"),
        pytest.param("linux", {"K8SGEN_CONFIG_HOME": "/own"}, "/own", id="own variable"),
    ],
)
def test_the_list_is_where_the_platform_keeps_configuration(here, platform, environ, home):
    assert configuration_home(environ, platform) == Path(home).expanduser()


def test_a_relative_place_for_the_list_is_refused():
    with pytest.raises(TrustError, match="set it to an absolute path"):
        configuration_home({"K8SGEN_CONFIG_HOME": ".cfg"}, sys.platform)


def test_the_own_variable_moves_the_list(here, code, monkeypatch):
    monkeypatch.setenv("K8SGEN_CONFIG_HOME", str(here / "own"))

    Trust().trust(code / "shop")

    assert (here / "own/trusted.json").is_file()
    assert Trust().folders() == [code / "shop"]

"""Secret values: where they go, where they never go, ``k8sgen secret``."""

import base64
import json
import os
import stat

import pytest

from tests.cli.project import Project, Ran

SENTINEL = "S3ntinel-hunter2"
DSL = f"""\
from k8s_gen import App, Secret

login = Secret("login").add("user", "{SENTINEL}").generate_password("password", length=24)
web = App("web").image("nginx:1.27").env("PASSWORD", secret=login, key="password")
web.add_secret(login)
web.for_environment("prod").replicas(4)
"""


@pytest.fixture
def vault(project: Project) -> Project:
    project.write("app.py", DSL)
    return project


def stored(project: Project) -> str:
    [entry] = json.loads(project.read(".k8sgen/secrets.json"))["secrets"]
    value: str = entry["value"]
    return value


def written(project: Project, name: str = "k8s/login-secret.yaml") -> dict[str, str]:
    """Return what a secret's manifest holds, decoded."""
    lines = project.read(name).partition("\ndata:\n")[2].splitlines()
    pairs = (line.strip().split(": ") for line in lines if line.startswith("  "))
    return {key: base64.b64decode(value.strip('"')).decode() for key, value in pairs}


def test_the_values_are_in_the_secret_file_that_only_the_owner_reads(vault):
    said = vault.run("generate", "app.py").out

    assert written(vault) == {"user": SENTINEL, "password": stored(vault)}
    if os.name == "posix":
        mode = (vault.folder / "k8s/login-secret.yaml").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
    assert (
        "info[secret-created] made a value for login:password (environment default); "
        ".k8sgen/secrets.json keeps it\n" in said
    )


def test_again_the_value_is_the_same(vault):
    vault.run("generate", "app.py")
    before = vault.tree()

    assert "secret-created" not in vault.run("generate", "app.py").out

    assert vault.tree() == before


def test_no_output_and_no_other_file_has_a_value(vault):
    ran = [vault.run("generate", "app.py")]
    password = stored(vault)
    vault.write("k8s/login-secret.yaml", "changed")
    ran += [vault.run("diff", "app.py"), vault.run("generate", "app.py", "--check")]
    ran += [vault.run("generate", "app.py", "--force")]
    ran += [
        vault.run(*command)
        for command in (
            ("preview", "app.py"),
            ("preview", "app.py", "--json"),
            ("validate", "app.py"),
            ("validate", "app.py", "--output", "json"),
            ("validate", "k8s"),
            ("diff", "app.py"),
            ("diff", "app.py", "-o", "elsewhere"),
            ("generate", "app.py", "--env", "prod", "--check"),
            ("doctor",),
            ("doctor", "--json"),
            ("secret", "list"),
            ("secret", "list", "--json"),
        )
    ]
    said = "".join(each.out + each.err for each in ran)
    files = vault.tree()

    assert len(said) > 2000
    for value in (SENTINEL, password):
        for form in (value, base64.b64encode(value.encode()).decode()):
            assert form not in said
            assert {name for name, text in files.items() if form in text} <= {
                "app.py",
                "k8s/login-secret.yaml",
                ".k8sgen/secrets.json",
            }


def test_a_finding_at_a_secret_shows_the_line_but_no_value(project):
    project.write(
        "app.py",
        "from k8s_gen import Secret\nvalue = open('value').read()\n"
        "Secret('login').add('a b', value).add('ok', value).add('ok', 7)\n",
    )
    project.write("value", SENTINEL)

    for command in ("validate", "preview", "generate"):
        ran = project.run(command, "app.py")
        assert "error[invalid-key]" in ran.out + ran.err
        assert SENTINEL not in ran.out + ran.err


def test_piped_output_has_the_values(vault):
    ran = vault.run("generate", "app.py", "--stdout")

    assert base64.b64encode(SENTINEL.encode()).decode() in ran.out
    assert base64.b64encode(stored(vault).encode()).decode() in ran.out
    assert "info[secret-created] made a value for login:password" in ran.err


def test_check_and_diff_make_no_value(vault):
    vault.run("generate", "app.py", "--check")
    vault.run("diff", "app.py")

    assert sorted(vault.tree()) == ["app.py", "k8sgen.toml"]


def test_in_ci_no_value_is_made(vault):
    ran = vault.run("generate", "app.py", CI="true")

    assert ran.code == 1
    assert ran.err == (
        "error[secret-not-stored] app.py:3:57 no stored value for login:password "
        "(environment default), and with CI set none is drawn, because it would be lost\n"
        '  3 | login = Secret("login").add("user", ***).generate_password("password", length=24)\n'
        f"      {' ' * 41}{'^' * 40}\n"
        "  hint: provide .k8sgen/secrets.json, or set K8SGEN_SECRETS=placeholder for a dry run\n"
    )
    assert sorted(vault.tree()) == ["app.py", "k8sgen.toml"]


@pytest.mark.parametrize("by", ["variable", "configuration"])
def test_placeholders_are_the_same_everywhere(vault, by):
    variables = {"K8SGEN_SECRETS": "placeholder"} if by == "variable" else {}
    if by == "configuration":
        vault.write("k8sgen.toml", 'secrets = "placeholder"\n')

    assert vault.run("generate", "app.py", CI="true", **variables).code == 0

    assert written(vault)["password"].startswith("k8sgen-placeholder")
    assert not (vault.folder / ".k8sgen").exists()
    assert vault.run("generate", "app.py", "--check", CI="1", **variables) == Ran(0, "", "")
    assert vault.run("diff", "app.py", CI="1", **variables) == Ran(0, "", "")


def test_environments_have_values_of_their_own(vault):
    vault.run("generate", "app.py", "-o", "base")
    vault.run("generate", "app.py", "-o", "prod", "--env", "prod")

    base, prod = (written(vault, f"{name}/login-secret.yaml") for name in ("base", "prod"))
    assert base["user"] == prod["user"]
    assert base["password"] != prod["password"]


def test_stored_secrets_are_listed_without_values(vault):
    assert vault.run("secret", "list") == Ran(0, "", "no secrets are stored\n")
    vault.run("generate", "app.py")
    vault.run("generate", "app.py", "--env", "prod")

    lines = vault.run("secret", "list").out.splitlines()

    assert [line.split()[:4] for line in lines] == [
        ["login:password", "default", "24", "alnum"],
        ["login:password", "prod", "24", "alnum"],
    ]
    listed = json.loads(vault.run("secret", "list", "--json").out)
    assert listed[0].keys() == {
        "environment", "namespace", "name", "key", "length", "charset", "created"
    }  # fmt: skip


def test_rotating_makes_a_new_value_and_pods_follow(vault):
    vault.run("generate", "app.py")
    password, deployment = stored(vault), vault.read("k8s/web-deployment.yaml")

    assert vault.run("secret", "rotate", "login:password") == Ran(
        0, "rotated login:password (default): the next generate makes a new value\n", ""
    )
    assert "rotated" in vault.run("secret", "list").out
    assert "2 changed" in vault.run("generate", "app.py").out
    assert stored(vault) != password
    assert vault.read("k8s/web-deployment.yaml") != deployment


def test_rotating_what_is_not_stored_names_what_is(vault):
    assert vault.run("secret", "rotate", "x").err == (
        "error[unknown-secret] no secret 'x' is stored for the environment 'default'\n"
        "  hint: nothing is stored in this project\n"
    )
    vault.run("generate", "app.py", "--env", "prod")

    ran = vault.run("secret", "rotate", "login:password")

    assert ran.code == 2
    assert "hint: stored: login:password --env prod\n" in ran.err
    assert vault.run("secret", "rotate", "login:password", "--env", "prod").code == 0


def test_a_store_that_others_can_read_is_refused(vault):
    vault.run("generate", "app.py")
    if os.name != "posix":
        pytest.skip("modes are a POSIX matter")
    (vault.folder / ".k8sgen/secrets.json").chmod(0o644)

    for command in (("generate", "app.py"), ("secret", "list"), ("diff", "app.py")):
        ran = vault.run(*command)
        assert ran.code == 4
        assert "error[secret-store] other users can read" in ran.err


SPEC = """\
from k8s_gen import App, Secret

Secret("z").generate_password("a", length={length}).namespace("ns")
App("web").image("nginx:1.27").for_environment("prod").replicas(4)
"""


@pytest.mark.parametrize("place", [".", "shop"], ids=["in the project", "beside it"])
def test_the_command_that_a_changed_secret_asks_for_works(project, place):
    file = f"{place}/app.py".removeprefix("./")
    project.write(f"{place}/k8sgen.toml", "")
    project.write(file, SPEC.format(length=20))
    generate = ("generate", file, "--env", "prod")
    project.run(*generate)
    project.write(file, SPEC.format(length=40))

    refused = project.run(*generate)

    assert refused.code == 4
    assert (
        f"error[secret-store] {file}:3:13 the secret ns/z:a (environment prod) has 20 characters "
        "of alnum, and 40 of alnum are asked for\n"
    ) in refused.err
    command = refused.err.partition("hint: run k8sgen ")[2].split()
    assert command[:5] == ["secret", "rotate", "ns/z:a", "--env", "prod"]
    assert project.run(*command).code == 0
    assert project.run(*generate).code == 0


def test_every_call_whose_value_is_missing_is_named(project):
    project.write(
        "app.py",
        "from k8s_gen import Secret\n"
        'one = Secret("one").generate_password("a")\n'
        'two = Secret("two").generate_password("b")\n'
        "one.generate().to_yaml('k8s')\n",
    )

    ran = project.run("generate", "app.py", "-o", "out", CI="1")

    assert "error[secret-not-stored] app.py:2:21 no stored value for one:a" in ran.err
    assert "and here" not in ran.err
    project.write("app.py", project.read("app.py").replace("one.generate().to_yaml('k8s')\n", ""))
    ran = project.run("generate", "app.py", CI="1")
    assert "  and here: app.py:3:21\n" in ran.err

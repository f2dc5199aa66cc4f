"""A project's folders can be imported, whichever way a file is run."""

import pytest

from tests.cli.project import Project

PLUGIN = """\
from k8s_gen import App, Plugin

print("imported")


class Web(Plugin):
    def generate_app(self):
        return App(self.name).image("nginx:1.27")
"""
USE = 'Web("shop").generate().to_yaml("out")\n'


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    found = Project(folder)
    found.write("k8sgen.toml", "")
    found.write("plugins/web.py", PLUGIN)
    return found


@pytest.mark.parametrize("init", [True, False], ids=["with __init__", "without __init__"])
@pytest.mark.parametrize("runner", ["python", "k8sgen"])
@pytest.mark.parametrize("place", ["app.py", "deploy/app.py"])
@pytest.mark.parametrize(
    "imports",
    [
        "from plugins.web import Web",
        "from k8s_gen.plugins.web import Web",
        "import plugins.web as web\nWeb = web.Web",
        "import k8s_gen.plugins.web\nfrom plugins.web import Web\n"
        "assert k8s_gen.plugins.web.Web is Web",
    ],
    ids=["plugins", "k8s_gen.plugins", "import", "both"],
)
def test_a_plugin_is_imported(project, init, runner, place, imports):
    if init:
        project.write("plugins/__init__.py", "")
    project.write(place, f"import k8s_gen\n{imports}\n{USE}")

    ran = project.python(place) if runner == "python" else project.run("generate", place)

    assert (ran.code, ran.err) == (0, "") or runner == "k8sgen", ran.err
    assert ran.code == 0
    assert list(project.tree("out"))[-1] == "shop-deployment.yaml"
    if runner == "python":
        assert ran.out == "imported\n"


@pytest.mark.parametrize("runner", ["python", "k8sgen"])
@pytest.mark.parametrize("name", ["plugins.web", "k8s_gen.plugins.web"])
def test_a_file_that_imports_itself_runs_once(project, runner, name):
    file = "plugins/web.py"
    project.write(file, f"{PLUGIN}\nfrom {name} import Web as Again\nassert Again is Web\n{USE}")

    ran = project.python(file) if runner == "python" else project.run("generate", file)

    assert ran.code == 0, ran.err
    assert ran.out.count("imported") == (1 if runner == "python" else 0)
    assert "shop-deployment.yaml" in project.tree("out")


def test_validators_and_output_formats_are_importable_and_come_first(project):
    project.write("validators/security.py", "NAME = 'mine'\n")
    project.write("output_formats/argo.py", "NAME = 'mine'\n")
    project.write("site/validators/__init__.py", "NAME = 'installed'\n")
    project.write("site/output_formats.py", "NAME = 'installed'\n")
    project.write(
        "app.py",
        "import k8s_gen\nfrom validators.security import NAME as a\n"
        "from output_formats.argo import NAME as b\nprint(a, b)\n",
    )

    ran = project.python("app.py", PYTHONPATH=f"{project.folder / 'site'}:{ROOT}")

    assert (ran.out, ran.err) == ("mine mine\n", "")


def test_a_module_that_is_not_there_is_named_as_it_was_asked_for(project):
    project.write("app.py", "import k8s_gen\nimport k8s_gen.plugins.wbe\n")

    ran = project.python("app.py")

    assert ran.err.endswith("ModuleNotFoundError: No module named 'k8s_gen.plugins.wbe'\n")


def test_a_plugin_imports_its_neighbours(project):
    project.write("plugins/group/__init__.py", "from .inner import NAME\n")
    project.write("plugins/group/inner.py", "from plugins.web import Web\nNAME = Web.__name__\n")
    project.write("app.py", "import k8s_gen\nfrom plugins.group import NAME\nprint(NAME)\n")

    assert project.python("app.py").out == "imported\nWeb\n"


ROOT = __import__("pathlib").Path(__file__).parents[2]


@pytest.mark.parametrize("block", [2, 3, 4, 5])
def test_blocks_of_the_source_document_run_as_written(project, shared, block):
    text = (shared / "seed/extensions.md").read_text(encoding="utf-8").split("```python\n")[block]
    text = text.partition("```")[0]
    file = text.partition("\n")[0].removeprefix("# ")
    project.write(file, text)
    # The one name that the document leaves undefined.
    project.write(
        "given.py",
        'import builtins\nfrom k8s_gen import App\nbuiltins.app = App("web").image("nginx:1.27")\n',
    )
    start = "import given, runpy, sys; sys.argv = sys.argv[1:]; sys.path[0] = 'plugins'; "
    run = "runpy.run_path(sys.argv[0], run_name='__main__')"

    ran = project.python("-c", start + run, file)
    told = project.run(
        "validate",
        project.write(
            file,
            text.replace("# Usage", "# Usage\nimport sys; sys.path.insert(0, '.')\nimport given"),
        )
        .relative_to(project.folder)
        .as_posix(),
    )

    assert (ran.code, ran.err) == (0, "")
    assert told.code == 0, told.err

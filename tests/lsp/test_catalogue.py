from k8s_gen import __all__ as public
from k8sgen_core.builders import NAMES
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.docstrings import markdown
from tests.lsp.marked import CATALOGUE

BASE = '''
class Base:
    def named(self, name: str) -> Self:
        """Name it."""
    def shared(self, x): ...
    def _hidden(self): ...
'''
APP = '''
from demo.base import Base

class Left(Base):
    def left(self) -> "Other": ...

class Right(Base):
    def shared(self, y: int = 1, /, *, z=None) -> Self: ...

class App(Left, Right):
    """An app."""
    def __init__(self, name: str) -> None: ...
    @property
    def size(self) -> int: ...

class Other: ...
'''


def demo(folder) -> Catalogue:
    (folder / "base.py").write_text(BASE, encoding="utf-8")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    (folder / "__init__.py").write_text("from demo.app import App\n", encoding="utf-8")
    return Catalogue({"demo": folder})


def test_a_class_has_its_bases_members_in_the_order_of_python(tmp_path):
    catalogue = demo(tmp_path)
    app = catalogue.find("demo.App")

    assert {name: each.signature for name, each in catalogue.members(app).items()} == {
        "named": "named(name: str) -> Self",
        "shared": "shared(y: int=1, /, *, z=None) -> Self",
        "left": "left() -> 'Other'",
        "size": "size: int",
    }
    assert catalogue.signature(app) == "App(name: str)"


def test_a_fluent_method_returns_its_receiver(tmp_path):
    catalogue = demo(tmp_path)
    app = catalogue.find("demo.App")

    assert catalogue.returned(app, "named") is app
    assert catalogue.returned(app, "left").name == "Other"
    assert catalogue.returned(app, "unknown") is None


def test_every_public_builder_is_found_with_what_it_really_has():
    import k8s_gen

    for name in NAMES:
        real = getattr(k8s_gen, name)
        members = CATALOGUE.members(CATALOGUE.find(f"k8s_gen.{name}"))
        assert set(members) == {each for each in dir(real) if not each.startswith("_")}, name
        assert all(each.documentation for each in members.values()), name


def test_every_public_name_is_found():
    classes = [name for name in public if name[0].isupper()]

    assert [name for name in classes if CATALOGUE.find(f"k8s_gen.{name}") is None] == []


def test_a_docstring_becomes_markdown():
    docstring = (
        "Run it.\n\nUse ``x``.\n\nArgs:\n    size: How big,\n        in bytes.\n    **rest: More.\n"
        "\nRaises:\n    ArgumentError: ``invalid-value``."
    )

    assert markdown(docstring) == (
        "Run it.\n\nUse ``x``.\n\n**Args**\n\n- `size`: How big,\n  in bytes.\n- `**rest`: More.\n"
        "\n**Raises**\n\n- `ArgumentError`: ``invalid-value``."
    )

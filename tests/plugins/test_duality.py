"""The two phases: every case in which a name is a setter and a value."""

import copy
import json
import pickle

import pytest
import yaml

from k8s_gen import App, Plugin
from k8sgen_core.plugins.alternatives import alternatives
from tests.plugins.trying import tried

BLOCKS = {
    "database_cluster": 2,
    "ml_workloads": 3,
    "data_pipeline": 4,
    "iot_edge": 5,
}


@pytest.fixture
def block(shared):
    """Return a function that runs a block of the source document, and gives its names."""
    texts = (shared / "seed/extensions.md").read_text(encoding="utf-8").split("```python\n")

    def run(name, root):
        text = texts[BLOCKS[name]].partition("```")[0]
        (root / "plugins").mkdir(exist_ok=True)
        plugin, _, usage = text.partition("# Usage")
        (root / f"plugins/{name}.py").write_text(plugin, encoding="utf-8")
        if name != "database_cluster":
            usage = f"from plugins.{name} import *\n{usage}"
        return tried('app = App("web").image("nginx:1.27")\n' + usage, root)

    return run


class Sized(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.size = 1
        self.flag = True
        self.none = None
        self.items = []
        self.pair = (1, 2)

    def size(self, size):
        """Set the size."""
        self.size = size
        return self

    def flag(self, flag):
        self.flag = flag
        return self

    def none(self, none):
        self.none = none
        return self

    def items(self, *items):
        self.items.extend(items)
        return self

    def pair(self, *pair):
        self.pair = self.pair + pair
        return self

    def unset(self, unset):
        self.unset = unset
        return self

    def big(self):
        return self.size(9)

    def generate_values(self):
        return self.size, self.flag, self.none, self.items, self.pair, self.unset


def values(plugin):
    return plugin.generate_values()


def test_values_are_plain_while_generating():
    found = values(Sized("a").size(3).flag(False).items("x").pair(3))

    assert found == (3, False, None, ["x"], (1, 2, 3), None)
    assert [type(each) for each in found] == [int, bool, type(None), list, tuple, type(None)]
    assert found[1] is False
    assert json.dumps(found) == '[3, false, null, ["x"], [1, 2, 3], null]'
    assert yaml.safe_load(yaml.safe_dump(list(found[:4]))) == [3, False, None, ["x"]]


def test_a_setter_can_be_called_again_and_by_other_methods():
    assert values(Sized("a").size(2).size(4).big())[0] == 9


def test_a_setter_reads_as_its_value_where_it_is_configured():
    plugin = Sized("a").size(5).items("x")

    assert plugin.size == 5
    assert plugin.size + 1 == 6
    assert f"{plugin.size}" == "5"
    assert bool(plugin.flag)
    assert not plugin.none
    assert not plugin.unset
    assert plugin.items == ["x"]
    assert list(plugin.pair) == [1, 2]
    assert Sized.size.__doc__ == "Set the size."


def test_reading_a_mapping_or_list_gives_the_one_that_is_kept():
    plugin = Sized("a")

    plugin.items.append("x")
    plugin.items("y")

    assert values(plugin)[3] == ["x", "y"]


def test_building_twice_gives_the_same():
    class Growing(Plugin):
        def __init__(self, name):
            super().__init__(name)
            self.ports = [80]

        def generate_app(self):
            self.ports.append(self.ports[-1] + 1)
            app = App(self.name).image("a:1")
            for port in self.ports:
                app.port(port)
            return app

    plugin = Growing("a")
    [first], [second] = plugin.generate_resources(), plugin.generate_resources()

    assert first.build().ports == second.build().ports


def test_only_what_is_stored_to_the_plugin_itself_is_a_value(tmp_path):
    found = tried(
        """
from k8s_gen import Plugin

class Box:
    size = 0

class Mine(Plugin):
    def __init__(self, name):
        super().__init__(name)
        box = Box()
        box.size = 3
        box.size += 1
        self.box = box

    def size(self):
        return 7

    def generate_app(self):
        return App(self.name).image("a:1").replicas(self.size() + self.box.size)

Mine("a")
""",
        tmp_path,
    )

    assert found.told == []
    assert found.objects[0]["spec"]["replicas"] == 11


def test_a_name_of_a_builder_can_be_a_value_too(tmp_path):
    found = tried(
        """
from k8s_gen import Plugin

class Mine(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.image = "a:1"
        self.labels = {"x": "y"}

    def image(self, image):
        self.image = image
        return self

    def generate_app(self):
        return App(self.name).image(self.image).port(80).labels(self.labels)

Mine("one").image("b:2").labels({"team": "shop"})
""",
        tmp_path,
    )

    assert found.told == []
    made = found.object("Deployment/one")
    assert made["spec"]["template"]["spec"]["containers"][0]["image"] == "b:2"
    assert {"x": "y", "team": "shop"}.items() <= made["metadata"]["labels"].items()


def test_a_subclass_overrides_a_default():
    class Larger(Sized):
        def __init__(self, name):
            super().__init__(name)
            self.size = 100

    assert [values(Larger("a"))[0], values(Larger("a").size(2))[0], values(Sized("a"))[0]] == [
        100,
        2,
        1,
    ]


def test_a_class_attribute_of_a_base_is_the_default():
    class Base(Plugin):
        size = 3

    class Sub(Base):
        def size(self, size):
            self.size = size
            return self

        def generate_size(self):
            return self.size

    assert [Sub("a").generate_size(), Sub("a").size(4).generate_size()] == [3, 4]


def test_a_name_that_setattr_makes_later_is_a_value_from_then_on():
    class Late(Plugin):
        def size(self, size):
            return self

        def set(self, name, value):
            setattr(self, name, value)
            return self

        def generate_size(self):
            return self.size

    before = Late("a")
    assert callable(before.generate_size())
    assert Late("b").set("size", 3).generate_size() == 3
    assert before.generate_size() is None


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_independent(copied):
    first = Sized("a").size(2).items("x")
    second = copied(first)
    second.size(3).items("y")

    assert [values(first)[0], values(second)[0]] == [2, 3]
    assert [values(first)[3], values(second)[3]] == [["x"], ["x", "y"]]


def test_a_copy_of_a_builder_is_independent(tmp_path):
    found = tried(
        'import copy\na = App("a").image("a:1")\nb = copy.deepcopy(a).image("b:2")\n'
        'b.labels(x="y")\nprint(a.build().image, b.build().image)',
        tmp_path,
    )

    assert [each["metadata"]["labels"].get("x") for each in found.objects] == [None, "y"]


def test_a_plugin_cannot_be_pickled():
    with pytest.raises(TypeError, match=r"^Sized\('a'\) cannot be pickled: describe it again"):
        pickle.dumps(Sized("a"))


def test_a_value_that_is_a_setter_is_pickled_and_copied_as_the_value():
    size = Sized("a").size(3).size

    assert (pickle.loads(pickle.dumps(size)), type(copy.deepcopy(size))) == (3, int)  # noqa: S301


def test_an_environment_has_settings_of_its_own(tmp_path):
    source = """
from k8s_gen import Plugin

class Mine(Plugin):
    def __init__(self, name):
        super().__init__(name)
        self.size = 1
        self.ports = []

    def size(self, size):
        self.size = size
        return self

    def port(self, port):
        self.ports.append(port)
        return self

    def generate_app(self):
        app = App(self.name).image("a:1").replicas(self.size)
        for port in self.ports:
            app.port(port)
        return app

mine = Mine("a").size(2).port(80)
mine.for_environment("prod").size(5).port(81).labels(tier="gold")
"""
    base, prod = tried(source, tmp_path), tried(source, tmp_path, "prod")

    seen = [
        (f.objects[0]["spec"]["replicas"], len(f.objects[1]["spec"]["ports"])) for f in (base, prod)
    ]
    assert seen == [(2, 1), (5, 2)]
    assert [f.objects[0]["metadata"]["labels"].get("tier") for f in (base, prod)] == [None, "gold"]


def test_block_database_cluster(block, tmp_path):
    found = block("database_cluster", tmp_path)

    assert found.told == []
    sets = [title for title in found.titles if title.startswith("StatefulSet/")]
    assert sets == [
        "StatefulSet/app-database-primary",
        *(f"StatefulSet/app-database-replica-{n}" for n in range(4)),
    ]
    primary = found.object(sets[0])["spec"]["template"]["spec"]["containers"][0]
    assert primary["image"] == "database-server:13.7"
    assert {"name": "CLUSTER_SIZE", "value": "5"} in primary["env"]
    cluster = found.run.names["DatabaseCluster"]
    assert len(cluster("x").generate_resources()) == 5
    assert len(cluster("x").cluster_size(5).cluster_size(4).generate_resources()) == 6
    assert found.run.names["db_cluster"].backup_schedule == "0 1 * * *"


def test_block_ml_workloads(block, tmp_path):
    found = block("ml_workloads", tmp_path)

    assert found.told == []
    job = found.object("Job/text-classification-training")["spec"]["template"]["spec"]
    container = job["containers"][0]
    assert container["image"] == "ml-framework:pytorch"
    assert "--distributed=True" in container["command"]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": "2"} or (
        str(container["resources"]["limits"]["nvidia.com/gpu"]) == "2"
    )
    pipeline = found.run.names["ml_pipeline"]
    assert len(pipeline.generate_resources()) == 2
    assert pipeline.model_registry("u2").model_registry == "u2"


def test_block_data_pipeline(block, tmp_path):
    found = block("data_pipeline", tmp_path)

    assert [(rule, text) for rule, _, text in found.told] == [
        ("plugin-generates-nothing", 'DataPipeline("user-analytics")')
    ]
    pipeline = found.run.names["etl_pipeline"]
    assert pipeline.schedule == "0 2 * * *"
    assert pipeline.driver_resources == {"cpu": "2000m", "memory": "4Gi"}
    assert pipeline.schedule("1 * * * *").schedule == "1 * * * *"
    assert not found.run.names["DataPipeline"]("q").schedule


def test_block_iot_edge(block, tmp_path):
    found = block("iot_edge", tmp_path)

    assert [rule for rule, *_ in found.told] == ["plugin-generates-nothing"]
    device = found.run.names["edge_device"]
    assert device.processing_mode == "hybrid"
    assert [each["type"] for each in device.sensors] == ["temperature", "humidity"]


def test_alternatives_are_those_of_the_annotation_where_it_says_them():
    from typing import Literal

    def setter(self, mode: Literal["a", "b", "c"], *, count=1): ...

    assert alternatives("a", setter, "mode") == ["b", "c"]
    assert alternatives("a", setter, 0) == ["b", "c"]
    assert alternatives(2, setter, "count") == [3, 1, 0]
    assert alternatives(True, setter, "count") == [False]

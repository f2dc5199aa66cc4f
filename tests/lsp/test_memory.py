"""What was typed and is not there any more takes no memory."""

import gc
from collections import Counter

from k8sgen_lsp.outcomes import Evaluation
from tests.lsp.inside import inside

TEXT = '''from k8s_gen import App, Plugin


class Database(Plugin):
    """A database of {0} replicas."""

    def generate_app(self):
        return App("database{0}").replicas({0}).image("postgres:17.{0}")


app = App("web").replicas({0}).image("nginx:1.27").add(Database("d{0}"))
'''
URI = "file:///nowhere/app.py"
EACH = 400


def alive():
    """Return how much there is of what is kept of parts of texts."""
    gc.collect()
    counted = Counter(type(each).__name__ for each in gc.get_objects())
    return sum(counted[each] for each in ("Block", "Piece", "Reading", "Facts", "ClassDef"))


async def test_a_class_that_is_edited_long_leaves_nothing():
    counts = []
    async with inside() as session:
        session.open(URI, TEXT.format(0))
        for version in range(1, 3 * EACH + 1):
            session.edit(URI, TEXT.format(version), version)
            if version % 20 == 0:
                at = {"line": 10, "character": 20}
                await session.ask(
                    "textDocument/completion", {"textDocument": {"uri": URI}, "position": at}
                )
                session.said.clear()
            if version % EACH == 0:
                counts.append(alive())

    assert counts[-1] <= 1.05 * counts[0], counts


async def test_of_files_that_were_closed_nothing_is_kept(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    async with inside(trusted=[str(tmp_path)]) as session:
        for number in range(8):
            path = tmp_path / f"app{number}.py"
            text = f'from k8s_gen import App\nApp("web{number}").image("nginx:1.27")\n'
            path.write_text(text, encoding="utf-8")
            document = {"uri": path.as_uri()}
            session.open(path.as_uri(), text)
            await session.ask("k8sgen/preview", document)
            await session.ask("textDocument/codeLens", {"textDocument": document})
            session.tell("textDocument/didClose", {"textDocument": document})
            session.said.clear()
        await session.settled()
        gc.collect()
        evaluations = [each for each in gc.get_objects() if isinstance(each, Evaluation)]

    # What was asked last for the file that was closed last may be kept.
    assert sum(each.subject.path.is_relative_to(tmp_path) for each in evaluations) <= 1

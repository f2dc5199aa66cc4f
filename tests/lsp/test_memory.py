"""What was typed and is not there any more takes no memory."""

import gc
from collections import Counter

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

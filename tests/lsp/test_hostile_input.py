"""Whatever arrives: the server lives, answers each request once, and stays small."""

import random
import zlib
from pathlib import Path

import pytest

from tests.lsp.wire import ON_LINUX, Wire, frame, framed, notification, request

TEXT = "from k8s_gen import App\nApp('é🐘')."
HOVER = {"textDocument": {"uri": "file:///a/app.py"}, "position": {"line": 0, "character": 0}}
# MiB, of which an idle server has a quarter.
MOST_MEMORY = 300


@pytest.fixture
def wire(tmp_path):
    made = Wire(tmp_path)
    yield made
    made.free()


@pytest.fixture(scope="module")
def survivor(tmp_path_factory):
    """Return a server that must get through all of it."""
    made = Wire(tmp_path_factory.mktemp("survivor"))
    yield made
    made.shut_down()
    made.free()


def refused(wire: Wire, content: bytes, number, code: int) -> None:
    wire.said.clear()
    # What is shorter than it says shows when the next one comes.
    wire.send(content + framed(request("alive", "textDocument/hover", HOVER)))
    assert "error" not in wire.answer("alive")
    assert wire.answer(number)["error"]["code"] == code
    assert wire.answers() == {number: 1, "alive": 1}


@pytest.mark.parametrize(
    ("content", "number", "code"),
    [
        pytest.param(frame(b"{oops"), None, -32700, id="not json"),
        pytest.param(frame(b"[1,2]"), None, -32600, id="array batch"),
        pytest.param(frame(b'{"id":5,"method":"x"}'), 5, -32600, id="no jsonrpc"),
        pytest.param(framed(request(7, "nope/x", {})), 7, -32601, id="unknown method"),
        pytest.param(
            framed(request(8, "textDocument/hover", {"textDocument": 5})),
            8,
            -32602,
            id="bad params",
        ),
        pytest.param(framed(request(8, "textDocument/hover", None)), 8, -32602, id="no params"),
        pytest.param(
            framed(request(8, "workspace/executeCommand", {"command": "rm"})),
            8,
            -32602,
            id="unknown command",
        ),
        pytest.param(
            framed(
                request(
                    8, "workspace/executeCommand", {"command": "k8sgen.preview", "arguments": [5]}
                )
            ),
            8,
            -32602,
            id="bad argument",
        ),
        pytest.param(framed(request(8, "k8sgen/preview", {"uri": 5})), 8, -32602, id="bad uri"),
        pytest.param(framed(request(8, "k8sgen/preview", [])), 8, -32602, id="array params"),
        pytest.param(framed(request(8, "initialize", {"capabilities": {}})), 8, -32600, id="twice"),
        pytest.param(b"Content-Length: -5\r\n\r\n", None, -32700, id="negative length"),
        pytest.param(b"Content-Length: 99999999999\r\n\r\n{}", None, -32700, id="huge length"),
        pytest.param(
            frame(b'{"jsonrpc":"2.0","id":4,"method":"x","params":"\xff\xfe"}'),
            4,
            -32700,
            id="invalid utf8",
        ),
        pytest.param(
            frame(
                b'{"jsonrpc":"2.0","id":9,"method":"x","params":%s}'
                % (b"[" * 20_000 + b"]" * 20_000)
            ),
            9,
            -32700,
            id="deep nest",
        ),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", None, -32700, id="no header"),
        pytest.param(b"Content-Length: 500\r\n\r\n{}", None, -32700, id="length too large"),
    ],
)
def test_it_is_refused_and_the_server_goes_on(survivor, content, number, code):
    refused(survivor, content, number, code)


def test_a_message_of_40_mib_is_refused_by_its_id(survivor):
    large = request(3, "k8sgen/preview", {"text": "x" * (40 << 20)})
    refused(survivor, framed(large), 3, -32700)
    assert not ON_LINUX or survivor.peak() < MOST_MEMORY


def test_nothing_is_done_after_the_end(wire):
    wire.send(framed(request(1, "shutdown", None)))
    wire.send(framed(request(2, "textDocument/hover", HOVER)))

    assert wire.answer(1)["result"] is None
    assert wire.answer(2)["error"]["code"] == -32600


def test_a_request_that_is_cancelled_before_its_turn_is_answered_at_once(wire):
    requests = [framed(request(n, "textDocument/hover", HOVER)) for n in range(1, 500)]
    cancellation = framed(notification("$/cancelRequest", {"id": 499}))
    wire.send(b"".join([*requests, cancellation]))

    assert wire.answer(499)["error"]["code"] == -32800
    wire.shut_down()
    assert set(wire.answers().values()) == {1}


@pytest.mark.skipif(not ON_LINUX, reason="reads how much memory it takes where Linux says so")
def test_a_document_of_24_mib_is_kept_and_not_analysed(wire):
    document = {"uri": "file:///a/large.py", "languageId": "python", "version": 1}
    text = "x = 1\n" * (4 << 20)
    wire.send(
        framed(notification("textDocument/didOpen", {"textDocument": document | {"text": text}}))
    )
    at = {"textDocument": {"uri": document["uri"]}, "position": {"line": 9, "character": 1}}

    wire.send(framed(request(1, "textDocument/completion", at)))

    assert wire.answer(1)["result"]["items"] == []
    assert wire.peak() < MOST_MEMORY
    small = {"textDocument": document | {"version": 2}, "contentChanges": [{"text": TEXT}]}
    wire.send(framed(notification("textDocument/didChange", small)))
    at["position"] = {"line": 1, "character": 11}
    wire.send(framed(request(2, "textDocument/completion", at)))
    assert "image" in [each["label"] for each in wire.answer(2)["result"]["items"]]
    wire.shut_down()


METHODS = (
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/inlayHint",
    "textDocument/prepareRename",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/semanticTokens/full",
    "textDocument/signatureHelp",
    "workspace/symbol",
    "k8sgen/origins",
    "k8sgen/diff",
    "k8sgen/resources",
)


class Mutations:
    """Frames that were right once; the same ones each time."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same each time, as a test must be.
        self.uris = [(folder / name).as_uri() for name in ("a.py", "é.py")] + ["untitled:U", "%"]
        self.number = 0

    def id(self) -> str:
        """Return an id that no mutation of another is."""
        self.number += 1
        return f"{self.number}-{zlib.crc32(b'%d' % self.number):08x}"

    def message(self):
        random, uri = self.random, self.random.choice(self.uris)
        document = {"uri": uri}
        start = {"line": random.randint(0, 3), "character": random.randint(0, 30)}
        at = {"textDocument": document, "position": start}
        span = {"start": start, "end": {"line": random.randint(0, 3), "character": 4}}
        version = document | {"version": self.number + 1}
        opened = version | {"languageId": "python", "text": TEXT}
        changes = [{"range": span, "text": random.choice(["", "x", "\r\n", "🐘", TEXT])}]
        command = {"command": "k8sgen.preview", "arguments": [document]}
        every = at | document | {"range": span, "newName": "x", "query": "w", "position": start}
        every |= {"context": {"diagnostics": [], "includeDeclaration": True}}
        return random.choice(
            [
                lambda: request(self.id(), "textDocument/completion", at),
                lambda: request(self.id(), "textDocument/hover", at),
                lambda: request(self.id(), random.choice(METHODS), every),
                lambda: request(self.id(), random.choice(METHODS), every),
                lambda: request(self.id(), "completionItem/resolve", {"label": "x", "data": uri}),
                lambda: request(self.id(), "workspace/executeCommand", command),
                lambda: request(self.id(), "k8sgen/preview", document),
                lambda: request(self.id(), "no/such", at),
                lambda: notification("textDocument/didOpen", {"textDocument": opened}),
                lambda: notification(
                    "textDocument/didChange", {"textDocument": version, "contentChanges": changes}
                ),
                lambda: notification("textDocument/didSave", {"textDocument": document}),
                lambda: notification("textDocument/didClose", {"textDocument": document}),
                lambda: notification("$/cancelRequest", {"id": f"{self.number}"}),
                lambda: notification("k8sgen/trust", {"folder": uri, "trusted": False}),
                lambda: {"jsonrpc": "2.0", "id": "unasked", "result": [at]},
            ]
        )()

    def mutated(self) -> bytes:
        message = self.message()
        if self.random.random() < 0.5:
            self.change_a_value(message)
            return framed(message)
        return self.change_bytes(framed(message))

    def change_a_value(self, value) -> None:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        while keys:
            key = self.random.choice(keys)
            if isinstance(value[key], dict | list) and value[key] and self.random.random() < 0.7:
                return self.change_a_value(value[key])
            # Nobody may use the id of another's request.
            if key == "id":
                return None
            odd = [None, True, -1, 1 << 40, 1.5, "", "\0", "\ud800", [], {}, [[]], "x" * 5000]
            value[key] = self.random.choice(odd)
            return None

    def change_bytes(self, content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(self.random.choice([1, 1, 2, 8])):
            at = self.random.randrange(len(changed) + 1)
            to = min(len(changed), at + self.random.choice([0, 1, 1, 4, 40]))
            odd = [
                b"",
                b"\0",
                b"\xff",
                b'"',
                b"{",
                b"[" * 300,
                b"\r\n",
                b"Content-Length: 9\r\n\r\n",
            ]
            changed[at:to] = self.random.choice(odd)
        return bytes(changed)


@pytest.mark.slow
def test_ten_thousand_mutated_frames(wire, tmp_path):
    mutations = Mutations(7, tmp_path)
    sane: list[str] = []
    for number in range(10_000):
        content = mutations.mutated()
        if number % 10 == 0:
            sane.append(mutations.id())
            content += framed(request(sane[-1], "textDocument/hover", HOVER))
        wire.send(content)

    wire.answer(sane[-1])
    assert not ON_LINUX or wire.peak() < MOST_MEMORY
    wire.shut_down()

    answers = wire.answers()
    assert [each for each in sane if answers[each] != 1] == []
    assert {number: n for number, n in answers.items() if n > 1 and number is not None} == {}
    for number in sane:
        assert "result" in wire.answer(number), wire.answer(number)

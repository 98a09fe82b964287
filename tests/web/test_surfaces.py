"""The same answers over HTTP, as chat completions, as tools, and through Gradio's own client."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from making import ROOT
from serving import serving

pytestmark = pytest.mark.slow

MAYOR = "Who was elected mayor of Saltmere?"
NOWHERE = "What is the capital of Australia?"
TIMED = ("timings_ms", "index")


def timeless(answer):
    return {name: value for name, value in answer.items() if name not in TIMED}


@pytest.fixture(scope="module")
def expected(bot):
    """The answer as Python gives it."""
    return timeless(bot.ask(MAYOR).to_dict())


def post(server, path, body):
    return httpx.post(f"{server}{path}", json=body, timeout=60)


def test_ask_gives_the_contracts_json(server, expected):
    reply = post(server, "/api/ask", {"question": MAYOR})
    assert reply.status_code == 200
    assert timeless(reply.json()) == expected


def test_ask_takes_the_filters(server):
    answer = post(server, "/api/ask", {"question": MAYOR, "as_of": "2021-04-01"}).json()
    assert answer["narrowed"] == {"as_of": "2021-04-01"}
    assert all(c["published"] <= "2021-04-01" for c in answer["citations"])
    assert answer["coverage"]["to"] <= "2021-04-01"


def test_search_gives_the_hits(server, bot):
    hits = post(server, "/api/search", {"query": "ferry", "k": 3}).json()["hits"]
    assert [hit["article_id"] for hit in hits] == [
        hit.passage.article.id for hit in bot.search("ferry", k=3)
    ]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/api/ask", {}, 422, "question"),
        ("/api/ask", {"question": ""}, 400, "empty"),
        ("/api/ask", {"question": "x" * 5000}, 400, "at most 2,000"),
        ("/api/ask", {"question": "x", "as_of": "soon"}, 400, "2021-06-16"),
        ("/api/ask", {"question": "x", "unknown": 1}, 422, "unknown"),
        ("/api/ask", {"question": "x", "k": 0}, 422, "k"),
        ("/api/ask", {"question": "x", "mode": "loud"}, 422, "mode"),
        ("/api/ask", {"question": 7}, 422, "question"),
        ("/api/ask", [], 422, "the body"),
        ("/api/search", {"query": " "}, 400, "empty"),
        ("/export", {"answers": [{}]}, 422, "answers.0.question: Field required"),
        ("/export", {"answers": [3], "form": "receipt"}, 422, "answers.0: "),
        ("/export", {"answers": []}, 422, "answers"),
        ("/footnotes", {"answers": [{"question": 7}]}, 422, "answers.0.question: "),
        ("/feedback", {"answer": {}, "verdict": "good"}, 422, "answer.question: Field required"),
        ("/feedback", {"answer": {"question": "x" * 2_000_000}}, 413, "over the limit"),
    ],
)
def test_bad_input_gets_one_clear_sentence(server, path, body, status, words):
    reply = post(server, path, body)
    assert reply.status_code == status
    assert words in reply.json()["error"] and "Traceback" not in reply.text


def test_body_that_is_not_json_is_refused(server):
    for content in (b"{", b"\xff\xfe", b"", b"[" * 100_000):
        reply = httpx.post(f"{server}/api/ask", content=content)
        assert 400 <= reply.status_code < 500


def test_health_and_readiness(server):
    assert httpx.get(f"{server}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{server}/readyz").json()["articles"] == 32


def test_documentation_is_served_from_here(server):
    paths = httpx.get(f"{server}/openapi.json").json()["paths"]
    assert {"/api/ask", "/api/search", "/v1/chat/completions", "/healthz"} <= paths.keys()
    page = httpx.get(f"{server}/docs").text
    assert "/docs-files/swagger-ui-bundle.js" in page and "https://" not in page
    assert httpx.get(f"{server}/docs-files/swagger-ui-bundle.js").status_code == 200


# OpenAI's client ---------------------------------------------------------------------------


@pytest.fixture
def openai_client(server):
    from openai import OpenAI

    with OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as client:
        yield client


def ask_openai(client, question, **more):
    messages = [{"role": "user", "content": question}]
    return client.chat.completions.create(model="qa-bot", messages=messages, **more)


def test_official_client_gets_the_answer_with_footnotes(openai_client, expected):
    assert [model.id for model in openai_client.models.list()] == ["qa-bot"]
    reply = ask_openai(openai_client, MAYOR)
    text = reply.choices[0].message.content
    assert text.startswith(expected["text"])
    assert f"“{' '.join(expected['citations'][0]['quote'].split())}”" in text
    assert timeless(reply.qa_bot) == expected
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_official_client_streams_the_same_text(openai_client):
    whole = ask_openai(openai_client, MAYOR).choices[0].message.content
    chunks = list(
        ask_openai(openai_client, MAYOR, stream=True, stream_options={"include_usage": True})
    )
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole
    assert chunks[-1].usage.completion_tokens > 0
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_filters_and_refusals_through_the_official_client(openai_client):
    reply = ask_openai(openai_client, MAYOR, extra_body={"qa_bot": {"as_of": "2021-02-01"}})
    assert reply.qa_bot["narrowed"] == {"as_of": "2021-02-01"}
    declined = ask_openai(openai_client, NOWHERE)
    assert declined.qa_bot["refusal"]["reason"] == "nothing_relevant"
    assert declined.choices[0].message.content == declined.qa_bot["refusal"]["message"]


def test_text_is_shortened_as_the_client_wants(openai_client):
    whole = ask_openai(openai_client, MAYOR).choices[0].message.content
    (choice,) = ask_openai(openai_client, MAYOR, max_tokens=5).choices
    assert choice.finish_reason == "length" and 0 < len(choice.message.content) < len(whole)
    assert whole.startswith(choice.message.content)
    (choice,) = ask_openai(openai_client, MAYOR, stop=["[1]", "never there"]).choices
    assert choice.finish_reason == "stop"
    assert choice.message.content == whole[: whole.index("[1]")]
    chunks = ask_openai(openai_client, MAYOR, stop="[1]", stream=True)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == choice.message.content


def test_responses_have_the_same_text(openai_client, expected):
    whole = ask_openai(openai_client, MAYOR).choices[0].message.content
    reply = openai_client.responses.create(model="qa-bot", input=MAYOR)
    assert (reply.status, reply.output_text) == ("completed", whole)
    assert timeless(reply.qa_bot) == expected
    parts = [{"type": "input_text", "text": MAYOR}]
    said = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}]
    with openai_client.responses.stream(model="qa-bot", input=said) as stream:
        pieces = [one.delta for one in stream if one.type == "response.output_text.delta"]
        final = stream.get_final_response()
    assert "".join(pieces) == final.output_text == whole and len(pieces) > 1
    cut = openai_client.responses.create(model="qa-bot", input=MAYOR, max_output_tokens=5)
    assert (cut.status, cut.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert whole.startswith(cut.output_text)


def test_optional_fields_may_be_null(server, expected):
    names = "model stream stream_options n stop max_tokens response_format tool_choice qa_bot"
    body = {"messages": [{"role": "user", "content": [{"type": "input_text", "text": MAYOR}]}]}
    reply = httpx.post(
        f"{server}/v1/chat/completions/", json=body | dict.fromkeys(names.split()), timeout=60
    )
    assert timeless(reply.json()["qa_bot"]) == expected


@pytest.mark.parametrize(
    ("path", "body", "status", "param", "code"),
    [
        ("chat/completions", {"messages": [{"role": "user", "content": " "}]}, 400, None, None),
        ("chat/completions", {"messages": []}, 400, "messages", None),
        ("chat/completions", {"model": "gpt-5"}, 404, "model", "model_not_found"),
        ("chat/completions", {"tool_choice": "required"}, 400, "tool_choice", None),
        ("chat/completions", {"response_format": {"type": "json_object"}}, 400,
         "response_format", None),
        ("responses", {"previous_response_id": "resp_1"}, 400, "previous_response_id", None),
        ("responses", {"text": {"format": {"type": "json_schema"}}}, 400, "text.format", None),
        ("responses", {"input": 7}, 400, "input.str", None),
        ("embeddings", {"input": "x"}, 404, None, "unknown_url"),
        ("models", {}, 405, None, None),
        ("chat/completions", {"messages": "x" * 1_100_000}, 413, None, None),
    ],
)  # fmt: skip
def test_errors_have_the_openai_form(server, path, body, status, param, code):
    whole = {"messages": [{"role": "user", "content": MAYOR}], "input": MAYOR} | body
    reply = httpx.post(f"{server}/v1/{path}", json=whole, timeout=60)
    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["code"]) == (status, param, code)
    assert error["message"] and error["type"] == "invalid_request_error"


def test_calls_from_other_sites_are_refused_in_the_openai_form(server):
    reply = httpx.post(
        f"{server}/v1/responses", json={}, headers={"origin": "https://evil.example"}
    )
    assert (reply.status_code, reply.json()["error"]["type"]) == (403, "permission_error")


def test_documented_client_runs(server, capsys):
    page = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(block.replace("http://127.0.0.1:7860", server), "http-api.md", "exec"), {})
    assert "Wołczyk" in capsys.readouterr().out


# The Model Context Protocol ----------------------------------------------------------------


def test_official_mcp_client_asks_and_searches(server, expected):
    from mcp import Client

    async def talk():
        async with Client(f"{server}/mcp") as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            asked = await client.call_tool("ask", {"question": MAYOR})
            found = await client.call_tool("search", {"query": "ferry", "k": 2})
            failed = await client.call_tool("ask", {"question": ""})
            unknown = await client.call_tool("ask", {"question": "Who?", "asof": "2021-06-16"})
            return names, asked, found, failed, unknown

    names, asked, found, failed, unknown = asyncio.run(talk())
    assert names == {"ask", "search"}
    assert timeless(asked.structured_content) == expected
    assert len(json.loads(found.content[0].text)["hits"]) == 2
    assert failed.is_error and "empty" in failed.content[0].text
    assert unknown.is_error and "ask has no argument 'asof'; it has" in unknown.content[0].text


# Gradio's own client -----------------------------------------------------------------------


def test_official_gradio_client_can_ask(server, expected):
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(server, verbose=False)
    assert timeless(json.loads(client.predict(MAYOR, api_name="/ask"))) == expected
    narrowed = json.loads(client.predict(MAYOR, as_of="2021-04-01", api_name="/ask"))
    assert narrowed["narrowed"] == {"as_of": "2021-04-01"}
    with pytest.raises(AppError, match="at most 2,000 are read"):
        client.predict("x" * 5000, api_name="/ask")


# Many at once ------------------------------------------------------------------------------


def test_fifty_at_once_are_all_answered(server, expected):
    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda n: post(server, "/api/ask", {"question": MAYOR}), range(50)))
    assert {reply.status_code for reply in replies} == {200}
    assert all(timeless(reply.json()) == expected for reply in replies)


def test_more_than_may_wait_are_told_so(server):
    with ThreadPoolExecutor(150) as pool:
        replies = list(
            pool.map(lambda n: post(server, "/api/ask", {"question": MAYOR}), range(150))
        )
    assert {reply.status_code for reply in replies} <= {200, 429}
    assert all("Ask again" in r.json()["error"] for r in replies if r.status_code == 429)


# Articles of one's own ---------------------------------------------------------------------

OWN = "The observatory on Gull Hill reopened its dome on Monday.\n\nThe repair took eleven weeks.\n"
WEEKS = {"question": "How many weeks did the repair of the observatory take?"}


def upload(client, name, content):
    return client.post("/articles", params={"name": name}, content=content, timeout=60)


@pytest.fixture
def browser(server):
    """A client with a cookie of its own, as a browser that opened the page has."""
    with httpx.Client(base_url=server, timeout=60) as client:
        client.get("/")
        yield client


def test_upload_is_usable_at_once_and_by_its_browser_only(browser, server):
    reply = upload(browser, "dome.txt", OWN)
    assert reply.json()["n_articles"] == 1
    assert reply.json()["coverage"].startswith("33 articles")
    answer = browser.post("/api/ask", json=WEEKS).json()
    cited = answer["citations"][0]
    assert cited["article_id"] == "uploaded/dome" and cited["path"] == "dome.txt"
    assert OWN[cited["start"] : cited["end"]] == cited["quote"]
    assert "eleven" in answer["text"]
    panel = browser.get("/panel", params={"id": "uploaded/dome"})
    assert "Gull Hill" in panel.text
    with httpx.Client(base_url=server, timeout=60) as other:
        other.get("/")
        assert other.get("/panel", params={"id": "uploaded/dome"}).status_code == 404
        assert "eleven" not in other.post("/api/ask", json=WEEKS).text
        assert other.delete("/articles", params={"id": "uploaded/dome"}).status_code == 404
    assert browser.delete("/articles", params={"id": "uploaded/dome"}).status_code == 200
    assert "eleven" not in browser.post("/api/ask", json=WEEKS).text


def test_shared_articles_cannot_be_removed_by_a_browser(browser):
    shared = "saltmere/2021-05-17-mayor-result"
    assert browser.delete("/articles", params={"id": shared}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("virus.exe", b"MZ", 422, "not a kind of file"),
        ("empty.txt", b"", 422, "was not added"),
        ("bad.jsonl", b"{\n", 422, "line 1"),
        ("noise.pdf", b"%PDF-1.7 garbage", 422, "was not added"),
        ("../../etc/passwd.txt", b"The passwd file was opened on Monday.", 200, "passwd.txt"),
        ("..\\..\\x\x00\n.md", b"# A\n\nThe gate was opened on Monday.", 200, ".md"),
        ("big.txt", b"x" * 6_000_000, 413, "over the limit"),
        ("a" * 400 + ".txt", b"x", 422, "name"),
    ],
)
def test_upload_of_any_kind_gets_a_clear_reply(browser, name, content, status, words):
    reply = upload(browser, name, content)
    assert reply.status_code == status
    assert words in reply.text and "Traceback" not in reply.text and "/tmp" not in reply.text


def test_file_of_many_articles_keeps_their_ids_apart(browser):
    lines = "".join(
        json.dumps({"id": f"n{n}", "title": f"Title {n}", "text": f"Ship {n} sank."}) + "\n"
        for n in range(3)
    )
    added = upload(browser, "news.jsonl", lines + "{\n").json()
    assert added["n_articles"] == 3 and "line 4" in added["remarks"][0]
    assert [a["article_id"] for a in added["articles"]] == [f"uploaded/n{n}" for n in range(3)]


# Feedback and exports ----------------------------------------------------------------------


def test_feedback_is_kept_and_exports_are_given(server, bot):
    from qa_bot.export import verify_receipt

    answer = bot.ask(MAYOR).to_dict()
    said = {"answer": answer, "verdict": "wrong_source", "comment": "no"}
    assert post(server, "/feedback", said).status_code == 204
    text = post(server, "/export", {"answers": [answer, answer]}).text
    assert text.count("## Who was elected mayor") == 2 and "[^2-1]:" in text
    receipt = post(server, "/export", {"answers": [answer], "form": "receipt"}).json()
    assert {str(one.status) for one in verify_receipt(receipt, bot.article)} == {"intact"}


def test_refused_feedback_leaves_the_file_as_it_was(server, bot, served_index):
    kept = served_index / "feedback.jsonl"
    good = {"answer": bot.ask(MAYOR).to_dict(), "verdict": "good"}
    assert post(server, "/feedback", good).status_code == 204
    before = kept.read_bytes()
    broken = good["answer"] | {"citations": [{"number": "one"}]}
    reply = post(server, "/feedback", good | {"answer": broken})
    assert reply.status_code == 422 and reply.json()["error"].startswith("answer.citations.0.")
    assert kept.read_bytes() == before


def test_password_is_asked_for(served_index):
    body = {"question": NOWHERE}
    with serving(served_index, password="open sesame") as address:
        assert httpx.get(f"{address}/healthz").status_code == 200
        refused = httpx.get(address)
        assert refused.status_code == 401 and "Basic" in refused.headers["www-authenticate"]
        wrong = [{}, {"auth": ("any", "no")}, {"headers": {"authorization": "Bearer no"}}]
        wrong.append({"headers": {"authorization": "Basic ="}})
        for given in wrong:
            assert httpx.post(f"{address}/api/ask", json=body, **given).status_code == 401
        bearer = {"headers": {"authorization": "Bearer open sesame"}}
        for given in (bearer, {"auth": ("any", "open sesame")}):
            reply = httpx.post(f"{address}/api/ask", json=body, timeout=60, **given)
            assert reply.status_code == 200

"""The SDK of LiteLLM, unchanged, in front of the gateway; a provider that records behind it."""

import json
import time

import litellm
import pytest
from people import BSN, EMAIL, NAME, TEXT, assert_unseen

ASK = [{"role": "user", "content": TEXT}]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False}
TOOLS = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in ("save_note", "send_note")]


@pytest.fixture
def ask(house):
    def ask(model="echo", way="openai", **more):
        base = f"{house.address}/v1" if way == "openai" else house.address
        asked = {"messages": ASK, "api_base": base, "api_key": house.gateway_key, "max_tokens": 100, "num_retries": 0, "max_retries": 0, "timeout": 60}
        return litellm.completion(model=f"{way}/{model}", **{**asked, **more})

    return ask


@pytest.mark.parametrize("way", ["openai", "anthropic"])
def test_an_answer_whole_and_streamed(house, ask, way):
    answer = ask(way=way)
    assert answer.choices[0].message.content == TEXT
    assert answer.usage.total_tokens == 18
    for model in ("echo-1", "echo"):
        chunks = list(ask(model, way=way, stream=True, stream_options={"include_usage": True}))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == TEXT
        usages = [usage.total_tokens for chunk in chunks if (usage := getattr(chunk, "usage", None))]
        assert usages and usages[-1] == 18
    assert_unseen(house)


@pytest.mark.parametrize("way", ["openai", "anthropic"])
def test_tools_one_and_several_at_once(house, ask, way):
    assert len(ask(way=way, tools=TOOLS[:1]).choices[0].message.tool_calls) == 1
    whole = ask("parallel", way=way, tools=TOOLS).choices[0].message.tool_calls
    streamed = litellm.stream_chunk_builder(list(ask("parallel", way=way, tools=TOOLS, stream=True))).choices[0].message.tool_calls
    for calls in (whole, streamed):
        assert [call.function.name for call in calls] == ["save_note", "send_note"]
        for call in calls:
            said = json.loads(call.function.arguments)["text"]
            assert NAME in said and EMAIL in said and BSN not in said
    calls = [{"id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": call.function.arguments}} for call in whole]
    results = [{"role": "tool", "tool_call_id": call.id, "content": f"Bewaard voor {NAME}, {BSN}."} for call in whole]
    turns = [*ASK, {"role": "assistant", "content": None, "tool_calls": calls}, *results, {"role": "user", "content": "En?"}]
    assert ask(way=way, messages=turns, tools=TOOLS, tool_choice="none").choices
    assert_unseen(house)


def test_an_answer_with_a_shape(house, ask):
    shape = {"type": "json_schema", "json_schema": {"name": "note", "schema": SCHEMA, "strict": True}}
    assert json.loads(ask("shaped", response_format=shape).choices[0].message.content) == {"text": TEXT}
    assert_unseen(house)


@pytest.mark.parametrize("way", ["openai", "anthropic"])
def test_a_broken_picture_is_refused_with_what_to_do(house, ask, way):
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    with pytest.raises(litellm.BadRequestError) as refused:
        ask(way=way, messages=[{"role": "user", "content": [{"type": "text", "text": "Wie?"}, picture]}])
    assert "Bewaar het opnieuw" in str(refused.value)
    assert house.n_received() == 0


@pytest.mark.parametrize("way", ["openai", "anthropic"])
def test_errors_are_those_that_the_client_knows(ask, way):
    for model, expected in (("error-429", litellm.RateLimitError), ("error-400", litellm.BadRequestError), ("error-500", (litellm.InternalServerError, litellm.BadGatewayError))):
        with pytest.raises(expected):
            ask(model, way=way)
    with pytest.raises(litellm.AuthenticationError):
        ask(way=way, api_key="wbg_fout")


def test_a_reader_that_leaves_stops_the_provider(house, ask):
    stream = ask("slow", stream=True)
    next(iter(stream))
    stream.completion_stream.close()
    until = time.monotonic() + 20
    while time.monotonic() < until and not house.provider.abandoned:
        time.sleep(0.05)
    assert house.provider.abandoned == 1


def test_a_client_that_tries_again_gets_its_answer(house, ask):
    # Two attempts of Waarborg make one of the client.
    assert ask("flaky-3", max_retries=2, num_retries=None).choices[0].message.content == TEXT
    assert house.n_received() == 4
    assert_unseen(house)


def test_texts_are_embedded(house):
    answer = litellm.embedding(model="openai/echo", input=[TEXT], api_base=f"{house.address}/v1", api_key=house.gateway_key, encoding_format="float")
    assert len(answer.data[0]["embedding"]) == 8
    assert_unseen(house)

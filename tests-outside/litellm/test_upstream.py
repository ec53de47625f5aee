"""The clients of OpenAI and Anthropic in front of Waarborg, and the LiteLLM proxy behind it as the provider."""

import json

import anthropic
import openai
import pytest
from conftest import MOCKED
from people import BSN, TEXT, assert_unseen

ASK = [{"role": "user", "content": TEXT}]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
TOOL = {"type": "function", "function": {"name": "save_note", "parameters": SCHEMA}}
OTHER_TOOL = {"name": "save_note", "input_schema": SCHEMA}


@pytest.fixture
def client(front):
    with openai.OpenAI(base_url=f"{front.address}/v1", api_key=front.gateway_key, max_retries=0, timeout=60) as client:
        yield client


@pytest.fixture
def other_client(front):
    with anthropic.Anthropic(base_url=front.address, api_key=front.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def test_an_invented_answer_comes_as_it_is(client, other_client):
    answer = client.chat.completions.create(model="mock", messages=ASK)
    assert answer.choices[0].message.content == MOCKED
    assert answer.usage.total_tokens > 0
    stream = client.chat.completions.create(model="mock", messages=ASK, stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == MOCKED
    assert [chunk.usage.total_tokens > 0 for chunk in chunks if chunk.usage] == [True]
    said = other_client.messages.create(model="mock", max_tokens=100, messages=ASK)
    assert said.content[0].text == MOCKED and said.usage.output_tokens > 0


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_values_come_back_through_litellm_and_never_reach_it(house, client, other_client, model):
    assert client.chat.completions.create(model=model, messages=ASK).choices[0].message.content == TEXT
    stream = client.chat.completions.create(model=model, messages=ASK, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == TEXT
    assert other_client.messages.create(model=model, max_tokens=100, messages=ASK).content[0].text == TEXT
    with other_client.messages.stream(model=model, max_tokens=100, messages=ASK) as stream:
        assert "".join(stream.text_stream) == TEXT
    assert_unseen(house)


def test_tools_are_called_and_their_results_go_back(house, client, other_client):
    call = client.chat.completions.create(model="echo-3", messages=ASK, tools=[TOOL]).choices[0].message.tool_calls[0]
    arguments = ""
    for chunk in client.chat.completions.create(model="echo-3", messages=ASK, tools=[TOOL], stream=True):
        for piece in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
            arguments += piece.function.arguments or ""
    with other_client.messages.stream(model="echo-3", max_tokens=100, messages=ASK, tools=[OTHER_TOOL]) as stream:
        used = stream.get_final_message().content[-1]
    for text in (json.loads(call.function.arguments)["text"], json.loads(arguments)["text"], used.input["text"]):
        assert text == TEXT
    turns = [*ASK, {"role": "assistant", "tool_calls": [call.model_dump()]}, {"role": "tool", "tool_call_id": call.id, "content": json.dumps({"bsn": BSN})}]
    assert client.chat.completions.create(model="echo", messages=turns).choices[0].message.content == TEXT
    assert_unseen(house)


def test_errors_keep_their_meaning(client, other_client):
    for model in ("error-429", "mock-limit"):
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(model=model, messages=ASK)
        with pytest.raises(anthropic.RateLimitError):
            other_client.messages.create(model=model, max_tokens=10, messages=ASK)
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="error-500", messages=ASK)
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="nowhere", messages=ASK)

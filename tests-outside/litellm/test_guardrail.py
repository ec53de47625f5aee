"""LiteLLM asks Waarborg what may leave, by its generic guardrail call, before it sends anything to the recording provider."""

import json

import anthropic
import openai
import pytest
from conftest import MASTER_KEY
from people import BSN, EMAIL, NAME, TEXT, assert_unseen

ASK = [{"role": "system", "content": f"U spreekt met {NAME}."}, {"role": "user", "content": TEXT}]
GUARDED = {"guardrails": ["waarborg"]}


@pytest.fixture
def client(proxy):
    with openai.OpenAI(base_url=f"{proxy.address}/v1", api_key=MASTER_KEY, max_retries=0, timeout=60) as client:
        yield client


def test_without_the_guardrail_everything_leaves(house, client):
    client.chat.completions.create(model="echo", messages=ASK)
    assert BSN in house.received()


def test_nothing_planted_reaches_the_provider_and_the_values_come_back(house, client):
    answer = client.chat.completions.create(model="echo", messages=ASK, extra_body=GUARDED)
    assert answer.choices[0].message.content == TEXT
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_a_streamed_answer_has_its_values(house, client, model):
    stream = client.chat.completions.create(model=model, messages=ASK, stream=True, extra_body=GUARDED)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    assert text == TEXT
    assert_unseen(house)


def test_the_history_of_tools_does_not_leave_in_the_clear(house, client):
    call = {"id": "call_0", "type": "function", "function": {"name": "save_note", "arguments": json.dumps({"text": TEXT})}}
    messages = [
        *ASK,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_0", "content": json.dumps({"mail": EMAIL, "bsn": BSN})},
        {"role": "user", "content": [{"type": "text", "text": "Klopt dat?"}]},
    ]
    tools = [{"type": "function", "function": {"name": "save_note", "description": f"Notities van {NAME}.", "parameters": {"type": "object", "properties": {"text": {"type": "string"}}}}}]
    client.chat.completions.create(model="echo", messages=messages, tools=tools, extra_body=GUARDED)
    assert_unseen(house)


def test_the_other_formats_of_litellm_are_guarded_too(house, proxy, client):
    with anthropic.Anthropic(base_url=proxy.address, api_key=MASTER_KEY, max_retries=0, timeout=60) as other:
        said = other.messages.create(model="echo", max_tokens=100, messages=[{"role": "user", "content": TEXT}], extra_body=GUARDED)
    assert [block.text for block in said.content if block.type == "text"] == [TEXT], said
    client.responses.create(model="echo", input=TEXT, extra_body=GUARDED)
    client.embeddings.create(model="echo", input=[TEXT, "niets"], extra_body=GUARDED)
    assert_unseen(house)


def test_what_cannot_be_looked_into_does_not_leave(house, client):
    picture = [{"role": "user", "content": [{"type": "text", "text": "Wie?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]
    with pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(model="echo", messages=picture, extra_body=GUARDED)
    assert "Waarborg" in str(refused.value)
    assert house.n_received() == 0

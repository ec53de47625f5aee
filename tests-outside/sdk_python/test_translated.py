"""Clients of one format before providers of the other: OpenAI's client with a model of Anthropic, and the other way."""

import json

import anthropic
import openai
import pytest
from people import BSN, NAME, TEXT, assert_unseen, check_given

ASK = [{"role": "system", "content": f"De klant heet {NAME}."}, {"role": "user", "content": TEXT}]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
TOOL = {"type": "function", "function": {"name": "save_note", "description": "Bewaart een notitie.", "parameters": SCHEMA}}
ANTHROPIC_TOOL = {"name": "save_note", "description": "Bewaart een notitie.", "input_schema": SCHEMA}


@pytest.fixture
def openai_client(anthropic_house):
    with openai.OpenAI(base_url=f"{anthropic_house.address}/v1", api_key=anthropic_house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


@pytest.fixture
def anthropic_client(house):
    with anthropic.Anthropic(base_url=house.address, api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def paths(house):
    with house.provider.lock:
        return {row["path"] for row in house.provider.requests}


def test_openais_client_gets_an_answer_of_a_model_of_anthropic(anthropic_house, openai_client):
    answer = openai_client.chat.completions.create(model="echo", messages=ASK, max_tokens=100)
    assert answer.choices[0].message.content == TEXT
    assert answer.choices[0].finish_reason == "stop" and answer.usage.total_tokens == 18
    assert paths(anthropic_house) == {"/v1/messages"}
    assert_unseen(anthropic_house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo"])
def test_openais_client_gets_a_stream_and_its_usage(anthropic_house, openai_client, model):
    with openai_client.chat.completions.stream(model=model, messages=ASK, stream_options={"include_usage": True}) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.content == TEXT and final.usage.completion_tokens == 7
    assert_unseen(anthropic_house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_openais_client_calls_a_tool_and_sends_its_result(anthropic_house, openai_client, model):
    whole = openai_client.chat.completions.create(model=model, messages=ASK, tools=[TOOL], tool_choice="required")
    with openai_client.chat.completions.stream(model=model, messages=ASK, tools=[TOOL]) as stream:
        streamed = stream.get_final_completion()
    for answer in (whole, streamed):
        assert answer.choices[0].finish_reason == "tool_calls"
        check_given(json.loads(answer.choices[0].message.tool_calls[0].function.arguments)["text"])
    said = whole.choices[0].message
    turns = [*ASK, said, {"role": "tool", "tool_call_id": said.tool_calls[0].id, "content": f"Bewaard voor {NAME}, BSN {BSN}."}, {"role": "user", "content": f"Dank, {NAME}"}]
    assert openai_client.chat.completions.create(model=model, messages=turns).choices[0].message.content.endswith(f"Dank, {NAME}")
    assert_unseen(anthropic_house)


def test_openais_client_hears_of_errors_in_its_own_way(anthropic_house, openai_client):
    with pytest.raises(openai.RateLimitError) as busy:
        openai_client.chat.completions.create(model="error-429", messages=ASK)
    assert busy.value.response.headers["retry-after"] == "3"
    anthropic_house.provider.forget()
    with pytest.raises(openai.BadRequestError) as refused:
        openai_client.chat.completions.create(model="echo", messages=ASK, n=2)
    assert refused.value.code == "unsupported_field" and refused.value.param == "n"
    assert anthropic_house.n_received() == 0


def test_anthropics_client_gets_an_answer_of_a_model_of_openai(house, anthropic_client):
    answer = anthropic_client.messages.create(model="echo", max_tokens=100, system=f"De klant heet {NAME}.", messages=ASK[1:])
    assert answer.content[0].text == TEXT
    assert answer.stop_reason == "end_turn" and answer.usage.output_tokens == 7
    assert paths(house) == {"/v1/chat/completions"}
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo"])
def test_anthropics_client_gets_a_stream_and_its_usage(house, anthropic_client, model):
    with anthropic_client.messages.stream(model=model, max_tokens=100, messages=ASK[1:]) as stream:
        assert "".join(stream.text_stream) == TEXT
        final = stream.get_final_message()
    assert final.stop_reason == "end_turn" and final.usage.output_tokens == 7 and final.usage.input_tokens == 11
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_anthropics_client_calls_a_tool_and_sends_its_result(house, anthropic_client, model):
    asked = {"model": model, "max_tokens": 100, "messages": ASK[1:], "tools": [ANTHROPIC_TOOL]}
    whole = anthropic_client.messages.create(**asked)
    with anthropic_client.messages.stream(**asked) as stream:
        streamed = stream.get_final_message()
    for answer in (whole, streamed):
        assert answer.stop_reason == "tool_use"
        check_given(answer.content[0].input["text"])
    result = {"type": "tool_result", "tool_use_id": whole.content[0].id, "content": f"Bewaard voor {NAME}, BSN {BSN}."}
    turns = [*ASK[1:], {"role": "assistant", "content": whole.content}, {"role": "user", "content": [result, {"type": "text", "text": f"Dank, {NAME}"}]}]
    assert anthropic_client.messages.create(model=model, max_tokens=100, messages=turns).content[0].text == f"Dank, {NAME}"
    assert_unseen(house)


def test_anthropics_client_hears_of_errors_in_its_own_way(house, anthropic_client):
    with pytest.raises(anthropic.RateLimitError):
        anthropic_client.messages.create(model="error-429", max_tokens=1, messages=ASK[1:])
    house.provider.forget()
    with pytest.raises(anthropic.BadRequestError):
        anthropic_client.messages.create(model="echo", max_tokens=1, messages=ASK[1:], tools=[{"type": "bash_20250124", "name": "bash"}])
    assert house.n_received() == 0


def test_anthropics_client_gets_an_estimate_where_the_provider_counts_nothing(house, anthropic_client):
    house.provider.forget()
    counted = anthropic_client.messages.count_tokens(model="echo", messages=ASK[1:])
    assert counted.input_tokens > 5
    assert counted.to_dict()["waarborg"]["estimated"] is True
    assert house.n_received() == 0

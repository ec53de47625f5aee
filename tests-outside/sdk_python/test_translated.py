"""Clients of one format before providers of another: OpenAI's client with a model of Anthropic, Anthropic's with one of OpenAI, Ollama's with either."""

import json

import anthropic
import ollama
import openai
import pytest
from people import BSN, NAME, TEXT, assert_unseen, check_given

ASK = [{"role": "system", "content": f"De klant heet {NAME}."}, {"role": "user", "content": TEXT}]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
TOOL = {"type": "function", "function": {"name": "save_note", "description": "Bewaart een notitie.", "parameters": SCHEMA}}
RESPONSES_TOOL = {"type": "function", "name": "save_note", "description": "Bewaart een notitie.", "parameters": SCHEMA, "strict": False}
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


def test_openais_client_gets_a_response_of_a_model_of_anthropic(anthropic_house, openai_client):
    asked = {"instructions": f"De klant heet {NAME}.", "input": TEXT, "max_output_tokens": 100}
    answer = openai_client.responses.create(model="echo", **asked)
    assert answer.output_text == TEXT and answer.status == "completed" and answer.usage.total_tokens == 18
    with openai_client.responses.stream(model="echo-3", **asked) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == TEXT
    assert final.output_text == TEXT and final.usage.output_tokens == 7
    assert paths(anthropic_house) == {"/v1/messages"}
    assert_unseen(anthropic_house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_openais_client_of_responses_calls_a_tool_and_sends_its_result(anthropic_house, openai_client, model):
    asked = {"model": model, "input": ASK, "tools": [RESPONSES_TOOL]}
    whole = openai_client.responses.create(**asked)
    with openai_client.responses.stream(**asked) as stream:
        streamed = stream.get_final_response()
    for answer in (whole, streamed):
        [call] = [item for item in answer.output if item.type == "function_call"]
        check_given(json.loads(call.arguments)["text"])
        result = {"type": "function_call_output", "call_id": call.call_id, "output": f"Bewaard voor {NAME}, BSN {BSN}."}
        turns = [*ASK, *(item.to_dict() for item in answer.output), result, {"role": "user", "content": f"Dank, {NAME}"}]
        assert openai_client.responses.create(model=model, input=turns).output_text.endswith(f"Dank, {NAME}")
    assert_unseen(anthropic_house)


def test_openais_client_of_responses_hears_what_cannot_be_said_or_looked_up(anthropic_house, house, openai_client):
    with openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0, timeout=60) as own:
        for asked, at, client in (
            ({"input": "hoi", "tools": [{"type": "custom", "name": "x"}]}, "tools", openai_client),
            ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "input.0", openai_client),
            ({"input": [*ASK, {"type": "item_reference", "id": "rs_1"}]}, "input.2", own),
        ):
            anthropic_house.provider.forget()
            house.provider.forget()
            with pytest.raises(openai.BadRequestError) as refused:
                client.responses.create(model="echo", **asked)
            expected = "unsupported_field" if at == "tools" else "reference_not_inspectable"
            assert (refused.value.code, refused.value.param) == (expected, at)
            assert anthropic_house.n_received() == house.n_received() == 0


def test_openais_client_sends_a_thought_back_that_nobody_kept(house):
    thought = {"type": "reasoning", "id": "rs_68af2b7c9d1e4f5a6b7c8d9e", "summary": []}
    with openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        answer = client.responses.create(model="echo", input=[thought, *ASK], reasoning={"effort": "low"})
    assert answer.output_text == TEXT
    [sent] = house.provider.requests
    asked = json.loads(sent["body"])
    assert asked["include"] == ["reasoning.encrypted_content"] and asked["store"] is False
    assert len(asked["input"]) == len(ASK) and "rs_68af" not in house.received()


@pytest.mark.parametrize("model", ["echo-3", "echo"])
def test_ollamas_client_asks_models_of_others(anthropic_house, house, model):
    tool = {"type": "function", "function": {"name": "save_note", "description": "Bewaart een notitie.", "parameters": SCHEMA}}
    for other, path in ((house, "/v1/chat/completions"), (anthropic_house, "/v1/messages")):
        other.provider.forget()
        client = ollama.Client(host=other.address, headers={"Authorization": f"Bearer {other.gateway_key}"})
        answer = client.chat(model=model, messages=ASK)
        assert answer.message.content == TEXT and answer.eval_count == 7
        pieces = list(client.chat(model=model, messages=ASK, stream=True))
        assert "".join(piece.message.content or "" for piece in pieces) == TEXT and pieces[-1].done
        for called in (client.chat(model=model, messages=ASK, tools=[tool]), *client.chat(model=model, messages=ASK, tools=[tool], stream=True)):
            if called.message.tool_calls:
                check_given(called.message.tool_calls[0].function.arguments["text"])
                last = called
        turns = [*ASK, last.message, {"role": "tool", "tool_name": "save_note", "content": f"Bewaard voor {NAME}."}, {"role": "user", "content": f"Dank, {NAME}"}]
        assert client.chat(model=model, messages=turns).message.content.endswith(f"Dank, {NAME}")
        assert paths(other) == {path}
        assert_unseen(other)


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

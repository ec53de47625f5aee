"""Ollama's client for Python in front of the gateway; a provider in Ollama's format that records behind it."""

import installation
import ollama
import pytest
from people import BSN, NAME, TEXT, assert_unseen

ASK = [{"role": "user", "content": TEXT}]
TOOL = {
    "type": "function",
    "function": {"name": "save_note", "description": "Bewaart een notitie.", "parameters": {"type": "object", "properties": {"text": {"type": "string"}}}},
}


@pytest.fixture(scope="module")
def whole_ollama_house():
    with installation.Installation(provider="ollama") as house:
        yield house


@pytest.fixture
def house(whole_ollama_house):
    whole_ollama_house.provider.forget()
    return whole_ollama_house


@pytest.fixture
def client(house):
    return ollama.Client(host=house.address, headers={"Authorization": f"Bearer {house.gateway_key}"})


def test_a_chat_comes_back_with_the_real_values(house, client):
    answer = client.chat(model="echo", messages=ASK, think=True)
    assert answer.message.content == TEXT and answer.message.thinking == TEXT
    assert answer.eval_count == 7
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo", "echo-64"])
def test_a_streamed_chat_is_whole_however_it_is_cut(house, client, model):
    parts = list(client.chat(model=model, messages=ASK, think=True, stream=True))
    assert "".join(part.message.content or "" for part in parts) == TEXT
    assert "".join(part.message.thinking or "" for part in parts) == TEXT
    assert parts[-1].done and parts[-1].total_duration == 5191566416
    assert_unseen(house)


def test_a_tool_is_called_and_its_result_goes_back(house, client):
    whole = client.chat(model="echo", messages=ASK, tools=[TOOL]).message
    streamed = [part.message for part in client.chat(model="echo-3", messages=ASK, tools=[TOOL], stream=True)]
    for message in (whole, next(message for message in streamed if message.tool_calls)):
        given = message.tool_calls[0].function.arguments["text"]
        assert given == TEXT
    turns = [*ASK, whole, {"role": "tool", "tool_name": "save_note", "content": f"Bewaard voor {NAME}, BSN {BSN}."}]
    assert client.chat(model="echo", messages=[*turns, {"role": "user", "content": f"Dank, {NAME}"}]).message.content == f"Dank, {NAME}"
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_a_text_that_goes_on_is_whole(house, client, model):
    assert client.generate(model=model, prompt=TEXT).response == TEXT
    assert "".join(part.response for part in client.generate(model=model, prompt=TEXT, stream=True)) == TEXT
    assert_unseen(house)


def test_texts_are_embedded_and_models_listed(house, client):
    alone = client.embed(model="echo", input=TEXT).embeddings[0]
    assert client.embed(model="echo", input=["Iets anders.", TEXT]).embeddings[1] == alone
    assert [model.model for model in client.list().models] == ["llama3.2"]
    assert_unseen(house)


def test_errors_are_those_that_the_client_knows(house, client):
    with pytest.raises(ollama.ResponseError) as refused:
        client.chat(model="echo", messages=[{"role": "user", "content": "Wie?", "images": [b"\x89PNG"]}])
    assert refused.value.status_code == 400 and "Waarborg" in refused.value.error
    stranger = ollama.Client(host=house.address, headers={"Authorization": "Bearer wbg_fout"})
    with pytest.raises(ollama.ResponseError) as refused:
        stranger.chat(model="echo", messages=ASK)
    assert refused.value.status_code == 401
    assert house.n_received() == 0
    with pytest.raises(ollama.ResponseError) as refused:
        client.chat(model="error-500", messages=ASK)
    assert refused.value.status_code == 502

"""Anthropic's client for Python, unchanged, in front of the gateway; a provider that records behind it."""

import anthropic
import installation
import pytest
import upstream_messages

NAME = "Willemijn Terpstra"
EMAIL = "w.terpstra@voorbeeld.nl"
BSN = "123456782"
IBAN = "NL91ABNA0417164300"
TEXT = f'Mijn naam is {NAME}, mijn e-mailadres is {EMAIL} en mijn BSN is {BSN}.\nMaak het over op IBAN {IBAN}; zeg het "letterlijk" terug.'
MESSAGES = [{"role": "user", "content": TEXT}]
TOOLS = [{"name": "save_note", "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}}}]


@pytest.fixture(scope="module")
def whole_house():
    with installation.Installation(profile="pseudonymise", destination="eu", provider="anthropic") as house:
        yield house


@pytest.fixture
def house(whole_house):
    whole_house.provider.forget()
    return whole_house


@pytest.fixture
def client(house):
    with anthropic.Anthropic(base_url=house.address, api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def assert_unseen(house):
    received = house.received().lower()
    assert received, "the provider received nothing at all"
    for value in (NAME, EMAIL, BSN, IBAN):
        assert value.lower() not in received, f"the provider saw {value}"


def test_an_answer_comes_back_with_the_real_values(house, client):
    answer = client.messages.create(model="echo", max_tokens=100, system=f"De klant heet {NAME}.", messages=MESSAGES)
    assert answer.content[0].text == TEXT
    assert answer.usage.output_tokens == 7
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo"])
def test_a_streamed_answer_is_whole(house, client, model):
    with client.messages.stream(model=model, max_tokens=100, messages=MESSAGES) as stream:
        assert "".join(stream.text_stream) == TEXT
        assert stream.get_final_message().stop_reason == "end_turn"
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_a_tool_gets_an_object_with_names_restored_and_numbers_not(house, client, model):
    whole = client.messages.create(model=model, max_tokens=100, messages=MESSAGES, tools=TOOLS).content[0]
    with client.messages.stream(model=model, max_tokens=100, messages=MESSAGES, tools=TOOLS) as stream:
        streamed = stream.get_final_message().content[0]
    for call in (whole, streamed):
        assert call.name == "save_note"
        assert NAME in call.input["text"] and EMAIL in call.input["text"] and '"letterlijk"' in call.input["text"]
        assert BSN not in call.input["text"]
    assert_unseen(house)


def test_thinking_and_its_signature_come_back_unaltered_and_go_again(house, client):
    thinking = {"type": "enabled", "budget_tokens": 1024}
    answer = client.messages.create(model="echo", max_tokens=2048, messages=MESSAGES, thinking=thinking)
    thought, said = answer.content
    assert thought.signature == upstream_messages.SIGNATURE
    assert NAME not in thought.thinking and said.text == TEXT
    turns = [*MESSAGES, {"role": "assistant", "content": answer.content}, {"role": "user", "content": "En nu?"}]
    assert client.messages.create(model="echo", max_tokens=2048, messages=turns, thinking=thinking).content[1].text == "En nu?"
    with house.provider.lock:
        again = house.provider.requests[-1]["body"].decode()
    assert thought.signature in again and thought.thinking.split("\n")[0] in again
    assert_unseen(house)


def test_tokens_are_counted_and_models_listed(house, client):
    assert client.messages.count_tokens(model="echo", messages=MESSAGES).input_tokens == 42
    assert [model.id for model in client.models.list()] == ["claude-sonnet-4-5"]
    assert_unseen(house)


def test_errors_are_those_that_the_client_knows(house, client):
    with pytest.raises(anthropic.RateLimitError) as busy:
        client.messages.create(model="error-429", max_tokens=1, messages=MESSAGES)
    assert busy.value.response.headers["retry-after"] == "3"
    with pytest.raises(anthropic.InternalServerError):
        client.messages.create(model="error-529", max_tokens=1, messages=MESSAGES)
    with pytest.raises(anthropic.BadRequestError):
        client.messages.create(model="echo", max_tokens=1, messages=[{"role": "user", "content": [
            {"type": "image", "source": {"type": "url", "url": "https://voorbeeld.nl/a.png"}}]}])
    stranger = anthropic.Anthropic(base_url=house.address, api_key="wbg_fout", max_retries=0)
    with pytest.raises(anthropic.AuthenticationError):
        stranger.messages.create(model="echo", max_tokens=1, messages=MESSAGES)

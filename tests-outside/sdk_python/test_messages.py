"""What only Anthropic's client for Python does; its ordinary flows stand in test_flows.py."""

import json

import anthropic
import pytest
import upstream_messages
from people import NAME, TEXT, assert_unseen

MESSAGES = [{"role": "user", "content": TEXT}]


@pytest.fixture
def house(anthropic_house):
    return anthropic_house


@pytest.fixture
def client(house):
    with anthropic.Anthropic(base_url=house.address, api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def test_an_answer_comes_back_with_the_real_values(house, client):
    answer = client.messages.create(model="echo", max_tokens=100, system=f"De klant heet {NAME}.", messages=MESSAGES)
    assert answer.content[0].text == TEXT
    assert answer.usage.output_tokens == 7
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
    [sent] = [block for block in json.loads(again)["messages"][1]["content"] if block["type"] == "thinking"]
    assert (sent["signature"], sent["thinking"]) == (thought.signature, thought.thinking)
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

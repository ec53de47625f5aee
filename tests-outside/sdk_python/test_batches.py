"""Batches, with the clients of their makers: made, listed, looked at, read, stopped and deleted."""

import anthropic
import installation
import pytest
from conftest import SETTINGS
from people import NAME, TEXT, assert_unseen

TERM = """
[term.kept_map]
period = "30d"
why = { nl = "Tot de antwoorden er zijn", en = "Until the answers are there" }
kept = { nl = "wat wij in een batch vervingen", en = "what we replaced in a batch" }
"""


def keeping(provider):
    """An installation whose register lets its provider keep batches, and says how long the map of one is kept."""
    house = installation.Installation(profile="pseudonymise", destination="eu", provider=provider, settings=SETTINGS)
    register = house.dir / "register.toml"
    register.write_text(register.read_text().replace("stores_input = false", 'stores_input = true\nresidual = "30d"') + TERM)
    return house


@pytest.fixture(scope="module")
def house():
    with keeping("anthropic") as house:
        yield house


@pytest.fixture
def client(house):
    house.provider.forget()
    with anthropic.Anthropic(base_url=house.address, api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def request(name, text, model="echo"):
    return {"custom_id": name, "params": {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": text}]}}


def test_a_batch_of_messages_comes_back_with_the_real_values(house, client):
    made = client.messages.batches.create(requests=[
        request("klant-van-dam", TEXT), request("tweede", f"Wie is {NAME}?"), request("derde", "hoi", model="error-529")])
    assert made.processing_status == "in_progress"
    assert_unseen(house)
    assert "klant-van-dam" not in house.received()
    assert client.messages.batches.retrieve(made.id).request_counts.succeeded == 3
    assert made.id in [batch.id for batch in client.messages.batches.list(limit=1)]
    results = {result.custom_id: result.result for result in client.messages.batches.results(made.id)}
    assert list(results) == ["derde", "tweede", "klant-van-dam"]
    assert results["klant-van-dam"].message.content[0].text == TEXT
    assert results["tweede"].message.content[0].text == f"Wie is {NAME}?"
    assert results["derde"].error.error.type == "overloaded_error"
    assert client.messages.batches.cancel(made.id).id == made.id
    assert client.messages.batches.delete(made.id).id == made.id
    with pytest.raises(anthropic.NotFoundError):
        client.messages.batches.retrieve(made.id)


def test_a_batch_is_there_for_its_own_key_and_after_a_restart(house, client):
    made = client.messages.batches.create(requests=[request("a", TEXT)])
    other = anthropic.Anthropic(base_url=house.address, api_key=house.new_key("--label", "een-ander"), max_retries=0)
    with pytest.raises(anthropic.NotFoundError):
        other.messages.batches.retrieve(made.id)
    assert list(other.messages.batches.list()) == []
    house.stop()
    house.start()
    again = anthropic.Anthropic(base_url=house.address, api_key=house.gateway_key, max_retries=0)
    [result] = again.messages.batches.results(made.id)
    assert result.result.message.content[0].text == TEXT


def test_without_its_term_in_the_register_no_batch_leaves(anthropic_house):
    client = anthropic.Anthropic(base_url=anthropic_house.address, api_key=anthropic_house.gateway_key, max_retries=0)
    with pytest.raises(anthropic.PermissionDeniedError) as refused:
        client.messages.batches.create(requests=[request("a", TEXT)])
    assert refused.value.body["error"]["waarborg"]["code"] == "storing_not_permitted"
    assert anthropic_house.n_received() == 0

"""Responses that their provider keeps, with OpenAI's client for Python: gone on from, looked at again, deleted."""

import json

import openai
import pytest
from people import BSN, NAME, TEXT, assert_unseen
from test_batches import keeping


@pytest.fixture(scope="module")
def house():
    with keeping("openai") as house:
        yield house


@pytest.fixture
def client(house):
    house.provider.forget()
    with openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def asked(house):
    with house.provider.lock:
        return [json.loads(row["body"]) for row in house.provider.requests]


def test_a_conversation_goes_on_from_what_its_provider_keeps(house, client):
    first = client.responses.create(model="echo", input=TEXT)
    assert first.output_text == TEXT
    more = f"En het BSN van {NAME} is dus {BSN}?"
    second = client.responses.create(model="echo", input=more, previous_response_id=first.id)
    assert second.output_text == f"{TEXT}\n{more}"
    assert second.previous_response_id == first.id
    with client.responses.stream(model="echo-3", input=f"Dank, groet van {NAME}", previous_response_id=second.id) as stream:
        events = list(stream)
        third = stream.get_final_response()
    whole = f"{TEXT}\n{more}\nDank, groet van {NAME}"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == whole
    assert third.output_text == whole
    assert events[0].response.id == third.id != second.id
    assert_unseen(house)
    names = [row.get("previous_response_id") for row in asked(house)]
    assert names[0] is None and names[1].startswith("resp_0") and names[1] != first.id
    [said] = {word for word in asked(house)[2]["input"].split() if word.startswith("[")}
    assert said in asked(house)[0]["input"], "the same surrogate"


def test_a_response_is_looked_at_again_after_a_restart_and_deleted(house, client):
    made = client.responses.create(model="echo", input=TEXT, store=True)
    house.stop()
    house.start()
    again = openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0)
    looked = again.responses.retrieve(made.id)
    assert (looked.id, looked.output_text) == (made.id, TEXT)
    again.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        again.responses.retrieve(made.id)
    with pytest.raises(openai.BadRequestError) as refused:
        again.responses.create(model="echo", input="En nu?", previous_response_id=made.id)
    assert refused.value.code == "previous_response_not_found"


def test_a_response_is_there_for_its_own_key_and_person(house, client):
    made = client.responses.create(model="echo", input=TEXT, extra_headers={"X-Waarborg-Person": "een"})
    other = openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.new_key("--label", "een-ander"), max_retries=0)
    house.provider.forget()
    for stranger, person in ((other, "een"), (client, "twee")):
        headers = {"X-Waarborg-Person": person}
        with pytest.raises(openai.BadRequestError) as refused:
            stranger.responses.create(model="echo", input="En nu?", previous_response_id=made.id, extra_headers=headers)
        assert refused.value.code == "previous_response_not_found"
        with pytest.raises(openai.NotFoundError):
            stranger.responses.retrieve(made.id, extra_headers=headers)
    assert house.n_received() == 0

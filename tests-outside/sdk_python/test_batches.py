"""Batches, with the clients of their makers: made, listed, looked at, read, stopped and deleted."""

import json

import anthropic
import installation
import openai
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

@pytest.fixture(scope="module")
def openai_house():
    with keeping("openai") as house:
        yield house


@pytest.fixture
def openai_client(openai_house):
    openai_house.provider.forget()
    with openai.OpenAI(base_url=f"{openai_house.address}/v1", api_key=openai_house.gateway_key, max_retries=0, timeout=60) as client:
        yield client


def line(name, text, model="echo"):
    body = {"model": model, "messages": [{"role": "user", "content": text}]}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}


def sent(client, *requests):
    content = "".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests)
    return client.files.create(file=("van-dam.jsonl", content.encode()), purpose="batch")


def read(client, file):
    return [json.loads(row) for row in client.files.content(file).text.splitlines()]


def test_a_batch_of_a_file_comes_back_with_the_real_values(openai_house, openai_client):
    client = openai_client
    file = sent(client, line("klant-van-dam", TEXT), line("tweede", f"Wie is {NAME}?"), line("derde", "hoi", model="echo"))
    assert (file.purpose, client.files.retrieve(file.id).id) == ("batch", file.id)
    made = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"over": NAME})
    assert_unseen(openai_house)
    assert "van-dam" not in openai_house.received()
    done = client.batches.retrieve(made.id)
    assert (done.status, done.input_file_id, done.metadata) == ("completed", file.id, {"over": NAME})
    rows = read(client, done.output_file_id)
    assert [row["custom_id"] for row in rows] == ["derde", "tweede", "klant-van-dam"]
    assert rows[2]["response"]["body"]["choices"][0]["message"]["content"] == TEXT
    assert made.id in [batch.id for batch in client.batches.list(limit=5)]
    assert file.id in [known.id for known in client.files.list(purpose="batch")]
    assert client.batches.cancel(made.id).id == made.id
    assert client.files.delete(done.output_file_id).deleted
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.batches.retrieve(made.id)


def test_what_failed_stands_in_a_file_of_its_own_and_in_our_words(openai_client):
    file = sent(openai_client, line("goed", TEXT), line("fout", TEXT, model="error-500"))
    made = openai_client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    done = openai_client.batches.retrieve(made.id)
    [row] = read(openai_client, done.error_file_id)
    assert (row["custom_id"], row["response"]["status_code"]) == ("fout", 500)
    error = row["response"]["body"]["error"]
    assert error["code"] == "out_of_order" and "out of order" not in error["message"]


def test_another_file_is_refused_with_what_to_do(openai_house, openai_client):
    with pytest.raises(openai.BadRequestError) as refused:
        openai_client.files.create(file=("brief.txt", TEXT.encode()), purpose="user_data")
    assert refused.value.code == "unsupported_purpose"
    with pytest.raises(openai.BadRequestError) as refused:
        sent(openai_client, line("a", "hoi"), {**line("b", TEXT), "url": "/v1/images/generations"})
    assert refused.value.body["waarborg"]["line"] == 2
    assert openai_house.n_received() == 0

"""Conversations that stand at their provider, with OpenAI's client for Python: begun, gone on in, looked at, deleted, and their items."""

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
        return [json.loads(row["body"] or b"null") for row in house.provider.requests]


def surrogates(text):
    return {word.strip(".,?") for word in text.split() if word.startswith("[")}


def test_a_conversation_is_begun_and_gone_on_in_whole_and_streamed(house, client):
    made = client.conversations.create(items=[{"type": "message", "role": "user", "content": TEXT}], metadata={"dossier": NAME})
    assert made.id.startswith("conv_0") and made.object == "conversation"
    assert made.metadata == {"dossier": NAME}
    more = f"En het BSN van {NAME} is dus {BSN}?"
    first = client.responses.create(model="echo", input=more, conversation=made.id)
    assert first.output_text == f"{TEXT}\n{more}"
    assert first.conversation.id == made.id
    with client.responses.stream(model="echo-3", input=f"Dank, groet van {NAME}", conversation={"id": made.id}) as stream:
        events = list(stream)
        second = stream.get_final_response()
    whole = f"{TEXT}\n{more}\nDank, groet van {NAME}"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == whole
    assert second.output_text == whole
    assert events[0].response.conversation.id == second.conversation.id == made.id
    assert_unseen(house)
    begun, turn, streamed = asked(house)
    assert set(begun) == {"items"}, "the labels stay here"
    assert turn["conversation"] == streamed["conversation"]["id"] != made.id
    [said] = surrogates(streamed["input"])
    assert said in surrogates(turn["input"]), "the same surrogate"
    # Each answer is a response as well, that can be looked at again.
    looked = client.responses.retrieve(first.id)
    assert (looked.output_text, looked.conversation.id) == (first.output_text, made.id)


def test_a_conversation_goes_on_after_a_restart_and_is_deleted(house, client):
    made = client.conversations.create(items=[{"type": "message", "role": "user", "content": TEXT}], metadata={"dossier": "een"})
    house.stop()
    house.start()
    again = openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0)
    looked = again.conversations.retrieve(made.id)
    assert (looked.id, looked.metadata) == (made.id, {"dossier": "een"})
    turn = again.responses.create(model="echo", input="En nu?", conversation=made.id)
    assert turn.output_text == f"{TEXT}\nEn nu?"
    gone = again.conversations.delete(made.id)
    assert (gone.id, gone.deleted) == (made.id, True)
    with pytest.raises(openai.NotFoundError) as refused:
        again.conversations.retrieve(made.id)
    assert refused.value.code == "conversation_not_found"
    with pytest.raises(openai.NotFoundError):
        again.responses.create(model="echo", input="En nu?", conversation=made.id)


def test_a_conversation_is_there_for_its_own_key_and_person(house, client):
    made = client.conversations.create(extra_headers={"X-Waarborg-Person": "een"})
    other = openai.OpenAI(base_url=f"{house.address}/v1", api_key=house.new_key("--label", "een-vreemde"), max_retries=0)
    house.provider.forget()
    for stranger, person in ((other, "een"), (client, "twee")):
        headers = {"X-Waarborg-Person": person}
        for act in (
            lambda: stranger.responses.create(model="echo", input="En nu?", conversation=made.id, extra_headers=headers),
            lambda: stranger.conversations.retrieve(made.id, extra_headers=headers),
            lambda: stranger.conversations.delete(made.id, extra_headers=headers),
        ):
            with pytest.raises(openai.NotFoundError) as refused:
                act()
            assert refused.value.code == "conversation_not_found"
    assert house.n_received() == 0


def test_what_excludes_one_another_is_refused_as_openai_does(client):
    made = client.conversations.create()
    first = client.responses.create(model="echo", input="hoi", conversation=made.id)
    for more in ({"previous_response_id": first.id}, {"store": False}):
        with pytest.raises(openai.BadRequestError) as refused:
            client.responses.create(model="echo", input="En nu?", conversation=made.id, **more)
        assert refused.value.code == "mutually_exclusive_parameters"


def said(text):
    return {"type": "message", "role": "user", "content": text}


def text_of(item):
    return "".join(part.text for part in item.content)


def test_items_are_added_listed_looked_at_and_deleted(house, client):
    made = client.conversations.create(items=[said(TEXT)])
    more = f"En {NAME}?"
    added = client.conversations.items.create(made.id, items=[said(more), said("Dank u.")])
    assert [text_of(item) for item in added.data] == [more, "Dank u."]
    listed = client.conversations.items.list(made.id, order="asc", limit=2)
    assert [text_of(item) for item in listed] == [TEXT, more, "Dank u."], "page by page"
    assert_unseen(house)
    one = client.conversations.items.retrieve(added.data[0].id, conversation_id=made.id)
    assert (one.id, text_of(one)) == (added.data[0].id, more)
    turn = client.responses.create(model="echo", input="En nu?", conversation=made.id)
    assert turn.output_text == f"{TEXT}\n{more}\nDank u.\nEn nu?"
    left = client.conversations.items.delete(one.id, conversation_id=made.id)
    assert left.id == made.id
    with pytest.raises(openai.NotFoundError):
        client.conversations.items.retrieve(one.id, conversation_id=made.id)
    asked_for = [json.loads(row["body"]) for row in house.provider.requests if row["path"].endswith("/items") and row["method"] == "POST"]
    [first, second] = asked_for[0]["items"]
    assert surrogates(first["content"]) and second["content"] == "Dank u."


def test_items_are_asked_for_within_a_conversation_of_ones_own(house, client):
    made = client.conversations.create(items=[said(TEXT)], extra_headers={"X-Waarborg-Person": "een"})
    other = client.conversations.create()
    house.provider.forget()
    for act in (
        lambda: client.conversations.items.list(made.id),
        lambda: client.conversations.items.retrieve("msg_001", conversation_id=made.id),
        lambda: client.conversations.items.create(made.id, items=[said("hoi")]),
        lambda: client.conversations.items.delete("msg_001", conversation_id=made.id),
        lambda: client.conversations.update(made.id, metadata={"a": "b"}),
    ):
        with pytest.raises(openai.NotFoundError) as refused:
            act()
        assert refused.value.code == "conversation_not_found"
    assert house.n_received() == 0
    with pytest.raises(openai.BadRequestError):
        client.conversations.items.create(other.id, items=[{"type": "item_reference", "id": "msg_001"}])
    assert house.n_received() == 0


def test_labels_are_changed_here_and_leave_never(house, client):
    made = client.conversations.create(items=[said(TEXT)], metadata={"dossier": NAME})
    changed = client.conversations.update(made.id, metadata={"dossier": BSN})
    assert changed.metadata == {"dossier": BSN}
    assert client.conversations.retrieve(made.id).metadata == {"dossier": BSN}
    assert_unseen(house)

"""What every client does, tried with each of them: written once, for whatever client a suite brings.

A suite has a list of talkers and a fixture `talker` that gives one of them with its house (sdk_python/test_flows.py,
litellm/test_flows.py). A talker is a client, unmodified, with these ways to use it:

    whole(model)            the text of an answer;  retries=, key=  as the client itself has them
    stream(model)           its pieces of text, one by one
    leave(model)            takes the first piece of a stream, and leaves
    usage(model, stream)    tokens in and out
    tools(model, names, stream)   what is called: (name, arguments as text or object)
    shaped(model)           the object that the client parsed; some ask for it as a tool
    seen(model, picture)    the text of an answer about a picture
    refused(call)           status, `Retry-After` and all words of the error that the client raises
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import people
import pytest
from people import EMAIL, NAME, TEXT, assert_silent, assert_unseen

# One character at a time, and what the provider is documented to send.
MODELS = ["echo-1", "documented"]


def arguments(given):
    return json.loads(given) if isinstance(given, str) else given


@pytest.mark.parametrize("model", ["echo", "documented"])
def test_an_answer_has_its_values_and_the_provider_never_saw_them(talker, model):
    assert talker.whole(model) == TEXT
    assert_unseen(talker.house)


@pytest.mark.parametrize("model", MODELS)
def test_a_stream_has_its_values_however_it_is_cut(talker, model):
    pieces = list(talker.stream(model))
    assert "".join(pieces) == TEXT
    assert len(pieces) > 3, "the answer was not streamed"
    assert_unseen(talker.house)


def test_a_tool_gets_what_was_typed(talker):
    for stream in (False, True):
        [(name, given)] = talker.tools("echo-1", ["save_note"], stream)
        assert name == "save_note"
        people.check_given(arguments(given)["text"])
    assert_unseen(talker.house)


@pytest.mark.parametrize("model", ["parallel", "documented"])
def test_two_tools_at_once_each_get_theirs(talker, model):
    for stream in (False, True):
        calls = talker.tools(model, ["save_note", "send_note"], stream)
        assert [name for name, _ in calls] == ["save_note", "send_note"]
        for _, given in calls:
            people.check_given(arguments(given)["text"])
    assert_unseen(talker.house)


def test_an_answer_with_a_shape_is_parsed(talker):
    shaped = talker.shaped("echo-1")
    assert shaped == {"text": TEXT}
    assert_unseen(talker.house)


def test_a_picture_goes_along_without_what_is_written_about_it(talker):
    assert talker.seen("echo", people.PICTURE) == TEXT
    people.assert_bare_picture(talker.house)
    assert_unseen(talker.house)


def test_a_picture_that_cannot_be_read_is_refused_with_what_to_do(talker):
    status, _, said = talker.refused(lambda: talker.seen("echo", people.PICTURE[:40]))
    assert status == 400 and "Bewaar het opnieuw" in said, said
    assert talker.house.n_received() == 0


@pytest.mark.parametrize("model", ["echo", "documented"])
def test_usage_is_told_in_an_answer_and_in_a_stream(talker, model):
    assert talker.usage(model, stream=False) == (11, 7)
    assert talker.usage(model, stream=True) == (11, 7)
    assert_unseen(talker.house)


@pytest.mark.parametrize("model, status", [("error-500", 502), ("documented-400", 400), ("documented-429", 429), ("documented-503", 502)])
def test_an_error_of_the_provider_is_the_one_that_the_client_knows(talker, model, status):
    for call in (lambda: talker.whole(model), lambda: list(talker.stream(model))):
        told, retry_after, said = talker.refused(call)
        assert told == status
        assert_silent(said)
        assert retry_after == ("20" if model in ("documented-429", "documented-503") else retry_after)
    assert_unseen(talker.house)


def test_a_refusal_of_the_gateway_is_the_one_that_the_client_knows(talker):
    status, _, said = talker.refused(lambda: talker.whole("echo", key="wbg_fout"))
    assert status == 401
    assert_silent(said)
    assert talker.house.n_received() == 0


@pytest.mark.parametrize("model", ["cut", "documented-failed"])
def test_a_stream_that_breaks_is_an_error_and_says_nothing_of_anybody(talker, model):
    _, _, said = talker.refused(lambda: list(talker.stream(model)))
    assert "Het antwoord van de aanbieder brak af" in said
    assert_silent(said)
    assert_unseen(talker.house)


def test_who_leaves_a_stream_stops_the_provider(talker):
    talker.leave("slow")
    assert talker.house.provider.wait_for("abandoned", 1) == 1
    assert_unseen(talker.house)


# ---------------------------------------------------------------- trying again

# All clients wait for their second attempt at the same time.


def at_once(talkers, call):
    with ThreadPoolExecutor(len(talkers)) as pool:
        return dict(zip((one.name for one in talkers), pool.map(call, talkers)))


@pytest.fixture(scope="session", params=[429, 503])
def tried_again(request, all_talkers):
    """The answers of all clients, each of which was refused once by the provider."""
    for house in {one.house for one in all_talkers}:
        house.provider.forget()
    said = at_once(all_talkers, lambda one: one.whole(f"busy-{request.param}-1-{one.name}", retries=3))
    received = {one.name: one.house.received() for one in all_talkers}
    n_asked = {one.name: received[one.name].count(f"busy-{request.param}-1-{one.name}") for one in all_talkers}
    return said, n_asked, received


def test_who_was_refused_by_the_provider_tries_again(tried_again, talker):
    said, n_asked, received = tried_again
    assert said[talker.name] == TEXT
    assert n_asked[talker.name] == 2
    assert_silent(received[talker.name], "the provider saw")


@pytest.fixture(scope="session")
def tried_within_a_budget(all_talkers):
    """The same, refused by the gateway: what their keys may use was in use by a request that was still running."""
    keys = {one.name: one.house.new_key("--tokens-per-day", "5000") for one in all_talkers}
    houses = {one.house: [other for other in all_talkers if other.house is one.house] for one in all_talkers}
    refused = {house: house.n_answered(429) for house in houses}
    with ThreadPoolExecutor(2 * len(all_talkers)) as pool:
        running = [pool.submit(one.whole, "held", key=keys[one.name], max_tokens=5000) for one in all_talkers]
        for house, here in houses.items():
            assert house.provider.wait_for("n_held", len(here)) == len(here)
            house.provider.forget()
        asked = {one.name: pool.submit(one.whole, "echo", key=keys[one.name], retries=5) for one in all_talkers}
        try:
            until = time.monotonic() + 20
            for house, here in houses.items():
                while house.n_answered(429) < refused[house] + len(here):
                    assert time.monotonic() < until, "not every client was refused"
                assert house.n_received() == 0, "the provider was asked although nothing was left"
        finally:
            for house in houses:
                house.provider.release()
        assert [one.result() for one in running] == [TEXT] * len(running)
        said = {name: one.result() for name, one in asked.items()}
    return said, {one.name: one.house.received() for one in all_talkers}


def test_who_was_refused_by_the_gateway_tries_again(tried_within_a_budget, talker):
    said, received = tried_within_a_budget
    assert said[talker.name] == TEXT
    assert_silent(received[talker.name], "the provider saw")
    assert NAME not in received[talker.name] and EMAIL not in received[talker.name]

"""Through the gateway and back: what real clients asked, and what OpenAI and Anthropic really answered."""

import collections
import contextlib
import json
import re
import urllib.error
import urllib.request

import pytest

import installation
import recordings
import replay
from people import TEXT, assert_silent
from recordings import CHAT, EMBEDDINGS, MESSAGES, RESPONSES
from words import places

EXCHANGES = list(recordings.exchanges())

# Why a request stays here, and what must stand in it then: what its provider would do out of our sight or what came of that, and
# pictures that nobody here can read.
OUT_OF_SIGHT = re.compile(
    "web_search|web_fetch|code_execution|code_interpreter|file_search|image_generation|mcp|tool_search|additional_tools|tool_addition"
    "|configuration_update|input_image"
)


@pytest.fixture(scope="module")
def provider():
    with replay.Provider() as provider:
        yield provider


def houses_with(profile, provider):
    """One for each format, whose provider answers what was recorded."""
    with contextlib.ExitStack() as stack:
        yield {
            kind: stack.enter_context(
                installation.Installation(profile=profile, provider=kind, base_url=provider.address, settings="retries = 0\n")
            )
            for kind in ("openai", "anthropic")
        }


@pytest.fixture(scope="module")
def observing(provider):
    yield from houses_with("observe", provider)


@pytest.fixture(scope="module")
def replacing(provider):
    yield from houses_with("pseudonymise", provider)


def answered(houses, exchange, asked):
    """Status and body of what the gateway answers."""
    house = houses["anthropic" if exchange.path == MESSAGES else "openai"]
    headers = {"content-type": "application/json", "authorization": f"Bearer {house.gateway_key}", **exchange.headers}
    request = urllib.request.Request(house.address + exchange.path, data=json.dumps(asked).encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def as_sent(exchange):
    """What the provider must get of a request in which nothing is replaced."""
    asked = exchange.asked
    if exchange.path != RESPONSES:
        return asked
    sent = dict(asked)
    if "store" not in asked:
        # The register does not let this provider keep anything: what was thought comes along sealed instead, and what it has no more
        # is left out.
        sent["store"] = False
        if asked.get("reasoning") and "include" not in asked:
            sent["include"] = ["reasoning.encrypted_content"]
    if isinstance(asked["input"], list):
        sent["input"] = [item for item in asked["input"] if not is_lost_thought(item)]
    return sent


def is_lost_thought(item):
    said = {key: value for key, value in item.items() if value and key not in ("type", "id", "status")}
    return item.get("type") == "reasoning" and not said


def check_refused(exchange, status, body):
    assert status in (400, 422), (exchange.name, status, body)
    error = json.loads(body)["error"]
    assert OUT_OF_SIGHT.search(json.dumps(exchange.asked)), (exchange.name, error)
    assert exchange.path == MESSAGES or error["code"] == "content_not_inspectable", (exchange.name, error)


def test_what_is_let_through_goes_and_comes_as_it_was_recorded(observing, provider):
    told = collections.Counter()
    for exchange in EXCHANGES:
        provider.answers(exchange)
        status, body = answered(observing, exchange, exchange.asked)
        if not provider.asked:
            check_refused(exchange, status, body)
            told["refused"] += 1
            continue
        [(_, sent)] = provider.asked
        assert json.loads(sent) == as_sent(exchange), exchange.name
        if as_sent(exchange) == exchange.asked:
            assert sent == json.dumps(exchange.asked).encode(), exchange.name
        if exchange.status == 200:
            assert (status, body) == (200, exchange.answered), exchange.name
        else:
            # In our words, with the provider's own code; that our own key is refused is no fault of the client.
            assert status == (502 if exchange.status == 401 else 400), (exchange.name, status)
            assert str(exchange.status) in json.loads(body)["error"]["message"], (exchange.name, body)
        told[exchange.path] += 1
    # A package that lost its recordings would make a test of nothing.
    assert told[CHAT] >= 40 and told[RESPONSES] >= 120 and told[EMBEDDINGS] >= 19 and told[MESSAGES] >= 25, told
    assert told["refused"] <= 77, told


def test_what_was_replaced_comes_back_in_every_shape_of_a_real_answer(replacing, provider):
    """The recorded model says what it was told, in the very events in which it said something else."""
    told = collections.Counter()
    for exchange in EXCHANGES:
        is_shaped = re.search('"(json_schema|json_object)"', json.dumps(exchange.asked))
        if exchange.path == EMBEDDINGS or exchange.status != 200 or is_shaped:
            continue
        asked = with_words(exchange)
        provider.answers(exchange, change=lambda body, recorded, exchange=exchange: saying(exchange, words_in(exchange.path, body), recorded))
        status, body = answered(replacing, exchange, asked)
        if not provider.asked:
            check_refused(exchange, status, body)
            continue
        assert status == 200, (exchange.name, body)
        [(_, sent)] = provider.asked
        assert_silent(sent.decode(), f"{exchange.name}: the provider saw")
        heard = said_in(exchange, body)
        assert set(heard) == set(said_in(exchange, exchange.answered)), exchange.name
        for (kind, *_), texts in heard.items():
            for text in texts:
                if kind == "said":
                    assert text == TEXT, (exchange.name, text)
                else:
                    assert json.loads(text) == {"text": TEXT}, (exchange.name, text)
            told[exchange.path, kind, exchange.streams] += 1
    for path in (CHAT, RESPONSES, MESSAGES):
        for kind in ("said", "given"):
            for streams in (False, True):
                assert told[path, kind, streams] >= 2, told


def with_words(exchange):
    """The request, with one more message, in which five values are planted."""
    asked = json.loads(json.dumps(exchange.asked))
    message = {"role": "user", "content": TEXT}
    if exchange.path == RESPONSES:
        before = asked["input"]
        asked["input"] = [*(before if isinstance(before, list) else [{"role": "user", "content": before}]), message]
    else:
        asked["messages"].append(message)
    return asked


def words_in(path, body):
    """What arrived of them."""
    asked = json.loads(body)
    return asked["input" if path == RESPONSES else "messages"][-1]["content"]


def saying(exchange, text, recorded):
    """The recorded answer with other words: each text in as many pieces as it came in, and whole where it came whole."""
    given = json.dumps({"text": text}, ensure_ascii=False)
    if not exchange.streams:
        document = json.loads(recorded)
        for place in places(exchange.path, document):
            place.holder[place.key] = {"text": text} if isinstance(place.said, dict) else given if place.is_given else text
        return json.dumps(document).encode()
    events = replay.events(recorded)
    found = [place for event in events if isinstance(event, dict) for place in places(exchange.path, event)]
    n_pieces = collections.Counter(place.lane for place in found if place.is_piece)
    n_said = collections.Counter()
    for place in found:
        whole = given if place.is_given else text
        if not place.is_piece:
            place.holder[place.key] = {"text": text} if isinstance(place.said, dict) else whole
            continue
        n, of = n_said[place.lane], n_pieces[place.lane]
        place.holder[place.key] = whole[len(whole) * n // of : len(whole) * (n + 1) // of]
        n_said[place.lane] += 1
    return replay.written(events)


def said_in(exchange, body):
    """Every text in an answer, by what it belongs to: as its pieces give it, and as it stands where it comes whole."""
    events = replay.events(body) if exchange.streams else [json.loads(body)]
    said, pieces = collections.defaultdict(list), collections.defaultdict(str)
    for event in events:
        for place in places(exchange.path, event) if isinstance(event, dict) else []:
            if place.is_piece:
                pieces[place.lane] += place.said
            else:
                said[place.lane].append(json.dumps(place.said) if isinstance(place.said, dict) else place.said)
    for lane, text in pieces.items():
        said[lane].append(text)
    return said

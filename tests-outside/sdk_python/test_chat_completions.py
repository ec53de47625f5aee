"""The OpenAI client for Python, unchanged, in front of the gateway; a provider that records behind it."""

import json

import openai
import pytest
from people import BSN, EMAIL, IBAN, NAME, TEXT, assert_unseen

ASK = [{"role": "system", "content": "Je bent een assistent."}, {"role": "user", "content": TEXT}]
TOOL = {
    "type": "function",
    "function": {
        "name": "save_note",
        "description": "Bewaart een notitie.",
        "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    },
}


def streamed(stream):
    """The text of the first choice, and how many pieces it came in."""
    pieces = [chunk.choices[0].delta.content for chunk in stream if chunk.choices and chunk.choices[0].delta.content]
    return "".join(pieces), len(pieces)


def test_an_answer_comes_back_with_the_real_values_and_the_provider_never_saw_them(house, client):
    answer = client.chat.completions.create(model="echo", messages=ASK)
    assert answer.choices[0].message.content == TEXT
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == 18
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo-2", "echo-3", "echo", "echo-64"])
def test_a_streamed_answer_is_whole_however_it_is_cut(house, client, model):
    text, n_pieces = streamed(client.chat.completions.create(model=model, messages=ASK, stream=True))
    assert text == TEXT
    assert n_pieces > 3, "the answer was not streamed"
    assert_unseen(house)


def test_a_stream_reports_usage_when_it_is_asked_for(client):
    stream = client.chat.completions.create(model="echo", messages=ASK, stream=True, stream_options={"include_usage": True})
    usages = [chunk.usage for chunk in stream if chunk.usage]
    assert [usage.total_tokens for usage in usages] == [18]


def test_surrogates_that_the_model_spelled_differently_are_restored(house, client):
    text = client.chat.completions.create(model="disturbed", messages=ASK).choices[0].message.content
    for value in (NAME, EMAIL, BSN, IBAN):
        assert value in text, text
    assert_unseen(house)


def test_several_answers_are_each_restored(house, client):
    answer = client.chat.completions.create(model="echo", messages=ASK, n=2)
    assert [choice.message.content for choice in answer.choices] == [TEXT, TEXT]
    stream = client.chat.completions.create(model="echo-3", messages=ASK, n=2, stream=True)
    texts = ["", ""]
    for chunk in stream:
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert texts == [TEXT, TEXT]
    assert_unseen(house)


def test_parts_of_a_message_are_all_looked_at(house, client):
    parts = [{"type": "text", "text": TEXT[:60]}, {"type": "text", "text": TEXT[60:]}]
    answer = client.chat.completions.create(model="echo", messages=[{"role": "user", "content": parts}])
    assert answer.choices[0].message.content == TEXT
    assert_unseen(house)


def test_earlier_turns_system_texts_and_tool_results_are_looked_at(house, client):
    call = {"id": "call_0", "type": "function", "function": {"name": "save_note", "arguments": json.dumps({"text": TEXT})}}
    messages = [
        {"role": "system", "content": f"U spreekt met {NAME}."},
        {"role": "user", "content": TEXT},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_0", "content": json.dumps({"mail": EMAIL, "bsn": BSN})},
        {"role": "user", "name": "burger", "content": "Klopt dat?"},
    ]
    answer = client.chat.completions.create(model="echo", messages=messages)
    assert answer.choices[0].message.content == "Klopt dat?"
    assert_unseen(house)


def test_tool_arguments_are_json_and_hold_what_was_typed(house, client):
    answer = client.chat.completions.create(model="echo", messages=ASK, tools=[TOOL])
    call = answer.choices[0].message.tool_calls[0]
    said = json.loads(call.function.arguments)["text"]
    assert said == TEXT
    assert answer.choices[0].finish_reason == "tool_calls"
    assert_unseen(house)


def test_streamed_tool_arguments_are_json_too(house, client):
    arguments, name = "", None
    for chunk in client.chat.completions.create(model="echo-3", messages=ASK, tools=[TOOL], stream=True):
        for call in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
            name = call.function.name or name
            arguments += call.function.arguments or ""
    assert name == "save_note" and json.loads(arguments)["text"] == TEXT
    assert_unseen(house)


def test_the_same_person_has_the_same_surrogate_in_the_next_call(house, client):
    client.chat.completions.create(model="echo", messages=[{"role": "user", "content": f"Ik ben {NAME}."}])
    first = json.loads(house.received())["messages"][0]["content"]
    house.provider.forget()
    longer = [
        {"role": "user", "content": f"Ik ben {NAME}."},
        {"role": "assistant", "content": f"Dag {NAME}."},
        {"role": "user", "content": "Wat is mijn naam?"},
    ]
    client.chat.completions.create(model="echo", messages=longer)
    assert json.loads(house.received())["messages"][0]["content"] == first


def test_fields_that_we_do_not_know_arrive_as_they_were_sent(house, client):
    extra = {"x_unknown": {"b": 1, "a": [1.50, 12345678901234567890, None]}}
    answer = client.chat.completions.create(model="echo", messages=ASK, temperature=0.30, seed=7, extra_body=extra)
    request = house.received()
    assert '"x_unknown"' in request and "12345678901234567890" in request
    assert json.loads(request)["x_unknown"]["a"][0] == 1.5
    assert answer.model_extra["x_unknown"] == {"kept": [1, 2.5]}


def test_the_answer_says_what_was_found_without_the_values(client):
    raw = client.chat.completions.with_raw_response.create(model="echo", messages=ASK)
    findings = raw.headers.get("x-waarborg-findings", "")
    assert "BSN=" in findings and "EMAIL=" in findings
    assert raw.headers.get("x-waarborg-request-id")
    assert raw.headers.get("x-waarborg-verdict")
    assert not any(BSN in value or "Terpstra" in value for value in raw.headers.values())


def test_models_are_listed(client):
    assert [model.id for model in client.models.list()]


@pytest.mark.parametrize("stream", [False, True])
def test_what_the_provider_says_of_its_account_and_machines_stays_here(client, stream):
    with client.chat.completions.with_streaming_response.create(model="documented", messages=ASK, stream=stream) as answer:
        names = set(answer.headers)
        answer.read()
    told = {"set-cookie", "openai-organization", "openai-project", "openai-processing-ms", "x-ratelimit-remaining-tokens", "cf-ray", "alt-svc", "server"}
    assert not names & told


def test_two_conversations_at_once_do_not_mix(house, client):
    from concurrent.futures import ThreadPoolExecutor

    def talk(number):
        text = f"Mijn e-mailadres is burger{number}@voorbeeld.nl en ik heb vraag {number}."
        answer, _ = streamed(client.chat.completions.create(model="echo-3", messages=[{"role": "user", "content": text}], stream=True))
        return answer == text

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(talk, range(24)))
    assert "@voorbeeld.nl" not in house.received()

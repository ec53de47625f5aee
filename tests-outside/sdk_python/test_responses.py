"""OpenAI's responses through its client for Python."""

import json

import openai
import pytest
from people import BSN, NAME, TEXT, assert_unseen, check_given

TOOL = {
    "type": "function",
    "name": "save_note",
    "description": "Bewaart een notitie.",
    "strict": True,
    "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False},
}


def sent(house):
    with house.provider.lock:
        return [json.loads(row["body"]) for row in house.provider.requests]


def test_a_response_comes_back_with_the_real_values_and_is_not_kept(house, client):
    answer = client.responses.create(model="echo", input=TEXT, instructions=f"De klant heet {NAME}.")
    assert answer.output_text == TEXT
    assert answer.output[0].summary[0].text == TEXT
    assert answer.instructions == f"De klant heet {NAME}."
    assert answer.usage.total_tokens == 18
    assert sent(house)[0]["store"] is False
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo", "echo-64"])
def test_a_streamed_response_says_the_same_in_every_event(house, client, model):
    with client.responses.stream(model=model, input=[{"role": "user", "content": TEXT}]) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == TEXT
    assert [event.text for event in events if event.type == "response.output_text.done"] == [TEXT]
    assert "".join(event.delta for event in events if event.type == "response.reasoning_summary_text.delta") == TEXT
    assert final.output_text == TEXT
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo"])
def test_a_tool_is_called_and_its_result_goes_back(house, client, model):
    ask = [{"role": "user", "content": TEXT}]
    whole = client.responses.create(model=model, input=ask, tools=[TOOL])
    with client.responses.stream(model=model, input=ask, tools=[TOOL]) as stream:
        streamed = stream.get_final_response()
    for answer in (whole, streamed):
        call = answer.output[-1]
        check_given(json.loads(call.arguments)["text"])
    turns = [*ask, *whole.output, {"type": "function_call_output", "call_id": call.call_id, "output": json.dumps({"klant": NAME, "bsn": BSN})}]
    again = client.responses.create(model=model, input=[*turns, {"role": "user", "content": f"Dank, groet van {NAME}"}])
    assert again.output_text == f"Dank, groet van {NAME}"
    assert_unseen(house)


@pytest.mark.parametrize("field, value", [("previous_response_id", "resp_1"), ("conversation", "conv_1"), ("store", True), ("background", True)])
def test_what_builds_on_something_kept_is_refused_with_what_to_do(house, client, field, value):
    with pytest.raises(openai.APIStatusError) as refused:
        client.responses.create(model="echo", input=TEXT, **{field: value})
    assert refused.value.status_code in (400, 403)
    assert refused.value.param == field and refused.value.message
    assert house.n_received() == 0


def test_what_nobody_can_look_into_is_refused(house, client):
    image = [{"role": "user", "content": [{"type": "input_image", "image_url": "https://voorbeeld.nl/a.png", "detail": "auto"}]}]
    for request in ({"input": image}, {"input": TEXT, "tools": [{"type": "web_search"}]}):
        with pytest.raises(openai.BadRequestError) as refused:
            client.responses.create(model="echo", **request)
        assert refused.value.code == "content_not_inspectable"
    assert house.n_received() == 0

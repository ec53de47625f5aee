"""What only the SDK of LiteLLM does; its ordinary flows stand in test_flows.py."""

import json

import litellm
import pytest
from people import BSN, NAME, TEXT, assert_unseen, check_given
from test_flows import ASK, SCHEMA

TOOL = {"type": "function", "function": {"name": "save_note", "parameters": SCHEMA}}


@pytest.mark.parametrize("way", ["openai", "anthropic"])
def test_the_result_of_a_tool_goes_back(house, way):
    base = f"{house.address}/v1" if way == "openai" else house.address
    asked = {"model": f"{way}/echo", "api_base": base, "api_key": house.gateway_key, "max_tokens": 100, "num_retries": 0, "max_retries": 0, "tools": [TOOL]}
    [call] = litellm.completion(messages=ASK, **asked).choices[0].message.tool_calls
    check_given(json.loads(call.function.arguments)["text"])
    said = {"role": "assistant", "content": None, "tool_calls": [{"id": call.id, "type": "function", "function": {"name": "save_note", "arguments": call.function.arguments}}]}
    result = {"role": "tool", "tool_call_id": call.id, "content": f"Bewaard voor {NAME}, {BSN}."}
    assert litellm.completion(messages=[*ASK, said, result, {"role": "user", "content": "En?"}], tool_choice="none", **asked).choices
    assert_unseen(house)


def test_texts_are_embedded(house):
    answer = litellm.embedding(model="openai/echo", input=[TEXT], api_base=f"{house.address}/v1", api_key=house.gateway_key, encoding_format="float")
    assert len(answer.data[0]["embedding"]) == 8
    assert_unseen(house)

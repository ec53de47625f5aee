"""What only LangChain does, with its providers for OpenAI and Anthropic; its ordinary flows stand in test_flows.py."""

import pydantic
import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from people import BSN, NAME, TEXT, assert_unseen, check_given


class Note(pydantic.BaseModel):
    """Bewaart een notitie."""

    text: str


def model(way, house, name="echo-3"):
    if way == "messages":
        return ChatAnthropic(model=name, base_url=house.address, api_key=house.gateway_key, max_retries=0, max_tokens=100)
    return ChatOpenAI(model=name, base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0, use_responses_api=way == "responses")


WAYS = pytest.mark.parametrize("way", ["chat", "responses", "messages"])


@WAYS
def test_a_tool_is_called_and_its_result_goes_back(house, way):
    talker = model(way, house).bind_tools([Note])
    answer = talker.invoke(TEXT)
    [call] = answer.tool_calls
    check_given(call["args"]["text"])
    result = ToolMessage(f"Bewaard voor {NAME}, BSN {BSN}.", tool_call_id=call["id"])
    again = model(way, house).invoke([HumanMessage(TEXT), answer, result, HumanMessage(f"Dank, {NAME}")])
    assert again.text.endswith(f"Dank, {NAME}")
    assert_unseen(house)


def test_texts_are_embedded_when_they_are_sent_as_text(house):
    embeddings = OpenAIEmbeddings(model="echo", base_url=f"{house.address}/v1", api_key=house.gateway_key, check_embedding_ctx_length=False)
    alone = embeddings.embed_query(TEXT)
    assert embeddings.embed_documents(["Iets anders.", TEXT])[1] == alone
    assert_unseen(house)

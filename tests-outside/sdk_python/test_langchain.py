"""LangChain with its providers for OpenAI and Anthropic, unchanged, in front of the gateway."""

import pydantic
import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from people import BSN, EMAIL, NAME, TEXT, assert_unseen


class Note(pydantic.BaseModel):
    """Bewaart een notitie."""

    text: str


def model(way, house, name="echo-3"):
    if way == "messages":
        return ChatAnthropic(model=name, base_url=house.address, api_key=house.gateway_key, max_retries=0, max_tokens=100)
    return ChatOpenAI(model=name, base_url=f"{house.address}/v1", api_key=house.gateway_key, max_retries=0, use_responses_api=way == "responses")


WAYS = pytest.mark.parametrize("way", ["chat", "responses", "messages"])


@WAYS
def test_a_text_is_written_and_streamed(house, way):
    assert model(way, house).invoke(TEXT).text == TEXT
    for name in ("echo-1", "echo"):
        assert "".join(piece.text for piece in model(way, house, name).stream(TEXT)) == TEXT
    assert_unseen(house)


@WAYS
def test_a_tool_is_called_and_its_result_goes_back(house, way):
    talker = model(way, house).bind_tools([Note])
    answer = talker.invoke(TEXT)
    [call] = answer.tool_calls
    given = call["args"]["text"]
    assert NAME in given and EMAIL in given and '"letterlijk"' in given and BSN not in given
    result = ToolMessage(f"Bewaard voor {NAME}, BSN {BSN}.", tool_call_id=call["id"])
    again = model(way, house).invoke([HumanMessage(TEXT), answer, result, HumanMessage(f"Dank, {NAME}")])
    assert again.text.endswith(f"Dank, {NAME}")
    assert_unseen(house)


def test_an_answer_with_a_shape_is_parsed(house):
    shaped = model("responses", house).with_structured_output(Note, method="json_schema")
    assert shaped.invoke(TEXT).text == TEXT
    assert_unseen(house)


def test_texts_are_embedded_when_they_are_sent_as_text(house):
    embeddings = OpenAIEmbeddings(model="echo", base_url=f"{house.address}/v1", api_key=house.gateway_key, check_embedding_ctx_length=False)
    alone = embeddings.embed_query(TEXT)
    assert embeddings.embed_documents(["Iets anders.", TEXT])[1] == alone
    assert_unseen(house)

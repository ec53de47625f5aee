"""The flows of tests-outside/flows.py with the clients of OpenAI and Anthropic for Python, and with LangChain over both."""

import base64

import anthropic
import openai
import pydantic
import pytest
from flows import *  # noqa: F403
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from people import TEXT


class Note(pydantic.BaseModel):
    """Bewaart een notitie."""

    text: str


SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False}
ASK = [{"role": "user", "content": TEXT}]


def data_url(picture):
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def told(error):
    """What an error of these clients says, in all its members."""
    return f"{error} {getattr(error, 'body', '')} {getattr(getattr(error, 'response', None), 'headers', '')}"


class Talker:
    errors = (openai.APIError, anthropic.APIError)

    def __init__(self, house):
        self.house = house
        self.clients = {}

    def client(self, retries=0, key=None):
        """Kept, as making one takes longer than a request."""
        about = (retries, key or self.house.gateway_key)
        if about not in self.clients:
            self.clients[about] = self.new_client(*about)
        return self.clients[about]

    def leave(self, model):
        pieces = self.stream(model)
        next(pieces)
        pieces.close()

    def refused(self, call):
        with pytest.raises(self.errors) as refused:
            call()
        response = getattr(refused.value, "response", None)
        return getattr(refused.value, "status_code", None), response.headers.get("retry-after") if response is not None else None, told(refused.value)


class OpenAI(Talker):
    def new_client(self, retries, key):
        return openai.OpenAI(base_url=f"{self.house.address}/v1", api_key=key, max_retries=retries, timeout=60)


class OpenAIChat(OpenAI):
    name = "openai-chat"

    def create(self, model, retries=0, key=None, **more):
        return self.client(retries, key).chat.completions.create(model=model, **{"messages": ASK, **more})

    def whole(self, model, retries=0, key=None, **more):
        return self.create(model, retries, key, **more).choices[0].message.content

    def stream(self, model):
        with self.create(model, stream=True) as stream:
            for chunk in stream:
                if chunk.choices and chunk.choices[0].delta.content:
                    yield chunk.choices[0].delta.content

    def usage(self, model, stream):
        if stream:
            chunks = list(self.create(model, stream=True, stream_options={"include_usage": True}))
            [usage] = [chunk.usage for chunk in chunks if chunk.usage]
        else:
            usage = self.create(model).usage
        return usage.prompt_tokens, usage.completion_tokens

    def tools(self, model, names, stream):
        tools = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in names]
        if stream:
            with self.client().chat.completions.stream(model=model, messages=ASK, tools=tools) as events:
                answer = events.get_final_completion()
        else:
            answer = self.create(model, tools=tools)
        assert answer.choices[0].finish_reason == "tool_calls"
        return [(call.function.name, call.function.arguments) for call in answer.choices[0].message.tool_calls]

    def shaped(self, model):
        whole = self.client().chat.completions.parse(model=model, messages=ASK, response_format=Note).choices[0].message.parsed
        with self.client().chat.completions.stream(model=model, messages=ASK, response_format=Note) as stream:
            assert stream.get_final_completion().choices[0].message.parsed == whole
        return whole.model_dump()

    def seen(self, model, picture):
        parts = [{"type": "text", "text": TEXT}, {"type": "image_url", "image_url": {"url": data_url(picture)}}]
        return self.whole(model, messages=[{"role": "user", "content": parts}])


class OpenAIResponses(OpenAI):
    name = "openai-responses"

    def create(self, model, retries=0, key=None, **more):
        if "max_tokens" in more:
            more["max_output_tokens"] = more.pop("max_tokens")
        return self.client(retries, key).responses.create(model=model, **{"input": TEXT, **more})

    def whole(self, model, retries=0, key=None, **more):
        return self.create(model, retries, key, **more).output_text

    def stream(self, model):
        with self.client().responses.stream(model=model, input=TEXT) as stream:
            for event in stream:
                if event.type == "response.output_text.delta":
                    yield event.delta
            # What broke off, or ended with `response.failed`, is no answer.
            final = stream.get_final_response()
        if final.status != "completed":
            raise openai.APIError(final.error.message, None, body=final.to_dict())

    def usage(self, model, stream):
        if stream:
            with self.client().responses.stream(model=model, input=TEXT) as events:
                usage = events.get_final_response().usage
        else:
            usage = self.create(model).usage
        return usage.input_tokens, usage.output_tokens

    def tools(self, model, names, stream):
        tools = [{"type": "function", "name": name, "strict": True, "parameters": SCHEMA} for name in names]
        if stream:
            with self.client().responses.stream(model=model, input=TEXT, tools=tools) as events:
                answer = events.get_final_response()
        else:
            answer = self.create(model, tools=tools)
        return [(item.name, item.arguments) for item in answer.output if item.type == "function_call"]

    def shaped(self, model):
        whole = self.client().responses.parse(model=model, input=TEXT, text_format=Note).output_parsed
        with self.client().responses.stream(model=model, input=TEXT, text_format=Note) as stream:
            assert stream.get_final_response().output_parsed == whole
        return whole.model_dump()

    def seen(self, model, picture):
        parts = [{"type": "input_text", "text": TEXT}, {"type": "input_image", "image_url": data_url(picture), "detail": "auto"}]
        return self.whole(model, input=[{"role": "user", "content": parts}])


class Anthropic(Talker):
    name = "anthropic"

    def new_client(self, retries, key):
        return anthropic.Anthropic(base_url=self.house.address, api_key=key, max_retries=retries, timeout=60)

    def create(self, model, retries=0, key=None, **more):
        return self.client(retries, key).messages.create(model=model, **{"messages": ASK, "max_tokens": 100, **more})

    def final(self, model, **more):
        with self.client().messages.stream(model=model, max_tokens=100, messages=ASK, **more) as stream:
            return stream.get_final_message()

    def whole(self, model, retries=0, key=None, **more):
        [block] = self.create(model, retries, key, **more).content
        return block.text

    def stream(self, model):
        with self.client().messages.stream(model=model, max_tokens=100, messages=ASK) as stream:
            yield from stream.text_stream
            assert stream.get_final_message().stop_reason, "it broke off"

    def usage(self, model, stream):
        usage = (self.final(model) if stream else self.create(model)).usage
        return usage.input_tokens, usage.output_tokens

    def tools(self, model, names, stream):
        tools = [{"name": name, "input_schema": SCHEMA} for name in names]
        answer = self.final(model, tools=tools) if stream else self.create(model, tools=tools)
        assert answer.stop_reason == "tool_use"
        return [(block.name, block.input) for block in answer.content if block.type == "tool_use"]

    def shaped(self, model):
        whole = self.client().messages.parse(model=model, max_tokens=100, messages=ASK, output_format=Note).parsed_output
        assert self.final(model, output_format=Note).parsed_output == whole
        return whole.model_dump()

    def seen(self, model, picture):
        source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(picture).decode()}
        return self.whole(model, messages=[{"role": "user", "content": [{"type": "image", "source": source}, {"type": "text", "text": TEXT}]}])


class LangChain(Talker):
    def model(self, model, retries=0, key=None, **more):
        key = key or self.house.gateway_key
        if self.name == "langchain-messages":
            return ChatAnthropic(model=model, base_url=self.house.address, api_key=key, max_retries=retries, **{"max_tokens": 100, **more})
        responses = self.name == "langchain-responses"
        return ChatOpenAI(model=model, base_url=f"{self.house.address}/v1", api_key=key, max_retries=retries, use_responses_api=responses, stream_usage=True, **more)

    def whole(self, model, retries=0, key=None, **more):
        return self.model(model, retries, key, **more).invoke(TEXT).text

    def stream(self, model):
        for piece in self.model(model).stream(TEXT):
            if piece.text:
                yield piece.text

    def gathered(self, talker):
        pieces = list(talker.stream(TEXT))
        return sum(pieces[1:], pieces[0])

    def usage(self, model, stream):
        talker = self.model(model)
        usage = (self.gathered(talker) if stream else talker.invoke(TEXT)).usage_metadata
        return usage["input_tokens"], usage["output_tokens"]

    def tools(self, model, names, stream):
        tools = [{"type": "function", "function": {"name": name, "description": "Bewaart.", "parameters": SCHEMA}} for name in names]
        talker = self.model(model).bind_tools(tools)
        answer = self.gathered(talker) if stream else talker.invoke(TEXT)
        return [(call["name"], call["args"]) for call in answer.tool_calls]

    def shaped(self, model):
        return self.model(model).with_structured_output(Note, method="json_schema").invoke(TEXT).model_dump()

    def seen(self, model, picture):
        block = {"type": "image", "base64": base64.b64encode(picture).decode(), "mime_type": "image/png"}
        return self.model(model).invoke([HumanMessage([{"type": "text", "text": TEXT}, block])]).text


class LangChainChat(LangChain):
    name = "langchain-chat"


class LangChainResponses(LangChain):
    name = "langchain-responses"


class LangChainMessages(LangChain):
    name = "langchain-messages"


TALKERS = [OpenAIChat, OpenAIResponses, Anthropic, LangChainChat, LangChainResponses, LangChainMessages]


@pytest.fixture(scope="session")
def all_talkers(whole_house, whole_anthropic_house):
    return [talker(whole_anthropic_house if talker in (Anthropic, LangChainMessages) else whole_house) for talker in TALKERS]


@pytest.fixture(params=[talker.name for talker in TALKERS])
def talker(request, all_talkers):
    """One of the clients, its provider having seen nothing yet."""
    [one] = [one for one in all_talkers if one.name == request.param]
    one.house.provider.forget()
    return one

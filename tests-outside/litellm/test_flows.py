"""The flows of tests-outside/flows.py with the SDK of LiteLLM: in OpenAI's format, and in Anthropic's, which the gateway translates here."""

import asyncio
import base64

import litellm
import pydantic
import pytest
from flows import *  # noqa: F403
from people import TEXT


class Note(pydantic.BaseModel):
    text: str


ASK = [{"role": "user", "content": TEXT}]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False}


class LiteLLM:
    def __init__(self, house):
        self.house = house

    def asked(self, model, retries=0, key=None, **more):
        base = f"{self.house.address}/v1" if self.way == "openai" else self.house.address
        asked = {"messages": ASK, "api_base": base, "api_key": key or self.house.gateway_key, "max_tokens": 100, "timeout": 60, "max_retries": 0}
        # Its own retries; without this strategy it does not wait between them.
        trying = {"num_retries": retries, "retry_strategy": "exponential_backoff_retry"} if retries else {"num_retries": 0}
        return {"model": f"{self.way}/{model}", **asked, **trying, **more}

    def create(self, *about, **more):
        return litellm.completion(**self.asked(*about, **more))

    def whole(self, model, retries=0, key=None, **more):
        return self.create(model, retries, key, **more).choices[0].message.content

    def stream(self, model):
        for chunk in self.create(model, stream=True):
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    def leave(self, model):
        """Only its asynchronous streams can be closed."""

        async def leave():
            stream = await litellm.acompletion(**self.asked(model, stream=True))
            async for _ in stream:
                break
            await stream.aclose()

        asyncio.run(leave())

    def usage(self, model, stream):
        if stream:
            chunks = list(self.create(model, stream=True, stream_options={"include_usage": True}))
            usage = [usage for chunk in chunks if (usage := getattr(chunk, "usage", None))][-1]
        else:
            usage = self.create(model).usage
        return usage.prompt_tokens, usage.completion_tokens

    def tools(self, model, names, stream):
        tools = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in names]
        answer = self.create(model, tools=tools, stream=stream)
        answer = litellm.stream_chunk_builder(list(answer)) if stream else answer
        return [(call.function.name, call.function.arguments) for call in answer.choices[0].message.tool_calls]

    def shaped(self, model):
        return Note.model_validate_json(self.whole(model, response_format=Note)).model_dump()

    def seen(self, model, picture):
        url = "data:image/png;base64," + base64.b64encode(picture).decode()
        parts = [{"type": "text", "text": TEXT}, {"type": "image_url", "image_url": {"url": url}}]
        return self.whole(model, messages=[{"role": "user", "content": parts}])

    def refused(self, call):
        with pytest.raises(Exception) as refused:
            call()
        error = refused.value
        assert type(error).__module__.startswith("litellm."), error
        headers = getattr(error, "litellm_response_headers", None) or {}
        return error.status_code, headers.get("retry-after"), f"{error} {getattr(error, 'body', '')} {headers}"


class LiteLLMOpenAI(LiteLLM):
    name = "litellm-openai"
    way = "openai"


class LiteLLMAnthropic(LiteLLM):
    name = "litellm-anthropic"
    way = "anthropic"


TALKERS = [LiteLLMOpenAI, LiteLLMAnthropic]


@pytest.fixture(scope="session")
def all_talkers(whole_house):
    return [talker(whole_house) for talker in TALKERS]


@pytest.fixture(params=[talker.name for talker in TALKERS])
def talker(request, all_talkers):
    """One of the two, its provider having seen nothing yet."""
    [one] = [one for one in all_talkers if one.name == request.param]
    one.house.provider.forget()
    return one

"""The recording provider in Ollama's format: says back what it was told, as thought, text and tool call, line by line."""

import upstream_texts

HEAD = {"created_at": "2026-11-21T12:00:00.123456789Z"}
COUNTS = {"done_reason": "stop", "total_duration": 5191566416, "prompt_eval_count": 11, "eval_count": 7}


def told(request):
    if "messages" not in request:
        return request.get("prompt", "")
    return next((message.get("content", "") for message in reversed(request["messages"]) if message["role"] == "user"), "")


def line(request, said="", thought="", calls=None, done=False):
    if "messages" in request:
        message = {"role": "assistant", "content": said}
        if thought:
            message["thinking"] = thought
        if calls:
            message["tool_calls"] = calls
        body = {"message": message}
    else:
        body = {"response": said, **({"thinking": thought} if thought else {})}
    return {"model": request["model"], **HEAD, **body, "done": done, **(COUNTS if done else {})}


def calls(request):
    if tools := request.get("tools"):
        return [{"function": {"name": tools[0]["function"]["name"], "arguments": {"text": told(request), "n": 2}}}]
    return None


def whole(request):
    return line(request, told(request), told(request) if request.get("think") else "", calls(request), True)


def lines(request, size):
    text = told(request)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    if request.get("think"):
        for piece in pieces:
            yield line(request, thought=piece)
    for piece in pieces:
        yield line(request, piece)
    if made := calls(request):
        yield line(request, calls=made)
    yield line(request, done=True)


def embeddings(request):
    vectors = [upstream_texts.vector(text) for text in upstream_texts.texts_of(request["input"])]
    return {"model": request["model"], "embeddings": vectors, "total_duration": 14143917, "prompt_eval_count": 8}

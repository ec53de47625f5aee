"""The recording provider in Anthropic's format: says back what it was told, as text, thought and tool call."""

import json


def last_user_text(request):
    for message in reversed(request.get("messages", [])):
        if message.get("role") == "user":
            content = message.get("content")
            if isinstance(content, list):
                return "".join(block.get("text", "") for block in content if block.get("type") == "text")
            return content or ""
    return ""


def error(status):
    kind = {429: "rate_limit_error", 529: "overloaded_error"}.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": "the provider is out of order"}, "request_id": "req_1"}


def asks_json(request):
    shape = (request.get("output_config") or {}).get("format") or request.get("output_format") or {}
    return shape.get("type") == "json_schema"


def called_tools(request):
    """The first tool, or each of them."""
    names = [tool["name"] for tool in request.get("tools") or []]
    return names if request["model"] == "parallel" else names[:1]


def blocks(request):
    text = last_user_text(request)
    said = []
    if (request.get("thinking") or {}).get("type") == "enabled":
        said.append({"type": "thinking", "thinking": text, "signature": SIGNATURE})
    if tools := called_tools(request):
        return [*said, *({"type": "tool_use", "id": f"toolu_01A09q90qw90l{n}", "name": name, "input": {"text": text}} for n, name in enumerate(tools, 1))]
    if asks_json(request):
        text = json.dumps({"text": text}, ensure_ascii=False)
    return [*said, {"type": "text", "text": text}]


# Base64 of bytes that are no text, as signatures are.
SIGNATURE = "/wCc4f8AnOH/AJzh/wCc4f8AnOH/AJzh/wCc4f8AnOH/AJzh/wCc4Q=="
USAGE = {"input_tokens": 11, "output_tokens": 7}


def whole(request):
    content = blocks(request)
    reason = "tool_use" if content[-1]["type"] == "tool_use" else "end_turn"
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "content": content,
        "stop_reason": reason, "stop_sequence": None, "usage": USAGE, "x_unknown": {"kept": [1, 2.50]},
    }


def events(request, size):
    answer = whole(request)
    yield {"type": "message_start", "message": {**answer, "content": [], "stop_reason": None}}
    yield {"type": "ping"}
    for index, block in enumerate(answer["content"]):
        kind = block["type"]
        if kind == "text":
            start, field, delta, said = {**block, "text": ""}, "text", "text_delta", block["text"]
        elif kind == "thinking":
            start, field, delta, said = {**block, "thinking": "", "signature": ""}, "thinking", "thinking_delta", block["thinking"]
        else:
            start, field, delta, said = {**block, "input": {}}, "partial_json", "input_json_delta", json.dumps(block["input"])
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for at in range(0, len(said), size):
            yield {"type": "content_block_delta", "index": index, "delta": {"type": delta, field: said[at : at + size]}}
        if kind == "thinking":
            yield {"type": "content_block_delta", "index": index, "delta": {"type": "signature_delta", "signature": SIGNATURE}}
        yield {"type": "content_block_stop", "index": index}
    yield {"type": "message_delta", "delta": {"stop_reason": answer["stop_reason"], "stop_sequence": None}, "usage": USAGE}
    yield {"type": "message_stop"}

"""The recording provider in OpenAI's responses format: says back what it was told, as thought, text and tool call."""

import json

import upstream_conversations


def last_user_text(request):
    given = request.get("input", "")
    if isinstance(given, str):
        return given
    for item in reversed(given):
        if item.get("role") == "user":
            content = item["content"]
            return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    return ""


def going_on(kept, request):
    """The request with what was said before it. What is kept, as everything is that nobody asks not to keep, has a name of its own."""
    previous = request.get("previous_response_id")
    before = f"{told(kept[previous])}\n" if previous else ""
    if conversation := conversation_of(request):
        before = "".join(f"{text}\n" for text in said_in(kept[conversation]))
    row = {**request, "x_before": before, "x_name": f"resp_{len(kept) + 1:03}"}
    if request.get("store", True):
        kept[row["x_name"]] = row
    if conversation:
        asked = [{"role": "user", "content": request["input"]}] if isinstance(request["input"], str) else request["input"]
        upstream_conversations.add(kept[conversation], asked)
    return row


def conversation_of(request):
    named = request.get("conversation")
    return named["id"] if isinstance(named, dict) else named


def said_in(conversation):
    return [last_user_text({"input": [item]}) for item in conversation["items"] if item.get("role") == "user"]


def of_name(kept, method, name):
    """Status and body of an answer about a response that is kept."""
    if name not in kept:
        return 404, {"error": {"message": "no such response", "type": "invalid_request_error", "param": None, "code": None}}
    if method == "DELETE":
        del kept[name]
        return 200, {"id": name, "object": "response.deleted", "deleted": True}
    return 200, whole(kept[name])


def told(request):
    return request.get("x_before", "") + last_user_text(request)


def output(request):
    text = told(request)
    thought = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": text}]}
    if request["model"] == "slow":  # who leaves at the first word need not wait for it
        thought = {**thought, "summary": [{"type": "summary_text", "text": ""}]}
    if tools := request.get("tools"):
        called = tools if request["model"] == "parallel" else tools[:1]
        call = {"type": "function_call", "arguments": json.dumps({"text": text}), "status": "completed"}
        return [thought, *({**call, "id": f"fc_{n}", "call_id": f"call_{n}", "name": tool["name"]} for n, tool in enumerate(called, 1))]
    if (request.get("text") or {}).get("format", {}).get("type", "").startswith("json"):
        text = json.dumps({"text": text})
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return [thought, {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}]


def whole(request, said=None, status="completed"):
    usage = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18, "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return {
        "id": request.get("x_name", "resp_1"), "previous_response_id": request.get("previous_response_id"), "object": "response", "created_at": 1, "status": status, "model": request["model"], "error": None, "incomplete_details": None,
        "output": output(request) if said is None else said, "instructions": request.get("instructions"), "store": request.get("store", True), "metadata": {},
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": request.get("tools") or [], "temperature": 1, "top_p": 1, "usage": usage,
        **({"conversation": {"id": conversation_of(request)}} if request.get("conversation") else {}),
        "x_unknown": {"kept": [1, 2.50]},
    }


def events(request, size):
    for number, event in enumerate(unnumbered(request, size)):
        yield {**event, "sequence_number": number}


def unnumbered(request, size):
    said = output(request)
    yield {"type": "response.created", "response": whole(request, [], "in_progress")}
    yield {"type": "response.in_progress", "response": whole(request, [], "in_progress")}
    for index, item in enumerate(said):
        place = {"item_id": item["id"], "output_index": index}
        if item["type"] == "reasoning":
            begun, place, kind, field, text = {**item, "summary": []}, {**place, "summary_index": 0}, "reasoning_summary_text", "text", item["summary"][0]["text"]
            part, added = item["summary"][0], "reasoning_summary_part"
        elif item["type"] == "message":
            begun, place, kind, field, text = {**item, "content": [], "status": "in_progress"}, {**place, "content_index": 0}, "output_text", "text", item["content"][0]["text"]
            part, added = item["content"][0], "content_part"
        else:
            begun, kind, field, text = {**item, "arguments": "", "status": "in_progress"}, "function_call_arguments", "arguments", item["arguments"]
            part, added = None, None
        more = {"logprobs": []} if kind == "output_text" else {}
        yield {"type": "response.output_item.added", "output_index": index, "item": begun}
        if part:
            yield {"type": f"response.{added}.added", **place, "part": {**part, "text": ""}}
        for at in range(0, len(text), size):
            yield {"type": f"response.{kind}.delta", **place, "delta": text[at : at + size], **more}
        yield {"type": f"response.{kind}.done", **place, field: text, **more, **({"name": item["name"]} if "name" in item else {})}
        if part:
            yield {"type": f"response.{added}.done", **place, "part": part}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    yield {"type": "response.completed", "response": whole(request, said)}

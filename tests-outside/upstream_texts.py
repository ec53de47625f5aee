"""The recording provider for texts outside a conversation: completions, embeddings and moderations."""

import base64
import hashlib
import struct

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def texts_of(given):
    given = given if isinstance(given, list) else [given]
    return [text["text"] if isinstance(text, dict) else text for text in given]


def completion(request):
    choices = [{"index": index, "text": text, "logprobs": None, "finish_reason": "stop"} for index, text in enumerate(texts_of(request["prompt"]))]
    return {"id": "cmpl-upstream", "object": "text_completion", "created": 1, "model": request["model"], "choices": choices, "usage": USAGE}


def completion_events(request, size):
    head = {"id": "cmpl-upstream", "object": "text_completion", "created": 1, "model": request["model"]}
    for index, text in enumerate(texts_of(request["prompt"])):
        for at in range(0, len(text), size):
            yield {**head, "choices": [{"index": index, "text": text[at : at + size], "logprobs": None, "finish_reason": None}]}
        yield {**head, "choices": [{"index": index, "text": "", "logprobs": None, "finish_reason": "stop"}]}


def vector(text):
    """The same for the same text, and another for another."""
    return [byte / 256 for byte in hashlib.sha256(text.encode()).digest()[:8]]


def embeddings(request):
    def written(numbers):
        return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode() if request.get("encoding_format") == "base64" else numbers

    data = [{"object": "embedding", "index": index, "embedding": written(vector(text))} for index, text in enumerate(texts_of(request["input"]))]
    return {"object": "list", "data": data, "model": request["model"], "usage": {"prompt_tokens": 11, "total_tokens": 11}}


def moderation(request):
    results = [{"flagged": False, "categories": {"violence": False}, "category_scores": {"violence": 0.01}} for _ in texts_of(request["input"])]
    return {"id": "modr-upstream", "model": request.get("model", "omni-moderation-latest"), "results": results}

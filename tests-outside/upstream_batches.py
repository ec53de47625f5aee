"""The recording provider of batches: Anthropic's /v1/messages/batches. Each request is answered as it would be by itself."""

import json

import upstream_messages

TIMES = {"created_at": "2026-11-23T08:00:00Z", "expires_at": "2026-11-24T08:00:00Z", "archived_at": None, "cancel_initiated_at": None}


def serves(path):
    return path.startswith("/v1/messages/batches")


def answer(kept, method, path, body):
    """Status, media type and body of an answer; `kept` is what this provider keeps."""
    _, _, rest = path.partition("/v1/messages/batches")
    name, _, what = rest.lstrip("/").partition("/")
    if method == "POST" and not name:
        name = f"msgbatch_{len(kept) + 1:03}"
        kept[name] = json.loads(body)["requests"]
        return document(message_batch(name, kept[name], "in_progress"))
    if name not in kept:
        return document(upstream_messages.error(404), 404)
    if method == "DELETE":
        del kept[name]
        return document({"id": name, "type": "message_batch_deleted"})
    if what == "results":
        lines = [message_result(request) for request in reversed(kept[name])]
        return 200, "application/x-jsonl", "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    return document(message_batch(name, kept[name], "canceling" if what == "cancel" else "ended"))


def document(body, status=200):
    return status, "application/json", json.dumps(body).encode()


def message_batch(name, requests, status):
    counts = {"processing": 0, "succeeded": len(requests), "errored": 0, "canceled": 0, "expired": 0}
    results = f"https://provider.voorbeeld/v1/messages/batches/{name}/results" if status == "ended" else None
    return {"id": name, "type": "message_batch", "processing_status": status, "request_counts": counts, "ended_at": None, "results_url": results, **TIMES}


def message_result(request):
    model = request["params"]["model"]
    if model.startswith("error-"):
        return {"custom_id": request["custom_id"], "result": {"type": "errored", "error": upstream_messages.error(int(model[6:]))}}
    return {"custom_id": request["custom_id"], "result": {"type": "succeeded", "message": upstream_messages.whole(request["params"])}}

"""The recording provider of what is kept: Anthropic's /v1/messages/batches, OpenAI's /v1/files and /v1/batches. Each request is
answered as it would be by itself."""

import json

import upstream_messages

TIMES = {"created_at": "2026-11-23T08:00:00Z", "expires_at": "2026-11-24T08:00:00Z", "archived_at": None, "cancel_initiated_at": None}
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def serves(path):
    return path.startswith(("/v1/messages/batches", "/v1/files", "/v1/batches"))


def answer(kept, method, path, body):
    """Status, media type and body of an answer; `kept` is what this provider keeps."""
    if path.startswith("/v1/messages"):
        return messages(kept, method, path.partition("/v1/messages/batches")[2], body)
    name, _, what = path.removeprefix("/v1/files").removeprefix("/v1/batches").lstrip("/").partition("/")
    if method == "POST" and not name:
        made = upload(kept, body) if path == "/v1/files" else begin(kept, json.loads(body))
        return document(made)
    if name not in kept:
        return document({"error": {"message": "no such thing", "type": "invalid_request_error", "param": None, "code": None}}, 404)
    if method == "DELETE":
        del kept[name]
        return document({"id": name, "object": "file", "deleted": True})
    if what == "content":
        return 200, "application/octet-stream", lines(kept[name]["lines"])
    if path.startswith("/v1/batches"):
        return document(finished(kept, name, "cancelling" if what == "cancel" else "completed"))
    return document(file(name, kept[name]))


def document(body, status=200):
    return status, "application/json", json.dumps(body).encode()


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def upload(kept, form):
    boundary, _, rest = form.partition(b"\r\n")
    parts = dict(read_part(part) for part in rest.split(b"\r\n" + boundary)[:-1])
    assert parts["purpose"] == "batch", parts["purpose"]
    name = f"file-{len(kept) + 1:03}"
    kept[name] = {"purpose": "batch", "lines": [json.loads(line) for line in parts["file"].splitlines()]}
    return file(name, kept[name])


def read_part(part):
    head, _, content = part.partition(b"\r\n\r\n")
    return head.decode().split('name="')[1].split('"')[0], content.decode()


def file(name, row):
    return {"id": name, "object": "file", "bytes": len(lines(row["lines"])), "created_at": 1, "filename": "batch.jsonl", "purpose": row["purpose"], "status": "processed"}


def begin(kept, asked):
    assert asked.keys() == {"input_file_id", "endpoint", "completion_window"}, asked
    name = f"batch_{len(kept) + 1:03}"
    kept[name] = {**asked, "id": name}
    return batch(kept[name], "validating")


def batch(row, status, output=None, errors=None):
    n = {"total": 0, "completed": 0, "failed": 0}
    return {**row, "object": "batch", "status": status, "created_at": 1, "output_file_id": output, "error_file_id": errors, "errors": None, "metadata": None, "request_counts": n}


def finished(kept, name, status):
    """A batch of which every request is answered, the last one first; what failed stands in a file of its own."""
    row = kept[name]
    done = [result(request) for request in reversed(kept[row["input_file_id"]]["lines"])]
    good = [line for line in done if line["response"]["status_code"] == 200]
    bad = [line for line in done if line["response"]["status_code"] != 200]
    names = [f"file-{name}-{kind}" if rows else None for kind, rows in (("o", good), ("e", bad))]
    for made, rows in zip(names, (good, bad)):
        if made:
            kept[made] = {"purpose": "batch_output", "lines": rows}
    return batch(row, status, *names)


def result(request):
    asked = request["body"]
    if asked["model"].startswith("error-"):
        status = int(asked["model"][6:])
        body = {"error": {"message": "the provider is out of order", "type": "server_error", "param": None, "code": "out_of_order"}}
    elif request["url"] == "/v1/embeddings":
        status, body = 200, {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.25, 1.0]}], "model": asked["model"], "usage": USAGE}
    else:
        status, text = 200, upstream_messages.last_user_text(asked)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": asked["model"], "choices": [choice], "usage": USAGE}
    response = {"status_code": status, "request_id": "req_1", "body": body}
    return {"id": "batch_req_1", "custom_id": request["custom_id"], "response": response, "error": None}


def messages(kept, method, rest, body):
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
        return 200, "application/x-jsonl", lines([message_result(request) for request in reversed(kept[name])])
    return document(message_batch(name, kept[name], "canceling" if what == "cancel" else "ended"))


def message_batch(name, requests, status):
    counts = {"processing": 0, "succeeded": len(requests), "errored": 0, "canceled": 0, "expired": 0}
    results = f"https://provider.voorbeeld/v1/messages/batches/{name}/results" if status == "ended" else None
    return {"id": name, "type": "message_batch", "processing_status": status, "request_counts": counts, "ended_at": None, "results_url": results, **TIMES}


def message_result(request):
    model = request["params"]["model"]
    if model.startswith("error-"):
        return {"custom_id": request["custom_id"], "result": {"type": "errored", "error": upstream_messages.error(int(model[6:]))}}
    return {"custom_id": request["custom_id"], "result": {"type": "succeeded", "message": upstream_messages.whole(request["params"])}}

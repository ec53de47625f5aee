"""A model provider that records every byte it receives and says back what it was told.

    python3 upstream.py [--port 0]        prints one line: {"base_url": "http://127.0.0.1:PORT/v1", "control": "http://127.0.0.1:PORT"}

What it does is chosen by the name of the model, so that a test needs no second channel:

    echo            the text of the last user message, streamed in pieces of seven characters
    echo-1, echo-3  the same in pieces of that many characters
    disturbed       the same, with every surrogate spelled as models spell them: lower case, no brackets, a genitive
    slow            the same, with a pause before every piece
    held            answers when POST /__release was asked
    cut             closes the connection in the middle of the stream
    broken          sends an event that is no JSON
    error-429, ...  answers with that status, in the provider's error shape
    flaky-3, ...    refuses that many requests with 503 before it answers
    busy-429-1-...  refuses that many requests with that status and `Retry-After: 1`; what follows tells models apart
    parallel        with `tools` in the request, one call of each of them, in a stream piece by piece in turns
    silent          answers 200 with an empty body
    documented      answers as the real provider is documented to (upstream_documented.py); documented-429 and others: its errors

POST /v1/completions, /v1/embeddings and /v1/moderations stand in upstream_texts.py, /v1/responses in
upstream_responses.py, /v1/images in upstream_pictures.py, /v1/audio in upstream_sound.py, Ollama's /api/… in upstream_ollama.py.
POST /v1/messages speaks Anthropic's format (upstream_messages.py). What is kept, such as batches, stands in upstream_batches.py.
With `tools` in the request the answer is one call of the first tool, its argument `text` being the text; a request for JSON
gets an object with `text`. GET /__seen gives what was received, POST /__forget empties it, GET /__left waits until a reader left
a stream early, GET /__holding?n=2 until that many requests are held.
"""

import argparse
import base64
import json
import re
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import upstream_batches
import upstream_conversations
import upstream_documented
import upstream_messages
import upstream_ollama
import upstream_pictures
import upstream_responses
import upstream_sound
import upstream_texts
from upstream_messages import last_user_text

SURROGATE = re.compile(r"\[([A-Z_]+_[0-9A-Za-z]+)\]")
MODELS = ["echo", "disturbed", "slow"]


class Recorder:
    """Everything that reached the provider, and every stream that its reader left early."""

    def __init__(self):
        self.lock = threading.Condition()
        self.requests = []
        self.kept = {}
        self.abandoned = 0
        self.refused = {}
        self.n_held = 0
        self.n_released = 0

    def refuses(self, model, times):
        """Whether a model that refuses so many times does so once more."""
        with self.lock:
            self.refused[model] = self.refused.get(model, 0) + 1
            return self.refused[model] <= times

    def hold(self):
        with self.lock:
            released = self.n_released
            self.n_held += 1
            self.lock.notify_all()
            self.lock.wait_for(lambda: self.n_released > released, 60)

    def release(self):
        with self.lock:
            self.n_held = 0
            self.n_released += 1
            self.lock.notify_all()

    def left(self):
        """A reader left a stream early."""
        with self.lock:
            self.abandoned += 1
            self.lock.notify_all()

    def wait_for(self, name, n, seconds=20):
        """How many there are, once there are `n` of them."""
        with self.lock:
            self.lock.wait_for(lambda: getattr(self, name) >= n, seconds)
            return getattr(self, name)

    def add(self, method, path, headers, body):
        with self.lock:
            self.requests.append({"method": method, "path": path, "headers": headers, "body": body})

    def forget(self):
        with self.lock:
            self.requests = []
            self.abandoned = 0
            self.refused = {}

    def seen(self):
        with self.lock:
            rows = [{**row, "body": base64.b64encode(row["body"]).decode()} for row in self.requests]
            return {"requests": rows, "abandoned": self.abandoned}


def disturb(text):
    """What models do to a surrogate, one way after the other."""
    ways = [
        lambda name: name.lower(),
        lambda name: f"[{name}]",
        lambda name: f"**{name}**",
        lambda name: f"{name}'s",
        lambda name: f"[{name.replace('_', ' ')}]",
        lambda name: f"\\[{name}\\]".replace("_", "\\_"),
    ]
    names = iter(range(10**6))
    return SURROGATE.sub(lambda match: ways[next(names) % len(ways)](match[1]), text)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    recorder: Recorder

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="application/json", retry_after=None):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = {"content-type": kind} | ({} if retry_after is None else {"retry-after": retry_after})
        self.reply_with(status, headers, data)

    def reply_with(self, status, headers, data):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, retry_after=None):
        """An error in the shape of the provider that speaks this format."""
        if self.path.startswith("/v1/messages"):
            return self.reply(status, upstream_messages.error(status), retry_after=retry_after)
        said = "the provider is out of order"
        return self.reply(status, {"error": said} if self.path.startswith("/api/") else error(said, "provider_error"), retry_after=retry_after)

    def do_GET(self):
        if self.path == "/__seen":
            return self.reply(200, self.recorder.seen())
        if self.path == "/__left":
            return self.reply(200, {"n": self.recorder.wait_for("abandoned", 1)})
        if self.path.startswith("/__holding"):
            n = int(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["n"][0])
            return self.reply(200, {"n": self.recorder.wait_for("n_held", n)})
        self.recorder.add("GET", self.path, dict(self.headers), b"")
        if upstream_batches.serves(self.path) or upstream_conversations.serves(self.path) or self.path.startswith("/v1/responses/"):
            return self.keep(b"")
        if self.path == "/v1/models":
            rows = [{"id": name, "object": "model", "created": 1, "owned_by": "upstream"} for name in MODELS]
            return self.reply(200, {"object": "list", "data": rows})
        return self.reply(404, error("no such route", "not_found_error"))

    def do_DELETE(self):
        self.recorder.add("DELETE", self.path, dict(self.headers), b"")
        return self.keep(b"")

    def keep(self, body):
        if self.path.startswith("/v1/responses/"):
            return self.reply(*upstream_responses.of_name(self.recorder.kept, self.command, self.path.removeprefix("/v1/responses/")))
        if upstream_conversations.serves(self.path):
            return self.reply(*upstream_conversations.answer(self.recorder.kept, self.command, self.path, json.loads(body or b"{}")))
        status, kind, data = upstream_batches.answer(self.recorder.kept, self.command, self.path, body)
        return self.reply_with(status, {"content-type": kind}, data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)) if "chunked" not in self.headers.get("transfer-encoding", "") else self.read_chunked()
        if self.path in ("/__forget", "/__release"):
            self.recorder.release() if self.path == "/__release" else self.recorder.forget()
            return self.reply(200, {})
        self.recorder.add("POST", self.path, dict(self.headers), body)
        if upstream_batches.serves(self.path) or upstream_conversations.serves(self.path):
            return self.keep(body)
        if self.path in ("/v1/audio/transcriptions", "/v1/audio/translations"):
            return self.transcripts(upstream_sound.fields(self.headers, body))
        is_form = self.headers.get("content-type", "").startswith("multipart/form-data")
        request = upstream_pictures.of_form(self.headers, body) if is_form else json.loads(body)
        self.model = model = str(request.get("model", "echo"))
        kind, *words = model.split("-")
        if kind == "error":
            return self.refuse(int(words[0]), 3 if self.path.startswith("/v1/messages") else None)
        if kind == "flaky" and self.recorder.refuses(model, int(words[0])):
            return self.refuse(503)
        if kind == "busy" and self.recorder.refuses(model, int(words[1])):
            return self.refuse(int(words[0]), 1)
        if kind == "held":
            self.recorder.hold()
        if kind == "silent":
            return self.reply(200, b"")
        if kind == "documented":
            return self.document(upstream_documented.answer(self.path, request, "-".join(words)))
        if self.path.startswith("/v1/messages"):
            return self.messages(request)
        if self.path.startswith("/api/"):
            return self.ollama(request)
        if self.path == "/v1/responses":
            return self.respond(request)
        if self.path in ("/v1/completions", "/v1/embeddings", "/v1/moderations"):
            return self.texts(request)
        if self.path in ("/v1/images/generations", "/v1/images/edits", "/v1/images/variations"):
            return self.pictures(request)
        if self.path == "/v1/audio/speech":
            kind, sound = upstream_sound.speech(request)
            return self.reply(200, sound, kind)
        if self.path == "/v1/chat/completions":
            return self.chat(request)
        return self.reply(404, error("no such route", "not_found_error"))

    def chat(self, request):
        text = last_user_text(request)
        if (request.get("response_format") or {}).get("type", "").startswith("json"):
            text = json.dumps({"text": text}, ensure_ascii=False)
        if self.model == "disturbed":
            text = disturb(text)
        if request.get("stream"):
            return self.send_events(chunks(request, self.model, text), end="[DONE]")
        return self.reply(200, whole(request, self.model, text))

    def messages(self, request):
        if self.path.endswith("/count_tokens"):
            return self.reply(200, {"input_tokens": 42})
        if not request.get("stream"):
            return self.reply(200, upstream_messages.whole(request))
        return self.send_events(upstream_messages.events(request, piece_size(self.model)))

    def respond(self, request):
        request = upstream_responses.going_on(self.recorder.kept, request)
        if not request.get("stream"):
            return self.reply(200, upstream_responses.whole(request))
        return self.send_events(upstream_responses.events(request, piece_size(self.model)))

    def pictures(self, request):
        if not request.get("stream"):
            return self.reply(200, upstream_pictures.whole(request))
        kind = "image_edit" if self.path == "/v1/images/edits" else "image_generation"
        return self.send_events(upstream_pictures.events(request, kind))

    def transcripts(self, form):
        self.model = form.get("model", "echo")
        if self.model.startswith("error-"):
            return self.refuse(int(self.model[6:]))
        if form.get("stream") == "true":
            return self.send_events(upstream_sound.transcript_events(form, piece_size(self.model)))
        kind, body = upstream_sound.transcript(form)
        return self.reply(200, body, kind)

    def ollama(self, request):
        if self.path == "/api/embed":
            return self.reply(200, upstream_ollama.embeddings(request))
        if request.get("stream") is False:
            return self.reply(200, upstream_ollama.whole(request))
        lines = upstream_ollama.lines(request, piece_size(self.model))
        return self.send_stream((json.dumps(line, ensure_ascii=False) + "\n" for line in lines), {"content-type": "application/x-ndjson"})

    def texts(self, request):
        if self.path == "/v1/embeddings":
            return self.reply(200, upstream_texts.embeddings(request))
        if self.path == "/v1/moderations":
            return self.reply(200, upstream_texts.moderation(request))
        if not request.get("stream"):
            return self.reply(200, upstream_texts.completion(request))
        return self.send_events(upstream_texts.completion_events(request, piece_size(self.model)), end="[DONE]")

    def document(self, answer):
        status, headers, events = answer
        if headers["content-type"].startswith("text/event-stream"):
            return self.send_stream(events, headers)
        return self.reply_with(status, headers, "".join(events).encode())

    def send_events(self, events, end=None):
        """A stream of events; those that have a type are named after it."""

        def written():
            for event in events:
                name = f"event: {event['type']}\n" if "type" in event else ""
                yield f"{name}data: {json.dumps(event, ensure_ascii=False)}\n\n"
            if end:
                yield f"data: {end}\n\n"

        return self.send_stream(written(), {"content-type": "text/event-stream"})

    def send_stream(self, pieces, headers):
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        pieces = list(pieces)
        try:
            for number, piece in enumerate(pieces):
                if self.model == "cut" and number == len(pieces) // 2:
                    return
                if self.model == "broken" and number == len(pieces) // 2:
                    self.wfile.write(b"data: {\"choices\": [\n\n")
                self.wfile.write(piece.encode())
                self.wfile.flush()
                if self.model == "slow":
                    time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            self.recorder.left()

    def read_chunked(self):
        body = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


def error(message, kind):
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def head(model, kind):
    return {"id": "chatcmpl-upstream", "object": kind, "created": 1, "model": model, "system_fingerprint": "fp_upstream"}


USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def whole(request, model, text):
    def message():
        if tools := called_tools(request):
            arguments = json.dumps({"text": text})
            calls = [{"id": f"call_{n}", "type": "function", "function": {"name": tool, "arguments": arguments}} for n, tool in enumerate(tools, 1)]
            return {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls"
        return {"role": "assistant", "content": text}, "stop"

    choices = []
    for index in range(request.get("n") or 1):
        said, reason = message()
        choices.append({"index": index, "message": said, "finish_reason": reason, "logprobs": None})
    return {**head(model, "chat.completion"), "choices": choices, "usage": USAGE, "x_unknown": {"kept": [1, 2.50]}}


def piece_size(model):
    return int(model[5:]) if model.startswith("echo-") else 7


def called_tools(request):
    """The first tool, or each of them; none where none may be called."""
    if request.get("tool_choice") == "none":
        return []
    names = [tool["function"]["name"] for tool in request.get("tools") or []]
    return names if request.get("model") == "parallel" else names[:1]


def chunks(request, model, text):
    size = piece_size(model)
    start = head(model, "chat.completion.chunk")
    n = request.get("n") or 1

    def chunk(index, delta, reason=None):
        return {**start, "choices": [{"index": index, "delta": delta, "finish_reason": reason}]}

    tools = called_tools(request)
    for index in range(n):
        if not tools:
            yield chunk(index, {"role": "assistant", "content": ""})
        for place, tool in enumerate(tools):
            call = {"index": place, "id": f"call_{place + 1}", "type": "function", "function": {"name": tool, "arguments": ""}}
            yield chunk(index, {"role": "assistant", "content": None, "tool_calls": [call]})
    said = json.dumps({"text": text}) if tools else text
    for at in range(0, len(said), size):
        piece = said[at : at + size]
        for index in range(n):
            if not tools:
                yield chunk(index, {"content": piece})
            for place in range(len(tools)):
                yield chunk(index, {"tool_calls": [{"index": place, "function": {"arguments": piece}}]})
    for index in range(n):
        yield chunk(index, {}, "tool_calls" if tools else "stop")
    if (request.get("stream_options") or {}).get("include_usage"):
        yield {**start, "choices": [], "usage": USAGE}


def serve(port=0):
    """Starts it on its own thread; gives the server and its recorder."""
    recorder = Recorder()
    handler = type("RecordingHandler", (Handler,), {"recorder": recorder})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, recorder


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    server, _ = serve(arguments.parse_args().port)
    address = f"http://127.0.0.1:{server.server_port}"
    print(json.dumps({"base_url": f"{address}/v1", "control": address}), flush=True)
    sys.stdin.read()

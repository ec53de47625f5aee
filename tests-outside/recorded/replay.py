"""A provider that answers what was recorded, and keeps what it was asked."""

import http.server
import json
import threading


class Provider:
    """`with Provider() as provider:` – `provider.answers(exchange)` sets the next answer, `provider.asked` is what arrived."""

    def __init__(self):
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                provider.asked.append((self.path, body))
                status, media_type, answered = provider.answer(body)
                self.send_response(status)
                self.send_header("content-type", media_type)
                self.send_header("content-length", str(len(answered)))
                self.end_headers()
                self.wfile.write(answered)

            def log_message(self, *_):
                pass

        self.asked = []
        self.answer = None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answers(self, exchange, change=lambda body, answered: answered):
        self.asked = []
        self.answer = lambda body: (exchange.status, exchange.media_type, change(body, exchange.answered))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def events(body):
    """The events of a stream, as they are read: their data, JSON where it is JSON."""
    read = []
    for event in body.decode().replace("\r\n", "\n").split("\n\n"):
        data = "\n".join(line[5:].lstrip(" ") for line in event.split("\n") if line.startswith("data:"))
        if data:
            read.append(data if data == "[DONE]" else json.loads(data))
    return read


def written(events):
    """Events as a stream, with their names where they have one."""
    lines = []
    for event in events:
        if isinstance(event, dict) and "type" in event:
            lines.append(f"event: {event['type']}")
        lines.append(f"data: {event if isinstance(event, str) else json.dumps(event)}")
        lines.append("")
    return ("\n".join(lines) + "\n").encode()

"""The recording provider, answering in the exact shape that the real ones are documented to answer in.

Each file in documented/ is one answer: why it looks so (#), status, headers, and the body. Nothing of it is a recording: order of
events, members and headers are those of the providers' documentation and of recorded answers in public test suites, named at the
top of each file; ids, words and numbers are invented. What the model says is what it was told, cut as tokens are cut:

    {{piece}}      one event for each piece of the text
    {{text}}       the whole text
    {{argument}}   one event for each piece of a tool's arguments, which are JSON
    {{arguments}}  all of them, {{input}} the same as an object
    {{n}}          the number of the event
"""

import itertools
import json
import pathlib

import upstream_messages
import upstream_responses

FOLDER = pathlib.Path(__file__).parent / "documented"
# How long tokens are.
LENGTHS = [1, 4, 2, 7, 3, 5, 1, 9, 2, 6]


def answer(path, request, what):
    """Status, headers and events (or the whole body) for a request; `what` names an error, else it follows from the request."""
    if path == "/v1/responses":
        family, surface, text = "openai", "responses", upstream_responses.last_user_text(request)
    elif path == "/v1/chat/completions":
        family, surface, text = "openai", "chat", upstream_messages.last_user_text(request)
    else:
        family, surface, text = "anthropic", "messages", upstream_messages.last_user_text(request)
    if what.isdigit():
        return filled(FOLDER / f"{family}-{what}.http", text)
    shape = what or ("tools" if request.get("tools") else "text")
    stream = "-stream" if request.get("stream") else ""
    return filled(FOLDER / f"{surface}-{shape}{stream}.http", text)


def filled(file, text):
    lines = file.read_text().splitlines(keepends=True)
    source = "".join(itertools.dropwhile(lambda line: line.startswith("#"), lines))
    head, _, body = source.partition("\n\n")
    status, *headers = head.splitlines()
    headers = dict(header.split(": ", 1) for header in headers)
    arguments = json.dumps({"text": text}, ensure_ascii=False)
    if not headers["content-type"].startswith("text/event-stream"):
        return int(status.split()[1]), headers, [put(body, text, arguments)]
    events = []
    for event in body.rstrip("\n").split("\n\n"):
        events += written(event, text, arguments)
    return int(status.split()[1]), headers, [event.replace("{{n}}", str(n)) + "\n\n" for n, event in enumerate(events)]


def written(event, text, arguments):
    """An event, or one for each piece of what it holds."""
    for word, whole in (("{{piece}}", text), ("{{argument}}", arguments)):
        if word in event:
            return [event.replace(word, in_json(piece)) for piece in pieces(whole)]
    return [put(event, text, arguments)]


def put(body, text, arguments):
    return body.replace("{{text}}", in_json(text)).replace("{{arguments}}", in_json(arguments)).replace("{{input}}", arguments)


def pieces(text):
    lengths, at = itertools.cycle(LENGTHS), 0
    while at < len(text):
        length = next(lengths)
        yield text[at : at + length]
        at += length


def in_json(text):
    return json.dumps(text, ensure_ascii=False)[1:-1]

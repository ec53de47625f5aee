"""Where the words of a model stand in an answer, in each format: whole, or in pieces of a stream."""

from typing import NamedTuple

from recordings import CHAT, MESSAGES, RESPONSES


class Place(NamedTuple):
    """A string of an answer: who holds it, and what it belongs to."""

    holder: dict
    key: str
    # Pieces of one lane are one text.
    lane: tuple
    # What a tool is given, else what is said.
    is_given: bool = False
    is_piece: bool = False

    @property
    def said(self):
        return self.holder[self.key]


def places(path, event):
    """Every place in an event, or in an answer that comes whole."""
    return [place for place in FORMATS[path](event) if place.holder.get(place.key)]


def _chat(event):
    for choice in event.get("choices", []):
        n, is_piece = choice["index"], "delta" in choice
        said = choice.get("delta") or choice.get("message") or {}
        if isinstance(said.get("content"), str):
            yield Place(said, "content", ("said", n), is_piece=is_piece)
        for m, call in enumerate(said.get("tool_calls") or []):
            yield Place(call["function"], "arguments", ("given", n, call.get("index", m)), True, is_piece)


def _responses(event):
    kind, n = event.get("type", ""), event.get("output_index", 0)
    if kind.startswith("response.output_text."):
        is_piece = kind.endswith(".delta")
        yield Place(event, "delta" if is_piece else "text", ("said", n), is_piece=is_piece)
    elif kind.startswith("response.function_call_arguments."):
        is_piece = kind.endswith(".delta")
        yield Place(event, "delta" if is_piece else "arguments", ("given", n), True, is_piece)
    elif kind.startswith("response.content_part.") and event["part"]["type"] == "output_text":
        yield Place(event["part"], "text", ("said", n))
    elif kind.startswith("response.output_item."):
        yield from _item(event["item"], n)
    else:
        for n, item in enumerate((event.get("response") or event).get("output") or []):
            yield from _item(item, n)


def _item(item, n):
    if item["type"] == "function_call":
        yield Place(item, "arguments", ("given", n), True)
    elif item["type"] == "message":
        for part in item["content"]:
            if part["type"] == "output_text":
                yield Place(part, "text", ("said", n))


def _messages(event):
    if event.get("type") == "content_block_delta":
        delta, n = event["delta"], event["index"]
        if delta["type"] == "text_delta":
            yield Place(delta, "text", ("said", n), is_piece=True)
        elif delta["type"] == "input_json_delta":
            yield Place(delta, "partial_json", ("given", n), True, True)
    for n, block in enumerate(event.get("content") or []):
        if block["type"] == "text":
            yield Place(block, "text", ("said", n))
        elif block["type"] == "tool_use":
            yield Place(block, "input", ("given", n), True)


FORMATS = {CHAT: _chat, RESPONSES: _responses, MESSAGES: _messages}

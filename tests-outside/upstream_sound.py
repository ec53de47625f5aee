"""The recording provider for sound: it says the same tone whatever it is told, and hears what it was told to expect."""

import json

import upstream_forms

TYPES = {"mp3": "audio/mpeg", "opus": "audio/opus", "aac": "audio/aac", "flac": "audio/flac", "wav": "audio/wav", "pcm": "audio/pcm"}
SOUND = bytes(number * 7 % 256 for number in range(100_000))


def speech(request):
    """The media type and the bytes."""
    return TYPES[request.get("response_format") or "mp3"], SOUND


def fields(headers, body):
    """A form as its fields, the file by its name and bytes."""
    found = {}
    for name, file_name, _, content in upstream_forms.parts(headers, body):
        found[name] = (file_name, content) if file_name else content.decode()
    return found


def transcript(form):
    """The media type and the answer: the text that was to be expected."""
    text, kind = form.get("prompt", ""), form.get("response_format", "json")
    if kind == "verbose_json":
        segments = [{"id": 0, "start": 0.0, "end": 1.5, "text": text, "seek": 0, "tokens": [], "temperature": 0, "avg_logprob": 0, "compression_ratio": 1, "no_speech_prob": 0}]
        return "application/json", json.dumps({"task": "transcribe", "language": "dutch", "duration": 1.5, "text": text, "segments": segments}).encode()
    if kind == "json":
        return "application/json", json.dumps({"text": text, "usage": {"type": "duration", "seconds": 2}}).encode()
    return "text/plain; charset=utf-8", text.encode()


def transcript_events(form, size):
    text = form.get("prompt", "")
    for at in range(0, len(text), size):
        yield {"type": "transcript.text.delta", "delta": text[at : at + size]}
    yield {"type": "transcript.text.done", "text": text}

"""What people type is readable nowhere: not in the data directory, its write-ahead log, the log of the program, or a backup."""

import json
import urllib.error
import urllib.request

import canary
import openai
import pytest
from installation import waarborg
from people import EMAIL, IBAN, NAME, TEXT
from visitor import Visitor


def test_nothing_of_a_call_stays_on_disk_or_in_the_log(house, client):
    client.chat.completions.create(model="echo", messages=[{"role": "user", "content": TEXT}])
    list(client.chat.completions.create(model="echo-3", messages=[{"role": "user", "content": TEXT}], stream=True))
    for model in ("error-500", "silent"):
        with pytest.raises(openai.OpenAIError):
            answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": TEXT}])
            if not answer.choices:
                raise openai.OpenAIError("an empty answer")
    found = list(canary.places(house.folder, [NAME, EMAIL, IBAN]))
    assert not found, found


class Canaries:
    """One invented name per route, so that a hit says where it came from; all begin with the same letters."""

    STEM = "Kanariewals"

    def __init__(self):
        self.used = {}

    def __call__(self, route):
        word = f"{self.STEM}{len(self.used):03d}qx"
        self.used[word] = route
        return word


def ask(address, path, body=None, headers=None, method=None):
    """Any request at all; what is answered does not matter."""
    request = urllib.request.Request(address + path, data=body, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
    except (urllib.error.URLError, OSError):
        pass


def test_a_unique_word_through_every_route_is_found_nowhere(house):
    canaries = Canaries()
    key = {"authorization": f"Bearer {house.gateway_key}", "content-type": "application/json"}

    def chat(word, **more):
        said = [{"role": "user", "content": f"Ik heet {word} Jansen en woon op Dorpsstraat 12."}]
        return json.dumps({"model": "echo", "messages": said, **more}).encode()

    ask(house.address, "/v1/chat/completions", chat(canaries("completions")), key)
    ask(house.address, "/v1/chat/completions", chat(canaries("stream"), stream=True), key)
    for model in ("cut", "broken", "error-500", "silent"):
        ask(house.address, "/v1/chat/completions", chat(canaries(model), model=model), key)
        ask(house.address, "/v1/chat/completions", chat(canaries(f"{model} stream"), model=model, stream=True), key)
    ask(house.address, "/v1/chat/completions", chat(canaries("half a body"))[:-9], key)
    ask(house.address, "/v1/chat/completions", b"\xff\xfe" + chat(canaries("invalid utf-8")), key)
    ask(house.address, "/v1/chat/completions", chat(canaries("wrong key")), {**key, "authorization": f"Bearer {canaries('key')}"})
    ask(house.address, "/v1/chat/completions", chat(canaries("unknown field"), **{canaries("field name"): canaries("field value")}), key)
    ask(house.address, "/v1/guard/preview", chat(canaries("preview")), key)
    ask(house.address, "/v1/fine_tuning/jobs", chat(canaries("unknown /v1 route")), key)
    ask(house.address, f"/{canaries('unknown path')}?name={canaries('query')}")
    ask(house.address, f"/rights/{canaries('reference')}")
    ask(house.address, f"/chat/{canaries('conversation id')}")
    ask(house.address, f"/privacy?lang={canaries('lang')}&at={canaries('at')}&residence={canaries('residence')}")
    ask(house.address, f"/console/enter/{canaries('console link')}")
    for header in ("user-agent", "referer", "cookie", "accept-language", "x-forwarded-for", "x-waarborg-conversation", "x-waarborg-purpose", "origin"):
        ask(house.address, "/v1/chat/completions", chat(canaries(f"body with {header}")), {**key, header: canaries(header)})
        ask(house.address, "/", headers={header: canaries(f"{header} on a page")})
    ask(house.address, "/rights", f"right={canaries('form without a session')}".encode())
    ask(house.address, "/", method=canaries("method").upper())

    visitor = Visitor(house.address)
    notice = visitor.form("/", "/notice")
    visitor.open("/notice", {**notice, "version": canaries("notice version")})
    visitor.open("/notice", notice)
    composer = visitor.form("/", "/chat")
    visitor.open("/chat", {**composer, "history": "on", "text": f"Ik ben {canaries('chat')} de Vries, wat nu?"})
    visitor.open("/chat", {**composer, "history": "off", "text": f"Ik ben {canaries('chat, history off')} de Vries, wat nu?"})
    visitor.open("/chat", {**composer, "history": canaries("history choice"), "text": "Hallo"})
    rights = visitor.form("/rights", "/rights")
    visitor.open("/rights", {**rights, "right": "access", "question": f"Ik ben {canaries('question')}", "reply_to": f"{canaries('reply')}@voorbeeld.nl"})
    visitor.open("/rights", {**rights, "right": canaries("right"), "question": "x", "reply_to": "y"})
    visitor.open("/consent", {**rights, "consent": canaries("consent"), "choice": "give"})

    backup = house.folder / "backup"
    waarborg("backup", "--dir", str(house.dir), str(backup))
    for path, _, _ in canary.places(house.folder, [Canaries.STEM]):
        found = [(canaries.used[word], form) for _, word, form in canary.places(path, list(canaries.used))]
        raise AssertionError(f"{path.relative_to(house.folder)}: {found}")
    assert backup.exists() and len(canaries.used) > 40

#!/usr/bin/env python3
"""Open WebUI in front of the gateway: sign up, chat, titles and tags, a file; nothing leaks, all comes back.

    python3 -m venv VENV && VENV/bin/pip install open-webui      about 9 GB with the libraries for models that it brings along
    tests-outside/openwebui/run.py VENV                          needs target/debug/waarborg, or WAARBORG_BINARY
    tests-outside/openwebui/run.py VENV --signed                 the same, where Open WebUI signs who writes

Not part of `./test` because of that size. Open WebUI runs as it comes from PyPI, with its settings in the environment. Files are embedded over
the gateway too (`RAG_EMBEDDING_ENGINE=openai`), so that no model is downloaded.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import installation  # noqa: E402

PLANTED = {
    "name": "Fatima Yilmaz-Bakker",
    "bsn": "123456782",
    "mail": "f.yilmaz@voorbeeld.nl",
    "account": "NL91ABNA0417164300",
    "phone": "06-12345678",
}
SAID = "Mevrouw {name} (BSN {bsn}, mail {mail}, rekening {account}, telefoon {phone}) vraagt om uitstel.".format(**PLANTED)
MODEL = "echo"
# What Open WebUI signs tokens with, in the run that asks for it.
SECRET = "openwebui-signs-who-writes-with-this"
WRITER = """
[writer.openwebui]
secret_file = "openwebui-secret"
per_person = true
"""
# Open WebUI keeps no chat of this kind, and names it all the same.
CHAT = "local:1"


class SignedHouse(installation.Installation):
    """An installation that knows who writes by what Open WebUI signs."""

    def __init__(self):
        super().__init__(profile="pseudonymise", destination="eu", settings=WRITER)
        (self.dir / "openwebui-secret").write_text(SECRET)


class WebUi:
    """Open WebUI, started in a folder of its own."""

    def __init__(self, venv, house, signed):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="waarborg-openwebui-"))
        self.port = installation.free_port()
        self.token = None
        self.key = house.new_key("--signed-by", "openwebui") if signed else house.gateway_key
        gateway = {"base": f"{house.address}/v1", "key": self.key}
        settings = {
            "DATA_DIR": str(self.folder / "data"), "WEBUI_SECRET_KEY": "not-a-secret", "ENABLE_OLLAMA_API": "false",
            "OPENAI_API_BASE_URL": gateway["base"], "OPENAI_API_KEY": gateway["key"],
            "RAG_EMBEDDING_ENGINE": "openai", "RAG_EMBEDDING_MODEL": MODEL,
            "RAG_OPENAI_API_BASE_URL": gateway["base"], "RAG_OPENAI_API_KEY": gateway["key"],
            "HF_HUB_OFFLINE": "1", "OFFLINE_MODE": "true", "ENABLE_VERSION_UPDATE_CHECK": "false",
            "ANONYMIZED_TELEMETRY": "false", "DO_NOT_TRACK": "true", "SCARF_NO_ANALYTICS": "true",
            "ENABLE_RAG_HYBRID_SEARCH": "false", "BYPASS_MODEL_ACCESS_CONTROL": "true", "CORS_ALLOW_ORIGIN": "*",
            # Says with each call which chat it is for.
            "ENABLE_FORWARD_USER_INFO_HEADERS": "true",
        }
        if signed:
            settings["FORWARD_USER_INFO_HEADER_JWT_SECRET"] = SECRET
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [str(pathlib.Path(venv) / "bin" / "open-webui"), "serve", "--host", "127.0.0.1", "--port", str(self.port)],
            env={**os.environ, **settings}, cwd=self.folder, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
        )

    def wait_until_ready(self, seconds=600):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise SystemExit(f"Open WebUI ended with {self.process.returncode}\n{self.read_log()[-4000:]}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.5)
        raise SystemExit(f"Open WebUI is not ready after {seconds} s\n{self.read_log()[-4000:]}")

    def read_log(self):
        return (self.folder / "log").read_text(errors="replace")

    def ask(self, method, path, body=None, content_type="application/json"):
        """The bytes of an answer."""
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method)
        if data is not None:
            request.add_header("content-type", content_type)
        if self.token:
            request.add_header("authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {error.read()[:2000]!r}\n{self.read_log()[-3000:]}") from error

    def json(self, method, path, body=None):
        return json.loads(self.ask(method, path, body))

    def upload(self, name, text):
        border = uuid.uuid4().hex
        head = f'--{border}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\ncontent-type: text/plain\r\n\r\n'
        body = f"{head}{text}\r\n--{border}--\r\n".encode()
        return json.loads(self.ask("POST", "/api/v1/files/", body, f"multipart/form-data; boundary={border}"))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def said_in(stream):
    """The text of a stream of chunks."""
    pieces = []
    for line in stream.decode().splitlines():
        if line.startswith("data: ") and line != "data: [DONE]":
            for choice in json.loads(line[6:]).get("choices") or []:
                pieces.append((choice.get("delta") or {}).get("content") or "")
    return "".join(pieces)


def content_of(answer):
    return answer["choices"][0]["message"]["content"]


def is_refused_without_signature(house, key):
    request = urllib.request.Request(
        f"{house.address}/v1/chat/completions", data=json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "Hoi"}]}).encode(),
        headers={"authorization": f"Bearer {key}", "content-type": "application/json"}, method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=30):
            return False
    except urllib.error.HTTPError as error:
        return error.code == 401 and json.loads(error.read())["error"]["code"] == "writer_token_missing"


def main():
    if not (len(sys.argv) == 2 or (len(sys.argv) == 3 and sys.argv[2] == "--signed")):
        raise SystemExit(__doc__)
    signed = len(sys.argv) == 3
    results = []

    house = SignedHouse() if signed else installation.Installation(profile="pseudonymise", destination="eu")
    with house:
        def check(what, holds, shown=""):
            results.append(bool(holds))
            print(f"{'ok ' if holds else 'BAD'} {what}" + ("" if holds else f"\n    {shown[:600]}"))

        def came_back(what, text, values=tuple(PLANTED.values())):
            missing = [value for value in values if value not in text]
            check(f"{what}: all values came back", not missing, f"{missing} are not in {text!r}")

        stood_for = {}

        def leaked(what):
            received = house.received()
            stood_for[what] = sorted(set(re.findall(r"\[PERSOON_\d+\]", received)))
            found = [value for value in [*PLANTED.values(), "Fatima", "Yilmaz"] if value in received]
            check(f"{what}: the provider saw none of them", received and not found, f"{found} in {received}")
            house.provider.forget()

        webui = WebUi(sys.argv[1], house, signed)
        try:
            webui.wait_until_ready()
            account = webui.json("POST", "/api/v1/auths/signup", {"name": "Beheerder", "email": "beheer@voorbeeld.nl", "password": "Een-lang-wachtwoord-7"})
            webui.token = account["token"]
            check("sign up", bool(webui.token))
            models = [model["id"] for model in webui.json("GET", "/api/models")["data"]]
            check("the models of the key are listed", models, str(models))
            model = MODEL if MODEL in models else models[0]
            house.provider.forget()

            messages = [{"role": "user", "content": SAID}]
            whole = webui.json("POST", "/api/chat/completions", {"model": model, "messages": messages, "stream": False, "chat_id": CHAT})
            came_back("chat", content_of(whole))
            leaked("chat")
            stream = webui.ask("POST", "/api/chat/completions", {"model": model, "messages": messages, "stream": True, "chat_id": CHAT})
            came_back("chat, streamed", said_in(stream))
            leaked("chat, streamed")

            turns = [*messages, {"role": "assistant", "content": content_of(whole)}]
            for task in ("title", "tags", "follow_up"):
                asked = {"model": model, "messages": turns, "chat_id": CHAT}
                answer = webui.json("POST", f"/api/v1/tasks/{task}/completions", asked)
                # The recording provider says the whole task back, the conversation in it.
                came_back(task, content_of(answer), (PLANTED["name"], PLANTED["bsn"]))
                leaked(task)

            calls = ["chat", "chat, streamed", "title", "tags", "follow_up"]
            # What is asked around a chat may hold words of its own that are taken for names.
            check("the calls of one chat share their surrogates", stood_for["chat"] and all(set(stood_for["chat"]) <= set(stood_for[call]) for call in calls),
                  str(stood_for))
            print(f"    surrogates for people: {stood_for}")

            if signed:
                check("who signs nothing is refused", is_refused_without_signature(house, webui.key))
                house.provider.forget()
            admin = webui.token
            webui.json("POST", "/api/v1/auths/add", {"name": "Collega", "email": "collega@voorbeeld.nl", "password": "Een-lang-wachtwoord-8", "role": "user"})
            webui.token = webui.json("POST", "/api/v1/auths/signin", {"email": "collega@voorbeeld.nl", "password": "Een-lang-wachtwoord-8"})["token"]
            whole = webui.json("POST", "/api/chat/completions", {"model": model, "messages": messages, "stream": False, "chat_id": CHAT})
            came_back("a colleague's chat", content_of(whole))
            leaked("a colleague's chat")
            if signed:  # a header would have had to say another chat
                check("a colleague has surrogates of their own, in a chat of the same name",
                      stood_for["a colleague's chat"] and stood_for["a colleague's chat"] != stood_for["chat"], str(stood_for))
            webui.token = admin

            file = webui.upload("brief.txt", f"Dossier.\n\n{SAID}\n")
            for _ in range(60):
                state = webui.json("GET", f"/api/v1/files/{file['id']}")
                if (state.get("data") or {}).get("status") in (None, "completed", "failed"):
                    break
                time.sleep(1)
            kept = webui.json("GET", f"/api/v1/files/{file['id']}/data/content")
            check("the file was read", PLANTED["bsn"] in json.dumps(kept), json.dumps(kept))
            leaked("file, embedded")
            asked = {"model": model, "messages": [{"role": "user", "content": "Wat staat er in de brief?"}], "stream": False,
                     "files": [{"type": "file", "id": file["id"], "file": {"id": file["id"]}}]}
            answer = content_of(webui.json("POST", "/api/chat/completions", asked))
            came_back("chat about the file", answer, (PLANTED["name"], PLANTED["bsn"]))
            leaked("chat about the file")
        finally:
            webui.stop()

    print(f"{sum(results)} of {len(results)} hold")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

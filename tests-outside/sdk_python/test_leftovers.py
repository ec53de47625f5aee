"""Pass-through keeps nothing: no byte of a request or an answer stays in the data directory or the log."""

import canary
import openai
import pytest
from people import EMAIL, IBAN, NAME, TEXT


def test_nothing_of_a_call_stays_on_disk_or_in_the_log(house, client):
    client.chat.completions.create(model="echo", messages=[{"role": "user", "content": TEXT}])
    list(client.chat.completions.create(model="echo-3", messages=[{"role": "user", "content": TEXT}], stream=True))
    for model in ("error-500", "silent", "no-such-model"):
        with pytest.raises(openai.OpenAIError):
            answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": TEXT}])
            if model == "no-such-model" and answer.choices:
                raise openai.OpenAIError("served by the default model")
    found = list(canary.places(house.folder, [NAME, EMAIL, IBAN]))
    assert not found, found

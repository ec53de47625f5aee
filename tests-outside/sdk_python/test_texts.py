"""Completions, embeddings and moderations through the OpenAI client for Python."""

import openai
import pytest
import upstream_texts
from people import TEXT, assert_unseen


@pytest.mark.parametrize("prompt", [TEXT, [TEXT, "Iets anders."]])
def test_a_completion_comes_back_with_the_real_values(house, client, prompt):
    answer = client.completions.create(model="echo", prompt=prompt)
    assert [choice.text for choice in answer.choices] == (prompt if isinstance(prompt, list) else [prompt])
    assert answer.usage.total_tokens == 18
    assert_unseen(house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo", "echo-64"])
def test_a_streamed_completion_is_whole_however_it_is_cut(house, client, model):
    stream = client.completions.create(model=model, prompt=TEXT, stream=True)
    assert "".join(chunk.choices[0].text for chunk in stream) == TEXT
    assert_unseen(house)


@pytest.mark.parametrize("form", ["float", "base64", openai.omit])
def test_the_same_text_always_gives_the_same_vector_and_another_another(house, client, form):
    def embedded(texts):
        return [row.embedding for row in client.embeddings.create(model="echo", input=texts, encoding_format=form).data]

    [alone] = embedded(TEXT)
    beside, other = embedded([TEXT, "Iets anders."])
    assert alone == beside and alone != other
    assert form == "base64" or len(alone) == len(upstream_texts.vector("x"))
    assert_unseen(house)


def test_numbers_that_stand_for_words_are_refused_with_what_to_do(house, client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.embeddings.create(model="echo", input=[[9906, 1917]])
    assert refused.value.code == "content_not_inspectable" and "check_embedding_ctx_length" in refused.value.message
    assert house.n_received() == 0


def test_a_text_is_judged_without_the_provider_seeing_who_it_is_about(house, client):
    assert client.moderations.create(model="echo", input=TEXT).results[0].flagged is False
    assert client.moderations.create(input=[{"type": "text", "text": TEXT}]).results[0].flagged is False
    with pytest.raises(openai.BadRequestError):
        client.moderations.create(model="echo", input=[{"type": "image_url", "image_url": {"url": "https://voorbeeld.nl/a.png"}}])
    assert_unseen(house)

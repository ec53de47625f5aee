"""Pictures through the OpenAI client for Python."""

import openai
import pytest
import upstream_pictures
from people import TEXT, assert_unseen


@pytest.mark.parametrize("form", ["b64_json", "url"])
def test_a_picture_comes_back_with_the_real_words_beside_it(house, client, form):
    answer = client.images.generate(model="echo", prompt=TEXT, n=2, size="1024x1024", response_format=form)
    assert [picture.revised_prompt for picture in answer.data] == [TEXT, TEXT]
    if form == "url":
        assert answer.data[0].url == "https://voorbeeld.nl/a.png"
    else:
        assert answer.data[0].b64_json == upstream_pictures.PICTURE
    assert answer.usage.output_tokens == 7
    assert_unseen(house)


def test_a_streamed_picture_comes_sketch_by_sketch(house, client):
    stream = client.images.generate(model="echo", prompt=TEXT, stream=True, partial_images=2)
    events = list(stream)
    assert [event.type for event in events] == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    assert events[-1].b64_json == upstream_pictures.PICTURE
    assert events[-1].usage.output_tokens == 7
    assert_unseen(house)


def test_a_picture_that_is_to_be_changed_is_refused_with_what_to_do(house, client):
    with pytest.raises(openai.NotFoundError) as refused:
        client.images.edit(model="echo", image=("jan.png", b"\x89PNG\r\n"), prompt=TEXT)
    assert refused.value.code == "endpoint_not_guarded" and "/v1/images/generations" in refused.value.message
    assert house.n_received() == 0


def test_what_the_provider_refuses_is_an_error_of_the_client(house, client):
    with pytest.raises(openai.BadRequestError):
        client.images.generate(model="error-400", prompt=TEXT)
    assert_unseen(house)

"""Pictures through the OpenAI client for Python."""

import base64
import json

import openai
import pytest
import upstream_pictures
from people import EMAIL, NAME, PICTURE, TEXT, assert_silent, assert_unseen


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


def files(house):
    """The files of the one form that reached the provider, by field, name, type and content."""
    [row] = house.provider.requests
    assert row["path"].startswith("/v1/images/")
    return upstream_pictures.of_form({"content-type": row["headers"]["content-type"]}, row["body"])["files"]


def assert_bare(picture):
    """It is a picture, and says nothing of its author."""
    assert picture.endswith(b"IEND\xaeB`\x82") and b"IDAT" in picture
    assert b"tEXt" not in picture and EMAIL.encode() not in picture
    assert len(picture) < len(PICTURE)


def test_a_picture_is_changed_without_what_is_written_about_it(house, client):
    named = (f"{NAME}.png", PICTURE, "image/png")
    answer = client.images.edit(model="echo", image=named, mask=named, prompt=TEXT, n=2, size="1024x1024", input_fidelity="high", user=EMAIL)
    assert [picture.revised_prompt for picture in answer.data] == [TEXT, TEXT]
    assert answer.data[0].b64_json == upstream_pictures.PICTURE
    sent = files(house)
    assert sorted(file[:3] for file in sent) == [("image", "image.png", "image/png"), ("mask", "mask.png", "image/png")]
    for *_, picture in sent:
        assert_bare(picture)
    assert_unseen(house)


def test_several_pictures_are_changed_at_once(house, client, tmp_path):
    path = tmp_path / f"{NAME}.png"
    path.write_bytes(PICTURE)
    with path.open("rb") as opened:
        answer = client.images.edit(model="echo", image=[opened, PICTURE], prompt=TEXT)
    assert answer.data[0].revised_prompt == TEXT
    sent = files(house)
    assert [file[:3] for file in sent] == [("image[]", "image.png", "image/png")] * 2
    for *_, picture in sent:
        assert_bare(picture)
    assert_unseen(house)


def test_a_changed_picture_comes_sketch_by_sketch(house, client):
    stream = client.images.edit(model="echo", image=PICTURE, prompt=TEXT, stream=True, partial_images=2)
    events = list(stream)
    assert [event.type for event in events] == ["image_edit.partial_image"] * 2 + ["image_edit.completed"]
    assert events[-1].b64_json == upstream_pictures.PICTURE
    assert events[-1].usage.output_tokens == 7
    assert_unseen(house)


def test_another_picture_is_made_like_one(house, client):
    answer = client.images.create_variation(model="echo", image=(f"{NAME}.png", PICTURE), n=2, response_format="url", user=EMAIL)
    assert [picture.url for picture in answer.data] == ["https://voorbeeld.nl/a.png"] * 2
    [(field, name, kind, picture)] = files(house)
    assert (field, name, kind) == ("image", "image.png", "image/png")
    assert_bare(picture)
    assert_unseen(house)


def test_a_picture_that_lies_in_a_document_is_changed_as_well(house, client):
    url = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    document = {"model": "echo", "prompt": TEXT, "images": [{"image_url": url}], "mask": {"image_url": url}}
    answer = client.post("/images/edits", cast_to=openai.types.ImagesResponse, body=document)
    assert answer.data[0].revised_prompt == TEXT
    [row] = house.provider.requests
    sent = json.loads(row["body"])
    for reference in (sent["images"][0], sent["mask"]):
        assert_bare(base64.b64decode(reference["image_url"].removeprefix("data:image/png;base64,")))
    assert_unseen(house)


@pytest.mark.parametrize("reference", [{"file_id": "file-1"}, {"image_url": "https://voorbeeld.nl/a.png"}])
def test_a_picture_that_lies_elsewhere_is_refused(house, client, reference):
    with pytest.raises(openai.BadRequestError) as refused:
        client.post("/images/edits", cast_to=openai.types.ImagesResponse, body={"model": "echo", "prompt": "Een huis", "images": [reference]})
    assert refused.value.code == "content_not_inspectable" and refused.value.param.startswith("images.0")
    assert house.n_received() == 0


@pytest.mark.parametrize("content", [TEXT.encode(), b"", PICTURE[:50], b"%PDF-1.7"])
def test_what_is_no_whole_picture_is_refused(house, client, content):
    for call in (client.images.edit, client.images.create_variation):
        about = {"prompt": "Een huis"} if call == client.images.edit else {}
        with pytest.raises(openai.BadRequestError) as refused:
            call(model="echo", image=(f"{NAME}.png", content, "image/png"), **about)
        assert refused.value.code == "content_not_inspectable" and refused.value.param == "image"
        assert_silent(f"{refused.value} {refused.value.body}")
    assert house.n_received() == 0


def test_what_the_provider_refuses_is_an_error_of_the_client(house, client):
    with pytest.raises(openai.BadRequestError):
        client.images.generate(model="error-400", prompt=TEXT)
    assert_unseen(house)
    with pytest.raises(openai.BadRequestError):
        client.images.edit(model="error-400", image=PICTURE, prompt=TEXT)
    assert_unseen(house)

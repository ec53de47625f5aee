"""Speech through the OpenAI client for Python."""

import openai
import pytest
import upstream_sound
from people import TEXT


@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
def test_a_text_about_nobody_is_spoken(house, client, form):
    sound = client.audio.speech.create(model="echo", voice="nova", input="De balie is open.", response_format=form)
    assert sound.content == upstream_sound.SOUND
    assert sound.response.headers["content-type"] == upstream_sound.TYPES[form]
    assert house.n_received() == 1


def test_speech_comes_piece_by_piece(house, client, tmp_path):
    speaking = client.audio.speech.with_streaming_response
    with speaking.create(model="echo", voice="alloy", input="De balie is open.", instructions="Rustig.") as answer:
        assert b"".join(answer.iter_bytes(1000)) == upstream_sound.SOUND
    with speaking.create(model="echo", voice="alloy", input="De balie is open.") as answer:
        answer.stream_to_file(tmp_path / "a.mp3")
    assert (tmp_path / "a.mp3").read_bytes() == upstream_sound.SOUND


def test_what_would_need_a_surrogate_is_not_spoken_and_says_why(house, client):
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        client.audio.speech.create(model="echo", voice="nova", input=TEXT)
    assert refused.value.code == "personal_data_in_speech"
    with pytest.raises(openai.UnprocessableEntityError):
        client.audio.speech.create(model="echo", voice="nova", input="De balie is open.", instructions=TEXT)
    assert house.n_received() == 0


def test_events_of_speech_are_refused_with_the_field(house, client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.audio.speech.create(model="echo", voice="nova", input="hoi", stream_format="sse")
    assert refused.value.code == "unsupported_field" and refused.value.param == "stream_format"
    assert house.n_received() == 0

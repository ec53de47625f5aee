"""Sound through the OpenAI client for Python, both ways."""

import openai
import pytest
import upstream_sound
from people import NAME, TEXT, assert_unseen


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


RECORDING = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(256)) * 100


def recording():
    return (f"{NAME}.wav", RECORDING, "audio/wav")


@pytest.mark.parametrize("form", ["json", "verbose_json", "text", "srt", "vtt"])
def test_what_was_said_is_written_down_by_an_own_model(hearing_house, hearing_client, form):
    made = hearing_client.audio.transcriptions.create(model="echo", file=recording(), prompt=TEXT, language="nl", response_format=form)
    assert (made if isinstance(made, str) else made.text) == TEXT
    if form == "verbose_json":
        assert made.segments[0].text == TEXT
    assert_unseen(hearing_house)
    [row] = hearing_house.provider.requests
    sent = upstream_sound.fields({"content-type": row["headers"]["content-type"]}, row["body"])
    assert sent["file"] == ("sound.wav", RECORDING) and sent["language"] == "nl"


def test_what_was_said_is_translated(hearing_house, hearing_client):
    assert hearing_client.audio.translations.create(model="echo", file=recording(), prompt=TEXT).text == TEXT
    assert hearing_client.audio.translations.create(model="echo", file=recording(), prompt=TEXT, response_format="text") == TEXT
    assert_unseen(hearing_house)


@pytest.mark.parametrize("model", ["echo-1", "echo-3", "echo", "echo-64"])
def test_a_streamed_transcript_is_whole_however_it_is_cut(hearing_house, hearing_client, model):
    options = {"include": ["logprobs"], "timestamp_granularities": ["word", "segment"]}
    events = list(hearing_client.audio.transcriptions.create(model=model, file=recording(), prompt=TEXT, stream=True, **options))
    assert "".join(event.delta for event in events if event.type == "transcript.text.delta") == TEXT
    assert events[-1].type == "transcript.text.done" and events[-1].text == TEXT
    assert_unseen(hearing_house)


def test_sound_stays_where_the_register_says_nothing_of_it(house, client):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.audio.transcriptions.create(model="echo", file=recording())
    assert refused.value.code == "sound-not-listed"
    assert house.n_received() == 0


def test_a_file_that_is_no_sound_is_refused_with_what_to_do(hearing_house, hearing_client):
    with pytest.raises(openai.BadRequestError) as refused:
        hearing_client.audio.transcriptions.create(model="echo", file=("a.mp3", b"%PDF-1.7"))
    assert refused.value.param == "file" and "flac" in refused.value.message
    assert hearing_house.n_received() == 0

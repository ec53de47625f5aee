"""A model of one's own beside detection: really ONNX, really ONNX Runtime, loaded by the binary; the model is made here."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import installation  # noqa: E402
import tiny  # noqa: E402

TEXT = "Het hek staat bij Qwxz Vrtk in de tuin."
NAME = "Qwxz Vrtk"


@pytest.fixture
def folder(tmp_path):
    tiny.write(tmp_path / "tiny")
    return tmp_path


def detect(folder, text, *arguments, recognisers=None, check=True):
    file = folder / "recognisers.toml"
    file.write_text(recognisers or tiny.recognisers())
    return installation.waarborg("detect", "--recognisers", os.fspath(file), "--output", "json", *arguments, stdin=text, check=check)


def values(done, text):
    return [text[span["start"] : span["end"]] for span in json.loads(done.stdout)["spans"]]


def test_what_only_the_model_knows_is_found(folder):
    without = installation.waarborg("detect", "--output", "json", stdin=TEXT)
    assert values(without, TEXT) == [], "no other stage knows these words"
    done = detect(folder, TEXT, "--explain", check=False)
    assert done.returncode == 1, done.stderr
    assert values(done, TEXT) == [NAME]
    told = [one for one in json.loads(done.stdout)["considered"] if one["fate"] == "kept"]
    assert [one["stage"] for one in told] == ["model"]


def test_a_hidden_name_is_read_as_the_other_stages_read_it(folder):
    hidden = "Het hek staat bij Qw\u200bxz Vrtk in de tuin."
    assert values(detect(folder, hidden, check=False), hidden) == ["Qw\u200bxz Vrtk"]


def test_a_text_longer_than_the_model_reads_at_once_is_read_to_its_end(folder):
    filler = "de fiets staat bij het hek, "
    text = filler * 40 + "bij qwxz vrtk in " + filler * 300 + "bij qwxz vrtk in de tuin."
    without = installation.waarborg("detect", "--output", "json", stdin=text)
    assert values(without, text) == [], "no other stage knows these words"
    found = values(detect(folder, text, check=False), text)
    assert found == ["qwxz vrtk", "qwxz vrtk"]


def test_how_sure_it_must_be_is_a_setting(folder):
    assert values(detect(folder, TEXT, recognisers=tiny.recognisers(sure=100), check=False), TEXT) == []


def test_a_text_on_which_the_model_breaks_down_gets_no_answer_rather_than_half_of_one(folder):
    done = detect(folder, f"BSN 111222333 {tiny.BREAKS}", check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert "no answer" in done.stderr and "111222333" not in done.stderr and tiny.BREAKS not in done.stderr


@pytest.mark.parametrize("spoil, expected", [
    (lambda folder: (folder / "tiny" / "model.onnx").write_bytes(b"no network"), "refused by ONNX Runtime"),
    (lambda folder: (folder / "tiny" / "model.onnx").unlink(), "cannot be read"),
    (lambda folder: (folder / "tiny" / "vocab.txt").write_text("[CLS]\n[SEP]\n"), "[UNK]"),
    (lambda folder: (folder / "tiny" / "config.json").write_text("{"), "config.json is wrong"),
    (lambda folder: (folder / "tiny" / "config.json").write_text('{"id2label": {"0": "O", "1": "B-PER"}}'), "does not answer with one row"),
    (lambda folder: (folder / "tiny" / "config.json").write_text('{"id2label": {"0": "O", "1": "B-PER", "2": "B-LOC"}}'), "also says LOC"),
])
def test_a_model_that_cannot_be_used_is_told_with_its_line_and_what_to_do(folder, spoil, expected):
    spoil(folder)
    done = detect(folder, TEXT, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert expected in done.stderr and "recognisers.toml:1" in done.stderr, done.stderr


def test_without_the_runtime_nothing_starts_and_check_says_why(folder):
    done = detect(folder, TEXT, recognisers=tiny.recognisers(library="gone/libonnxruntime.so"), check=False)
    assert done.returncode == 2 and "gone/libonnxruntime.so" in done.stderr and "install ONNX Runtime" in done.stderr


class House(installation.Installation):
    """An installation with the model in its folder."""

    def __init__(self, **more):
        super().__init__(**more)
        tiny.write(self.dir / "tiny")
        (self.dir / "recognisers.toml").write_text(tiny.recognisers())

    def ask(self, text):
        body = json.dumps({"model": "echo", "messages": [{"role": "user", "content": text}]}).encode()
        headers = {"authorization": f"Bearer {self.gateway_key}", "content-type": "application/json"}
        request = urllib.request.Request(f"{self.address}/v1/chat/completions", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


def test_what_only_the_model_knows_does_not_leave_and_comes_back():
    with House() as house:
        status, answer = house.ask(TEXT)
        assert status == 200 and NAME in json.loads(answer)["choices"][0]["message"]["content"]
        assert house.n_received() == 1
        assert "Qwxz" not in house.received() and "Vrtk" not in house.received()


def test_when_the_model_breaks_down_nothing_leaves_and_nothing_is_repeated():
    with House() as house:
        status, answer = house.ask(f"{TEXT} {tiny.BREAKS}")
        assert status >= 400 and house.n_received() == 0, answer
        assert NAME not in answer and tiny.BREAKS not in answer
        assert house.ask(TEXT)[0] == 200, "the next text is answered"
        log = house.read_log()
        assert tiny.BREAKS not in log and "Qwxz" not in log and "indices" not in log, "the runtime is silent"


def test_an_installation_whose_model_is_gone_does_not_start():
    house = House()
    try:
        (house.dir / "tiny" / "model.onnx").unlink()
        checked = installation.waarborg("check", "--dir", os.fspath(house.dir), check=False)
        assert checked.returncode == 1 and "model.onnx cannot be read" in checked.stdout
        served = subprocess.run([installation.BINARY, "serve", "--dir", house.dir, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
        assert served.returncode == 2 and "model.onnx cannot be read" in served.stderr
    finally:
        house.close()

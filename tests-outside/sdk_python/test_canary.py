"""The search for leftovers finds a text in every form that it names."""

import base64
import urllib.parse

import canary
import pytest

TEXT = "Jan de Vriès 123456782"
FORMS = {
    "as it is": f"x{TEXT}y".encode(),
    "in capitals": TEXT.upper().encode(),
    "utf-16": TEXT.encode("utf-16-le"),
    "utf-16 the other way": TEXT.encode("utf-16-be"),
    "url": urllib.parse.quote(TEXT).encode(),
    "form": urllib.parse.quote_plus(TEXT).encode(),
    "hexadecimal": TEXT.encode().hex().upper().encode(),
    **{f"base64 after {n}": base64.b64encode(b"q" * n + TEXT.encode() + b"zz") for n in range(4)},
    **{f"url-safe base64 of utf-16 after {n}": base64.urlsafe_b64encode(b"q" * n + TEXT.encode("utf-16-le") + b"z") for n in range(4)},
}


@pytest.mark.parametrize("form", FORMS)
def test_a_text_is_found(form, tmp_path):
    (tmp_path / "file").write_bytes(b"\0\1" + FORMS[form] + b"\2")
    assert list(canary.places(tmp_path, [TEXT]))


def test_nothing_is_found_where_nothing_is(tmp_path):
    (tmp_path / "file").write_bytes(b"Jan 123456789")
    assert not list(canary.places(tmp_path, [TEXT]))

"""Pictures and documents in a request, with the unmodified clients: what goes along, what becomes text, what stays."""

import base64
import shutil
import struct
import zlib

import anthropic
import openai
import pytest

EMAIL = "w.terpstra@voorbeeld.nl"
IBAN = "NL91ABNA0417164300"


def pdf(text, author="niemand"):
    content = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        f"<</Author({author})>>",
    ]
    file, offsets = "%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{one}\nendobj\n"
    start = len(file)
    file += "xref\n0 7\n0000000000 65535 f \n" + "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (file + f"trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n").encode()


def png(about):
    """A white picture of 64 by 64, with its author."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = (b"\0" + b"\xff" * 64) * 64
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0))
    text = chunk(b"tEXt", b"Author\0" + about.encode())
    return b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def file_part(file):
    data = "data:application/pdf;base64," + base64.b64encode(file).decode()
    return {"type": "file", "file": {"filename": "brief.pdf", "file_data": data}}


def picture_part(picture):
    return {"type": "image_url", "image_url": {"url": "data:image/png;base64," + base64.b64encode(picture).decode()}}


def ask(client, *parts):
    content = [{"type": "text", "text": "Vat dit samen."}, *parts]
    return client.chat.completions.with_raw_response.create(model="echo", messages=[{"role": "user", "content": content}])


def assert_unseen(house, *values):
    received = house.received()
    assert received, "the provider received nothing at all"
    for value in values:
        assert value not in received, f"the provider saw {value}"


def test_a_pdf_with_findings_goes_along_as_text(house, client):
    file = pdf(f"Rekening {IBAN}", EMAIL)
    answer = ask(client, file_part(file))
    assert answer.headers["x-waarborg-files"] == "unchanged=0;as-text=1"
    assert IBAN in answer.parse().choices[0].message.content
    assert_unseen(house, IBAN, EMAIL, base64.b64encode(file).decode()[:400])


def test_a_pdf_without_findings_goes_along_as_it_is(house, client):
    file = pdf("De school begint om acht uur.")
    answer = ask(client, file_part(file))
    assert answer.headers["x-waarborg-files"] == "unchanged=1;as-text=0"
    assert base64.b64encode(file).decode() in house.received()


def test_in_responses_a_pdf_with_findings_goes_along_as_text(house, client):
    data = "data:application/pdf;base64," + base64.b64encode(pdf(f"Rekening {IBAN}")).decode()
    content = [{"type": "input_text", "text": "Vat samen."}, {"type": "input_file", "filename": "brief.pdf", "file_data": data}]
    client.responses.create(model="echo", input=[{"role": "user", "content": content}])
    assert_unseen(house, IBAN)


def test_a_picture_goes_along_without_what_is_written_about_it(house, client):
    picture = png(EMAIL)
    if shutil.which("tesseract") is None:
        # Where nothing reads the letters of a picture, every picture is refused.
        with pytest.raises(openai.BadRequestError) as refused:
            ask(client, picture_part(picture))
        assert refused.value.body["waarborg"]["reason"] == "picture"
        assert house.n_received() == 0
        return
    answer = ask(client, picture_part(picture))
    assert answer.headers["x-waarborg-files"] == "unchanged=1;as-text=0"
    received = house.received()
    assert "data:image/png;base64," in received
    assert_unseen(house, EMAIL, base64.b64encode(picture).decode()[40:])


def test_what_cannot_be_read_is_refused_with_its_reason(house, client):
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, file_part(pdf("De school")[:200]))
    assert refused.value.code == "content_not_inspectable"
    assert refused.value.body["waarborg"]["reason"] == "damaged"
    assert house.n_received() == 0


def test_a_document_of_anthropics_client_reaches_a_model_of_openai_as_text(house):
    data = base64.b64encode(pdf(f"Rekening {IBAN}")).decode()
    source = {"type": "base64", "media_type": "application/pdf", "data": data}
    with anthropic.Anthropic(base_url=house.address, api_key=house.gateway_key, max_retries=0, timeout=60) as client:
        content = [{"type": "document", "source": source}, {"type": "text", "text": "Vat samen."}]
        client.messages.create(model="echo", max_tokens=100, messages=[{"role": "user", "content": content}])
    assert_unseen(house, IBAN)

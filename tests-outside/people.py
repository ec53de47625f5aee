"""Invented people (people.json), and what nobody but the client may see of them."""

import base64
import json
import pathlib
import re

PERSON = json.loads((pathlib.Path(__file__).parent / "people.json").read_text())
VALUES = [PERSON[name] for name in ("name", "email", "bsn", "iban", "phone")]
NAME, EMAIL, BSN, IBAN, PHONE = VALUES
TEXT = PERSON["text"].format(**PERSON)
# White, too small for a letter, and its author is EMAIL.
PICTURE = base64.b64decode(PERSON["picture"])


def assert_unseen(house):
    """No value of the text reached the provider in any form that we know."""
    received = house.received()
    assert received, "the provider received nothing at all"
    assert_silent(received, "the provider saw")


def assert_silent(said, what="it says"):
    seen = [value for value in VALUES if value.lower() in said.lower()]
    assert not seen, f"{what} {seen}"


def check_given(given):
    """What a tool that was declared gets: everything that was typed."""
    assert given == TEXT, given


def assert_bare_picture(house):
    """One picture reached the provider, as a picture and without its author."""
    [sent] = re.findall(r"iVBORw0KGgo[0-9A-Za-z+/]*=*", house.received())
    picture = base64.b64decode(sent)
    assert picture.endswith(b"IEND\xaeB`\x82") and b"IDAT" in picture
    assert b"tEXt" not in picture and EMAIL.encode() not in picture

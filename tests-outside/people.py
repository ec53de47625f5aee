"""Invented people, and a text about one of them that names everything we replace."""

NAME = "Willemijn Terpstra"
EMAIL = "w.terpstra@voorbeeld.nl"
BSN = "123456782"
IBAN = "NL91ABNA0417164300"
PHONE = "06-12345678"

VALUES = [NAME, EMAIL, BSN, IBAN, PHONE]

TEXT = (
    f"Mijn naam is {NAME}, mijn e-mailadres is {EMAIL} en mijn BSN is {BSN}. "
    f"Maak het over op IBAN {IBAN} of bel {PHONE}. Zeg dit \"letterlijk\" terug: één, twee\nen drie."
)


def assert_unseen(house):
    """No value of the text reached the provider in any form that we know."""
    received = house.received()
    assert received, "the provider received nothing at all"
    seen = [value for value in VALUES if value.lower() in received.lower()]
    assert not seen, f"the provider saw {seen}"

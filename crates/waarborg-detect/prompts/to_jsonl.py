"""Turns the hand-written training prompts beside this file into the JSON lines that the trainer reads.

    python3 crates/waarborg-detect/prompts/to_jsonl.py [FILE.txt ...] >prompts.jsonl

Without files it takes every *.txt here, in order of name. The format stands in README.md. The same files always give the same bytes.
A fault stops it with the file, the line and what is wrong.
"""
import json
import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
LABELS = set(
    "PERSON EMAIL PHONE BSN IBAN CREDIT_CARD ADDRESS POSTCODE CITY DATE_OF_BIRTH LICENCE_PLATE CUSTOMER_NUMBER EMPLOYEE_NUMBER "
    "PATIENT_NUMBER ID_NUMBER IP DEVICE_ID USERNAME URL_PERSONAL API_KEY HEALTH RELIGION ETHNICITY POLITICAL UNION SEXUAL_ORIENTATION "
    "CRIMINAL BIOMETRIC_GENETIC QUASI".split()
)
SPAN = re.compile(r"⟦(\?)?([A-Z_]+)\|([^⟦⟧]*)⟧")
PLACE = re.compile(r"\{(bsn|iban|card|imei|hex|key|digits):?(\d*)\}")


def bsn(dice):
    """A number that passes the eleven test (weights 9..2, -1), beginning with any digit."""
    while True:
        digits = [dice.randint(0, 9) for _ in range(8)]
        rest = sum(d * w for d, w in zip(digits, range(9, 1, -1))) % 11
        if rest < 10 and any(digits[:3]):
            return "".join(map(str, digits)) + str(rest)


def iban(dice):
    """A Dutch account number whose remainder by 97 is 1, at a bank that exists."""
    bank = dice.choice(["INGB", "RABO", "ABNA", "SNSB", "TRIO", "KNAB", "BUNQ", "ASNB"])
    account = "0" + "".join(str(dice.randint(0, 9)) for _ in range(9))
    as_number = "".join(str(int(c, 36)) for c in bank + account + "NL00")
    return f"NL{98 - int(as_number) % 97:02d}{bank}{account}"


def luhn(dice, start, length):
    """Digits that pass the Luhn test."""
    digits = [int(c) for c in start] + [dice.randint(0, 9) for _ in range(length - 1 - len(start))]
    total = sum(d if i % 2 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits)))
    return "".join(map(str, digits)) + str(-total % 10)


def value(dice, what, length):
    """An invented value for a placeholder. Lengths are in characters."""
    if what == "bsn":
        return bsn(dice)
    if what == "iban":
        plain = iban(dice)
        return plain if dice.random() < 0.6 else " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))
    if what == "card":
        plain = luhn(dice, dice.choice(["4", "51", "55"]), 16)
        return plain if dice.random() < 0.4 else " ".join(plain[i : i + 4] for i in range(0, 16, 4))
    if what == "imei":
        return luhn(dice, "35", 15)
    letters = {"hex": "0123456789abcdef", "digits": "0123456789", "key": "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"}[what]
    return "".join(dice.choice(letters) for _ in range(length or 32))


def fill(text, dice, filled):
    """Puts values for the placeholders in. `{bsn:1}` twice in one prompt is the same value twice."""

    def one(match):
        what, number = match.group(1), match.group(2)
        if what in ("bsn", "iban", "card", "imei"):
            return filled.setdefault((what, number or f"alone-{match.start()}"), value(dice, what, 0))
        return value(dice, what, int(number or 0))

    return PLACE.sub(one, text)


def prompt(name, header, body, line):
    """One prompt as the trainer wants it; stops on a label or bracket that is wrong."""
    parts = [part.strip() for part in header.split("|")]
    if len(parts) != 4:
        raise SystemExit(f"{name}:{line}: a header is '=== id | domain | language | tags'")
    dice = random.Random(parts[0])
    body = fill("\n".join(body).strip("\n"), dice, {})
    text, spans, at = "", [], 0
    for match in SPAN.finditer(body):
        text += body[at : match.start()]
        optional, label, inside = match.groups()
        if label not in LABELS:
            raise SystemExit(f"{name}:{line}: {parts[0]} has the label {label}, which does not exist")
        if not inside.strip() or inside != inside.strip():
            raise SystemExit(f"{name}:{line}: {parts[0]} has an empty or loosely cut {label}")
        span = {"start": len(text), "end": len(text) + len(inside), "label": label, "text": inside, "bstart": len(text.encode())}
        text += inside
        span["bend"] = len(text.encode())
        if optional:
            span["optional"] = True
        spans.append(span)
        at = match.end()
    text += body[at:]
    if "⟦" in text or "⟧" in text:
        raise SystemExit(f"{name}:{line}: {parts[0]} has a bracket that does not close, or one in another")
    return {"id": parts[0], "domain": parts[1], "lang": parts[2], "tags": parts[3].split(), "text": text, "spans": spans}


def prompts(path):
    """Every prompt of a file, in order."""
    header, body, start = None, [], 0
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("=== "):
            if header is not None:
                yield prompt(path.name, header, body, start)
            header, body, start = line[4:], [], number
        elif header is not None:
            body.append(line)
    if header is not None:
        yield prompt(path.name, header, body, start)


if __name__ == "__main__":
    seen = set()
    for path in [pathlib.Path(p) for p in sys.argv[1:]] or sorted(HERE.glob("*.txt")):
        for one in prompts(path):
            if one["id"] in seen:
                raise SystemExit(f"{path.name}: {one['id']} exists twice")
            seen.add(one["id"])
            print(json.dumps(one, ensure_ascii=False))

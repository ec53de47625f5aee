#!/usr/bin/env python3
"""Looks for texts in every byte below a folder, in the forms in which a text can hide.

    canary.py FOLDER TEXT [TEXT ...]      exit 0: none found; 1: found, one line per place

Forms: raw UTF-8 (any case), UTF-16 (both orders), base64 at each of the three alignments (standard and URL-safe),
hexadecimal (any case), URL-encoding, JSON and HTML escapes. Files are read whole: databases, write-ahead logs, free pages and all.
"""

import base64
import html
import pathlib
import sys
import urllib.parse


def forms(text):
    """Name and bytes of each form; all in lower case where case carries nothing."""
    raw = text.encode()
    for spelled in {text, text.lower(), text.upper()}:
        yield "raw", spelled.encode().lower()
        yield "utf-16-le", spelled.encode("utf-16-le").lower()
        yield "utf-16-be", spelled.encode("utf-16-be").lower()
    yield "hex", raw.hex().encode()
    for quoted in {urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text)}:
        yield "url", quoted.lower().encode()
    yield "json", "".join(f"\\u{ord(letter):04x}" if ord(letter) > 126 else letter for letter in text).lower().encode()
    yield "html", html.escape(text).lower().encode()


def base64_forms(text):
    """The middle of every alignment: what is the same whatever stands before and after."""
    for raw in {text.encode(), text.encode("utf-16-le")}:
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + raw)
            start = (0, 2, 3)[shift]
            whole = (shift + len(raw)) // 3 * 4
            middle = encoded[start:whole]
            if len(middle) >= 8:
                yield middle
                yield middle.translate(bytes.maketrans(b"+/", b"-_"))


def places(folder, texts):
    """(path, text, form) for each hit below a folder, or in one file."""
    folder = pathlib.Path(folder)
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    wanted = [(text, set(forms(text)), set(base64_forms(text))) for text in texts]
    for path in files:
        try:
            content = path.read_bytes().replace(bytes(512), b"")  # empty pages only take time
        except FileNotFoundError:
            continue
        lower = content.lower()
        for text, plain, encoded in wanted:
            if text.lower() in str(path).lower():
                yield path, text, "file name"
            for form, needle in plain:
                if needle in lower:
                    yield path, text, form
            if any(needle in content for needle in encoded):
                yield path, text, "base64"


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    found = 0
    for path, text, form in places(sys.argv[1], sys.argv[2:]):
        print(f"{path}: {text!r} as {form}")
        found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

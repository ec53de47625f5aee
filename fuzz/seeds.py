"""Lays seeds for the fuzzer in fuzz/corpus: the registers, whole and in pieces; the prompts, as texts; the prompts with choices before them;
and small files of every kind (file_seeds.py).

    python3 fuzz/seeds.py register | detect | offsets | screen | file_office | file_pdf | …
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys

import file_seeds

ROOT = pathlib.Path(__file__).resolve().parent.parent


def registers():
    """Six tables at a time behind the head: short inputs are tried more often."""
    for file in sorted((ROOT / "registers").rglob("*.toml")):
        text = file.read_text()
        yield text
        parts = re.split(r"(?m)^(?=\[)", text)
        for i in range(0, len(parts), 6):
            yield "".join(parts[:1] + parts[i : i + 6])


def prompts():
    made = subprocess.run(
        [sys.executable, ROOT / "crates/waarborg-detect/prompts/to_jsonl.py"], check=True, capture_output=True
    )
    for line in made.stdout.splitlines():
        yield json.loads(line)["text"]


def disguises():
    """How many choices, the choices, and a line of a prompt: the whole would make slow runs."""
    for text in prompts():
        for line in text.splitlines():
            if 8 <= len(line) <= 400:
                choices = hashlib.sha256(line.encode()).digest()[:24]
                yield bytes([len(choices)]) + choices + line.encode()


SEEDS = {"register": registers, "detect": prompts, "screen": prompts, "offsets": disguises, **file_seeds.SEEDS}

if len(sys.argv) != 2 or sys.argv[1] not in SEEDS:
    sys.exit(f"which target? one of: {', '.join(SEEDS)}")
folder = ROOT / "fuzz/corpus" / sys.argv[1]
folder.mkdir(parents=True, exist_ok=True)
seeds = {seed if isinstance(seed, bytes) else seed.encode() for seed in SEEDS[sys.argv[1]]()}
for seed in seeds:
    (folder / hashlib.sha256(seed).hexdigest()[:40]).write_bytes(seed)
print(f"{len(seeds)} seeds in {folder.relative_to(ROOT)}")

"""Writes pieces.jsonl: how the `tokenizers` package of Hugging Face (other people's code) cuts the texts below.

    pip install tokenizers==0.23.3 && python3 crates/waarborg-model/testdata/pieces.py
"""
import json
import pathlib

from tokenizers import BertWordPieceTokenizer

HERE = pathlib.Path(__file__).resolve().parent
VOCABULARY = HERE / "vocab.txt"
TEXTS = [
    "", " ", "Jan Jansen, wonend te De Meern.", "JAN JANSEN", "jan-willem van 't Hof", "O'Brien's fiets", "Fátma Yıldırım", "İstanbul en ISTANBUL",
    "Zoë, Renée en Daniël", "Zoe\u0308 en Re\u0301nee", "ja\u200bn sof\u00adie", "tab\tregel\nregel\r\neinde", "€ 12,50 (incl. btw)", "a+b=c ^x` ~y|z <b> $5",
    "“aanhaling” – streep… ¿qué?", "中文和jan", "日本語 カタカナ", "한국어", "нет Нет", "naïef coöperatie", "😀 jan 😀jan", "n\u0303 \u0301", "x" * 101, "jan" * 33,
    "ﬁets ½ ² Ⅳ", "ß ẞ ŒUVRE", "\u0000jan\ufffd \u0085 \u2028 \u3000 sofie", "jan.jansen@example.org", "#jan @sofie", "A\u030angstro\u0308m \u212bngström", ";\u037e·\u0387",
    "\U0001d4d9an", "e\u0301\u0301e", "a\u0300\u0300", "\U000e0001jan", "\ue000jan", "৳५ ٣", "jan\u00a0sofie", "J\u0130\u0131", "ǅ Ǆ ǆ", "Ω Ω", "ᾳ ᾼ", "‿jan⁀sofie",
]

if __name__ == "__main__":
    rows = []
    for lower, strip, ideographs in [(True, None, True), (False, None, True), (True, False, False), (False, True, True)]:
        cutter = BertWordPieceTokenizer(str(VOCABULARY), lowercase=lower, strip_accents=strip, handle_chinese_chars=ideographs)
        for text in TEXTS:
            cut = cutter.encode(text, add_special_tokens=False)
            words = {}
            for number, word, (start, end) in zip(cut.ids, cut.word_ids, cut.offsets):
                words.setdefault(word, {"pieces": [], "start": start})["pieces"].append(number)
                words[word]["end"] = end
            rows.append({"text": text, "lower_case": lower, "strip_accents": lower if strip is None else strip, "split_ideographs": ideographs, "words": list(words.values())})
    (HERE / "pieces.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

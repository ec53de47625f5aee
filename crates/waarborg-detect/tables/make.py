#!/usr/bin/env python3
"""Makes lexicon.bin from the word lists in DIR (the shared data folder). Usage: make.py DIR [OUT [WITHOUT]]
WITHOUT names one author's prompts ("c") whose words are left out, for a fair test on that author.

One open-addressing table: n_slots little-endian u32, then per slot a 16-bit fingerprint and a byte of flags.
Flags: bits 0-1 first name, 2-3 surname, 4-5 common word (0 none .. 3 very), bit 6 town, bit 7 street.
Keys are hashed as src/words.rs does it: folded letters per word, words combined left to right."""
import csv, json, os, re, struct, sys, unicodedata, collections

DIR = sys.argv[1]
WITHOUT = sys.argv[3] if len(sys.argv) > 3 else None
GAZ = os.path.join(DIR, 'gazetteers')
MASK = (1 << 64) - 1
SPECIAL = {'ı': 'i', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ß': 's', 'æ': 'a', 'œ': 'o', 'ð': 'd', 'þ': 't', 'ĳ': 'i'}
PARTICLES = set("van de der den het ten ter te tot in op aan bij uit voor 't 's d la le du des di da el al ben von zu".split())

def letter(c):
    c = unicodedata.normalize('NFD', c.lower())[0]
    return SPECIAL.get(c, c)

def word_hash(word):
    h = 0xcbf29ce484222325
    for c in word:
        h = ((h ^ ord(letter(c))) * 0x100000001b3) & MASK
    return h

def combine(a, b):
    return ((a ^ (((b << 5) | (b >> 59)) & MASK)) * 0x9e3779b97f4a7c15) & MASK

def words(text):
    return re.findall(r"[^\W\d_]+", unicodedata.normalize('NFC', text))

def key(text):
    ws = words(text)
    h = None
    for w in ws:
        h = word_hash(w) if h is None else combine(h, word_hash(w))
    return h

flags = collections.defaultdict(lambda: [0, 0, 0, 0, 0])
FIRST, SUR, COMMON, TOWN, STREET = range(5)

def add(k, what, level):
    if k is not None and flags[k][what] < level:
        flags[k][what] = level

# First names: frequency classes from the birth counts.
births = collections.Counter()
for row in csv.DictReader(open(os.path.join(GAZ, 'voornamen-1880-2014-mit.csv'), encoding='utf8')):
    births[row['naam']] += float(row['aantal'] or 0)
for name, n in births.items():
    for w in words(name):
        if len(w) > 1:
            add(word_hash(w), FIRST, 3)
for row in json.load(open(os.path.join(GAZ, 'voornamen-mit.json'), encoding='utf8')):
    for w in words(row['naam']):
        if len(w) > 1:
            add(word_hash(w), FIRST, 2)
for row in csv.reader(open(os.path.join(GAZ, 'common-forenames-by-country.csv'), encoding='utf8')):
    for name in row[-2:]:
        for w in words(name):
            if len(w) > 1 and w[0].isupper():
                add(word_hash(w), FIRST, 2)
for f in ('male', 'female'):
    for line in open(os.path.join(GAZ, 'faker-nl-first_names_%s.txt' % f), encoding='utf8'):
        for w in words(line):
            add(word_hash(w), FIRST, 3)

# Names of many origins, written by hand for the training of the tagger.
for line in open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'examples', 'train_tagger', 'templates', 'names.txt'), encoding='utf8'):
    given, family = line.strip().split('=', 1)[1].split('|')
    for w in words(given.replace('_', ' ')):
        if len(w) > 1:
            add(word_hash(w), FIRST, 2)
    for w in words(family.replace('_', ' ')):
        if len(w) > 2 and w.lower() not in PARTICLES:
            add(word_hash(w), SUR, 2)

# Surnames: the words that carry the name.
def surname(line, level):
    for w in words(line):
        if len(w) > 2 and w.lower() not in PARTICLES:
            add(word_hash(w), SUR, level)
for line in open(os.path.join(GAZ, 'achternamen-freq5-cc0.txt'), encoding='utf8'):
    surname(line, 1)
for line in open(os.path.join(GAZ, 'faker-nl-last_names.txt'), encoding='utf8'):
    surname(line, 2)
for row in csv.reader(open(os.path.join(GAZ, 'common-surnames-by-country.csv'), encoding='utf8')):
    for name in row[4:6]:
        surname(name, 2)
for row in csv.DictReader(open(os.path.join(GAZ, 'achternamen-top1000-cc0.csv'), encoding='utf8')):
    surname(row['natural name'], 3)

# Common words: the Dutch word list, and lower-case words of texts outside their annotations.
for line in open(os.path.join(GAZ, 'opentaal-basiswoorden.txt'), encoding='utf8'):
    w = line.strip()
    if w and w[0].islower() and len(words(w)) == 1:
        add(word_hash(words(w)[0]), COMMON, 1)
def count_texts(paths):
    n = collections.Counter()
    for path in paths:
        for line in open(os.path.join(DIR, path), encoding='utf8'):
            g = json.loads(line)
            t = list(g['text'])
            for s in g['spans']:
                t[s['start']:s['end']] = ' ' * (s['end'] - s['start'])
            n.update(w.lower() for w in words(''.join(t)) if w.islower())
    return n
for w, n in count_texts(['nl-chat/train-%s.jsonl' % c for c in 'abc' if c != WITHOUT]).items():
    add(word_hash(w), COMMON, 3 if n >= 6 else 2 if n >= 2 else 1)
import glob
foreign = [os.path.relpath(p, DIR) for d in ('tab-en', 'presidio-synth-en', 'wnut17-en', 'germeval2014-de') for p in sorted(glob.glob(os.path.join(DIR, d, '*.jsonl')))]
for w, n in count_texts(foreign).items():
    if n >= 2:
        add(word_hash(w), COMMON, 3 if n >= 60 else 2 if n >= 8 else 1)

# Towns and streets, whole names.
for line in open(os.path.join(GAZ, 'woonplaatsen-bag.tsv'), encoding='utf8'):
    add(key(line.split('\t')[1]), TOWN, 1)
for line in open(os.path.join(GAZ, 'faker-nl-cities.txt'), encoding='utf8'):
    add(key(line), TOWN, 1)
for line in open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'towns-abroad.txt'), encoding='utf8'):
    if not line.startswith('#'):
        add(key(line), TOWN, 1)
SUFFIX = re.compile(r'(straat|weg|laan|plein|kade|dijk|hof|gracht|steeg|pad|singel|park|dreef|plantsoen|markt|wal|burg|veld|berg|kamp|akker|baan|ring)$')
for line in open(os.path.join(GAZ, 'straten-bag.tsv'), encoding='utf8'):
    name = line.rstrip('\n').split('\t')[1]
    ws = words(name)
    if len(ws) == 1 and SUFFIX.search(ws[0].lower()) or not ws or len(ws) > 4:
        continue
    add(key(name), STREET, 1)

n_slots = int(len(flags) * 1.4) | 1
slots = [None] * n_slots
clash = 0
for k, f in sorted(flags.items()):
    byte = f[0] | f[1] << 2 | f[2] << 4 | f[3] << 6 | f[4] << 7
    if byte == 0:
        continue
    mixed = ((k ^ (k >> 32)) * 0x9e3779b97f4a7c15) & MASK
    i = ((mixed >> 32) * n_slots) >> 32
    finger = (k & 0xffff) or 1
    while slots[i] is not None:
        if slots[i][0] == finger:
            clash += 1
        i = (i + 1) % n_slots
    slots[i] = (finger, byte)
out = bytearray(struct.pack('<I', n_slots))
for s in slots:
    out += struct.pack('<HB', *(s or (0, 0)))
path = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lexicon.bin')
open(path, 'wb').write(out)
print(len(flags), 'keys', n_slots, 'slots', len(out), 'bytes', clash, 'clashing fingerprints')

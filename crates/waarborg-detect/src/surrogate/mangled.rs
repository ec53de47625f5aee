//! How often a surrogate that a model mangled comes back, per way of mangling, and that it is never somebody else.
//!
//! `WAARBORG_CASES=10000 cargo test -p waarborg-detect mangled -- --nocapture` counts the long version and prints the
//! table.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::{format, println};

use super::*;

/// A small generator of numbers: the same seed, the same conversations.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below).unwrap()).unwrap()
    }

    fn one_of<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.next(of.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from_digit(u32::try_from(self.next(10)).unwrap(), 10).unwrap())
            .collect()
    }
}

/// Kinds that stand in for the others, with their words in German, French and Swedish, as a model that translates
/// writes them.
const KINDS: [(Kind, [&str; 3]); 12] = [
    (Kind::Person, ["PERSON", "PERSONNE", "PERSON"]),
    (Kind::Email, ["E-MAIL", "COURRIEL", "E-POST"]),
    (Kind::Phone, ["TELEFON", "TÉLÉPHONE", "TELEFON"]),
    (Kind::Iban, ["IBAN", "IBAN", "IBAN"]),
    (Kind::Address, ["ADRESSE", "ADRESSE", "ADRESS"]),
    (Kind::City, ["ORT", "VILLE", "ORT"]),
    (
        Kind::Postcode,
        ["POSTLEITZAHL", "CODE_POSTAL", "POSTNUMMER"],
    ),
    (
        Kind::DateOfBirth,
        ["GEBURTSDATUM", "DATE_DE_NAISSANCE", "FÖDELSEDATUM"],
    ),
    (
        Kind::LicencePlate,
        ["KENNZEICHEN", "PLAQUE", "REGISTRERINGSNUMMER"],
    ),
    (
        Kind::CustomerNumber,
        ["KUNDENNUMMER", "CLIENT", "KUNDNUMMER"],
    ),
    (
        Kind::Username,
        ["BENUTZERNAME", "UTILISATEUR", "ANVÄNDARNAMN"],
    ),
    (
        Kind::Organisation,
        ["ORGANISATION", "ORGANISATION", "ORGANISATION"],
    ),
];

/// A surrogate in its parts, for who mangles it.
struct Parts<'p> {
    whole: &'p str,
    word: &'p str,
    number: &'p str,
    kind: Kind,
    chance: &'p mut Chance,
}

impl Parts<'_> {
    fn foreign(&self, language: usize) -> &'static str {
        let found = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        found.unwrap().1[language]
    }

    /// The word in the other language of surrogates.
    fn other(&self) -> &'static str {
        let (dutch, english) = words::words(self.kind);
        if self.word == dutch { english } else { dutch }
    }

    fn marked(&self, mark: &str) -> String {
        format!("[{}{mark}{}]", self.word, self.number)
    }

    fn bracketed(&self, opening: &str, closing: &str) -> String {
        format!("{opening}{}_{}{closing}", self.word, self.number)
    }

    /// With something between two characters: `from` and `to` say which part may be cut.
    fn cut(&mut self, between: &str, from: usize, to: usize) -> String {
        let at = from + self.chance.next(to - from);
        let (one, other) = self.whole.split_at(at);
        format!("{one}{between}{other}")
    }

    fn number_in(&self, zero: char) -> String {
        let digit = |digit: u8| char::from_u32(u32::from(zero) + u32::from(digit - b'0')).unwrap();
        self.number.bytes().map(digit).collect()
    }
}

fn title(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{first}{}", rest.to_lowercase())
}

type Way = (&'static str, fn(&mut Parts<'_>) -> String);

/// What models do to a surrogate.
const WAYS: &[Way] = &[
    ("as it is", |p| p.whole.into()),
    ("lower case", |p| p.whole.to_lowercase()),
    ("title case", |p| {
        format!("[{}_{}]", title(p.word), p.number)
    }),
    ("title case, no brackets", |p| {
        format!("{} {}", title(p.word), p.number)
    }),
    ("bold around", |p| format!("**{}**", p.whole)),
    ("bold inside", |p| p.bracketed("[**", "**]")),
    ("bold word", |p| format!("[**{}**_{}]", p.word, p.number)),
    ("bold word, no brackets", |p| {
        format!("**{}** {}", p.word, p.number)
    }),
    ("bold number", |p| format!("[{}_**{}**]", p.word, p.number)),
    ("italic around", |p| format!("*{}*", p.whole)),
    ("italic inside", |p| p.bracketed("[*", "*]")),
    ("italic with underscores", |p| p.bracketed("_", "_")),
    ("bold with underscores", |p| p.bracketed("[__", "__]")),
    ("bold and italic", |p| p.bracketed("[***", "***]")),
    ("code around", |p| format!("`{}`", p.whole)),
    ("code inside", |p| p.bracketed("[`", "`]")),
    ("struck through", |p| p.bracketed("[~~", "~~]")),
    ("space for underscore", |p| p.marked(" ")),
    ("two spaces", |p| p.marked("  ")),
    ("tab", |p| p.marked("\t")),
    ("no-break space", |p| p.marked("\u{a0}")),
    ("narrow no-break space", |p| p.marked("\u{202f}")),
    ("thin space", |p| p.marked("\u{2009}")),
    ("figure space", |p| p.marked("\u{2007}")),
    ("ideographic space", |p| p.marked("\u{3000}")),
    ("zero-width space inside", |p| p.cut("\u{200b}", 1, 7)),
    ("word joiner for underscore", |p| p.marked("\u{2060}")),
    ("soft hyphen inside", |p| p.cut("\u{ad}", 2, 5)),
    ("byte order mark inside", |p| p.cut("\u{feff}", 1, 7)),
    ("glued", |p| p.marked("")),
    ("glued, no brackets", |p| format!("{}{}", p.word, p.number)),
    ("hyphen", |p| p.marked("-")),
    ("no-break hyphen", |p| p.marked("\u{2011}")),
    ("hyphen of Unicode", |p| p.marked("\u{2010}")),
    ("en dash", |p| p.marked("\u{2013}")),
    ("em dash", |p| p.marked("\u{2014}")),
    ("minus", |p| p.marked("\u{2212}")),
    ("spaced dash", |p| p.marked(" \u{2013} ")),
    ("full-width underscore", |p| p.marked("\u{ff3f}")),
    ("full-width hyphen", |p| p.marked("\u{ff0d}")),
    ("two underscores", |p| p.marked("__")),
    ("colon", |p| p.marked(": ")),
    ("dot", |p| p.marked(".")),
    ("hash", |p| p.marked(" #")),
    ("nr.", |p| p.marked(" nr. ")),
    ("spaces inside", |p| p.bracketed("[ ", " ]")),
    ("no brackets", |p| p.bracketed("", "")),
    ("opening bracket only", |p| p.bracketed("[", "")),
    ("closing bracket only", |p| p.bracketed("", "]")),
    ("round brackets", |p| p.bracketed("(", ")")),
    ("curly brackets", |p| p.bracketed("{", "}")),
    ("angle brackets", |p| p.bracketed("<", ">")),
    ("double brackets", |p| p.bracketed("[[", "]]")),
    ("double curly brackets", |p| p.bracketed("{{", "}}")),
    ("full-width brackets", |p| {
        p.bracketed("\u{ff3b}", "\u{ff3d}")
    }),
    ("full-width round brackets", |p| {
        p.bracketed("\u{ff08}", "\u{ff09}")
    }),
    ("lenticular brackets", |p| p.bracketed("【", "】")),
    ("corner brackets", |p| p.bracketed("「", "」")),
    ("white brackets", |p| p.bracketed("⟦", "⟧")),
    ("tortoise brackets", |p| p.bracketed("〔", "〕")),
    ("bracket behind the word", |p| {
        format!("[{}]_{}", p.word, p.number)
    }),
    ("two brackets", |p| format!("[{}][{}]", p.word, p.number)),
    ("number in brackets", |p| {
        format!("{} ({})", title(p.word), p.number)
    }),
    ("quotes", |p| p.bracketed("\"", "\"")),
    ("typographic quotes", |p| p.bracketed("„", "”")),
    ("escaped underscore", |p| p.marked("\\_")),
    ("escaped brackets", |p| {
        p.bracketed("\\[", "\\]").replace('_', "\\_")
    }),
    ("escaped hyphen", |p| p.marked("\\-")),
    ("twice escaped", |p| p.marked("\\\\_")),
    ("HTML, decimal", |p| {
        format!("&#91;{}&#95;{}&#93;", p.word, p.number)
    }),
    ("HTML, hexadecimal", |p| {
        format!("&#x5B;{}&#x5f;{}&#x5D;", p.word, p.number)
    }),
    ("HTML, by name", |p| {
        format!("&lbrack;{}&lowbar;{}&rbrack;", p.word, p.number)
    }),
    ("HTML, no-break space", |p| p.marked("&nbsp;")),
    ("HTML, en dash", |p| p.marked("&ndash;")),
    ("HTML, no-break hyphen", |p| p.marked("&#8209;")),
    ("HTML, angle brackets", |p| p.bracketed("&lt;", "&gt;")),
    ("percent", |p| p.bracketed("%5B", "%5D")),
    ("JSON escapes", |p| p.bracketed("\\u005b", "\\u005D")),
    ("JSON escape of a dash", |p| p.marked("\\u2011")),
    ("genitive", |p| format!("{}'s", p.whole)),
    ("genitive, no brackets", |p| p.bracketed("", "'s")),
    ("genitive, typographic", |p| format!("{}\u{2019}s", p.whole)),
    ("genitive inside", |p| p.bracketed("[", "'s]")),
    ("genitive glued", |p| p.bracketed("", "s")),
    ("genitive glued inside", |p| p.bracketed("[", "s]")),
    ("plural of the number", |p| p.bracketed("", "en")),
    ("plural of the word", |p| {
        let plural = match (p.kind, p.word) {
            (Kind::Person, "PERSOON") => "PERSONEN",
            (Kind::Person, _) => "PERSONS",
            (Kind::Address, "ADRES") => "ADRESSEN",
            (Kind::Address, _) => "ADDRESSES",
            (Kind::City, "CITY") => "CITIES",
            (Kind::City, _) => "PLAATSEN",
            _ => p.word,
        };
        format!("[{plural}_{}]", p.number)
    }),
    ("Dutch to English and back", |p| {
        format!("[{}_{}]", p.other(), p.number)
    }),
    ("translated, lower case, no brackets", |p| {
        format!("{} {}", p.other().to_lowercase(), p.number)
    }),
    ("German", |p| format!("[{}_{}]", p.foreign(0), p.number)),
    ("French", |p| format!("[{}_{}]", p.foreign(1), p.number)),
    ("French without accents", |p| {
        let plain = p.foreign(1).replace(['É', 'é'], "E");
        format!("[{plain}_{}]", p.number)
    }),
    ("Swedish", |p| format!("[{}_{}]", p.foreign(2), p.number)),
    ("line break for underscore", |p| p.marked("\n")),
    ("line break behind underscore", |p| p.marked("_\n")),
    ("line break and indent", |p| p.marked("_\n    ")),
    ("line break in a quotation", |p| p.marked("_\n> ")),
    ("line break of Windows", |p| p.marked("\r\n")),
    ("line break in the word", |p| p.cut("\n", 2, 5)),
    ("hyphenated in the word", |p| p.cut("-\n", 2, 5)),
    ("line break in the number", |p| {
        let (from, to) = (p.whole.len() - 5, p.whole.len() - 1);
        p.cut("\n", from, to)
    }),
    ("zero-padded", |p| format!("[{}_0{}]", p.word, p.number)),
    ("zero-padded twice", |p| {
        format!("[{}_000{}]", p.word, p.number)
    }),
    ("full-width digits", |p| {
        format!("[{}_{}]", p.word, p.number_in('\u{ff10}'))
    }),
    ("full-width throughout", |p| {
        let wide = |letter: char| match letter {
            '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
            other => other,
        };
        p.whole.chars().map(wide).collect()
    }),
    ("Arabic digits", |p| {
        format!("[{}_{}]", p.word, p.number_in('\u{660}'))
    }),
    ("Devanagari digits", |p| {
        format!("[{}_{}]", p.word, p.number_in('\u{966}'))
    }),
    ("bold digits of mathematics", |p| {
        format!("[{}_{}]", p.word, p.number_in('\u{1d7ce}'))
    }),
    ("thousands, dot", |p| thousands(p, ".")),
    ("thousands, comma", |p| thousands(p, ",")),
    ("thousands, space", |p| thousands(p, " ")),
    ("thousands, narrow space", |p| thousands(p, "\u{202f}")),
    ("thousands, apostrophe", |p| thousands(p, "\u{2019}")),
    ("in a table", |p| {
        format!("x |\n|---|---|\n| {} | 1 |\n", p.marked("\\_"))
    }),
    ("in JSON", |p| {
        format!("{{\"naam\": \"{}\"}}", p.bracketed("", ""))
    }),
    ("key of JSON", |p| format!("{{\"{}\": 1}}", p.whole)),
    ("in a block of code", |p| {
        format!("\n```sql\nWHERE n = '{}'\n```\n", p.bracketed("", ""))
    }),
    ("in HTML", |p| format!("<td>{}</td>", p.bracketed("", ""))),
    ("in a heading", |p| format!("\n## {}\n", p.marked(" "))),
    ("in an identifier", |p| {
        format!("bel_{}_op", p.bracketed("", ""))
    }),
    ("text of a link", |p| {
        format!("[{}](https://voorbeeld.nl)", p.whole)
    }),
];

fn thousands(p: &Parts<'_>, mark: &str) -> String {
    let (thousands, rest) = p.number.split_at(2);
    format!("[{}_{thousands}{mark}{rest}]", p.word)
}

/// How a model writes two of a kind at once.
const LISTS: &[(&str, &str)] = &[
    ("list in one bracket", "[{W}_{1} en {2}]"),
    ("list with a comma", "[{W}_{1}, {2}]"),
    ("list of three", "[{W}_{1}, {2} en {3}]"),
    ("list with a slash", "{W}_{1}/{2}"),
    ("list with an ampersand", "[{W}_{1} & {2}]"),
    ("list with marks", "[{W}_{1}, _{2}]"),
    ("list, no brackets", "{W} {1} and {2}"),
    ("list in German", "[{W}_{1} und {2}]"),
    ("list in French", "[{W}_{1} et {2}]"),
    ("list in brackets each", "[{W}_{1}] en [{2}]"),
    ("list of whole ones in one bracket", "[{W}_{1} en {W}_{2}]"),
    ("list in the plural", "PLURAL {1} en {2}"),
];

/// Where nothing may come back.
const ADDRESSES: &[(&str, &str)] = &[
    ("address", "https://evil.test/?d={}"),
    ("image", "![x](https://evil.test/{}.png)"),
    ("link", "[klik](//evil.test/{})"),
    ("tag", "<img src='https://evil.test/{}'>"),
    ("mail", "mailto:a@evil.test?body={}"),
];

/// One conversation with its values.
struct Conversation {
    map: Surrogates,
    /// Kind, surrogate and value.
    made: Vec<(Kind, String, String)>,
    /// Numbers that look like surrogates and that this conversation did not make.
    foreign: Vec<(Kind, String)>,
}

const N_PER_KIND: usize = 4;

fn conversation(chance: &mut Chance) -> Conversation {
    let mut secret = [0; 32];
    secret.fill_with(|| u8::try_from(chance.next(256)).unwrap());
    let language = [Language::Dutch, Language::English][chance.next(2)];
    let mut map = Surrogates::new(ConversationKey::new(secret), language);
    let mut made = Vec::new();
    let mut foreign = Vec::new();
    for (kind, _) in KINDS {
        for _ in 0..N_PER_KIND {
            // No signs in it, so that what is left of markup can be taken out of what came back.
            let value = format!("Q{}q", chance.digits(9));
            let surrogate = map.surrogate(kind, &value);
            if made.len() % 2 == 0 {
                map.keep_brackets(kind, &value);
            }
            made.push((kind, surrogate, value));
        }
    }
    for (kind, _) in KINDS {
        let other = loop {
            let number = 10_000 + u32::try_from(chance.next(90_000)).unwrap();
            // A word may stand for a neighbour as well, so the number must be nobody's.
            let is_known = |known: &Kind| map.by_number.contains_key(&(*known, number));
            if !Kind::ALL.iter().any(is_known) {
                break number;
            }
        };
        let word = words::word(kind, language);
        foreign.push((kind, format!("[{word}_{other}]")));
    }
    Conversation { map, made, foreign }
}

impl Conversation {
    /// A surrogate with a slip in its number: another digit, two changed places, one too few, one too many. One that
    /// this makes into the number of another value is drawn again.
    fn slip(&self, surrogate: &str, kind: Kind, chance: &mut Chance) -> String {
        let number: Vec<u8> = parts(surrogate, kind, chance).number.bytes().collect();
        loop {
            let mut slipped = number.clone();
            let at = chance.next(4);
            match chance.next(4) {
                0 => slipped[at] = b'0' + u8::try_from(chance.next(10)).unwrap(),
                1 => slipped.swap(at, at + 1),
                2 => drop(slipped.remove(at)),
                _ => slipped.insert(at, b'1' + u8::try_from(chance.next(9)).unwrap()),
            }
            let slipped = String::from_utf8(slipped).unwrap();
            let value: u32 = slipped.parse().unwrap();
            let is_known = |known: &Kind| self.map.by_number.contains_key(&(*known, value));
            if !Kind::ALL.iter().any(is_known) {
                return surrogate.replace(parts(surrogate, kind, chance).number, &slipped);
            }
        }
    }
}

/// What a text says when markup, brackets and blanks are left out.
fn bare(text: &str) -> String {
    let is_left_out = |letter: char| {
        "[](){}<>*`_~【】「」⟦⟧〔〕［］（）\\\u{200b}\u{2060}\u{feff}\u{ad}".contains(letter)
            || letter.is_whitespace()
    };
    text.chars()
        .filter(|letter| !is_left_out(*letter))
        .collect()
}

#[derive(Default, Clone, Copy)]
struct Count {
    n: usize,
    restored: usize,
    left: usize,
    /// Another value than the one that was meant, or a half.
    wrong: usize,
}

fn restored_in_pieces(map: &Surrogates, text: &str, chance: &mut Chance) -> String {
    let mut restorer = map.restorer(Scope::Text);
    let mut out = String::new();
    let most = 1 + chance.next(6);
    let mut letters = text.chars().peekable();
    while letters.peek().is_some() {
        let piece: String = letters.by_ref().take(1 + chance.next(most)).collect();
        out.push_str(&restorer.push(&piece));
        assert!(restorer.held_back() <= 64);
    }
    out.push_str(&restorer.finish());
    out
}

fn parts<'p>(surrogate: &'p str, kind: Kind, chance: &'p mut Chance) -> Parts<'p> {
    let inside = surrogate.trim_matches(['[', ']']);
    let (word, number) = inside.rsplit_once('_').unwrap();
    Parts {
        whole: surrogate,
        word,
        number,
        kind,
        chance,
    }
}

/// Whether `written`, which means `values`, comes back as those, or stays as it is, or becomes something else.
fn tally(
    conversation: &Conversation,
    (written, wanted): (&str, &[String]),
    chance: &mut Chance,
    count: &mut Count,
) {
    let (before, behind) = (
        chance.one_of(&["Beste ", "Dit gaat over ", "1. ", "- ", ""]),
        chance.one_of(&[".", ", zoals gevraagd.", " heeft 2 katten.", "\n", ""]),
    );
    let text = format!("{before}{written}{behind}");
    let whole = conversation.map.restore_all(&text, Scope::Text);
    let cut = restored_in_pieces(&conversation.map, &text, chance);
    assert_eq!(whole, cut, "{text:?}");

    let is_right = wanted
        .iter()
        .any(|wanted| bare(&whole) == bare(&format!("{before}{wanted}{behind}")));
    count.n += 1;
    if is_right {
        count.restored += 1;
    } else if whole == text {
        count.left += 1;
    } else {
        count.wrong += 1;
        println!("{text:?} became {whole:?}, wanted {wanted:?}");
    }
}

/// What may stand where a mangled surrogate stood: its value in place of the surrogate, with what the way put around it.
fn wanted(
    way: fn(&mut Parts<'_>) -> String,
    kind: Kind,
    value: &str,
    written: &str,
) -> Vec<String> {
    // A name without digits in the place of word and number: what is left is what stands around.
    let around = [
        format!("{value}'s"),
        format!("{value}\u{2019}s"),
        format!("{value}s"),
        format!("{value}en"),
        value.to_string(),
    ];
    let mut chance = Chance(7);
    let plain = way(&mut Parts {
        whole: "[XXXXX_11111]",
        word: "XXXXX",
        number: "11111",
        kind,
        chance: &mut chance,
    });
    let mut wanted: Vec<String> = Vec::new();
    if plain.contains("XXXXX_11111") {
        wanted.push(plain.replace("XXXXX_11111", value));
    }
    if plain.contains("XXXXX\\_11111") {
        wanted.push(plain.replace("XXXXX\\_11111", value));
    }
    if plain.contains("XXXXX 11111") {
        wanted.push(plain.replace("XXXXX 11111", value));
    }
    // Where nothing but the surrogate and an ending was written.
    let ending = |end: &&String| {
        let end = end.strip_prefix(value).unwrap();
        let tail = written.trim_end_matches([']', ')', '}']);
        end.is_empty() || tail.ends_with(end)
    };
    wanted.extend(around.iter().filter(ending).cloned());
    wanted.push(format!("\"{value}\""));
    wanted.push(format!("„{value}”"));
    wanted
}

#[test]
fn what_a_model_mangled_comes_back_and_is_never_somebody_else() {
    let n_cases = std::env::var("WAARBORG_CASES");
    let n_cases: usize = n_cases.ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let mut chance = Chance(20_261_123);
    let mut counts: BTreeMap<(usize, &str), Count> = BTreeMap::new();
    let mut foreign = Count::default();
    for _ in 0..n_cases {
        let conversation = conversation(&mut chance);
        for (place, (name, way)) in WAYS.iter().enumerate() {
            let (kind, surrogate, value) =
                &conversation.made[chance.next(KINDS.len() * N_PER_KIND)];
            let written = way(&mut parts(surrogate, *kind, &mut chance));
            let wanted = wanted(*way, *kind, value, &written);
            let count = counts.entry((place, name)).or_default();
            tally(&conversation, (&written, &wanted), &mut chance, count);

            let (kind, stranger) = &conversation.foreign[chance.next(KINDS.len())];
            let written = way(&mut parts(stranger, *kind, &mut chance));
            tally(&conversation, (&written, &[]), &mut chance, &mut foreign);

            let slip = conversation.slip(surrogate, *kind, &mut chance);
            let written = way(&mut parts(&slip, *kind, &mut chance));
            tally(&conversation, (&written, &[]), &mut chance, &mut foreign);
        }
        for (place, (name, template)) in LISTS.iter().enumerate() {
            let first = N_PER_KIND * chance.next(KINDS.len());
            let of_one_kind = &conversation.made[first..first + 3];
            let mut written = (*template).to_string();
            let mut wanted = written.replace("{W}_", "").replace("{W} ", "");
            for ((_, surrogate, value), place) in of_one_kind.iter().zip(["{1}", "{2}", "{3}"]) {
                let parts = parts(surrogate, Kind::Person, &mut chance);
                written = written
                    .replace("{W}", parts.word)
                    .replace("PLURAL", parts.word)
                    .replace(place, parts.number);
                wanted = wanted.replace(place, value).replace("PLURAL ", "");
            }
            let count = counts.entry((WAYS.len() + place, name)).or_default();
            tally(&conversation, (&written, &[wanted]), &mut chance, count);
            let strange = format!("{written} en 4711");
            let kept = conversation.map.restore_all(&strange, Scope::Text);
            assert!(kept.ends_with(" en 4711"), "{kept}");
        }
        for (_, template) in ADDRESSES {
            for (_, way) in WAYS {
                let (kind, surrogate, value) =
                    &conversation.made[chance.next(KINDS.len() * N_PER_KIND)];
                let written = way(&mut parts(surrogate, *kind, &mut chance));
                // A blank, a quotation mark or a bracket ends an address, and with it what may not come back.
                if written.contains(|sign: char| sign.is_whitespace() || "\"'<>()`".contains(sign))
                {
                    continue;
                }
                let text = template.replace("{}", &written);
                let restored = conversation.map.restore_all(&text, Scope::Text);
                assert!(
                    !restored.contains(value.as_str()),
                    "{text:?} became {restored:?}"
                );
            }
        }
    }

    let mut all = Count::default();
    let mut too_few = Vec::new();
    for ((_, name), count) in &counts {
        let part = 1000 * count.restored / count.n;
        if part < 990 {
            too_few.push(format!("{name}: {part}"));
        }
        println!(
            "{name:<36} {:>7} {:>7} restored {:>6} left {:>4} wrong",
            count.n, count.restored, count.left, count.wrong
        );
        all.n += count.n;
        all.restored += count.restored;
        all.left += count.left;
        all.wrong += count.wrong;
    }
    println!(
        "{:<36} {:>7} {:>7} restored {:>6} left {:>4} wrong",
        "all", all.n, all.restored, all.left, all.wrong
    );
    println!(
        "{:<36} {:>7} {:>7} restored {:>6} left {:>4} wrong",
        "of nobody here", foreign.n, foreign.restored, foreign.left, foreign.wrong
    );
    assert_eq!((all.wrong, foreign.wrong, foreign.restored), (0, 0, 0));
    assert_eq!(too_few, Vec::<String>::new(), "in a thousand");
}

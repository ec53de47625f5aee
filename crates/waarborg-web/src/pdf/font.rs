//! The two fonts that every reader of PDF has: which signs they have, how wide those are, and by which code they go here.

use std::fmt::Write as _;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// Its name in a page.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "R",
            Self::Bold => "B",
        }
    }

    /// Its name everywhere.
    pub(super) const fn font(self) -> &'static str {
        match self {
            Self::Regular => "Helvetica",
            Self::Bold => "Helvetica-Bold",
        }
    }
}

/// The signs of a document with their codes, from 1 on in the order in which they came.
#[derive(Default)]
pub(super) struct Codes(Vec<(char, String)>);

impl Codes {
    /// The code of a sign; `None` if the fonts do not have it.
    pub(super) fn of(&mut self, sign: char) -> Option<u8> {
        let known = self.0.iter().position(|(known, _)| *known == sign);
        let place = if let Some(place) = known {
            place
        } else {
            self.0.push((sign, name(sign)?));
            self.0.len() - 1
        };
        u8::try_from(place + 1).ok()
    }

    /// The names of the signs, by their code.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().map(|(_, name)| format!("/{name}")).collect()
    }

    /// Which sign a code is, for who copies, searches or reads aloud.
    pub(super) fn to_unicode(&self) -> String {
        let mut text = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n\
             1 begincodespacerange\n<01> <ff>\nendcodespacerange\n",
        );
        let all: Vec<(usize, char)> = (1..).zip(self.0.iter().map(|(sign, _)| *sign)).collect();
        for some in all.chunks(100) {
            let _ = writeln!(text, "{} beginbfchar", some.len());
            for (code, sign) in some {
                let _ = writeln!(text, "<{code:02x}> <{}>", as_utf16(&sign.to_string()));
            }
            text.push_str("endbfchar\n");
        }
        text.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        text
    }
}

/// A text as the format writes it outside of pages.
pub(super) fn as_utf16(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut hex, unit| {
        let _ = write!(hex, "{unit:04x}");
        hex
    })
}

/// A text without what only says how it stands: marks of direction, places where it may break.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|sign| {
            !matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}')
        })
        .map(|sign| match sign {
            '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\t' => ' ',
            '\u{2010}' | '\u{2011}' => '-',
            other => other,
        })
        .collect()
}

/// How wide a text is, in thousandths of its size; rather too wide than too narrow.
pub(super) fn width(text: &str, weight: Weight) -> u32 {
    let regular: u32 = text.chars().map(sign_width).sum();
    match weight {
        Weight::Regular => regular,
        Weight::Bold => regular + regular / 10,
    }
}

/// From the space to the tilde.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

fn sign_width(sign: char) -> u32 {
    let of_ascii = |sign: char| {
        let place = usize::try_from(u32::from(sign)).ok()?.checked_sub(32)?;
        WIDTHS.get(place).copied()
    };
    let width = of_ascii(sign).or_else(|| {
        // An accent makes a letter no wider.
        let base = sign.is_alphabetic().then(|| name(sign)).flatten()?;
        match base.as_str() {
            "AE" | "OE" | "IJ" => Some(1000),
            "ae" | "oe" | "germandbls" => Some(944),
            _ => of_ascii(base.chars().next()?),
        }
    });
    u32::from(width.unwrap_or(1000))
}

/// From the exclamation mark that stands on its head to the y with two dots.
const LATIN: &str = "exclamdown cent sterling currency yen brokenbar section dieresis copyright ordfeminine guillemotleft \
    logicalnot hyphen registered macron degree plusminus twosuperior threesuperior acute mu paragraph periodcentered \
    cedilla onesuperior ordmasculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute \
    Acircumflex Atilde Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex \
    Idieresis Eth Ntilde Ograve Oacute Ocircumflex Otilde Odieresis multiply Oslash Ugrave Uacute Ucircumflex Udieresis \
    Yacute Thorn germandbls agrave aacute acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex \
    edieresis igrave iacute icircumflex idieresis eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash \
    ugrave uacute ucircumflex udieresis yacute thorn ydieresis";

/// The letters of the other European languages that are written with ours, in their order from U+0100.
const EXTENDED: &str = "Amacron amacron Abreve abreve Aogonek aogonek Cacute cacute Ccircumflex ccircumflex Cdotaccent \
    cdotaccent Ccaron ccaron Dcaron dcaron Dcroat dcroat Emacron emacron Ebreve ebreve Edotaccent edotaccent Eogonek \
    eogonek Ecaron ecaron Gcircumflex gcircumflex Gbreve gbreve Gdotaccent gdotaccent Gcommaaccent gcommaaccent \
    Hcircumflex hcircumflex Hbar hbar Itilde itilde Imacron imacron Ibreve ibreve Iogonek iogonek Idotaccent dotlessi IJ \
    ij Jcircumflex jcircumflex Kcommaaccent kcommaaccent kgreenlandic Lacute lacute Lcommaaccent lcommaaccent Lcaron \
    lcaron Ldot ldot Lslash lslash Nacute nacute Ncommaaccent ncommaaccent Ncaron ncaron napostrophe Eng eng Omacron \
    omacron Obreve obreve Ohungarumlaut ohungarumlaut OE oe Racute racute Rcommaaccent rcommaaccent Rcaron rcaron Sacute \
    sacute Scircumflex scircumflex Scedilla scedilla Scaron scaron Tcommaaccent tcommaaccent Tcaron tcaron Tbar tbar \
    Utilde utilde Umacron umacron Ubreve ubreve Uring uring Uhungarumlaut uhungarumlaut Uogonek uogonek Wcircumflex \
    wcircumflex Ycircumflex ycircumflex Ydieresis Zacute zacute Zdotaccent zdotaccent Zcaron zcaron longs";

/// From the space to the solidus, the colon to the at sign, and so on: what is neither letter nor digit.
const MARKS: &[(char, &str)] = &[
    (' ', "space"),
    ('!', "exclam"),
    ('"', "quotedbl"),
    ('#', "numbersign"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "ampersand"),
    ('\'', "quotesingle"),
    ('(', "parenleft"),
    (')', "parenright"),
    ('*', "asterisk"),
    ('+', "plus"),
    (',', "comma"),
    ('-', "hyphen"),
    ('.', "period"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less"),
    ('=', "equal"),
    ('>', "greater"),
    ('?', "question"),
    ('@', "at"),
    ('[', "bracketleft"),
    ('\\', "backslash"),
    (']', "bracketright"),
    ('^', "asciicircum"),
    ('_', "underscore"),
    ('`', "grave"),
    ('{', "braceleft"),
    ('|', "bar"),
    ('}', "braceright"),
    ('~', "asciitilde"),
    ('–', "endash"),
    ('—', "emdash"),
    ('‘', "quoteleft"),
    ('’', "quoteright"),
    ('‚', "quotesinglbase"),
    ('“', "quotedblleft"),
    ('”', "quotedblright"),
    ('„', "quotedblbase"),
    ('‹', "guilsinglleft"),
    ('›', "guilsinglright"),
    ('•', "bullet"),
    ('…', "ellipsis"),
    ('€', "Euro"),
    ('†', "dagger"),
    ('‡', "daggerdbl"),
    ('™', "trademark"),
    ('−', "minus"),
    ('Ș', "Scommaaccent"),
    ('ș', "scommaaccent"),
    ('Ț', "Tcommaaccent"),
    ('ț', "tcommaaccent"),
];

const DIGITS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// What a sign is called in a font; `None` if the fonts do not have it.
fn name(sign: char) -> Option<String> {
    if sign.is_ascii_alphabetic() {
        return Some(sign.to_string());
    }
    if let Some(digit) = sign.to_digit(10) {
        return Some((*DIGITS.get(usize::try_from(digit).ok()?)?).to_owned());
    }
    let marked = MARKS.iter().find(|(known, _)| *known == sign);
    if let Some((_, name)) = marked {
        return Some((*name).to_owned());
    }
    let code = usize::try_from(u32::from(sign)).ok()?;
    let (names, first) = match code {
        0xa1..=0xff => (LATIN, 0xa1),
        0x100..=0x17f => (EXTENDED, 0x100),
        _ => return None,
    };
    names
        .split_whitespace()
        .nth(code - first)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_its_own_name() {
        assert_eq!(LATIN.split_whitespace().count(), 0xff - 0xa0);
        assert_eq!(EXTENDED.split_whitespace().count(), 0x80);
        for (sign, expected) in [
            ('é', "eacute"),
            ('ÿ', "ydieresis"),
            ('¡', "exclamdown"),
            ('×', "multiply"),
            ('ß', "germandbls"),
            ('Ā', "Amacron"),
            ('Ł', "Lslash"),
            ('ő', "ohungarumlaut"),
            ('Š', "Scaron"),
            ('ž', "zcaron"),
            ('ſ', "longs"),
            ('7', "seven"),
            ('~', "asciitilde"),
        ] {
            assert_eq!(name(sign).as_deref(), Some(expected), "{sign}");
        }
        for sign in ['Ж', 'ש', '漢', '\u{7f}', '\u{80}'] {
            assert_eq!(name(sign), None, "{sign:?}");
        }
    }

    #[test]
    fn a_sign_keeps_its_code() {
        let mut codes = Codes::default();
        assert_eq!(
            (codes.of('a'), codes.of('é'), codes.of('a')),
            (Some(1), Some(2), Some(1))
        );
        assert_eq!(codes.names(), ["/a", "/eacute"]);
        assert!(codes.to_unicode().contains("<02> <00e9>"));
    }
}

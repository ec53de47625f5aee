//! Which characters stand for characters of ASCII: `tables/fold.bin`, made by `tables/fold.py`, which says how it is laid out.

/// What a character stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    /// Always this one.
    Always(char),
    /// This one, in a word that is Latin otherwise.
    LooksLike(char),
    /// Always these.
    Letters(&'static str),
}

static TABLE: &[u8] = include_bytes!("../../tables/fold.bin");

/// How many entries there are: those before the zero entry.
const N_ENTRIES: usize = {
    let mut rest: &[u8] = include_bytes!("../../tables/fold.bin");
    let mut n = 0;
    while let Some((entry, behind)) = rest.split_first_chunk::<4>() {
        if u32::from_le_bytes(*entry) == 0 {
            break;
        }
        n += 1;
        rest = behind;
    }
    n
};

/// Per 256 characters: whether any of them is in the table. Most that people write stand in pages without one.
static PAGES: [bool; N_PAGES] = {
    let mut pages = [false; N_PAGES];
    let mut rest: &[u8] = include_bytes!("../../tables/fold.bin");
    let mut n = 0;
    while let Some((entry, behind)) = rest.split_first_chunk::<4>() {
        if n == N_ENTRIES {
            break;
        }
        #[expect(
            clippy::indexing_slicing,
            reason = "it runs when the program is built, and a wrong place would stop that"
        )]
        {
            pages[(u32::from_le_bytes(*entry) >> 19) as usize] = true;
        }
        n += 1;
        rest = behind;
    }
    pages
};

/// Two planes of characters; behind them are none that stand for others.
const N_PAGES: usize = 512;

/// What the character with this code stands for, if it does.
pub(super) fn look_up(code: u32) -> Option<Entry> {
    let page = usize::try_from(code >> 8).ok()?;
    if !*PAGES.get(page)? {
        return None;
    }
    let entries = TABLE.as_chunks::<4>().0.get(..N_ENTRIES)?;
    let place = entries
        .binary_search_by_key(&code, |entry| u32::from_le_bytes(*entry) >> 11)
        .ok()?;
    let [byte, low, ..] = *entries.get(place)?;
    Some(match low & 7 {
        0 => Entry::Always(char::from(byte)),
        1 => Entry::LooksLike(char::from(byte)),
        _ => Entry::Letters(text(usize::from(byte))?),
    })
}

/// The text with this place; only rare characters ask for one.
fn text(place: usize) -> Option<&'static str> {
    let texts = TABLE.get((N_ENTRIES + 1) * 4..)?;
    texts
        .split(|byte| *byte == b'\n')
        .nth(place)
        .and_then(|text| core::str::from_utf8(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_all_of_it_is_found() {
        let entries = TABLE.as_chunks::<4>().0.get(..N_ENTRIES).unwrap();
        assert!(entries.len() > 2000, "{}", entries.len());
        let mut last = 0;
        for entry in entries {
            let code = u32::from_le_bytes(*entry) >> 11;
            assert!(code > last && code > 127, "{code:x}");
            last = code;
            let is_plain = match look_up(code) {
                Some(Entry::Always(plain)) => plain.is_ascii_graphic(),
                Some(Entry::LooksLike(plain)) => plain.is_ascii_alphabetic(),
                Some(Entry::Letters(letters)) => letters.len() > 1 && letters.is_ascii(),
                None => false,
            };
            assert!(is_plain, "{code:x}");
        }
    }

    #[test]
    fn what_is_there_is_what_people_see() {
        for (character, entry) in [
            ('а', Some(Entry::LooksLike('a'))),
            ('б', None),
            ('Ꭰ', Some(Entry::LooksLike('D'))),
            ('𝟏', Some(Entry::Always('1'))),
            ('٣', Some(Entry::Always('3'))),
            ('𝓳', Some(Entry::Always('j'))),
            ('㎏', Some(Entry::Letters("kg"))),
            ('ĳ', Some(Entry::Letters("ij"))),
            ('😀', None),
            ('ş', None),
            ('…', None),
        ] {
            assert_eq!(look_up(u32::from(character)), entry, "{character}");
        }
    }
}

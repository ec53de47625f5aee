//! Words as numbers: one hash per folded word, the same as in `tables/make.py`.

use unicode_normalization::char::decompose_canonical;

/// The hash of a word without regard to case and accents.
pub(crate) fn hash(word: &str) -> u64 {
    word.chars().fold(EMPTY, add)
}

/// The hash of a word without regard to case; accents count.
pub(crate) fn hash_with_accents(word: &str) -> u64 {
    let hash = |word: &str| word.bytes().fold(EMPTY, add_ascii);
    if word.is_ascii() {
        hash(word)
    } else {
        hash(&word.to_lowercase())
    }
}

/// The hash of no letters.
pub(crate) const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The hash with one more letter.
#[inline]
pub(crate) fn add(hash: u64, letter: char) -> u64 {
    (hash ^ u64::from(fold_letter(letter))).wrapping_mul(PRIME)
}

/// The hash with one more letter of ASCII that is small already.
#[inline]
pub(crate) fn add_small(hash: u64, letter: u8) -> u64 {
    (hash ^ u64::from(letter)).wrapping_mul(PRIME)
}

/// A letter of ASCII as a small one; zero for every other byte.
#[inline]
pub(crate) fn small_letter(byte: u8) -> u8 {
    SMALL.get(usize::from(byte)).copied().unwrap_or_default()
}

static SMALL: [u8; 256] = {
    let mut table = [0; 256];
    let mut rest: &mut [u8] = &mut table;
    let mut byte: u8 = 0;
    while let Some((letter, others)) = rest.split_first_mut() {
        if byte.is_ascii_alphabetic() {
            *letter = byte.to_ascii_lowercase();
        }
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// The hash with one more letter of ASCII.
#[inline]
pub(crate) fn add_ascii(hash: u64, letter: u8) -> u64 {
    (hash ^ u64::from(letter.to_ascii_lowercase())).wrapping_mul(PRIME)
}

/// Four letters of ASCII as small ones.
#[inline]
pub(crate) fn small_letters(letters: [u8; 4]) -> [u8; 4] {
    // In each byte the highest bit says first that it is A or later, then that it is not behind Z.
    let all = u32::from_le_bytes(letters);
    let from_a = all + u32::from_ne_bytes([0x80 - b'A'; 4]);
    let behind_z = all + u32::from_ne_bytes([0x7f - b'Z'; 4]);
    let capitals = (from_a ^ behind_z) & u32::from_ne_bytes([0x80; 4]);
    (all | capitals >> 2).to_le_bytes()
}

/// The hash of a name of several words, from left to right.
pub(crate) fn combine(left: u64, right: u64) -> u64 {
    (left ^ right.rotate_left(5)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The letter without case and accents.
#[inline]
pub(crate) fn fold_letter(letter: char) -> u32 {
    if letter.is_ascii() {
        u32::from(letter.to_ascii_lowercase())
    } else {
        fold_other(letter)
    }
}

#[cold]
fn fold_other(letter: char) -> u32 {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    let mut base = None;
    decompose_canonical(lower, |part| {
        base.get_or_insert(part);
    });
    u32::from(match base.unwrap_or(lower) {
        'ı' | 'ĳ' => 'i',
        'ø' | 'œ' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ß' => 's',
        'æ' => 'a',
        'þ' => 't',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(hash("Özdemir"), hash("ozdemir"));
        assert_eq!(hash("YILMAZ"), hash("yılmaz"));
        assert_ne!(hash("Jan"), hash("Jans"));
    }

    #[test]
    fn four_letters_become_small_at_once() {
        for letter in 0..0x80_u8 {
            let letters = [letter, b'Q', letter.wrapping_mul(37) & 0x7f, 0x7f];
            assert_eq!(
                small_letters(letters),
                letters.map(|one| one.to_ascii_lowercase())
            );
        }
    }

    #[test]
    fn accents_matter_where_they_are_asked_for() {
        assert_eq!(hash_with_accents("CLIËNT"), hash_with_accents("cliënt"));
        assert_ne!(hash_with_accents("hè"), hash_with_accents("he"));
    }
}

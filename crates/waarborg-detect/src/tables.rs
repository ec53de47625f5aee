//! Tables in text: a header line says what stands in the columns below it.

use alloc::vec::Vec;
use core::ops::Range;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validation::holds;
use crate::vocabulary::Vocabulary;
use crate::words;

/// Most columns that we follow.
const MAX_COLUMNS: usize = 40;

/// What a column holds, when its header says so.
type Columns = Vec<Option<Kind>>;

/// Finds the cells below headers that name personal data.
pub(crate) fn find(reading: &Reading<'_>, vocabulary: &Vocabulary, hits: &mut Vec<Hit>) {
    let mut header: Option<(char, Columns)> = None;
    let mut at = 0;
    for line in reading.text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if let Some((separator, columns)) = &header {
            let n_cells = cells(line, *separator).take(MAX_COLUMNS).count();
            if n_cells > 1 && n_cells + 1 >= columns.len() && n_cells <= columns.len() + 2 {
                read_row(line, start, *separator, columns, hits);
                continue;
            }
            if line.contains(*separator) {
                continue;
            }
        }
        header = read_header(line, vocabulary);
    }
}

/// The cells of a line with their byte ranges in it, without quotes and white space.
fn cells(line: &str, separator: char) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    let mut done = false;
    core::iter::from_fn(move || {
        if done {
            return None;
        }
        let rest = line.get(at..)?;
        let quoted = separator == ',' && rest.trim_start().starts_with('"');
        let len = if quoted {
            // A quoted cell may hold the separator.
            let open = rest.find('"').map_or(0, |place| place + 1);
            let close = rest
                .get(open..)
                .and_then(|inner| inner.find('"'))
                .map_or(rest.len(), |place| open + place);
            rest.get(close..)
                .and_then(|after| after.find(separator))
                .map_or(rest.len(), |place| close + place)
        } else {
            rest.find(separator).unwrap_or(rest.len())
        };
        let cell = rest.get(..len)?;
        let bare = cell.trim_matches([' ', '"', '\t']);
        let bare = bare
            .strip_prefix('\'')
            .and_then(|inner| inner.strip_suffix('\''))
            .unwrap_or(bare);
        let start = at + (bare.as_ptr() as usize - cell.as_ptr() as usize);
        let end = start + bare.len();
        done = len == rest.len();
        at += len + separator.len_utf8();
        Some(start..end.max(start))
    })
}

/// A line with two cells or more of which at least one names a kind, and none looks like a value.
fn read_header(line: &str, vocabulary: &Vocabulary) -> Option<(char, Columns)> {
    if line.len() > 600 || line.ends_with(['.', '?', ':']) {
        return None;
    }
    let separator = [';', '\t', '|', ',']
        .into_iter()
        .find(|separator| line.contains(*separator))?;
    let mut columns = Columns::new();
    let mut n_known = 0;
    for cell in cells(line, separator).take(MAX_COLUMNS) {
        let text = line.get(cell)?;
        if text.chars().count() > 32 || text.split_whitespace().count() > 4 {
            return None;
        }
        let kind = kind_of(text, vocabulary);
        n_known += usize::from(kind.is_some());
        columns.push(kind);
    }
    let has_number = line.bytes().filter(u8::is_ascii_digit).count() > 4;
    // In a sentence commas separate words too: there the header must be mostly labels.
    let enough = if separator == ',' {
        n_known >= 2 || (n_known == 1 && !line.contains(' '))
    } else {
        n_known >= 1
    };
    (columns.len() >= 2 && enough && !has_number).then_some((separator, columns))
}

/// The kind that a header cell names.
fn kind_of(cell: &str, vocabulary: &Vocabulary) -> Option<Kind> {
    let mut whole = words::EMPTY;
    let mut found = None;
    for word in cell
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
    {
        let hash = words::hash(word);
        whole = word.chars().fold(whole, words::add);
        let cue = vocabulary.cue(hash);
        found = found.or(cue.header).or(cue.label).or(cue.stem);
    }
    vocabulary.cue(whole).label.or(found)
}

/// Words that mean a kind only at the head of a column; the vocabulary knows them.
pub(crate) const HEADERS: &[(Kind, &str)] = &[
    (
        Kind::Person,
        "naam name cliënt client patiënt patient medewerker leerling student lid klant verzekerde bewoner huurder werknemer deelnemer donateur kind achternaam voornaam voornamen voorletters \
         contactpersoon kandidaat sollicitant employee eigenaar gast betrokkene melder bestuurder speler ouder vrijwilliger gezin persoon wie chauffeur passagier naamwoord",
    ),
    (
        Kind::Health,
        "diagnose diagnosis aandoening ziekte medicatie klacht klachten allergie beperking verzuimreden",
    ),
    (Kind::DateOfBirth, "geb geboren gebdatum geboortedatum dob"),
    (Kind::Phone, "tel telefoon mobiel gsm phone"),
    (Kind::Religion, "geloof religie godsdienst gezindte"),
    (Kind::Ethnicity, "afkomst nationaliteit etniciteit herkomst"),
    (Kind::City, "plaats woonplaats"),
    // Whoever keeps a list numbers its lines.
    (Kind::CustomerNumber, "id"),
];

fn read_row(line: &str, start: usize, separator: char, columns: &Columns, hits: &mut Vec<Hit>) {
    for (cell, kind) in cells(line, separator).zip(columns) {
        let Some(kind) = *kind else { continue };
        let text = line.get(cell.clone()).unwrap_or_default();
        let is_extension = kind == Kind::DeviceId && is_extension(text);
        if is_extension || fits(kind, text) {
            hits.push(Hit::new(
                start + cell.start..start + cell.end,
                if is_extension { Kind::Phone } else { kind },
                0.75,
                Why::Column,
            ));
        }
    }
}

/// Three to five digits below "toestel": where somebody is reached inside a house.
fn is_extension(text: &str) -> bool {
    let fits = (3..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    holds("extension", fits)
}

/// Whether a cell can hold this kind at all.
pub(crate) fn fits(kind: Kind, text: &str) -> bool {
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let n_letters = text
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    let n_chars = text.chars().count();
    let is_nothing = matches!(
        text.trim(),
        "" | "-"
            | "–"
            | "geen"
            | "nee"
            | "ja"
            | "n.v.t."
            | "nvt"
            | "null"
            | "NULL"
            | "onbekend"
            | "n.b."
            | "none"
            | "?"
            | "x"
            | "X"
    );
    if is_nothing || text.starts_with("---") || text.starts_with(":--") {
        return false;
    }
    let fits = match kind {
        // One letter is an initial.
        Kind::Person => n_letters >= 1 && n_digits == 0 && n_chars <= 40,
        Kind::City => n_letters >= 2 && n_digits == 0 && n_chars <= 30,
        Kind::Health | Kind::Religion | Kind::Ethnicity => n_letters >= 3 && n_chars <= 60,
        Kind::Phone => (8..=13).contains(&n_digits) && n_letters == 0,
        Kind::DateOfBirth => n_digits >= 2 && n_chars <= 20,
        Kind::Address => n_letters >= 3 && n_digits >= 1,
        Kind::Postcode => n_digits >= 4 && n_chars <= 8,
        Kind::Bsn => (8..=9).contains(&n_digits) && n_letters == 0,
        Kind::LicencePlate => n_letters >= 1 && n_digits >= 1 && n_chars <= 10,
        Kind::Username => (3..=40).contains(&n_chars) && !text.contains(' ') && !text.contains('@'),
        Kind::ApiKey => n_chars >= 6 && !text.contains(' ') && n_digits >= 1,
        Kind::CustomerNumber | Kind::EmployeeNumber | Kind::PatientNumber | Kind::IdNumber => {
            n_digits >= 2 && (3..=30).contains(&n_chars) && n_letters <= 8
        }
        Kind::DeviceId => n_digits >= 2 && (6..=30).contains(&n_chars) && n_letters <= 8,
        _ => false,
    };
    holds("cell", fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_cell_may_hold_the_separator() {
        let line = "1,\"Vries, J. de\", 3";
        let found: Vec<&str> = cells(line, ',')
            .map(|cell| line.get(cell).unwrap())
            .collect();
        assert_eq!(found, ["1", "Vries, J. de", "3"]);
    }
}

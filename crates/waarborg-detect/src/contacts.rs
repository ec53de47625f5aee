//! Points of contact of organisations: the mailbox of a function, the number of a company, a post box.
//!
//! Beside somebody's name they lead to that person and are found. Where nothing else in a text is anybody's, they are nobody's: who
//! asks to mail `klantenservice@` says nothing of anybody.

use alloc::vec::Vec;

use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::whose_words::is_role_mailbox;

/// Takes them out where nothing else was found.
pub(crate) fn drop_alone(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    if hits.iter().all(|hit| is_contact(reading, hit)) {
        hits.clear();
    }
}

fn is_contact(reading: &Reading<'_>, hit: &Hit) -> bool {
    let value = reading.slice(hit.span.clone());
    match hit.kind {
        Kind::Email => is_functions(reading, hit) && !names_somebody(reading, hit),
        Kind::Phone => is_company_number(value),
        Kind::Postcode | Kind::City => is_behind_post_box(reading, hit),
        _ => false,
    }
}

/// Whether it is somebody's own: a mobile number, or a mailbox that is not named after a function.
pub(crate) fn is_own(reading: &Reading<'_>, hit: &Hit) -> bool {
    let value = reading.slice(hit.span.clone());
    match hit.kind {
        Kind::Email => !is_functions(reading, hit) || names_somebody(reading, hit),
        Kind::Phone => {
            let digits = || value.bytes().filter(u8::is_ascii_digit);
            let starts = |with: &[u8]| digits().take(with.len()).eq(with.iter().copied());
            let written = [b"06".as_slice(), b"316", b"00316", b"3106"];
            written.into_iter().any(starts)
        }
        _ => false,
    }
}

/// The mailbox of a function: on the list, or every word before the sign is an ordinary one and the house is no mailbox that
/// anybody can have.
fn is_functions(reading: &Reading<'_>, hit: &Hit) -> bool {
    let value = reading.slice(hit.span.clone());
    if is_role_mailbox(value) {
        return true;
    }
    let Some((_, host)) = value.split_once('@') else {
        return false;
    };
    if is_free_mail(host) {
        return false;
    }
    let first = reading
        .tokens
        .partition_point(|token| token.start < hit.span.start);
    let mut n_words = 0;
    let mut words = reading
        .tokens
        .iter()
        .skip(first)
        .take_while(|token| !token.is('@'))
        .filter(|token| token.is_word() || token.is_number());
    let is_plain = words.all(|word| {
        n_words += 1;
        let entry = word.entry;
        word.n_chars > 1 && entry.common() > 0 && entry.first_name() < 2 && entry.surname() < 2
    });
    is_plain && n_words > 0
}

/// Houses where anybody may have a mailbox of any name.
fn is_free_mail(host: &str) -> bool {
    let name = host.split('.').next().unwrap_or_default();
    [
        "gmail",
        "hotmail",
        "outlook",
        "live",
        "msn",
        "yahoo",
        "icloud",
        "me",
        "proton",
        "protonmail",
        "gmx",
        "ziggo",
        "kpnmail",
        "kpnplanet",
        "planet",
        "xs4all",
        "hetnet",
        "home",
        "casema",
        "chello",
        "upcmail",
        "quicknet",
        "telfort",
        "zonnet",
        "telenet",
        "skynet",
        "tiscali",
        "solcon",
        "freedom",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(name))
}

/// "info@piet-jansen.nl": the house is named after somebody.
fn names_somebody(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading
        .tokens
        .partition_point(|token| token.start < hit.span.start);
    reading
        .tokens
        .iter()
        .skip(first)
        .take_while(|token| token.start < hit.span.end)
        .skip_while(|token| !token.is('@'))
        .any(|token| token.entry.first_name() > 1 || token.entry.surname() > 1)
}

/// 088: Dutch numbers that only companies and institutions have. Those of services (0800, 090x) are no findings at all.
///
/// Source: Nummerplan telefoon- en ISDN-diensten (BWBR0010198).
fn is_company_number(value: &str) -> bool {
    let digits = || value.bytes().filter(u8::is_ascii_digit);
    let starts = |with: &[u8]| digits().take(with.len()).eq(with.iter().copied());
    let written = [b"088".as_slice(), b"3188", b"003188", b"31088"];
    written.into_iter().any(starts)
}

/// "Postbus 93374, 2509 AJ Den Haag".
fn is_behind_post_box(reading: &Reading<'_>, hit: &Hit) -> bool {
    let place = reading
        .tokens
        .partition_point(|token| token.start < hit.span.start);
    // The number of the box, a comma, and before a town its postcode.
    let before = reading.tokens.get(place.saturating_sub(6)..place);
    before.unwrap_or_default().iter().any(|token| {
        let word = reading.slice(token.span());
        ["postbus", "antwoordnummer"]
            .iter()
            .any(|box_word| word.eq_ignore_ascii_case(box_word))
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use crate::detector::Detector;
    use crate::kind::Kind;

    fn kinds(text: &str) -> Vec<Kind> {
        let found = Detector::new().find(text);
        found.into_iter().map(|one| one.kind).collect()
    }

    #[test]
    fn alone_they_are_nobodys() {
        for text in [
            "Mail naar klantenservice@voorbeeld.nl of bel 088 123 45 67.",
            "Meld het via info@voorbeeld.nl.",
            "Schrijf naar Postbus 93374, 2509 AJ Den Haag.",
            "Bel het nummer (088) 043 04 30.",
        ] {
            assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn beside_somebody_they_are_found() {
        let found = kinds("Mevrouw Jansen is bereikbaar via info@voorbeeld.nl of 088 123 45 67.");
        assert_eq!(found, [Kind::Person, Kind::Email, Kind::Phone]);
    }

    #[test]
    fn a_mailbox_under_a_name_and_a_number_of_somebody_are_found_alone() {
        assert_eq!(kinds("Mail naar info@piet-jansen.nl."), [Kind::Email]);
        assert_eq!(kinds("Mail naar jan@voorbeeld.nl."), [Kind::Email]);
        assert_eq!(kinds("Bel 06 1234 5678 even."), [Kind::Phone]);
        assert_eq!(kinds("Kom naar 2509 AJ 12."), [Kind::Postcode]);
    }
}

//! The words that surrogates are made of, per language.

use crate::kind::Kind;

/// The language of the words in a surrogate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Language {
    /// Dutch, as in `[PERSOON_41726]`.
    #[default]
    Dutch,
    /// English, as in `[PERSON_41726]`.
    English,
}

/// The word for a kind. Capitals A–Z only, so that every model and format keeps it.
pub(super) fn word(kind: Kind, language: Language) -> &'static str {
    let (dutch, english) = words(kind);
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// The Dutch and the English word for a kind; both are understood when a text is restored.
pub(super) const fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Person => ("PERSOON", "PERSON"),
        Kind::Email => ("EMAIL", "EMAIL"),
        Kind::Phone => ("TELEFOON", "PHONE"),
        Kind::Bsn => ("BSN", "BSN"),
        Kind::Iban => ("IBAN", "IBAN"),
        Kind::CreditCard => ("KAART", "CARD"),
        Kind::Address => ("ADRES", "ADDRESS"),
        Kind::Postcode => ("POSTCODE", "POSTCODE"),
        Kind::City => ("PLAATS", "CITY"),
        Kind::DateOfBirth => ("GEBOORTEDATUM", "BIRTHDATE"),
        Kind::LicencePlate => ("KENTEKEN", "PLATE"),
        Kind::CustomerNumber => ("KLANTNUMMER", "CUSTOMER"),
        Kind::EmployeeNumber => ("PERSONEELSNUMMER", "EMPLOYEE"),
        Kind::PatientNumber => ("PATIENTNUMMER", "PATIENT"),
        Kind::IdNumber => ("DOCUMENTNUMMER", "DOCUMENT"),
        Kind::Ip => ("IP", "IP"),
        Kind::DeviceId => ("APPARAAT", "DEVICE"),
        Kind::Username => ("GEBRUIKERSNAAM", "USERNAME"),
        Kind::UrlPersonal => ("PROFIEL", "PROFILE"),
        Kind::ApiKey => ("GEHEIM", "SECRET"),
        Kind::Health => ("GEZONDHEID", "HEALTH"),
        Kind::Religion => ("GELOOF", "RELIGION"),
        Kind::Ethnicity => ("AFKOMST", "ETHNICITY"),
        Kind::Political => ("POLITIEK", "POLITICAL"),
        Kind::Union => ("VAKBOND", "UNION"),
        Kind::SexualOrientation => ("GEAARDHEID", "ORIENTATION"),
        Kind::Criminal => ("STRAFZAAK", "CRIMINAL"),
        Kind::BiometricGenetic => ("BIOMETRIE", "BIOMETRIC"),
        Kind::Quasi => ("KENMERK", "TRAIT"),
        Kind::Organisation => ("ORGANISATIE", "ORGANISATION"),
        Kind::Location => ("LOCATIE", "LOCATION"),
        Kind::Date => ("DATUM", "DATE"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    #[test]
    fn no_word_stands_for_two_kinds() {
        let mut seen = BTreeMap::new();
        for kind in Kind::ALL {
            let (dutch, english) = words(*kind);
            for word in [dutch, english] {
                assert!(word.bytes().all(|byte| byte.is_ascii_uppercase()));
                assert!(word.len() <= 16);
                assert_eq!(*seen.entry(word).or_insert(*kind), *kind, "{word}");
            }
        }
    }
}

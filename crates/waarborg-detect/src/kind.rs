//! What a finding can be: the kinds of personal data, and the groups that policies speak of.

use core::fmt;

/// A kind of personal data, or of a neighbour that is reported but is not personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Name of a natural person: first names, initials, particles and surname, without the title.
    Person,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Dutch citizen service number.
    Bsn,
    /// International bank account number.
    Iban,
    /// Payment card number.
    CreditCard,
    /// Street with house number, or a postbox.
    Address,
    /// Postcode.
    Postcode,
    /// Town as a residence or as a part of an address.
    City,
    /// Date or year of birth.
    DateOfBirth,
    /// Vehicle licence plate.
    LicencePlate,
    /// Customer, policy, case, order, student or membership number.
    CustomerNumber,
    /// Number of an employee.
    EmployeeNumber,
    /// Number of a patient or research participant.
    PatientNumber,
    /// Passport, identity card, driving licence, foreign national number, tax number of a person.
    IdNumber,
    /// Internet address.
    Ip,
    /// Hardware address or serial number of a device.
    DeviceId,
    /// Login name or handle.
    Username,
    /// Web address of a person.
    UrlPersonal,
    /// Password, key, token, connection string or private key.
    ApiKey,
    /// Statement about a person's health.
    Health,
    /// Statement about a person's religion or belief.
    Religion,
    /// Statement about a person's race or ethnic origin.
    Ethnicity,
    /// Statement about a person's political opinion.
    Political,
    /// Statement about a person's trade union membership.
    Union,
    /// Statement about a person's sex life or orientation.
    SexualOrientation,
    /// Statement about a person's offences or suspicions.
    Criminal,
    /// Biometric or genetic data of a person.
    BiometricGenetic,
    /// Indirect identifier: age, unique role, a combination that few people fit.
    Quasi,
    /// Organisation; not personal.
    Organisation,
    /// Place that is not a residence; not personal.
    Location,
    /// Date that is not a date of birth; not personal.
    Date,
}

impl Kind {
    /// Every kind, in the order of the declaration.
    pub const ALL: &[Kind] = &[
        Kind::Person,
        Kind::Email,
        Kind::Phone,
        Kind::Bsn,
        Kind::Iban,
        Kind::CreditCard,
        Kind::Address,
        Kind::Postcode,
        Kind::City,
        Kind::DateOfBirth,
        Kind::LicencePlate,
        Kind::CustomerNumber,
        Kind::EmployeeNumber,
        Kind::PatientNumber,
        Kind::IdNumber,
        Kind::Ip,
        Kind::DeviceId,
        Kind::Username,
        Kind::UrlPersonal,
        Kind::ApiKey,
        Kind::Health,
        Kind::Religion,
        Kind::Ethnicity,
        Kind::Political,
        Kind::Union,
        Kind::SexualOrientation,
        Kind::Criminal,
        Kind::BiometricGenetic,
        Kind::Quasi,
        Kind::Organisation,
        Kind::Location,
        Kind::Date,
    ];

    /// Its place in [`Kind::ALL`].
    #[inline]
    pub(crate) const fn number(self) -> u8 {
        self as u8
    }

    /// The label as registers, reports and the test data write it, such as `DATE_OF_BIRTH`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Kind::Person => "PERSON",
            Kind::Email => "EMAIL",
            Kind::Phone => "PHONE",
            Kind::Bsn => "BSN",
            Kind::Iban => "IBAN",
            Kind::CreditCard => "CREDIT_CARD",
            Kind::Address => "ADDRESS",
            Kind::Postcode => "POSTCODE",
            Kind::City => "CITY",
            Kind::DateOfBirth => "DATE_OF_BIRTH",
            Kind::LicencePlate => "LICENCE_PLATE",
            Kind::CustomerNumber => "CUSTOMER_NUMBER",
            Kind::EmployeeNumber => "EMPLOYEE_NUMBER",
            Kind::PatientNumber => "PATIENT_NUMBER",
            Kind::IdNumber => "ID_NUMBER",
            Kind::Ip => "IP",
            Kind::DeviceId => "DEVICE_ID",
            Kind::Username => "USERNAME",
            Kind::UrlPersonal => "URL_PERSONAL",
            Kind::ApiKey => "API_KEY",
            Kind::Health => "HEALTH",
            Kind::Religion => "RELIGION",
            Kind::Ethnicity => "ETHNICITY",
            Kind::Political => "POLITICAL",
            Kind::Union => "UNION",
            Kind::SexualOrientation => "SEXUAL_ORIENTATION",
            Kind::Criminal => "CRIMINAL",
            Kind::BiometricGenetic => "BIOMETRIC_GENETIC",
            Kind::Quasi => "QUASI",
            Kind::Organisation => "ORGANISATION",
            Kind::Location => "LOCATION",
            Kind::Date => "DATE",
        }
    }

    /// The kind with this label, exactly as [`Kind::label`] writes it.
    #[must_use]
    pub fn parse(label: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.label() == label)
    }

    /// Special categories and criminal data (articles 9 and 10).
    #[must_use]
    pub const fn is_special(self) -> bool {
        matches!(
            self,
            Kind::Health
                | Kind::Religion
                | Kind::Ethnicity
                | Kind::Political
                | Kind::Union
                | Kind::SexualOrientation
                | Kind::Criminal
                | Kind::BiometricGenetic
        )
    }

    /// Whether the value itself points at one person, so that a surrogate can stand in for it.
    #[must_use]
    pub const fn is_identifier(self) -> bool {
        self.is_personal() && !self.is_special() && !matches!(self, Kind::Quasi)
    }

    /// National numbers and numbers of identity documents (article 87).
    #[must_use]
    pub fn is_national_number(self) -> bool {
        matches!(self, Kind::Bsn | Kind::IdNumber)
    }

    /// Values that open something: keys, passwords, payment cards.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Kind::ApiKey | Kind::CreditCard)
    }

    /// The number of a person, a thing or a case, of which form and sentence together say which.
    pub(crate) const fn is_any_number(self) -> bool {
        matches!(
            self,
            Kind::LicencePlate
                | Kind::DeviceId
                | Kind::IdNumber
                | Kind::CustomerNumber
                | Kind::EmployeeNumber
                | Kind::PatientNumber
        )
    }

    /// How grave it is to let a value of this kind go, for values that can only go together.
    pub(crate) fn gravity(self) -> u8 {
        match self {
            kind if kind.is_special() => 3,
            kind if kind.is_national_number() || kind.is_secret() => 2,
            kind => u8::from(kind.is_personal()),
        }
    }

    /// Whether the kind is personal data at all.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Kind::Organisation | Kind::Location | Kind::Date)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Several kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds(u64);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// Whether a kind is one of them.
    #[must_use]
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind.number()) != 0
    }

    /// These and one more.
    #[must_use]
    pub const fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind.number())
    }

    /// These and those.
    #[must_use]
    pub const fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those of them that are among the others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind.number()))
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL
            .iter()
            .copied()
            .filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_parses_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.label()), Some(*kind));
        }
        assert_eq!(Kind::parse("bsn"), None);
    }

    #[test]
    fn the_number_of_a_kind_is_its_place() {
        for (place, kind) in Kind::ALL.iter().enumerate() {
            assert_eq!(usize::from(kind.number()), place, "{kind}");
        }
    }

    #[test]
    fn special_kinds_are_not_identifiers() {
        assert!(Kind::Health.is_special() && !Kind::Health.is_identifier());
        assert!(Kind::Bsn.is_national_number() && Kind::Bsn.is_identifier());
        assert!(!Kind::Organisation.is_personal() && !Kind::Organisation.is_identifier());
    }
}

//! What our kinds are called in Presidio's form.

use waarborg_detect::{Finding, Kind};

/// Our kinds by Presidio's names, where it has one; by ours where it has none.
pub(in crate::serve) const BY_KIND: &[(Kind, &str)] = &[
    (Kind::Person, "PERSON"),
    (Kind::Email, "EMAIL_ADDRESS"),
    (Kind::Phone, "PHONE_NUMBER"),
    (Kind::Bsn, "NL_BSN"),
    (Kind::Iban, "IBAN_CODE"),
    (Kind::CreditCard, "CREDIT_CARD"),
    (Kind::Address, "LOCATION"),
    (Kind::Postcode, "LOCATION"),
    (Kind::City, "LOCATION"),
    (Kind::Location, "LOCATION"),
    (Kind::DateOfBirth, "DATE_TIME"),
    (Kind::Date, "DATE_TIME"),
    (Kind::LicencePlate, "LICENSE_PLATE"),
    (Kind::CustomerNumber, "CUSTOMER_NUMBER"),
    (Kind::EmployeeNumber, "EMPLOYEE_NUMBER"),
    (Kind::PatientNumber, "PATIENT_NUMBER"),
    (Kind::IdNumber, "ID_NUMBER"),
    (Kind::Ip, "IP_ADDRESS"),
    (Kind::DeviceId, "DEVICE_ID"),
    (Kind::Username, "USERNAME"),
    (Kind::UrlPersonal, "URL"),
    (Kind::ApiKey, "API_KEY"),
    (Kind::Health, "HEALTH"),
    (Kind::Religion, "NRP"),
    (Kind::Ethnicity, "NRP"),
    (Kind::Political, "NRP"),
    (Kind::Union, "TRADE_UNION"),
    (Kind::SexualOrientation, "SEXUAL_ORIENTATION"),
    (Kind::Criminal, "CRIMINAL"),
    (Kind::BiometricGenetic, "BIOMETRIC_GENETIC"),
    (Kind::Quasi, "QUASI_IDENTIFIER"),
    (Kind::Organisation, "ORGANIZATION"),
];

/// Numbers of other countries for which Presidio has a name of its own.
pub(in crate::serve) const BY_SUBKIND: &[(&str, &str)] = &[
    ("DE_STEUER_ID", "DE_TAX_ID"),
    ("ES_DNI", "ES_NIF"),
    ("ES_NIE", "ES_NIE"),
    ("FI_HENKILOTUNNUS", "FI_PERSONAL_IDENTITY_CODE"),
    ("GB_NHS", "UK_NHS"),
    ("GB_NINO", "UK_NINO"),
    ("IT_CODICE_FISCALE", "IT_FISCAL_CODE"),
    ("PL_PESEL", "PL_PESEL"),
    ("SE_PERSONNUMMER", "SE_PERSONNUMMER"),
];

/// The name of a finding.
pub(super) fn name(finding: &Finding) -> &'static str {
    let subkind = finding.about.subkind.as_deref();
    let by_subkind = BY_SUBKIND
        .iter()
        .find(|(ours, _)| Some(*ours) == subkind)
        .map(|(_, theirs)| *theirs);
    let by_kind = || {
        let row = BY_KIND.iter().find(|(kind, _)| *kind == finding.kind);
        row.map_or(finding.kind.label(), |(_, theirs)| *theirs)
    };
    by_subkind.unwrap_or_else(by_kind)
}

/// Every name that a finding may have.
pub(super) fn supported() -> Vec<&'static str> {
    let by_kind = BY_KIND.iter().map(|(_, theirs)| *theirs);
    let by_subkind = BY_SUBKIND.iter().map(|(_, theirs)| *theirs);
    let mut names: Vec<&'static str> = by_kind.chain(by_subkind).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name() {
        for kind in Kind::ALL {
            let n_rows = BY_KIND.iter().filter(|(known, _)| known == kind).count();
            assert_eq!(n_rows, 1, "{kind:?}");
        }
    }
}

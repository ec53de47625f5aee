//! Words that say whose something is: of the one who speaks, of somebody else, of a role, of a child.

use alloc::collections::BTreeMap;

use crate::by_word::ByWord;
use crate::words;

/// What a word says, as bits.
pub(crate) mod says {
    /// A role that is public.
    pub(crate) const PUBLIC_ROLE: u16 = 1;
    /// A word for a contact of a company.
    pub(crate) const BUSINESS: u16 = 1 << 1;
    /// The form of a company behind its name.
    pub(crate) const COMPANY: u16 = 1 << 2;
    /// A word that closes a letter.
    pub(crate) const CLOSING: u16 = 1 << 3;
    /// A word of the one who speaks.
    pub(crate) const FIRST_PERSON: u16 = 1 << 4;
    /// A word for somebody else.
    pub(crate) const THIRD_PERSON: u16 = 1 << 5;
    /// A unit of age.
    pub(crate) const YEARS: u16 = 1 << 6;
    /// A word for a child.
    pub(crate) const CHILD: u16 = 1 << 7;
    /// A word for an adult.
    pub(crate) const ADULT: u16 = 1 << 8;
    /// "zijn", which is also a verb.
    pub(crate) const ZIJN: u16 = 1 << 9;
    /// The last word before somebody's own name, in one of the [`super::INTRODUCTIONS`].
    pub(crate) const INTRODUCES: u16 = 1 << 10;
}

/// What people say before their own name.
pub(crate) const INTRODUCTIONS: &[&[&str]] = &[
    &["mijn", "naam", "is"],
    &["m'n", "naam", "is"],
    &["naam", "is"],
    &["ik", "ben"],
    &["ben", "ik"],
    &["ik", "heet"],
    &["met"],
    &["my", "name", "is"],
    &["i", "am"],
    &["i'm"],
    &["this", "is"],
    &["ondergetekende"],
];

/// The words that say something.
const LISTS: &[(u16, &str)] = &[
    (
        says::PUBLIC_ROLE,
        "minister premier staatssecretaris koning koningin prins prinses burgemeester wethouder kamerlid \
         senator president kanselier bondskanselier europarlementariër eurocommissaris gedeputeerde \
         partijleider fractievoorzitter mayor king queen prime congressman congresswoman mp chancellor",
    ),
    (
        says::BUSINESS,
        "accountmanager contactpersoon leverancier verkoper inkoper vertegenwoordiger makelaar aannemer \
         adviseur consultant klantenservice receptie helpdesk verkoopafdeling namens supplier vendor \
         salesmanager recruiter directeur zaakvoerder",
    ),
    (says::COMPANY, "bv nv vof gmbh ltd inc bvba holding"),
    (
        says::CLOSING,
        "groet groeten groetjes hoogachtend mvg regards sincerely cheers",
    ),
    (
        says::FIRST_PERSON,
        "ik mijn m'n mij me mijzelf i i'm my mine ons onze our",
    ),
    (
        says::THIRD_PERSON,
        "hij zij ze hem haar hun diens he she him his her their they meneer mevrouw dhr mw mevr heer cliënt \
         cliënte client patiënt patiënte patient klant customer collega colleague medewerker werknemer \
         employee leerling bewoner buurman buurvrouw neighbour moeder vader zoon dochter zoontje dochtertje \
         broer zus oma opa tante oom partner echtgenoot echtgenote vriend vriendin ex mother father son \
         daughter brother sister husband wife friend kind child",
    ),
    (
        says::YEARS,
        "jaar jr jarige years year maanden weken months",
    ),
    (
        says::CHILD,
        "zoontje dochtertje baby peuter kleuter leerling scholier brugklasser minderjarig minderjarige kind \
         kleinkind pupil pleegkind jongetje meisje toddler child minor schoolboy schoolgirl",
    ),
    (
        says::ADULT,
        "gepensioneerd gepensioneerde bejaarde werknemer werkneemster medewerker medewerkster collega weduwe \
         weduwnaar echtgenoot echtgenote oma opa moeder vader meerderjarig meerderjarige volwassene pensioner \
         widow widower husband wife grandmother grandfather employee",
    ),
    (says::ZIJN, "zijn"),
];

/// The table of all lists; a word may be in several.
pub(crate) fn table() -> ByWord<u16> {
    let mut table: BTreeMap<u64, u16> = BTreeMap::new();
    let listed = LISTS
        .iter()
        .flat_map(|(bit, words)| words.split(' ').map(move |word| (*bit, word)));
    let introducing = INTRODUCTIONS
        .iter()
        .filter_map(|words| Some((says::INTRODUCES, *words.last()?)));
    for (bit, word) in listed.chain(introducing) {
        *table.entry(words::hash_with_accents(word)).or_default() |= bit;
    }
    table.into_iter().collect()
}

/// A mailbox of a function and not of a person.
pub(crate) fn is_role_mailbox(address: &str) -> bool {
    let name = address.split('@').next().unwrap_or_default().to_lowercase();
    matches!(
        name.as_str(),
        "info"
            | "sales"
            | "verkoop"
            | "inkoop"
            | "support"
            | "helpdesk"
            | "contact"
            | "administratie"
            | "boekhouding"
            | "facturen"
            | "klantenservice"
            | "service"
            | "receptie"
            | "secretariaat"
            | "office"
            | "hr"
            | "privacy"
            | "bezwaar"
            | "noreply"
            | "no-reply"
            | "webmaster"
            | "post"
            | "redactie"
            | "bestuur"
            | "secretaris"
            | "penningmeester"
            | "ledenadministratie"
            | "facilitair"
            | "werkenbij"
            | "vacatures"
            | "jobs"
            | "balie"
            | "planning"
            | "marketing"
            | "pers"
            | "security"
            | "abuse"
            | "help"
            | "crediteuren"
            | "debiteuren"
            | "klachten"
    )
}

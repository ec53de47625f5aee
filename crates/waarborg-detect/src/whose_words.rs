//! Words that say whose something is: of the one who speaks, of somebody else, of a role, of a child.

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

/// A role that is public.
pub(crate) fn is_public_role(word: &str) -> bool {
    matches!(
        word,
        "minister"
            | "premier"
            | "staatssecretaris"
            | "koning"
            | "koningin"
            | "prins"
            | "prinses"
            | "burgemeester"
            | "wethouder"
            | "kamerlid"
            | "senator"
            | "president"
            | "kanselier"
            | "bondskanselier"
            | "europarlementariër"
            | "eurocommissaris"
            | "gedeputeerde"
            | "partijleider"
            | "fractievoorzitter"
            | "mayor"
            | "king"
            | "queen"
            | "prime"
            | "congressman"
            | "congresswoman"
            | "mp"
            | "chancellor"
    )
}

/// A word for a contact of a company.
pub(crate) fn is_business(word: &str) -> bool {
    matches!(
        word,
        "accountmanager"
            | "contactpersoon"
            | "leverancier"
            | "verkoper"
            | "inkoper"
            | "vertegenwoordiger"
            | "makelaar"
            | "aannemer"
            | "adviseur"
            | "consultant"
            | "klantenservice"
            | "receptie"
            | "helpdesk"
            | "verkoopafdeling"
            | "namens"
            | "supplier"
            | "vendor"
            | "salesmanager"
            | "recruiter"
            | "directeur"
            | "zaakvoerder"
    )
}

/// The form of a company behind its name.
pub(crate) fn is_company(word: &str) -> bool {
    matches!(
        word,
        "bv" | "nv" | "vof" | "gmbh" | "ltd" | "inc" | "bvba" | "holding"
    )
}

/// A word that closes a letter.
pub(crate) fn is_closing(word: &str) -> bool {
    matches!(
        word,
        "groet"
            | "groeten"
            | "groetjes"
            | "hoogachtend"
            | "mvg"
            | "regards"
            | "sincerely"
            | "cheers"
    )
}

/// A word of the one who speaks.
pub(crate) fn is_first_person(word: &str) -> bool {
    matches!(
        word,
        "ik" | "mijn"
            | "m'n"
            | "mij"
            | "me"
            | "mijzelf"
            | "i"
            | "i'm"
            | "my"
            | "mine"
            | "ons"
            | "onze"
            | "our"
    )
}

/// A word for somebody else.
pub(crate) fn is_third_person(word: &str) -> bool {
    matches!(
        word,
        "hij"
            | "zij"
            | "ze"
            | "hem"
            | "haar"
            | "hun"
            | "diens"
            | "he"
            | "she"
            | "him"
            | "his"
            | "her"
            | "their"
            | "they"
            | "meneer"
            | "mevrouw"
            | "dhr"
            | "mw"
            | "mevr"
            | "heer"
            | "cliënt"
            | "cliënte"
            | "client"
            | "patiënt"
            | "patiënte"
            | "patient"
            | "klant"
            | "customer"
            | "collega"
            | "colleague"
            | "medewerker"
            | "werknemer"
            | "employee"
            | "leerling"
            | "bewoner"
            | "buurman"
            | "buurvrouw"
            | "neighbour"
            | "moeder"
            | "vader"
            | "zoon"
            | "dochter"
            | "zoontje"
            | "dochtertje"
            | "broer"
            | "zus"
            | "oma"
            | "opa"
            | "tante"
            | "oom"
            | "partner"
            | "echtgenoot"
            | "echtgenote"
            | "vriend"
            | "vriendin"
            | "ex"
            | "mother"
            | "father"
            | "son"
            | "daughter"
            | "brother"
            | "sister"
            | "husband"
            | "wife"
            | "friend"
            | "kind"
            | "child"
    )
}

/// A unit of age.
pub(crate) fn is_years(word: &str) -> bool {
    matches!(
        word,
        "jaar" | "jr" | "jarige" | "years" | "year" | "maanden" | "weken" | "months"
    )
}

/// A word for a child.
pub(crate) fn is_child(word: &str) -> bool {
    matches!(
        word,
        "zoontje"
            | "dochtertje"
            | "baby"
            | "peuter"
            | "kleuter"
            | "leerling"
            | "scholier"
            | "brugklasser"
            | "minderjarig"
            | "minderjarige"
            | "kind"
            | "kleinkind"
            | "pupil"
            | "pleegkind"
            | "jongetje"
            | "meisje"
            | "toddler"
            | "child"
            | "minor"
            | "schoolboy"
            | "schoolgirl"
    )
}

/// A word for an adult.
pub(crate) fn is_adult(word: &str) -> bool {
    matches!(
        word,
        "gepensioneerd"
            | "gepensioneerde"
            | "bejaarde"
            | "werknemer"
            | "werkneemster"
            | "medewerker"
            | "medewerkster"
            | "collega"
            | "weduwe"
            | "weduwnaar"
            | "echtgenoot"
            | "echtgenote"
            | "oma"
            | "opa"
            | "moeder"
            | "vader"
            | "meerderjarig"
            | "meerderjarige"
            | "volwassene"
            | "pensioner"
            | "widow"
            | "widower"
            | "husband"
            | "wife"
            | "grandmother"
            | "grandfather"
            | "employee"
    )
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
    )
}

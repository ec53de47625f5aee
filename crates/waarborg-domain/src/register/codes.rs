//! Every code of a fault, with what it means in one Dutch sentence.

use super::Fault;

/// The codes in the order of their letters. A code never changes its meaning.
pub const CODES: &[(&str, &str)] = &[
    (
        "address-insecure",
        "Het adres van deze ontvanger is niet versleuteld.",
    ),
    ("address-missing", "Dit model heeft geen adres."),
    (
        "assessment-incomplete",
        "In deze beoordeling ontbreekt iets dat de wet vraagt.",
    ),
    ("bad-address", "Dit adres is niet bruikbaar."),
    ("bad-date", "Dit is geen datum; schrijf jaar-maand-dag."),
    ("bad-name", "Deze naam is niet bruikbaar."),
    ("bad-order", "Het einde ligt voor het begin."),
    ("bad-path", "Een pad begint met een schuine streep."),
    (
        "bad-period",
        "Dit is geen termijn; schrijf bijvoorbeeld 15min, 72h, 30d, 6months of 7y.",
    ),
    (
        "bad-window",
        "Dit is geen tijdvak; schrijf twee gebeurtenissen met .. ertussen.",
    ),
    (
        "basis-without-evidence",
        "Er staat niet waarop de grondslag berust.",
    ),
    (
        "bcr-outside-group",
        "Deze ontvanger hoort niet bij de groep waarvoor die regels gelden.",
    ),
    (
        "category-without-cell",
        "Niets gebruikt deze categorie; wat niemand nodig heeft, mag niet worden verzameld.",
    ),
    (
        "category-without-claim",
        "Er staat niet hoe lang deze categorie wordt bewaard.",
    ),
    (
        "cell-without-claim",
        "Er staat niet hoe lang deze gegevens voor dit doel worden bewaard.",
    ),
    (
        "claim-without-cell",
        "Deze bewaartermijn hoort bij geen enkele verwerking.",
    ),
    (
        "compatibility-unproven",
        "Een doel dat later kwam, noemt geen toets waarom het bij de eerdere doelen past.",
    ),
    (
        "consent-for-others",
        "Toestemming van de een dekt niet wat die over een ander vertelt.",
    ),
    (
        "consent-version-differs",
        "De verwerking noemt een andere versie van de toestemmingstekst.",
    ),
    (
        "consent-without-basis",
        "Er is een toestemmingstekst, maar de grondslag is geen toestemming.",
    ),
    (
        "consent-without-version",
        "Bij toestemming hoort een tekst met een versie.",
    ),
    (
        "contact-missing",
        "Mensen kunnen deze organisatie niet bereiken over privacy.",
    ),
    (
        "contract-incomplete",
        "In deze verwerkersovereenkomst ontbreekt iets dat de wet vraagt (artikel 28 lid 3).",
    ),
    (
        "contract-missing",
        "Met deze ontvanger is geen verwerkersovereenkomst genoemd.",
    ),
    ("controller-missing", "Niemand is verantwoordelijk."),
    (
        "cookie-without-consent",
        "Deze cookie vraagt toestemming, maar niets vraagt erom.",
    ),
    (
        "decision-unexplained",
        "Er staat niet hoe de computer besluit en wat daaruit volgt (artikel 13 lid 2 onder f).",
    ),
    (
        "destination-contradicts",
        "Het land en de bestemming spreken elkaar tegen.",
    ),
    ("duplicate", "Dit staat er twee keer."),
    (
        "duplicate-cell",
        "Dit staat er twee keer, met twee grondslagen.",
    ),
    ("duty-overdue", "Dit had al gedaan moeten zijn."),
    ("empty-value", "Hier staat niets; vul een waarde in."),
    (
        "essence-missing",
        "Er staat niet wat is afgesproken met wie samen met u beslist.",
    ),
    (
        "field-unused",
        "Dit veld wordt verzameld, maar niets heeft het nodig.",
    ),
    ("fields-missing", "Er staat niet waaruit dit bestaat."),
    (
        "formats-only",
        "Er wordt alleen op vorm gezocht: namen, adressen en gezondheid gaan ongezien mee.",
    ),
    (
        "formats-special",
        "Deze dienst kan bijzondere gegevens hebben, en die worden zo niet gezocht.",
    ),
    (
        "free-text-fact",
        "Vrije tekst noemt een termijn, land of ontvanger; die volgen uit het register.",
    ),
    (
        "human-missing",
        "Mensen praten met een computer, maar vinden geen mens.",
    ),
    (
        "interest-missing",
        "Het gerechtvaardigd belang is niet genoemd.",
    ),
    ("label-missing", "Er is geen tekst in een van de talen."),
    (
        "leaves-region",
        "Deze gegevens moeten daar blijven, maar een ontvanger is elders.",
    ),
    (
        "leaving-unproven",
        "Er is geen bewijs dat deze ontvanger de gegevens heeft gewist of teruggegeven.",
    ),
    (
        "left-still-used",
        "Deze ontvanger is vertrokken en krijgt nog gegevens.",
    ),
    (
        "legit-public-body",
        "Een overheid heeft voor haar taken geen gerechtvaardigd belang.",
    ),
    (
        "log-field-unknown",
        "Een persoonlijk veld staat niet bij de velden van het logboek.",
    ),
    ("log-too-long", "Een logboek mag hooguit een jaar blijven."),
    (
        "log-without-reader",
        "Er staat niet wie dit logboek mag lezen.",
    ),
    (
        "meant-without-cell",
        "Deze categorie is voor een doel bedoeld waarvoor niets haar gebruikt.",
    ),
    (
        "measures-missing",
        "Er staat niet hoe gegevens worden beveiligd (artikel 30 lid 1 onder g).",
    ),
    (
        "mechanism-ends-soon",
        "De afspraak met deze ontvanger loopt binnenkort af.",
    ),
    (
        "mechanism-expired",
        "De afspraak met deze ontvanger is afgelopen.",
    ),
    (
        "mechanism-not-yet-valid",
        "De afspraak met deze ontvanger is nog niet begonnen.",
    ),
    (
        "mechanism-undated",
        "De afspraak met deze ontvanger heeft geen einddatum.",
    ),
    (
        "message-class-differs",
        "De soort bericht past niet bij het doel: reclame is reclame, en iets anders niet.",
    ),
    (
        "message-without-cell",
        "Dit bericht gaat naar een adres dat voor dit doel niet wordt gebruikt.",
    ),
    ("missing-key", "Hier ontbreekt iets dat verplicht is."),
    ("missing-section", "Hier ontbreekt een verplicht deel."),
    (
        "no-mechanism",
        "Niets staat toe dat gegevens naar dit land gaan.",
    ),
    (
        "notice-incomplete",
        "De privacyverklaring mist een verplicht deel.",
    ),
    (
        "notice-not-followed",
        "Deze ontvanger van de groep volgt een andere versie van het register.",
    ),
    (
        "notice-section-missing",
        "De privacyverklaring verwijst naar een deel dat niet bestaat.",
    ),
    (
        "officer-missing",
        "Een overheid moet een functionaris gegevensbescherming hebben.",
    ),
    ("open-value", "Deze waarde is nog in te vullen."),
    (
        "otherwise-undecided",
        "Er staat niet wie beslist welke van de twee grondslagen geldt.",
    ),
    (
        "overlay-conflict",
        "Twee regels zeggen voor dezelfde mensen iets anders.",
    ),
    (
        "overlay-forbidden-lever",
        "Dit mag voor een ander land niet anders zijn.",
    ),
    (
        "overlay-without-cell",
        "Voor dit doel gebeurt in deze dienst niets.",
    ),
    (
        "people-missing",
        "Er staat niet van wie de gegevens zijn (artikel 30 lid 1 onder c).",
    ),
    ("period-missing", "Er staat geen bewaartermijn."),
    (
        "period-unexplained",
        "Er staat niet waarom dit zo lang bewaard wordt.",
    ),
    (
        "placeholder",
        "Hier staat nog wat het beginregister invulde.",
    ),
    (
        "policy-too-mild",
        "Het register mag de matrix hier niet milder maken.",
    ),
    (
        "policy-without-effect",
        "Deze wijziging van de matrix verandert niets.",
    ),
    (
        "principal-missing",
        "Er staat niet voor wie deze verwerker werkt (artikel 30 lid 2 onder a).",
    ),
    (
        "processor-own-purpose",
        "Een verwerker heeft geen eigen doelen.",
    ),
    (
        "proposed-value",
        "Deze waarde is een voorstel; de bron geeft er geen.",
    ),
    ("purpose-unused", "Voor dit doel gebeurt niets."),
    (
        "purpose-without-term",
        "Dit doel is onbekend; noem een term van het Data Privacy Vocabulary.",
    ),
    (
        "recipient-trains",
        "Deze ontvanger traint modellen met de gegevens.",
    ),
    ("recipient-unused", "Deze ontvanger krijgt niets."),
    (
        "reminder-without-mode",
        "Er staat niet wat aan deze herinnering voorafgaat.",
    ),
    (
        "representative-missing",
        "Een organisatie buiten de EER heeft een vertegenwoordiger nodig.",
    ),
    (
        "residual-missing",
        "Deze ontvanger bewaart gegevens, maar er staat niet hoe lang.",
    ),
    ("review-overdue", "Dit had al opnieuw bekeken moeten zijn."),
    ("service-without-processing", "Deze dienst doet niets."),
    (
        "sound-undeclared",
        "Geluid mag naar deze ontvanger, en geen categorie noemt het.",
    ),
    (
        "source-unnamed",
        "Er staat niet van wie deze gegevens komen (artikel 14 lid 2 onder f).",
    ),
    (
        "special-forbidden",
        "Deze dienst verbiedt bijzondere gegevens.",
    ),
    (
        "special-without-dpia",
        "Voor bijzondere gegevens is vooraf een DPIA nodig.",
    ),
    (
        "special-without-ground",
        "Voor bijzondere gegevens is een grond nodig (artikel 9 lid 2).",
    ),
    ("syntax", "Dit is geen geldige TOML."),
    (
        "table-without-category",
        "Deze tabel bewaart gegevens zonder categorie.",
    ),
    (
        "table-without-claim",
        "Deze tabel bewaart een categorie die niet bewaard mag worden.",
    ),
    (
        "tail-breaks-period",
        "Een ontvanger bewaart langer dan wordt beloofd.",
    ),
    (
        "transfer-unassessed",
        "Niemand bekeek het recht van het land waar deze gegevens heen gaan (artikel 46 lid 1).",
    ),
    (
        "undeclared-cookie",
        "Deze cookie staat niet in het register.",
    ),
    (
        "undeclared-log-field",
        "Dit logveld staat niet in het register.",
    ),
    (
        "undeclared-outgoing-field",
        "Dit veld mag niet naar deze ontvanger.",
    ),
    ("undeclared-route", "Deze route staat niet in het register."),
    ("undeclared-table", "Deze tabel staat niet in het register."),
    (
        "undeclared-term",
        "Er staat niet hoe lang het programma hierop wacht.",
    ),
    ("unknown-authority", "Deze toezichthouder is niet bekend."),
    ("unknown-category", "Deze categorie is niet opgenomen."),
    ("unknown-condition", "Niets bepaalt deze voorwaarde."),
    (
        "unknown-consent-text",
        "Deze toestemmingstekst is niet opgenomen.",
    ),
    ("unknown-copy", "Deze plaats voor kopieën is niet bekend."),
    (
        "unknown-country",
        "Dit land is niet bekend; schrijf twee letters.",
    ),
    ("unknown-evidence", "Dit bewijsstuk is niet opgenomen."),
    (
        "unknown-field",
        "Dit veld hoort bij geen van de categorieën.",
    ),
    ("unknown-group", "Deze groep is niet opgenomen."),
    ("unknown-key", "Deze sleutel is niet bekend."),
    ("unknown-kind", "Deze soort vondst is niet bekend."),
    ("unknown-language", "Deze taal is niet bekend."),
    (
        "unknown-notice",
        "Deze privacyverklaring is niet opgenomen.",
    ),
    ("unknown-purpose", "Dit doel is niet opgenomen."),
    ("unknown-recipient", "Deze ontvanger is niet opgenomen."),
    ("unknown-role", "Deze rol is niet opgenomen."),
    ("unknown-service", "Deze dienst is niet opgenomen."),
    (
        "unknown-term",
        "Deze term staat niet in het Data Privacy Vocabulary.",
    ),
    ("unknown-trigger", "Deze gebeurtenis is niet bekend."),
    ("unknown-value", "Dit woord kan hier niet."),
    ("unknown-zone", "Deze tijdzone is niet bekend."),
    ("wrong-type", "Dit is het verkeerde soort waarde."),
];

impl Fault {
    /// What the code means, in one Dutch sentence; place and names stand in the message.
    #[must_use]
    pub fn in_dutch(&self) -> &'static str {
        let found = CODES
            .binary_search_by(|(code, _)| (*code).cmp(self.code))
            .ok();
        found
            .and_then(|index| CODES.get(index))
            .map_or("", |(_, meaning)| meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn the_codes_stand_in_order_and_once() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

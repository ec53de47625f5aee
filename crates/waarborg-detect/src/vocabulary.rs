//! The words that steer recognition: labels, titles, kinship, months, digits in words.

use alloc::vec;
use alloc::vec::Vec;

use crate::kind::Kind;
use crate::lexicon::Lexicon;
use crate::seen::Seen;
use crate::tables::HEADERS;
use crate::words;
use crate::{indirect, join, spelled};

/// What a word announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    /// The kind of value that follows this label.
    pub(crate) label: Option<Kind>,
    /// The kind of value that follows when a word for "number" comes first.
    pub(crate) stem: Option<Kind>,
    /// The kind of the values below it, at the head of a column.
    pub(crate) header: Option<Kind>,
    flags: u32,
    /// Month 1–12, or the digits of a number word.
    pub(crate) value: u8,
}

/// Roles of a word, as bits of a [`Cue`].
pub(crate) mod role {
    /// "nummer", "nr", "id".
    pub(crate) const NUMBER: u32 = 1;
    /// Month name; `value` is its number.
    pub(crate) const MONTH: u32 = 1 << 1;
    /// Number word; `value` is its number.
    pub(crate) const DIGIT: u32 = 1 << 2;
    /// Title before a name.
    pub(crate) const TITLE: u32 = 1 << 3;
    /// Kinship or another relation before a name.
    pub(crate) const RELATION: u32 = 1 << 4;
    /// Particle inside a surname.
    pub(crate) const PARTICLE: u32 = 1 << 5;
    /// Opening of a letter.
    pub(crate) const GREETING: u32 = 1 << 6;
    /// Closing of a letter.
    pub(crate) const CLOSING: u32 = 1 << 7;
    /// Word between a label and its value.
    pub(crate) const FILLER: u32 = 1 << 8;
    /// Word after which a number is not personal.
    pub(crate) const IMPERSONAL: u32 = 1 << 9;
    /// Verb of residence.
    pub(crate) const RESIDENCE: u32 = 1 << 10;
    /// Birth.
    pub(crate) const BIRTH: u32 = 1 << 11;
    /// "ik", "mijn", "hij": a person is meant.
    pub(crate) const PERSON: u32 = 1 << 12;
    /// The word before is the name of an organisation, or the next is.
    pub(crate) const ORGANISATION: u32 = 1 << 13;
    /// "heet", "genaamd", "naam": a name follows.
    pub(crate) const NAMING: u32 = 1 << 14;
    /// A weak label: only with a separator behind it.
    pub(crate) const WEAK: u32 = 1 << 15;
    /// Weekday.
    pub(crate) const WEEKDAY: u32 = 1 << 16;
    /// Calling or texting someone.
    pub(crate) const CALLING: u32 = 1 << 17;
    /// The speaker.
    pub(crate) const FIRST: u32 = 1 << 18;
    /// Somebody who was named before.
    pub(crate) const THIRD: u32 = 1 << 19;
    /// A public office, or what one is known for: the name beside it is a public figure's.
    pub(crate) const PUBLIC: u32 = 1 << 20;
    /// Examples, brands, stories: the names are nobody's.
    pub(crate) const FICTION: u32 = 1 << 21;
    /// The first word of a question or a task.
    pub(crate) const OPENING: u32 = 1 << 22;
    /// "apenstaartje", "punt": it may be a part of an address that is said.
    pub(crate) const SAID: u32 = 1 << 23;
    /// "achterstevoren": what follows is to be read from the back.
    pub(crate) const TURNED: u32 = 1 << 24;
    /// "enige", "oldest": it singles somebody out.
    pub(crate) const SINGULAR: u32 = 1 << 25;
}

impl Cue {
    pub(crate) const NONE: Cue = Cue {
        label: None,
        stem: None,
        header: None,
        flags: 0,
        value: 0,
    };

    pub(crate) fn is(self, role: u32) -> bool {
        self.flags & role != 0
    }

    /// All roles, as bits.
    pub(crate) fn roles(self) -> u32 {
        self.flags
    }
}

/// All cues, by the hash of their word.
pub(crate) struct Vocabulary {
    /// Open addressing, a power of two long.
    slots: Vec<(u64, Cue)>,
    /// Most words of a text have no cue; this says so without a look at the slots.
    seen: Seen,
    pub(crate) lexicon: Lexicon,
}

impl Vocabulary {
    pub(crate) fn new() -> Vocabulary {
        Vocabulary::with(Lexicon::BUILT_IN)
    }

    /// The cues, with another table of words.
    pub(crate) fn with(lexicon: Lexicon) -> Vocabulary {
        let mut vocabulary = Vocabulary {
            lexicon,
            slots: vec![(0, Cue::NONE); 16384],
            seen: Seen::new(1024),
        };
        for (roles, list) in ROLES {
            list.split_whitespace()
                .for_each(|word| vocabulary.change(word, |cue| cue.flags |= roles));
        }
        for (kind, list) in LABELS {
            list.split_whitespace()
                .for_each(|word| vocabulary.change(word, |cue| cue.label = Some(*kind)));
        }
        for (kind, list) in STEMS {
            for stem in list.split_whitespace() {
                vocabulary.change(stem, |cue| cue.stem = Some(*kind));
                for end in NUMBER_ENDS.split_whitespace() {
                    let hash = end.chars().fold(words::hash(stem), words::add);
                    vocabulary.with_hash(hash, |cue| cue.label = Some(*kind));
                }
            }
        }
        for (number, list) in MONTHS {
            for word in list.split_whitespace() {
                vocabulary.change(word, |cue| {
                    cue.flags |= role::MONTH;
                    cue.value = *number;
                });
            }
        }
        for (role, list) in OWN_WORDS {
            for word in *list {
                vocabulary.change(word, |cue| cue.flags |= role);
            }
        }
        for (kind, list) in HEADERS {
            list.split_whitespace().for_each(|word| {
                vocabulary.change(word, |cue| {
                    cue.header.get_or_insert(*kind);
                });
            });
        }
        vocabulary.add_number_words();
        vocabulary
    }

    pub(crate) fn cue(&self, hash: u64) -> Cue {
        if !self.seen.has(hash) {
            return Cue::NONE;
        }
        self.probe(hash)
            .and_then(|place| self.slots.get(place))
            .map_or(Cue::NONE, |(_, cue)| *cue)
    }

    fn change(&mut self, word: &str, change: impl FnOnce(&mut Cue)) {
        self.with_hash(words::hash(word), change);
    }

    fn with_hash(&mut self, hash: u64, change: impl FnOnce(&mut Cue)) {
        self.seen.add(hash);
        if let Some((key, cue)) = self.probe(hash).and_then(|place| self.slots.get_mut(place)) {
            *key = hash;
            change(cue);
        }
    }

    /// The slot of this hash, or the empty one where it would go.
    fn probe(&self, hash: u64) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let first = usize::try_from(hash >> 40).unwrap_or_default();
        (0..self.slots.len())
            .map(|step| (first + step) & mask)
            .find(|place| {
                self.slots
                    .get(*place)
                    .is_some_and(|(key, _)| *key == hash || *key == 0)
            })
    }

    /// Zero to ninety-nine in Dutch, zero to nine in English and German.
    fn add_number_words(&mut self) {
        let mut add = |word: u64, value: u8| {
            self.with_hash(word, |cue| {
                cue.flags |= role::DIGIT;
                cue.value = value;
            });
        };
        for (list, first) in [(UNITS, 0_u8), (ENGLISH_UNITS, 0), (GERMAN_UNITS, 0)] {
            for (value, word) in (first..).zip(list.split_whitespace()) {
                add(words::hash(word), value);
            }
        }
        for (value, ten) in (2_u8..).zip(TENS.split_whitespace()) {
            add(words::hash(ten), value * 10);
            for (unit, word) in (0_u8..10).zip(UNITS.split_whitespace()).skip(1) {
                let joined = words::hash(word);
                let joined = "en".chars().chain(ten.chars()).fold(joined, words::add);
                add(joined, value * 10 + unit);
            }
        }
    }
}

/// Words that one recogniser waits for; it knows them itself, and looks at them again.
const OWN_WORDS: &[(u32, &[&str])] = &[
    (role::SAID, spelled::SIGNS),
    (role::SAID, spelled::DOTS),
    (role::SAID, spelled::JOINTS),
    (role::TURNED, join::TURNED),
    (role::SINGULAR, indirect::SINGULAR),
];

const UNITS: &str = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien";
const TENS: &str = "twintig dertig veertig vijftig zestig zeventig tachtig negentig";
const ENGLISH_UNITS: &str = "zero one two three four five six seven eight nine";
const GERMAN_UNITS: &str = "null eins zwei drei vier fünf sechs sieben acht neun";

const MONTHS: &[(u8, &str)] = &[
    (1, "januari january januar janvier jan enero stycznia"),
    (2, "februari february februar février feb febrero lutego"),
    (3, "maart march märz mars mrt mar marzo marca"),
    (4, "april avril apr abril kwietnia"),
    (5, "mei may mai mayo maja"),
    (6, "juni june juin jun junio czerwca"),
    (7, "juli july juillet jul julio lipca"),
    (8, "augustus august août aug agosto sierpnia"),
    (9, "september septembre sept sep septiembre wrzesnia"),
    (10, "oktober october octobre okt oct octubre pazdziernika"),
    (11, "november novembre nov noviembre listopada"),
    (12, "december dezember décembre dec dez diciembre grudnia"),
];

const NUMBER_ENDS: &str =
    "nummer nummers nr nrs num number no id code ref kenmerk referentie nummertje";

/// Words that stand by themselves before a value.
const LABELS: &[(Kind, &str)] = &[
    (
        Kind::Bsn,
        "bsn burgerservicenummer sofi sofinummer sofinr bsnnummer bsnnr persoonsnummer",
    ),
    (
        Kind::Iban,
        "iban rekeningnummer rekeningnr reknr bankrekening bankrekeningnummer kontonummer",
    ),
    (
        Kind::CreditCard,
        "creditcard creditcardnummer kaartnummer kreditkarte mastercard visa amex pan cardnumber",
    ),
    (
        Kind::Phone,
        "tel telefoon telefoonnummer telefoonnr telnr mobiel mobielnummer mobile gsm phone handy telefon telefonnummer portable whatsapp 06nummer fax telephone",
    ),
    (
        Kind::DateOfBirth,
        "geboren geb geboortedatum gebdatum gebdat geboortejaar dob birthdate birthday born geborenop geburtsdatum birth gebjaar gboortedatum geboortedag né née geboorte nacido nacida urodzony urodzona doğum",
    ),
    (
        Kind::LicencePlate,
        "kenteken kentekens kentekennummer nummerplaat kennzeichen plaque plate kentekenplaat license_plate",
    ),
    (
        Kind::IdNumber,
        "paspoort paspoortnummer paspoortnr passport passnummer rijbewijs rijbewijsnummer rijbewijsnr identiteitskaart idkaart documentnummer vnummer vnr rijksregisternummer rijksregisternr rijksregister insz nif nie dni pesel ppsn ssn bigregistratie personalausweis ausweis steuerid kimlik eid reisepass tin licence driving_licence verblijfsdocument rijksreg personnummer visum paspoortnummers sedula cédula passeport rijbew aadhaar tazkira skn",
    ),
    (
        Kind::DeviceId,
        "imei imeinummer serienummer serienr serial mac macadres apparaatid idfa gaid aaid androidid deviceid framenummer framenr chassisnummer chassisnr iccid simkaart sn idfv udid vin imsi device_id",
    ),
    (
        Kind::Username,
        "gebruikersnaam gebruiker username login inlognaam loginnaam user inlog digid benutzername utilisateur nickname handle userid subj acct samaccountname upn ruser whoami",
    ),
    (
        Kind::ApiKey,
        "wachtwoord password passwd pwd ww paswoord passwort wachtwoorden pw apikey token secret sleutel pincode geheim herstelcode backupcode recoverycode otp totp inlogcode toegangscode activeringscode wifiwachtwoord netwerksleutel hasło pass access_token cvc cvv passphrase passcode clientsecret accesstoken",
    ),
    (
        Kind::Address,
        "adres address woonadres adresse straat huisadres afleveradres bezoekadres street anschrift",
    ),
    (Kind::Postcode, "postcode pc zip plz zipcode postalcode"),
    (
        Kind::City,
        "woonplaats city plaats wohnort geboorteplaats gemeente",
    ),
    (
        Kind::Person,
        "naam name achternaam voornaam voorletters contactpersoon volledigenaam fullname firstname lastname surname roepnaam naamcliënt klantnaam nom nachname vorname",
    ),
    (Kind::PatientNumber, "mrn pid patnr"),
    (
        Kind::CustomerNumber,
        "parketnr parketnummer aktenzeichen aanslagnummer betalingskenmerk kenmerk meterstand zaaksnummer studnr mutatienummer cjib bvh bonuskaart \
         tankpas ovchipkaart ovchip lenerspas bibliotheekpas museumkaart donateursnr boekingscode reserveringscode lidmaatschapsnr mutnr",
    ),
    (
        Kind::EmployeeNumber,
        "persnr personeelsnrs badge personeelspas dienstnr",
    ),
];

/// Words that become a label with a word for "number" behind or against them.
const STEMS: &[(Kind, &str)] = &[
    (
        Kind::CustomerNumber,
        "klant klanten customer client polis police policy zaak dossier zaaks case order bestel bestelling claim schade lid leden lidmaatschap member membership student studenten leerling \
         stamboek relatie contract abonnement huurders huurder debiteuren debiteur aanvraag incident ticket meld melding klacht referentie reference donateurs donateur deelnemers rekening \
         boeking booking reservering vestigings handelsregister hra pas klantenkaart goed parket aangifte pv proces verzekerden verzekerde uzovi zorgpas vergunning beschikking account aanslag kunden vertrags matrikel \
         stud s lidmaatschaps uitkerings cursist cursisten onderwijs school inschrijf bewind invoice meter kvk ean crm retour rma track zending tracking buchungs versicherungs",
    ),
    (
        Kind::PatientNumber,
        "patient patiënt patienten patiënten pat cliënt clienten zorg zorgdossier deelnemer proefpersoon subject mdn bewoner bewoners epd medisch participant",
    ),
    (
        Kind::EmployeeNumber,
        "personeels personeel medewerker medewerkers werknemer werknemers employee staff pers badge dienst loon stam medew",
    ),
    (
        Kind::IdNumber,
        "paspoort rijbewijs identiteits document legitimatie v rijksregister passport licence license vreemdelingen vreemdeling id tax nationaal bsnpartner national steuer btw fiscaal uzi big agb \
         ausweis identity",
    ),
    (
        Kind::DeviceId,
        "serie serial frame chassis sim apparaat device toestel fr",
    ),
    (Kind::Phone, "telefoon tel mobiel phone gsm contact nood 06"),
    (Kind::Username, "gebruikers user"),
    (Kind::Bsn, "burgerservice sofi bsn"),
    (Kind::Iban, "iban bankrekening"),
    (Kind::CreditCard, "creditcard kaart card"),
];

const ROLES: &[(u32, &str)] = &[
    (
        role::NUMBER,
        "nummer nummers nr nrs no num number id kenmerk code ref numer numéro nummertje nº",
    ),
    (
        role::FILLER,
        "is was van de het een mijn his her zijn haar om met op in the of by als wordt nieuw nieuwe nr no ist the en te",
    ),
    (
        role::TITLE,
        "dhr dhrn mw mevr mevrouw meneer mijnheer heer mej juffrouw juf meester dr drs prof ing ir mr mrs ms miss bc familie fam wed weduwe zuster broeder pastoor dominee ds imam dokter doctor \
         tante oom opa oma opoe neef nicht frau herr madame monsieur mme sir señor señora doktor pater ouderling rabbijn notaris professor advocaat rechter agent brigadier \
         tandarts fysio huisarts",
    ),
    (
        role::RELATION,
        "moeder vader zoon dochter zus broer zusje broertje partner vriend vriendin echtgenoot echtgenote man vrouw ex buurman buurvrouw collega baas leidinggevende patiënt patiënte patient cliënt \
         cliënte client klant leerling student studente medewerker medewerkster werknemer werkneemster huurder huurster verhuurder bewoner bewoonster verdachte getuige aangever slachtoffer betrokkene \
         verzekerde sollicitant kandidaat kandidate gebruiker begeleider coach mentor docent docente leraar lerares monteur chauffeur vrijwilliger voorzitter penningmeester secretaris mantelzorger \
         kleinzoon kleindochter schoonmoeder schoonvader schoonzus zwager stiefvader stiefmoeder petekind kind baby son daughter mother father sister brother wife husband colleague tenant \
         employee contactpersoon eigenaar gast patiente oma's verpleegkundige arts psychiater psycholoog consulent casemanager bewindvoerder curator ene zekere bestuurder pupil speler trainer",
    ),
    (
        role::PARTICLE,
        "van de der den het ten ter te tot in op aan bij uit voor t s d la le du des di da do dos el al ben bin von zu zum zur vande vd v o onder over af abu ait ould st st. 't d' op",
    ),
    (
        role::GREETING,
        "beste dag hoi hallo hi hey geachte lieve dear hello liebe lieber bonjour moin hé goedemorgen goedemiddag ha yo cher chère",
    ),
    (
        role::CLOSING,
        "groet groeten groetjes gr mvg liefs regards gruß grüße hoogachtend sincerely cheers cordialement xx afz",
    ),
    (
        role::IMPERSONAL,
        "artikel art isbn versie version release productcode artikelnummer artikelnummers ecli kvk euro eur bedrag prijs budget wet lid pagina pagina's jaar voucher ral kleurcode build model type \
         uuid hash commit issn doi poort port bezoekersaantal totaal saldo omzet factuur factuurnummer besluit verordening richtlijn",
    ),
    (
        role::RESIDENCE,
        "woont woon wonen wonende woonde woonachtig verhuisd verhuist verhuizing verhuizen lives live living wohnt wohnhaft wohne woonplaats gevestigd afkomstig komt vestigingsplaats",
    ),
    (
        role::BIRTH,
        "geboren geb geboortedatum gebdatum gebdat geboortejaar dob born birthdate birthday jarig geburtsdatum né née geboorte verjaardag verjaardagen geboortedag birth urodzony geborene",
    ),
    (
        role::PERSON,
        "ik mijn mij hij zij ze hem haar zijn we wij ons onze u uw jij je jouw i my me he she his her our patiënt cliënt mn zn m'n z'n m'n hun ich mein meine",
    ),
    (
        role::FIRST,
        "ik mijn mij me mn m'n ikzelf we wij ons onze i my mine myself our ich mein meine meinen meinem mir mich je moi mon ma mes",
    ),
    (
        role::THIRD,
        "hij zij ze hem haar hen hun zn z'n diens he she his her him hers er sie ihr ihre ihren seine seinen il elle sa son",
    ),
    (
        role::PUBLIC,
        "minister ministers staatssecretaris premier president vicepresident koning koningin prins prinses kroonprins burgemeester wethouder wethouders gedeputeerde commissaris kamerlid kamerleden tweede eerste \
         fractievoorzitter raadslid raadsleden senator partijleider lijsttrekker eurocommissaris europarlementariër informateur zanger zangeres rapper schrijver schrijfster auteur dichter dichteres acteur actrice \
         regisseur dirigent componist schilder kunstenaar kunstenares filosoof natuurkundige uitvinder voetballer wielrenner schaatser coureur atleet bondscoach presentator presentatrice cabaretier columnist paus keizer \
         tsaar profeet heilige arrest roman schilderij schilderijen gedichten boek boeken film films serie musical opera band album liedje concert museum standbeeld biografie toespraak speech oorlog partij kabinet \
         minister's secretary chancellor king queen prince princess mayor senator novelist novel author singer painter poet composer actor actress director philosopher scientist footballer pope emperor bundeskanzler kanzler \
         ministre maire roi reine",
    ),
    (
        role::FICTION,
        "fictief fictieve verzonnen bedachte bedacht bedenk verzin verzint imaginary fictional fictitious invented made sprookje sprookjes verhaal verhaaltje kinderverhaal gedicht mascotte personage personages karakter \
         hoofdpersoon stripfiguur voorbeeld voorbeelden voorbeeldtekst voorbeeldprofiel testdata testgegevens testset dummy placeholder placeholders quiz poem story stories limerick slogan slogans merk merken \
         merknaam merknamen bedrijfsnaam bedrijfsnamen productnaam productnamen naamsuggesties babynamen voornamen betekenis straatnaam straatnamen straat wijk storm orkaan ras hondenras brand brands character characters \
         example examples sample test tests testing documentation documentatie handleiding tutorial regex formaat format sidecode sidecodes luhn algoritme algorithm unittest unittests kast stoel model modellen collectie menu gerecht recept \
         rollenspel rollenspellen musical toneelstuk detective detectiveverhaal thriller beispiel fiktive exemple",
    ),
    (
        role::OPENING,
        "wat welke hoe waarom wanneer waar wie hoeveel is zijn kan kun kunnen mag mogen moet moeten geef noem leg schrijf maak vertel vertaal bedenk verzin vergelijk vat zet klopt bestaat geldt heeft hebben what which how why when where \
         who is are can could may must give list write explain tell translate compare summarise summarize does do was wie warum welche wann wo kann darf soll schreib erkläre comment pourquoi quel quelle quels est",
    ),
    (
        role::ORGANISATION,
        "bv nv vof stichting vereniging bank gemeente ziekenhuis school college universiteit hogeschool provincie ministerie rechtbank partij museum hotel restaurant café winkel supermarkt \
         apotheek praktijk kliniek kantoor bedrijf firma merk gmbh ltd inc holding groep coöperatie bibliotheek kerk moskee theater stadion",
    ),
    (
        role::NAMING,
        "heet heette genaamd named naam name noemt heten heiße called",
    ),
    (
        role::WEAK,
        "user pass token pan plaats gemeente straat geb sn pc handle visa sleutel geheim secret kenmerk street city login inlog nie tin name born birth pid plate fax vin licence device",
    ),
    (
        role::CALLING,
        "bel bellen belt gebeld belde terugbellen terugbelt bereikbaar bereiken appen app appt sms call calls called reach reachable nummer anrufen telefonisch erreichbar",
    ),
    (
        role::WEEKDAY,
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday friday saturday sunday",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_number_words_are_known() {
        let vocabulary = Vocabulary::new();
        let cue = |word: &str| vocabulary.cue(words::hash(word));
        assert_eq!(cue("Klantnummer").label, Some(Kind::CustomerNumber));
        assert_eq!(cue("patiëntnr").label, Some(Kind::PatientNumber));
        assert_eq!(cue("polis").stem, Some(Kind::CustomerNumber));
        assert!(cue("vierenveertig").is(role::DIGIT));
        assert_eq!(cue("vierenveertig").value, 44);
        assert_eq!(cue("mrt").value, 3);
        assert_eq!(cue("fietspomp"), Cue::NONE);
    }
}

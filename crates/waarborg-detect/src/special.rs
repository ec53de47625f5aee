//! Words of the special categories, and whether the clause links them to a person.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::vocabulary::role;
use crate::words;

/// Words, and beginnings of words (with a star), per category.
const LISTS: &[(Kind, &str)] = &[
    (
        Kind::Health,
        "diabetes* suikerziekte kanker* borstkanker longkanker darmkanker prostaatkanker leukemie lymfoom tumor uitzaaiing* chemo* bestraling* hiv aids hepatitis tbc astma* copd longemfyseem epileps* \
         parkinson* alzheimer* dementie* dement delier ms adhd add autis* asperger depress* burnout burn-out angststoornis* paniek* ptss ptsd bipolair* schizofren* psychose* psychotisch* borderline* anorexia boulimia \
         eetstoornis* verslaving* verslaafd* alcoholist* alcoholverslaving drugsverslav* suïcid* zelfmoord* hartinfarct* hartfalen hartritme* hartklep* boezemfibr* atriumfibr* beroerte* tia herseninfarct* hersenbloeding* \
         hersenschudding* migraine* reuma* artrose artritis jicht fibromyalgie hernia crohn colitis coeliakie nierfalen nierziekte dialyse levercirrose zwanger* miskraam* abortus* ivf bevalling* postnata* \
         trombose trombofilie longembolie bloedarmoede anemie hemofilie allerg* anafyla* eczeem psoriasis longcovid covid* corona* veteranenziekte legionella* longontsteking* pneumonie blindedarm* gebroken breuk \
         fractuur* amputatie* rolstoel* slechthorend* doof blind slechtziend* handicap* gehandicapt* beperking* arbeidsongeschikt* ziektewet wia wao ziekgemeld ziekmelding* opgenomen opname* geopereerd operatie* \
         stoma katheter insuline metformine antidepressiva lithium ritalin methadon pijnstiller* medicatie medicijn* bloedverdunner* incontinen* obesitas overgewicht* lupus lyme endometriose pcos gonorroe chlamydia \
         syfilis soa herpes diagnose* symptoom* klachten rugklachten hartklachten rouw overspannen overspannenheid terminaal palliatief euthanasie dyslexie dyscalculie whiplash slaapapneu vaatlijden \
         cancer asthma depression anxiety pregnant pregnancy miscarriage disabled disability epilepsy stroke dementia addiction addicted alcoholic surgery hospitalised hospitalized sick wheelchair fracture \
         chronic fatigue diagnosed bipolar schizophrenia hepatitis krebs schwanger* behindert*",
    ),
    (
        Kind::Religion,
        "moslim* islamitisch* islam soenniet* sjiiet* alevi* christen* christelijk* katholiek* rooms-katholiek* protestant* gereformeerd* hervormd* evangelisch* pinksterkerk pinkstergemeente jehova* jood joods* \
         joodse orthodox* hindoe* hindoestaans-hindoe boeddhist* boeddhisme sikh* atheïst* atheist* mormoon* ramadan bekeerd* bekeerling* gedoopt belijdend* kerkganger* moskee* synagoge* kerklid ouderling muslim* christian* \
         catholic* jewish hindu* buddhist* hoofddoek* hijab* belijdenis godsdienst* geloof* gelovig*",
    ),
    (
        Kind::Ethnicity,
        "marokkaans* turks* surinaams* antilliaans* molukse moluks* javaans* hindoestaans* koerd* koerdisch* berber* roma sinti creools* afrikaans* noord-afrikaans* aziatisch* indisch* chinees chinese pools* \
         eritrees* eritrese syrisch* somalisch* oekraïens* afkomst etniciteit huidskleur donkere getinte zwarte blanke ethnicity moroccan turkish afkomstig nationaliteit migratieachtergrond tigrinya hutu tutsi",
    ),
    (
        Kind::Political,
        "vvd pvda d66 cda pvv groenlinks bbb nsc volt denk sgp christenunie 50plus fvd ja21 partijlid raadslid gemeenteraadslid statenlid stemt gestemd partij socialist* communist* liberaal conservatief forum \
         democratie extinction rebellion activist* demonstr* n-va vooruit groen vlaams ptb pvda-pvdb labour tory republican democrat* politiek* actief",
    ),
    (
        Kind::Union,
        "fnv cnv vcp abvv acv aclvb vakbond* vakbondslid bondslid kaderlid stakingsleider union unison unite gewerkschaft* unionised ver.di bond* kadergroep staking* cgt",
    ),
    (
        Kind::SexualOrientation,
        "homo homoseksu* homofiel lesbisch* lesbo bi biseksu* gay queer transgender* transvrouw transman non-binair* nonbinair* aseksu* panseksu* lhbti* hetero* geaardheid kast lesbian bisexual homosexual \
         transseksu* genderidentiteit gender* schwul jongens meisjes mannen vrouwen",
    ),
    (
        Kind::Criminal,
        "veroordeel* veroordeling* strafblad* gedetineerd* gevangenis* detentie* celstraf taakstraf* verdacht* aangehouden gearresteerd* diefstal* mishandeling* fraude* oplichting* verkrachting* inbraak* dealer* dealen \
         drugshandel* enkelband* reclassering* proeftijd tbs halt* hic jeugddetentie vastzit vast vastgezeten stalking* bedreiging* vernieling* heling recidiv* antecedent* convicted conviction arrested prison jail \
         offence criminal probation fraud theft assault verduister* rijontzegging dronken pi",
    ),
    (
        Kind::BiometricGenetic,
        "vingerafdruk* irisscan* gezichtsherkenning* handpalm* handscan* stemafdruk* stemopname* dna* genetisch* brca* mutatie* trisomie* chromosoom* chromosom* dragerschap* drager* gendrager erfelijk* nipt genoom* genome \
         vaderschapstest* fingerprint* biometr* gezichtsscan* retina* face-id cftr hla gen genotype homozygoot heterozygoot karyotype",
    ),
];

/// The words of all lists.
pub(crate) struct SpecialWords {
    /// Hashes of whole words, sorted.
    whole: Vec<(u64, Kind)>,
    /// Hashes of the beginnings, sorted, and their lengths are tried from the longest.
    begins: Vec<(u64, Kind)>,
}

impl SpecialWords {
    pub(crate) fn new() -> SpecialWords {
        let (mut whole, mut begins) = (Vec::new(), Vec::new());
        for (kind, list) in LISTS {
            for word in list.split_whitespace() {
                match word.strip_suffix('*') {
                    Some(begin) => begins.push((words::hash(begin), *kind)),
                    None => whole.push((words::hash(word), *kind)),
                }
            }
        }
        whole.sort_unstable();
        begins.sort_unstable();
        SpecialWords { whole, begins }
    }

    /// The category of a word.
    fn kind(&self, hash: u64, word: &str) -> Option<Kind> {
        let find = |list: &[(u64, Kind)], hash: u64| {
            list.binary_search_by_key(&hash, |(other, _)| *other)
                .ok()
                .and_then(|place| list.get(place))
                .map(|(_, kind)| *kind)
        };
        if let Some(kind) = find(&self.whole, hash) {
            return Some(kind);
        }
        let mut begin = words::EMPTY;
        let mut found = None;
        for (n, letter) in word.chars().take(16).enumerate() {
            begin = words::add(begin, letter);
            if n >= 2 {
                found = find(&self.begins, begin).or(found);
            }
        }
        found
    }

    /// Marks the words, for the tagger to judge; a word that the clause ties to a person counts by itself.
    pub(crate) fn find(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        for (place, token) in reading.tokens.iter().enumerate() {
            if !token.is_word() || token.n_chars < 2 {
                continue;
            }
            let Some(kind) = self.kind(token.hash, reading.word(place)) else {
                continue;
            };
            hits.push(Hit::new(token.span(), kind, Hit::HINT, Why::SpecialWord));
        }
    }
}

/// Words between a person and what is said of them.
fn is_link(word: &str) -> bool {
    matches!(
        word,
        "heeft"
            | "heb"
            | "had"
            | "hebben"
            | "kreeg"
            | "krijgt"
            | "lijdt"
            | "met"
            | "wegens"
            | "vanwege"
            | "door"
            | "is"
            | "ben"
            | "was"
            | "mijn"
            | "zijn"
            | "haar"
            | "mn"
            | "zn"
            | "has"
            | "have"
            | "my"
            | "his"
            | "her"
            | "because"
            | "slikt"
            | "gebruikt"
            | "ivm"
    )
}

/// Statements that the tagger missed: a health word with a linking word shortly before, and a person in the sentence.
pub(crate) fn linked(reading: &Reading<'_>, hinted: &[Hit], hits: &mut Vec<Hit>) {
    let mut people: Vec<(usize, usize)> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Person)
        .map(|hit| (hit.span.start, hit.span.end))
        .collect();
    people.sort_unstable();
    for hint in hinted.iter().filter(|hint| {
        hint.why == Why::SpecialWord
            && matches!(
                hint.kind,
                Kind::Health | Kind::Religion | Kind::SexualOrientation
            )
    }) {
        let place = reading
            .tokens
            .partition_point(|token| token.end <= hint.span.start);
        let Some(token) = reading.token(place) else {
            continue;
        };
        // Words of everyday life say nothing by themselves.
        if token.entry.common() > 2 || token.n_chars < 4 {
            continue;
        }
        let mut has_link = false;
        let mut has_person = false;
        for before in (0..place).rev().take(12) {
            let Some(token) = reading.token(before) else {
                break;
            };
            if matches!(
                token.shape,
                Shape::LineEnd | Shape::Mark('.' | '?' | '!' | ':')
            ) {
                break;
            }
            has_link |= place - before <= 3 && is_link(&reading.word(before).to_lowercase());
            let in_name = people.partition_point(|(_, end)| *end <= token.start);
            has_person |= people
                .get(in_name)
                .is_some_and(|(start, _)| *start <= token.start);
            let cue = reading.cue(before);
            has_person |=
                cue.is(role::RELATION) && before > 0 && reading.cue(before - 1).is(role::PERSON);
            has_person |= matches!(
                reading.word(before).to_lowercase().as_str(),
                "ik" | "hij" | "zij" | "ze" | "mijn" | "mn" | "i" | "he" | "she" | "my"
            ) && !people.is_empty();
        }
        if has_link && has_person {
            hits.push(Hit::new(
                hint.span.clone(),
                hint.kind,
                0.5,
                Why::SpecialWord,
            ));
        }
    }
}

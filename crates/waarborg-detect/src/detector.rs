//! The stages of detection in their order.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::clause::Clauses;
use crate::dates::Date;
use crate::explain::{Sieve, Stage, Watch};
use crate::finding::{About, Finding};
use crate::fold;
use crate::group;
use crate::kind::Kind;
use crate::lexicon::Lexicon;
use crate::mapped::{self, Change};
use crate::own::{Allowed, Own, Recogniser};
use crate::passage::{self, Passages};
use crate::people::People;
use crate::program::Programs;
use crate::public_names::PublicNames;
use crate::reading::{Hit, Reading};
use crate::resolve;
use crate::said::Said;
use crate::secrets::SecretFinder;
use crate::sentences::Sentences;
use crate::special::{self, SpecialWords};
use crate::vocabulary::Vocabulary;
use crate::weights::Weights;
use crate::whose::WhoseWords;
use crate::{
    again, case_numbers, compact, contacts, councils, dates, decode, doubts, forms, indirect, join,
    labels, name_parts, names, network, numbers, phones, places, program, references,
    role_in_place, spelled, streets, structured, tables, tagger, typed_secrets, weights,
};

/// Encodings inside encodings are read this deep.
const MOST_LAYERS: usize = 3;

/// So near to an escape, in bytes, something may be known only where that is read: what an escaped label announces, or stands
/// behind an escape of an escape.
const NEAR: usize = 4;

/// Finds personal data in text. Make one and share it.
pub struct Detector {
    vocabulary: Vocabulary,
    secrets: SecretFinder,
    special: SpecialWords,
    public: PublicNames,
    own: Own,
    people: People,
    whose: WhoseWords,
    /// The weights of the tagger; without them it finds nothing.
    weights: Option<Weights>,
    /// The weights of what a passage is about.
    passage: &'static [u8],
}

impl Detector {
    /// A detector with the built-in tables.
    #[must_use]
    pub fn new() -> Detector {
        Detector::with(Lexicon::BUILT_IN, weights::BUILT_IN, passage::WEIGHTS)
    }

    pub(crate) fn with(
        lexicon: Lexicon,
        weights: &'static [u8],
        passage: &'static [u8],
    ) -> Detector {
        Detector {
            vocabulary: Vocabulary::with(lexicon),
            secrets: SecretFinder::new(),
            special: SpecialWords::new(),
            public: PublicNames::new(),
            weights: Weights::new(weights),
            passage,
            own: Own::default(),
            people: People::new(),
            whose: WhoseWords::new(),
        }
    }

    /// A detector with the built-in tables and what an operator added.
    #[must_use]
    pub fn with_own(recognisers: Vec<Recogniser>, allowed: Vec<Allowed>) -> Detector {
        Detector {
            own: Own::new(recognisers, allowed),
            ..Detector::new()
        }
    }

    /// The personal data in a text: sorted, disjoint, on character boundaries.
    ///
    /// Never fails, and takes time in proportion to the length of the text.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Finding> {
        self.told(text, self.find_under(text, &[], 0))
    }

    /// The same, but for how many people the parts of a group fit: whoever reads a text among others asks that of all of
    /// them together ([`tell_groups`](crate::tell_groups)).
    #[must_use]
    pub fn find_ungrouped(&self, text: &str) -> Vec<Finding> {
        self.told_whose(text, self.find_under(text, &[], 0)).1
    }

    /// The same, and beside it what a model of the operator's own says of the text.
    ///
    /// The model is asked once, with the text as the other stages read it: unfolded letters, no hidden characters. What it
    /// says is weighed with what the stages bring up, and the operator's exceptions hold for it too.
    ///
    /// # Errors
    ///
    /// What the model answers with when it cannot say.
    pub fn find_beside<E>(
        &self,
        text: &str,
        model: impl FnOnce(&str) -> Result<Vec<Said>, E>,
    ) -> Result<Vec<Finding>, E> {
        let said = model(&fold::fold(text).text)?;
        Ok(self.told(text, self.find_under(text, &said, 0)))
    }

    /// Hits as findings: disjoint, and with whose they are and how many people they fit.
    fn told(&self, text: &str, hits: Vec<Hit>) -> Vec<Finding> {
        let (clauses, mut findings) = self.told_whose(text, hits);
        group::tell(&self.people, &mut [(clauses, &mut findings)]);
        findings
    }

    /// Hits as findings: disjoint, and with whose they are; and the clauses in which they stand.
    fn told_whose<'t>(&self, text: &'t str, hits: Vec<Hit>) -> (Clauses<'t>, Vec<Finding>) {
        let mut findings: Vec<Finding> = Vec::with_capacity(hits.len());
        for hit in hits {
            // A mark behind one finding may also stand before the next: it belongs to the first.
            let end = findings.last().map_or(0, |last| last.span.end);
            let start = resolve::start_behind(text, end, &hit.span);
            if start < hit.span.end {
                findings.push(Finding {
                    about: About {
                        subkind: self.own.subkind(hit.subkind),
                        also: hit.also,
                        ..About::default()
                    },
                    ..Finding::new(start..hit.span.end, hit.kind, hit.score, hit.why)
                });
            }
        }
        let clauses = Clauses::new(text, &findings);
        self.whose.tell(&clauses, &mut findings);
        (clauses, findings)
    }

    /// What is known by its form or its check digits alone: numbers, accounts, cards, telephone numbers, addresses of
    /// mail and network, secrets. Names, addresses, dates and special categories are not sought.
    ///
    /// Never fails, and takes time in proportion to the length of the text.
    #[must_use]
    pub fn find_formats(&self, text: &str) -> Vec<Finding> {
        let folded = fold::fold(text);
        let reading = Reading::of_forms(&folded.text, &self.vocabulary);
        let mut hits = Vec::with_capacity(reading.numbers.len() + 8);
        numbers::find(&reading, &mut hits);
        phones::find(&reading, &mut hits);
        network::find(&reading, &mut hits);
        self.secrets.find(&reading, &mut hits);
        let hits = resolve::without_hints(resolve::resolve(hits));
        let mut findings: Vec<Finding> = Vec::with_capacity(hits.len());
        for hit in hits {
            let span = folded.original(&hit.span);
            // A mark behind one finding may also stand before the next: it belongs to the first.
            let end = findings.last().map_or(0, |last| last.span.end);
            let start = resolve::start_behind(text, end, &span);
            if start < span.end {
                findings.push(Finding {
                    about: About {
                        subkind: self.own.subkind(hit.subkind),
                        ..About::default()
                    },
                    ..Finding::new(start..span.end, hit.kind, hit.score, hit.why)
                });
            }
        }
        findings
    }

    /// What a text reads as where something stands encoded in it, layer by layer: nothing where nothing does.
    #[must_use]
    pub fn decoded(text: &str) -> Vec<String> {
        let mut readings: Vec<String> = Vec::new();
        while readings.len() < MOST_LAYERS {
            let folded = fold::fold(readings.last().map_or(text, String::as_str));
            let changes = decode::changes(&folded.text);
            let Some(under) = mapped::changed(&folded.text, &changes) else {
                break;
            };
            let reading = under.text.trim().to_string();
            readings.push(reading);
        }
        readings
    }

    /// The hits in a text and under everything that it can also be read as, sorted and disjoint.
    fn find_under(&self, text: &str, said: &[Said], depth: usize) -> Vec<Hit> {
        let folded = fold::fold(text);
        let reading = Reading::new(&folded.text, &self.vocabulary);
        let mut hits = self.read(&reading, said, &mut ());
        if depth < MOST_LAYERS {
            let apart = join::changes(&reading);
            self.look_under(&folded.text, (&apart, 0), MOST_LAYERS, &mut hits);
            let encoded = decode::changes(&folded.text);
            self.look_under(&folded.text, (&encoded, NEAR), depth + 1, &mut hits);
        }
        for hit in &mut hits {
            hit.span = folded.original(&hit.span);
        }
        // What turns the direction around is folded away.
        if depth < MOST_LAYERS && folded.is_changed() {
            let turned = join::overridden(text);
            self.look_under(text, (&turned, 0), MOST_LAYERS, &mut hits);
            let tagged = join::tagged(text);
            self.look_under(text, (&tagged, NEAR), depth + 1, &mut hits);
        }
        hits
    }

    /// Reads a text with changes, and keeps what is found where something was changed, or so near to it.
    fn look_under(
        &self,
        text: &str,
        (changes, reach): (&[Change], usize),
        depth: usize,
        hits: &mut Vec<Hit>,
    ) {
        let Some(under) = mapped::changed(text, changes) else {
            return;
        };
        let mut found = self.find_under(&under.text, &[], depth);
        found.retain(|hit| {
            let near = hit.span.start.saturating_sub(reach)..hit.span.end + reach;
            under.is_other(&near) && !under.is_torn(&hit.span)
        });
        for hit in &mut found {
            hit.span = under.original(&hit.span);
        }
        // Of several in one island the gravest speaks for all.
        found.dedup_by(|hit, before| {
            let is_same = hit.span == before.span;
            if is_same && hit.kind.gravity() > before.kind.gravity() {
                core::mem::swap(hit, before);
            }
            if is_same {
                before.speak_for(hit);
            }
            is_same
        });
        resolve::behind_escapes(text, &found, changes, hits);
        resolve::take_in(text, found, reach > 0, hits);
    }

    /// The hits in a folded text as it stands; `said` is what another model says of it.
    pub(crate) fn read(
        &self,
        reading: &Reading<'_>,
        said: &[Said],
        watch: &mut impl Watch,
    ) -> Vec<Hit> {
        let (mut hits, dates) = self.proven_before(reading, watch);
        let hinted: Vec<Hit> = hits
            .iter()
            .filter(|hit| hit.score <= Hit::HINT)
            .cloned()
            .collect();
        let passages = Passages::new(reading, self.passage);
        let programs = Programs::new(reading);
        programs.vouch(reading, &mut hits);
        let mut sentences = Sentences::new(reading);
        let mut tagged = None;
        if let Some(weights) = self.weights {
            sentences.identify(reading, &hits);
            let states = tagger::read(reading, weights, (&sentences, &passages), &hits);
            states.take_out(reading, &programs, &mut hits);
            watch.sifted(Sieve::Sentence, &hits);
            states.collect(reading, &mut hits);
            watch.added(Stage::Model, &hits);
            tagged = Some(states);
        }
        program::drop_things_named(reading, &mut hits);
        programs.drop_things(reading, &mut hits);
        watch.sifted(Sieve::Programs, &hits);
        doubts::drop_general(reading, (&passages, &programs), &mut hits);
        watch.sifted(Sieve::General, &hits);
        hits.extend(said.iter().filter_map(|one| one.hit(reading.text)));
        watch.added(Stage::Model, &hits);
        structured::keep_to_cells(reading, &mut hits);
        watch.sifted(Sieve::Cells, &hits);
        let hits = resolve::resolve(hits);
        watch.sifted(Sieve::Overlaps, &hits);
        let mut hits = resolve::without_hints(hits);
        watch.sifted(Sieve::Hints, &hits);
        hits.retain(|hit| {
            hit.kind != Kind::Person || !self.public.knows(reading.slice(hit.span.clone()))
        });
        watch.sifted(Sieve::PublicNames, &hits);
        doubts::drop_faint(&mut hits);
        watch.sifted(Sieve::Doubts, &hits);
        if let Some(states) = &tagged
            && states.look_again(reading, &passages, &mut hits)
        {
            program::drop_things_named(reading, &mut hits);
            programs.drop_things(reading, &mut hits);
            hits = resolve::resolve(hits);
            hits.retain(|hit| {
                hit.kind != Kind::Person || !self.public.knows(reading.slice(hit.span.clone()))
            });
        }
        names::in_one_breath(reading, &mut hits);
        again::find(reading, &mut hits);
        network::beside_somebody(reading, &mut hits);
        dates::beside_names(reading, &dates, &mut hits);
        indirect::find(reading, &mut hits);
        role_in_place::find(reading, &self.people, &mut hits);
        sentences.identify(reading, &hits);
        special::linked(reading, (&sentences, &passages), &hinted, &mut hits);
        compact::find(reading, &mut hits);
        spelled::find(reading, &mut hits);
        self.own.find(reading, &mut hits);
        watch.added(Stage::SecondLook, &hits);
        programs.drop_things(reading, &mut hits);
        watch.sifted(Sieve::Programs, &hits);
        doubts::drop_general_again(reading, (&passages, &programs), &mut hits);
        watch.sifted(Sieve::General, &hits);
        let mut hits = resolve::resolve(hits);
        watch.sifted(Sieve::Overlaps, &hits);
        name_parts::put_together(reading, &mut hits);
        references::put_together(reading, &mut hits);
        streets::with_particles(reading, &mut hits);
        councils::take_out(reading, &mut hits);
        contacts::drop_alone(reading, &mut hits);
        watch.sifted(Sieve::Contacts, &hits);
        self.own.take_out(reading, &mut hits);
        watch.sifted(Sieve::Exceptions, &hits);
        hits
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What patterns, check digits and labels find, before the tagger looks.
    pub(crate) fn proven(&self, reading: &Reading<'_>) -> (Vec<Hit>, Vec<Date>) {
        self.proven_before(reading, &mut ())
    }

    fn proven_before(
        &self,
        reading: &Reading<'_>,
        watch: &mut impl Watch,
    ) -> (Vec<Hit>, Vec<Date>) {
        let mut hits = Vec::with_capacity(reading.tokens.len() / 8 + 8);
        numbers::find(reading, &mut hits);
        phones::find(reading, &mut hits);
        network::find(reading, &mut hits);
        self.secrets.find(reading, &mut hits);
        watch.added(Stage::Patterns, &hits);
        labels::find(reading, &mut hits);
        case_numbers::find(reading, &mut hits);
        typed_secrets::find(reading, &mut hits);
        let dates = dates::find(reading, &mut hits);
        watch.added(Stage::Labels, &hits);
        tables::find(reading, &self.vocabulary, &mut hits);
        structured::find(reading, &mut hits);
        forms::find(reading, &mut hits);
        watch.added(Stage::Structure, &hits);
        places::find(reading, &mut hits);
        streets::find(reading, &mut hits);
        watch.added(Stage::Places, &hits);
        names::find(reading, &mut hits);
        watch.added(Stage::Names, &hits);
        self.special.find(reading, &mut hits);
        watch.added(Stage::Special, &hits);
        structured::keep_to_cells(reading, &mut hits);
        watch.sifted(Sieve::Cells, &hits);
        let hits = resolve::resolve(hits);
        watch.sifted(Sieve::Overlaps, &hits);
        (hits, dates)
    }
}

impl Default for Detector {
    fn default() -> Detector {
        Detector::new()
    }
}

//! Whose data a finding is, and whether the text says that it is a child's: from the words of its sentence.

use core::ops::Range;

use crate::by_word::ByWord;
use crate::clause::{Clauses, Word};
use crate::finding::{AgeGroup, Finding, Whose, Why};
use crate::kind::Kind;
use crate::whose_words::{self, INTRODUCTIONS, is_role_mailbox, says};

/// From this age on somebody is an adult.
const ADULT: u32 = 18;
/// Whoever was born in this year or before is an adult on any day that this program runs.
const BORN_ADULT: u32 = 2007;
/// A name stands so close, in bytes, to what is said of its person.
const NEAR: usize = 160;

/// A closing line and the signature under it stand so close, in bytes.
const CLOSING: usize = 80;

/// What words say of whose something is.
pub(crate) struct WhoseWords {
    table: ByWord<u16>,
}

/// A person whom the text named.
struct Named {
    span: Range<usize>,
    whose: Whose,
    age: Option<AgeGroup>,
}

impl Named {
    fn is_near(&self, text: &str, place: usize) -> bool {
        let between = text.get(self.span.end..place).unwrap_or_default();
        between.len() <= NEAR && !between.contains("\n\n")
    }
}

impl WhoseWords {
    pub(crate) fn new() -> WhoseWords {
        WhoseWords {
            table: whose_words::table(),
        }
    }

    /// Says of each finding whose it is. The findings are in the order of the text.
    pub(crate) fn tell(&self, clauses: &Clauses<'_>, findings: &mut [Finding]) {
        let mut named: Option<Named> = None;
        for finding in findings {
            let is_near = |person: &&Named| person.is_near(clauses.text, finding.span.start);
            let whose = if finding.kind == Kind::Person {
                self.name(clauses, finding)
            } else if !finding.kind.is_personal() || finding.kind == Kind::ApiKey {
                Whose::Unknown
            } else {
                let of_person = || named.as_ref().filter(is_near).map(|person| person.whose);
                self.said_of(clauses, finding)
                    .or_else(of_person)
                    .unwrap_or_default()
            };
            let of_same = || {
                let is_same = |person: &&Named| person.age.is_some() && person.whose == whose;
                named.as_ref().filter(is_same).filter(is_near)?.age
            };
            let age = self.age_group(clauses, finding).or_else(of_same);
            finding.about.whose = whose;
            finding.about.age = age;
            if finding.kind == Kind::Person {
                let span = finding.span.clone();
                named = Some(Named { span, whose, age });
            }
        }
    }

    /// Whether a word says one of these.
    fn says(&self, word: Word, bits: u16) -> bool {
        self.table.get(word.hash).unwrap_or_default() & bits != 0
    }

    /// What these words say together.
    fn all_said(&self, words: impl Iterator<Item = Word>) -> u16 {
        words.fold(0, |said, word| {
            said | self.table.get(word.hash).unwrap_or_default()
        })
    }

    /// Whose a name is.
    fn name(&self, clauses: &Clauses<'_>, finding: &Finding) -> Whose {
        let before = clauses.before(finding.span.start);
        let after = clauses.after(finding.span.end);
        let said_last = self.all_said(before.clone().rev().take(3));
        let said_next = self.all_said(after.clone().take(1));

        if (said_last | said_next) & says::PUBLIC_ROLE != 0 {
            return Whose::PublicRole;
        }
        if self.is_introduced(clauses, &before) {
            return Whose::Speaker;
        }
        if said_last & says::BUSINESS != 0 || self.all_said(after.take(4)) & says::COMPANY != 0 {
            return Whose::Business;
        }
        let may_sign = finding.why == Why::LetterForm
            || before.clone().next().is_none()
            || self.all_said(before) & says::CLOSING != 0;
        if may_sign && self.is_under_closing(clauses, finding.span.start) {
            return Whose::Speaker;
        }
        Whose::ThirdPerson
    }

    /// Whether these words end as people begin to tell their own name.
    fn is_introduced(
        &self,
        clauses: &Clauses<'_>,
        before: &(impl DoubleEndedIterator<Item = Word> + Clone),
    ) -> bool {
        let last = before.clone().next_back();
        if !last.is_some_and(|word| self.says(word, says::INTRODUCES)) {
            return false;
        }
        INTRODUCTIONS.iter().any(|words| {
            let mut said = before.clone().rev();
            words.iter().rev().all(|word| {
                said.next()
                    .is_some_and(|said| clauses.written(said).to_lowercase() == *word)
            })
        })
    }

    /// Whether the line here, or the one above it, closes a letter.
    fn is_under_closing(&self, clauses: &Clauses<'_>, place: usize) -> bool {
        let from = clauses
            .text
            .ceil_char_boundary(place.saturating_sub(CLOSING));
        let above = clauses.text.get(from..place).unwrap_or_default().trim_end();
        let line = above.rsplit('\n').next().unwrap_or_default();
        let end = from + above.len();
        line.len() < CLOSING
            && clauses
                .within(end - line.len()..end)
                .any(|word| self.says(word, says::CLOSING))
    }

    /// Whose another value is: who was spoken of last.
    fn said_of(&self, clauses: &Clauses<'_>, finding: &Finding) -> Option<Whose> {
        let value = || clauses.text.get(finding.span.clone()).unwrap_or_default();
        if finding.kind == Kind::Email && is_role_mailbox(value()) {
            return Some(Whose::Business);
        }
        for (back, word) in clauses.before(finding.span.start).rev().enumerate() {
            let said = self.table.get(word.hash).unwrap_or_default();
            if said & says::FIRST_PERSON != 0 {
                // Of "mijn moeder" the second word was seen first.
                return Some(Whose::Speaker);
            }
            // "zijn" is also a verb.
            if said & says::THIRD_PERSON != 0 || (said & says::ZIJN != 0 && back <= 2) {
                return Some(Whose::ThirdPerson);
            }
            if said & says::BUSINESS != 0 {
                return Some(Whose::Business);
            }
        }
        None
    }

    /// Whether the text says that somebody is a child or an adult.
    fn age_group(&self, clauses: &Clauses<'_>, finding: &Finding) -> Option<AgeGroup> {
        let value = clauses.text.get(finding.span.clone()).unwrap_or_default();
        match finding.kind {
            Kind::Quasi => {
                let years = first_number(value).filter(|years| *years < 120)?;
                let is_years = |word| self.says(word, says::YEARS);
                let has_unit = value.bytes().all(|byte| byte.is_ascii_digit())
                    || clauses.within(finding.span.clone()).any(is_years)
                    || clauses.after(finding.span.end).take(1).any(is_years);
                has_unit.then(|| of_years(years))
            }
            Kind::DateOfBirth => {
                let year = value
                    .split(|sign: char| !sign.is_ascii_digit())
                    .filter(|digits| digits.len() == 4)
                    .find_map(|digits| digits.parse::<u32>().ok());
                year.filter(|year| (1880..=BORN_ADULT).contains(year))
                    .map(|_| AgeGroup::Adult)
            }
            Kind::Person => self.age_of_person(clauses, finding),
            _ => None,
        }
    }

    /// "Sem de Boer (9 jaar)", "mijn oma Riet".
    fn age_of_person(&self, clauses: &Clauses<'_>, finding: &Finding) -> Option<AgeGroup> {
        let after = clauses.after(finding.span.end);
        let pairs = after.clone().zip(after.clone().skip(1));
        let told = pairs.take(4).find_map(|(word, next)| {
            let years = || clauses.written(word).parse().ok();
            let has_unit = self.says(next, says::YEARS);
            has_unit.then(years)?.filter(|years| *years < 110)
        });
        let by_word = |word: Word| {
            if self.says(word, says::CHILD) {
                Some(AgeGroup::Child)
            } else if self.says(word, says::ADULT) {
                Some(AgeGroup::Adult)
            } else {
                None
            }
        };
        let mut before = clauses.before(finding.span.start).rev().take(4);
        told.map(of_years)
            .or_else(|| before.find_map(by_word))
            .or_else(|| after.take(3).find_map(by_word))
    }
}

fn of_years(years: u32) -> AgeGroup {
    if years < ADULT {
        AgeGroup::Child
    } else {
        AgeGroup::Adult
    }
}

fn first_number(text: &str) -> Option<u32> {
    text.split(|sign: char| !sign.is_ascii_digit())
        .find(|digits| !digits.is_empty())
        .and_then(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;

    /// Whose the finding with this value is, and of which age.
    fn of(text: &str, value: &str) -> (Whose, Option<AgeGroup>) {
        let findings = Detector::new().find(text);
        let finding = findings
            .iter()
            .find(|finding| text.get(finding.span.clone()).unwrap().contains(value))
            .unwrap_or_else(|| panic!("{value} in {text}: {findings:?}"));
        (finding.about.whose, finding.about.age)
    }

    #[test]
    fn who_speaks_speaks_of_themselves() {
        for (text, value) in [
            ("Mijn naam is Sanne de Wit en ik woon in Delft.", "Sanne"),
            ("Mijn BSN is 111222333.", "111222333"),
            ("My e-mail is sanne@example.org", "sanne@"),
            ("Bel mij op 06-12345678.", "06-1"),
            (
                "Ik hoor het graag.\nMet vriendelijke groet,\nSanne de Wit",
                "Sanne",
            ),
        ] {
            assert_eq!(of(text, value).0, Whose::Speaker, "{text}");
        }
    }

    #[test]
    fn others_are_others() {
        for (text, value) in [
            ("Mijn moeder Els Bakker belde.", "Els"),
            ("Haar BSN is 111222333.", "111222333"),
            ("Het BSN van mijn buurman is 111222333.", "111222333"),
            ("Jan de Vries heeft BSN 111222333.", "111222333"),
        ] {
            assert_eq!(of(text, value).0, Whose::ThirdPerson, "{text}");
        }
    }

    #[test]
    fn public_roles_and_business_contacts_are_told_apart() {
        assert_eq!(
            of("Ik kreeg een brief van burgemeester Els Bakker.", "Els").0,
            Whose::PublicRole
        );
        assert_eq!(
            of("Onze contactpersoon Els Bakker regelt het.", "Els").0,
            Whose::Business
        );
        assert_eq!(
            of("Mail naar info@example.org of jan@example.org", "info@").0,
            Whose::Business
        );
    }

    #[test]
    fn children_and_adults_are_told_where_the_text_says_it() {
        for (text, value, age) in [
            (
                "Mijn dochtertje Noor de Wit kan niet slapen.",
                "Noor",
                Some(AgeGroup::Child),
            ),
            (
                "Sem de Boer (9 jaar) is gevallen.",
                "Sem",
                Some(AgeGroup::Child),
            ),
            (
                "Els de Boer, 47 jaar, werkt hier.",
                "Els",
                Some(AgeGroup::Adult),
            ),
            ("Mijn oma Riet Bakker belde.", "Riet", Some(AgeGroup::Adult)),
            (
                "Piet Jansen is geboren op 14-03-1951.",
                "1951",
                Some(AgeGroup::Adult),
            ),
            ("Mevrouw Bakker belde.", "Bakker", None),
        ] {
            assert_eq!(of(text, value).1, age, "{text}");
        }
    }
}

//! Whose data a finding is, and whether the text says that it is a child's: from the words of its sentence.

use core::ops::Range;

use alloc::string::String;

use crate::clause;
use crate::finding::{AgeGroup, Finding, Whose, Why};
use crate::kind::Kind;
use crate::whose_words::{
    INTRODUCTIONS, is_adult, is_business, is_child, is_closing, is_company, is_first_person,
    is_public_role, is_role_mailbox, is_third_person, is_years,
};

/// From this age on somebody is an adult.
const ADULT: u32 = 18;
/// Whoever was born in this year or before is an adult on any day that this program runs.
const BORN_ADULT: u32 = 2007;
/// A name stands so close, in bytes, to what is said of its person.
const NEAR: usize = 160;

/// A closing line and the signature under it stand so close, in bytes.
const CLOSING: usize = 80;

/// Says of each finding whose it is. The findings are in the order of the text.
pub(crate) fn tell(text: &str, findings: &mut [Finding]) {
    let mut named: Option<(Range<usize>, Whose, Option<AgeGroup>)> = None;
    for finding in findings {
        let before = clause::words(clause::before(text, finding.span.start));
        let after = clause::words(clause::after(text, finding.span.end));
        let value = text.get(finding.span.clone()).unwrap_or_default();
        let person = named.as_ref().filter(|(span, ..)| {
            let between = text.get(span.end..finding.span.start).unwrap_or_default();
            between.len() <= NEAR && !between.contains("\n\n")
        });
        let of_person = person.map(|(_, whose, _)| *whose);

        let whose = if finding.kind == Kind::Person {
            name(finding.why, &before, &after, text, finding.span.start)
        } else if !finding.kind.is_personal() || finding.kind == Kind::ApiKey {
            Whose::Unknown
        } else {
            value_of(finding.kind, value, &before, of_person)
        };
        let own_age = age_group(finding.kind, value, &before, &after);
        let age = own_age.or_else(|| {
            let same = |(_, of, _): &&(_, Whose, _)| *of == whose;
            person.filter(same).and_then(|(_, _, age)| *age)
        });
        finding.about.whose = whose;
        finding.about.age = age;
        if finding.kind == Kind::Person {
            named = Some((finding.span.clone(), whose, age));
        }
    }
}

/// Whose a name is.
fn name(why: Why, before: &[String], after: &[String], text: &str, start: usize) -> Whose {
    let last = |n: usize| before.iter().rev().take(n).map(String::as_str);
    let is_said = |words: &[&str]| {
        before.len() >= words.len()
            && before
                .iter()
                .rev()
                .zip(words.iter().rev())
                .all(|(word, said)| word == said)
    };

    if last(3).any(is_public_role) || after.first().is_some_and(|word| is_public_role(word)) {
        return Whose::PublicRole;
    }
    if INTRODUCTIONS.iter().any(|words| is_said(words)) {
        return Whose::Speaker;
    }
    if last(3).any(is_business) || after.iter().take(4).any(|word| is_company(word)) {
        return Whose::Business;
    }
    let mut from = start.saturating_sub(CLOSING);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let above = text.get(from..start).unwrap_or_default().trim_end();
    let line = above.rsplit('\n').next().unwrap_or_default();
    let greets = line.len() < CLOSING && clause::words(line).iter().any(|word| is_closing(word));
    if greets
        && (why == Why::LetterForm
            || before.is_empty()
            || before.iter().any(|word| is_closing(word)))
    {
        return Whose::Speaker;
    }
    Whose::ThirdPerson
}

/// Whose another value is: who was spoken of last.
fn value_of(kind: Kind, value: &str, before: &[String], of_person: Option<Whose>) -> Whose {
    if kind == Kind::Email && is_role_mailbox(value) {
        return Whose::Business;
    }
    for (back, word) in before.iter().rev().enumerate() {
        if is_first_person(word) {
            // Of "mijn moeder" the second word was seen first.
            return Whose::Speaker;
        }
        // "zijn" is also a verb.
        if is_third_person(word) || (word == "zijn" && back <= 2) {
            return Whose::ThirdPerson;
        }
        if is_business(word) {
            return Whose::Business;
        }
    }
    of_person.unwrap_or_default()
}

/// Whether the text says that somebody is a child or an adult.
fn age_group(kind: Kind, value: &str, before: &[String], after: &[String]) -> Option<AgeGroup> {
    let group = |years: u32| {
        if years < ADULT {
            AgeGroup::Child
        } else {
            AgeGroup::Adult
        }
    };
    if kind == Kind::Quasi {
        let has_unit = clause::words(value).iter().any(|word| is_years(word))
            || after.first().is_some_and(|word| is_years(word))
            || value.bytes().all(|byte| byte.is_ascii_digit());
        let years = first_number(value).filter(|years| has_unit && *years < 120);
        return years.map(group);
    }
    if kind == Kind::DateOfBirth {
        let year = value
            .split(|sign: char| !sign.is_ascii_digit())
            .filter(|digits| digits.len() == 4)
            .find_map(|digits| digits.parse::<u32>().ok());
        return year
            .filter(|year| (1880..=BORN_ADULT).contains(year))
            .map(|_| AgeGroup::Adult);
    }
    if kind != Kind::Person {
        return None;
    }
    let told = after
        .iter()
        .take(4)
        .zip(after.iter().skip(1).map(Some).chain([None]))
        .find_map(|(word, next)| {
            let years: u32 = word.parse().ok().filter(|years| *years < 110)?;
            next.is_some_and(|next| is_years(next)).then_some(years)
        });
    let by_word = |word: &String| {
        if is_child(word) {
            Some(AgeGroup::Child)
        } else if is_adult(word) {
            Some(AgeGroup::Adult)
        } else {
            None
        }
    };
    told.map(group)
        .or_else(|| before.iter().rev().take(4).find_map(by_word))
        .or_else(|| after.iter().take(3).find_map(by_word))
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
        assert_eq!(of("Mail naar info@example.org", "info@").0, Whose::Business);
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

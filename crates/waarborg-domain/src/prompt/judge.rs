//! Lets the policy decide about everything that was found in a prompt, by itself and together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use waarborg_detect::{About, Finding, Kind};

use super::enclosed::{self, Enclosed, Sent};
use super::nested::Text;
use super::screen::{Mark, Report, Screening, Waived};
use super::wording;
use crate::json::LeafKind;
use crate::policy::{Change, DataClass, Decision, Found, Policy, Setting, Verdict};

/// What is decided about the findings of these texts.
pub(super) fn judge(
    texts: &[Text],
    found: Vec<Vec<Finding>>,
    screening: &Screening<'_>,
    files: &Enclosed,
) -> Report {
    let policy = screening.policy;
    let mut marks: Vec<Mark> = Vec::new();
    let mut persons = BTreeSet::new();
    let mut any_waived = false;
    for (position, (text, findings)) in texts.iter().zip(found).enumerate() {
        for finding in findings {
            let class = policy.class(finding.kind, finding.score);
            if class == DataClass::NotPersonal {
                continue;
            }
            let value = text.text.get(finding.span.clone()).unwrap_or_default();
            let waivable = is_waivable(policy, &finding);
            if waivable
                && screening
                    .waived
                    .values
                    .contains(&(finding.kind, value.to_owned()))
            {
                any_waived = true;
                continue;
            }
            if finding.kind == Kind::Person {
                persons.insert(value.to_lowercase());
            }
            let Finding {
                span,
                kind,
                score,
                why,
                about,
            } = finding;
            marks.push(Mark {
                text: position,
                span,
                kind,
                score,
                why,
                about,
                class,
                verdict: Verdict::Block,
                changed_by: None,
                waivable,
                fixed: files.fixed(position, text),
                replacement: None,
            });
        }
    }

    let destination = screening.destination;
    let has_ground = screening.has_ground;
    let first = Setting {
        destination,
        has_ground,
        without_identifiers: false,
    };
    let without_identifiers = !any_waived && without_identifiers(&marks, policy, first);
    let setting = Setting {
        without_identifiers,
        ..first
    };
    for mark in &mut marks {
        let decision = decide(policy, mark, setting);
        mark.verdict = possible(decision.verdict, mark, texts);
        mark.changed_by = decision.changed_by;
    }
    widen_all_or_none(&mut marks);

    let list = (persons.len() >= policy.bulk_persons()).then(|| policy.decide_on_list(setting));
    if let Some(list) = &list {
        hold_to_list(&mut marks, list);
    }
    let fixed = enclosed::hold_what_is_fixed(&mut marks);

    let listed = list
        .as_ref()
        .map(|list| (DataClass::BulkList, list.verdict));
    let decided = marks.iter().map(|mark| (mark.class, mark.verdict));
    let decided: Vec<(DataClass, Verdict)> = decided.chain(listed).collect();
    let of_marks = marks.iter().filter_map(|mark| mark.changed_by.clone());
    let of_list = list.and_then(|list| list.changed_by);
    let changes: Vec<Arc<Change>> = of_marks.chain(of_list).collect();

    let stopped = what_stops(&decided, screening.waived);
    let mut each = decided.iter();
    let is_confirmed = stopped.is_empty()
        && each.any(|&(class, verdict)| is_accepted(screening.waived, class, verdict));
    let strictest = decided.iter().map(|(_, verdict)| *verdict).max();
    let verdict = stopped.values().copied().max().or(strictest);
    let list_stops = listed.is_some_and(|(_, verdict)| verdict.stops());
    let mut stopped_by: Vec<DataClass> = stopped.keys().copied().collect();
    stopped_by.sort_by_key(|class| std::cmp::Reverse(stopped.get(class).copied()));

    Report {
        verdict: verdict.unwrap_or(Verdict::Allow),
        marks,
        stopped_by,
        changes: each_once(changes),
        fixed: fixed.filter(|_| !list_stops),
        sent: Sent::default(),
        measured: Vec::new(),
        any_waived,
        is_confirmed,
    }
}

/// Whether the person may say that nothing in a finding is personal data.
fn is_waivable(policy: &Policy, finding: &Finding) -> bool {
    let is = |kind| policy.waivable(policy.class(kind, finding.score));
    is(finding.kind) && finding.about.also.iter().all(is)
}

/// What the policies that do something would decide, where the one in force only observes: by their matrices as they are shipped.
pub(super) fn measured(
    texts: &[Text],
    found: &[Vec<Finding>],
    screening: &Screening<'_>,
    files: &Enclosed,
) -> Vec<(&'static str, Verdict)> {
    static OTHERS: LazyLock<Vec<(&str, Policy)>> = LazyLock::new(|| {
        let shipped = |name| Some((name, Policy::shipped(name).ok()?));
        let names = ["pseudonymise", "strict"];
        names.into_iter().filter_map(shipped).collect()
    });
    if !screening.policy.only_observes() {
        return Vec::new();
    }
    let by = |(name, policy): &(&'static str, Policy)| {
        let screening = Screening {
            policy,
            ..*screening
        };
        (
            *name,
            judge(texts, found.to_vec(), &screening, files).verdict,
        )
    };
    OTHERS.iter().map(by).collect()
}

/// The classes that stop it, each with its strictest verdict. One by one: what is replaced does not take away the warning about
/// what stands beside it.
fn what_stops(decided: &[(DataClass, Verdict)], waived: &Waived) -> BTreeMap<DataClass, Verdict> {
    let mut stopped = BTreeMap::new();
    for &(class, verdict) in decided {
        if verdict.stops() && !is_waived(waived, class, verdict) {
            let strictest = stopped.entry(class).or_insert(verdict);
            *strictest = verdict.max(*strictest);
        }
    }
    stopped
}

/// Whether somebody took it upon themselves. Two people are more than one: their yes is also the one that a warning asks for.
fn is_waived(waived: &Waived, class: DataClass, verdict: Verdict) -> bool {
    is_accepted(waived, class, verdict) || (waived.is_agreed && verdict <= Verdict::SecondPerson)
}

/// Whether who wrote it said yes to this warning.
fn is_accepted(waived: &Waived, class: DataClass, verdict: Verdict) -> bool {
    verdict == Verdict::Warn && waived.warnings.contains(&class)
}

/// Wider words need a place where words may stand, and enough people whom they fit; else there is a surrogate.
fn possible(verdict: Verdict, mark: &Mark, texts: &[Text]) -> Verdict {
    // Two keys of an object may not become one, and a name knows no spaces.
    let is_tight = || {
        let text = texts.get(mark.text);
        text.is_none_or(|text| text.kind == LeafKind::Key || wording::is_tight(text, &mark.span))
    };
    if verdict == Verdict::Generalise && (wider(&mark.about).is_none() || is_tight()) {
        return Verdict::Pseudonymise;
    }
    verdict
}

/// How many people fit is counted as if every part went along wider: where one of them goes as it stands, the others become
/// surrogates.
fn widen_all_or_none(marks: &mut [Mark]) {
    let goes = |mark: &Mark| {
        mark.about.group.is_some()
            && matches!(
                mark.verdict,
                Verdict::Allow | Verdict::Warn | Verdict::SecondPerson
            )
    };
    if !marks.iter().any(goes) {
        return;
    }
    for mark in marks {
        if mark.verdict == Verdict::Generalise {
            mark.verdict = Verdict::Pseudonymise;
        }
    }
}

/// What a finding says in wider words, where they and all else that is said of this person fit enough people.
pub(super) fn wider(about: &About) -> Option<&str> {
    let group = about.group.as_ref().filter(|group| group.then >= ENOUGH)?;
    group.instead.as_deref().or(group.wider.as_deref())
}

/// So many people must fit what goes along in wider words; detection widens until as many do.
const ENOUGH: u32 = 100;

/// Whether an identifier goes along as it is. A rule that lets it go where there are none would prove itself, so that counts too.
fn goes_along(mark: &Mark, policy: &Policy, setting: Setting) -> bool {
    let leaves = |found: Found<'_>, without_identifiers| {
        let setting = Setting {
            without_identifiers,
            ..setting
        };
        is_as_it_stands(policy.decide(found, setting).verdict)
    };
    let mut identifiers = all_found(policy, mark).filter(|found| {
        !matches!(
            found.class,
            DataClass::SpecialCategory | DataClass::NotPersonal
        )
    });
    identifiers.any(|found| leaves(found, false) || leaves(found, true))
}

/// What stands in a mark, each by itself as a policy looks at it.
fn all_found<'m>(policy: &'m Policy, mark: &'m Mark) -> impl Iterator<Item = Found<'m>> {
    let also = mark.about.also.iter().map(|kind| Found {
        kind,
        class: policy.class(kind, mark.score),
        ..mark.found()
    });
    std::iter::once(mark.found()).chain(also)
}

/// The strictest of what is decided about all that stands in a mark: it goes along or stays as one.
fn decide(policy: &Policy, mark: &Mark, setting: Setting) -> Decision {
    let mut all = all_found(policy, mark).filter(|found| found.class != DataClass::NotPersonal);
    let first = policy.decide(all.next().unwrap_or_else(|| mark.found()), setting);
    all.map(|found| policy.decide(found, setting))
        .fold(first, |strictest, other| {
            if other.verdict > strictest.verdict {
                other
            } else {
                strictest
            }
        })
}

/// Whether a value goes along under this verdict, at once or after a yes, and be it in wider words.
const fn is_as_it_stands(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Allow | Verdict::Warn | Verdict::Generalise | Verdict::SecondPerson
    )
}

/// Whether every identifier among these becomes a surrogate on this way, or nothing goes.
pub(super) fn without_identifiers(marks: &[Mark], policy: &Policy, setting: Setting) -> bool {
    !marks.iter().any(|mark| goes_along(mark, policy, setting))
}

/// What a list asks of its identifiers, none of them is spared.
fn hold_to_list(marks: &mut [Mark], list: &Decision) {
    if !matches!(list.verdict, Verdict::Pseudonymise | Verdict::Redact) {
        return;
    }
    for mark in marks.iter_mut().filter(|mark| mark.kind.is_identifier()) {
        if mark.verdict < list.verdict {
            mark.verdict = list.verdict;
            mark.changed_by.clone_from(&list.changed_by);
        }
    }
}

fn each_once(mut changes: Vec<Arc<Change>>) -> Vec<Arc<Change>> {
    changes.sort_by(|one, other| one.rule.cmp(&other.rule));
    changes.dedup();
    changes
}

//! The file of a request as its page shows it.

use jiff::Unit;
use waarborg_domain::decision::{About, Ground};
use waarborg_domain::ids::ObjectId;
use waarborg_domain::rights::Applies;
use waarborg_usecase::Desk;
use waarborg_usecase::casework::{self, CaseError, File, Filed, Looked};
use waarborg_usecase::console::Staff;
use waarborg_usecase::ports::{MailEnd, Seen};
use waarborg_usecase::sureness;

use super::letter::{slice_in_words, verdict_in_words};
use super::{capital, category, day, moment, recipient, service};
use crate::page::case::{
    ByMailView, CaseView, DoubtView, FiledView, LinkView, LookedView, SliceView, TaskView,
};
use crate::visit::Visit;
use crate::words::Words;

/// The view of a file.
pub(crate) async fn view(visit: &Visit, staff: &Staff, file: &File) -> Result<CaseView, CaseError> {
    let desk = &visit.desk;
    let words = visit.words();
    let request = &file.request;
    let found = casework::slices(desk, file).await?;
    let slices = found.iter().map(|found| {
        let (name, what) = match &found.about {
            About::Whole => ("whole".to_owned(), words.say("slice-whole")),
            About::Slice(slice) => (
                format!("{} {} {}", slice.category, slice.purpose, slice.basis),
                slice_in_words(desk, &words, slice),
            ),
        };
        let says = match found.applies {
            Applies::Always => words.say("applies-always"),
            Applies::OnConditions(_) => words.say("applies-on-conditions"),
            Applies::No(_) => words.say("applies-no"),
        };
        SliceView {
            name,
            what,
            says,
            n_records: found.n_records,
            until: found.until.map(|until| day(desk, until)),
            proposed: found.proposed,
            can_be_granted: found.applies.is_possible(),
        }
    });
    let filed = |filed: &Filed| FiledView {
        parts: filed
            .decision
            .parts
            .iter()
            .map(|part| {
                let what = match &part.about {
                    About::Whole => words.say("slice-whole"),
                    About::Slice(slice) => slice_in_words(desk, &words, slice),
                };
                (what, verdict_in_words(&words, request.right, part.verdict))
            })
            .collect(),
        reasons: filed.decision.reasons.clone(),
        fee_cents: filed.decision.fee_cents,
        correction: filed.rectification.correction.clone(),
        statement: filed.rectification.statement.clone(),
        at: moment(desk, &words, filed.at),
        is_own: filed.by == staff.session.id,
    };
    let today = desk.today();
    let without_doubt = casework::due_without_doubt(desk, file);
    Ok(CaseView {
        reference: request.reference.as_str().to_owned(),
        right: request.right,
        channel: request.channel,
        stage: request.stage,
        received: day(desk, request.received_at),
        aim: request.due.aim,
        latest: request.due.latest,
        days_left: today
            .until((Unit::Day, request.due.aim))
            .map_or(0, |span| span.get_days()),
        words: file.words.clone(),
        contact: file.contact.clone(),
        mail: by_mail(desk, file).await?,
        extension: file.extension.clone(),
        doubts: doubts(desk, file),
        without_doubt: (without_doubt.aim, without_doubt.latest),
        can_doubt: casework::can_be_doubted(desk, file),
        links: file
            .links
            .iter()
            .map(|link| LinkView {
                number: link.subject.to_string(),
                identity: link.identity,
            })
            .collect(),
        slices: slices.collect(),
        grounds: Ground::of(request.right).collect(),
        waiting: file.waiting.as_ref().map(filed),
        returned: file.returned.clone(),
        decided: file.decided.as_ref().map(filed),
        n_letters: file.letters.len(),
        tasks: file
            .tasks
            .iter()
            .map(|task| task_view(visit, task, request.reference.as_str()))
            .collect(),
        n_put_aside: file.n_put_aside,
        looked: looked_at(desk, &words, file),
        withheld: file.withheld.clone(),
        can_extend: file.can_be_extended(),
        fault: None,
    })
}

/// When the clock stood still.
fn doubts(desk: &Desk, file: &File) -> Vec<DoubtView> {
    let view = |doubt: &casework::Doubt| DoubtView {
        reasons: doubt.reasons.clone(),
        from: day(desk, doubt.from),
        until: doubt.until.map(|until| day(desk, until)),
    };
    file.doubts.iter().map(view).collect()
}

/// What goes to who asks by mail, where mail goes at all.
async fn by_mail(desk: &Desk, file: &File) -> Result<Option<ByMailView>, CaseError> {
    if !sureness::is_offered(desk) {
        return Ok(None);
    }
    let counted = waarborg_usecase::mail::count(desk, ObjectId(file.request.id.0)).await?;
    let ended = |is_sent: bool| {
        let ends = counted.n_ended.iter();
        ends.filter(|(end, _)| (*end == MailEnd::Sent) == is_sent)
            .map(|(_, n)| n)
            .sum()
    };
    Ok(Some(ByMailView {
        has_address: file.has_mail_address(),
        sure: file.sure.map(|sure| sure.by_mail),
        n_waiting: counted.n_waiting,
        n_sent: ended(true),
        n_lost: ended(false),
    }))
}

fn looked_at(desk: &Desk, words: &Words, file: &File) -> Vec<LookedView> {
    let view = |looked: &Looked| LookedView {
        kinds: looked
            .kinds
            .iter()
            .map(|kind| kind_in_words(words, kind))
            .collect(),
        identity: looked.identity,
        seen: looked
            .seen
            .iter()
            .map(|seen| seen_in_words(desk, words, seen))
            .collect(),
    };
    file.looked.iter().map(view).collect()
}

/// Where an identifier stood in prompts, as a sentence.
pub(crate) fn seen_in_words(desk: &Desk, words: &Words, seen: &Seen) -> String {
    let kind = capital(&kind_in_words(words, &seen.kind));
    let in_service = service(desk, words, &seen.service);
    let receiver = recipient(desk, words, &seen.recipient);
    let (first, last) = (words.day(seen.first_on), words.day(seen.last_on));
    let until = words.day(day(desk, seen.until));
    let (n, n_plain) = (seen.n.to_string(), seen.n_plain.to_string());
    let values = [
        ("kind", kind.as_str()),
        ("service", &in_service),
        ("recipient", &receiver),
        ("first", &first),
        ("last", &last),
        ("until", &until),
        ("times", &n),
        ("plain", &n_plain),
    ];
    words.fill("seen-line", &values)
}

fn kind_in_words(words: &Words, label: &str) -> String {
    words.say(&format!("kind-{}", label.to_lowercase().replace('_', "-")))
}

/// A recipient's task as a line.
pub(crate) fn task_view(
    visit: &Visit,
    task: &waarborg_domain::decision::Task,
    reference: &str,
) -> TaskView {
    let desk = &visit.desk;
    let words = visit.words();
    TaskView {
        id: task.id.to_string(),
        reference: reference.to_owned(),
        recipient: capital(&recipient(desk, &words, &task.recipient)),
        act: task.act,
        created: day(desk, task.created_at),
        gone: task.gone_at.map(|gone_at| day(desk, gone_at)),
        ended: task.ended.map(|(end, at)| (end, day(desk, at))),
    }
}

/// A category in words, for the pack.
pub(crate) fn category_in_words(visit: &Visit, name: &str) -> String {
    capital(&category(&visit.desk, &visit.words(), name))
}

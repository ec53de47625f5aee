//! The live page. It says nothing of anybody, so no line of the log says who looked: it is read again every few seconds.

use std::cmp::Reverse;

use axum::response::{IntoResponse as _, Response};
use waarborg_detect::Kind;

use crate::error::WebError;
use crate::figures::{Began, Figures, RecipientFigures};
use crate::page::live as page;
use crate::page::live::LiveView;
use crate::show;
use crate::visit::{Visit, html};
use crate::words::{Tongue, Words};

/// The numbers of this moment.
pub(super) async fn live(visit: Visit) -> Result<Response, WebError> {
    visit.staff()?;
    // Where nobody counts there is no page: a nought would say that nothing happens.
    let figures = visit.app.figures().ok_or(WebError::Missing)?;
    let view = view(&visit, &figures);
    Ok(html(page::page(&visit.frame(), &view)).into_response())
}

fn view(visit: &Visit, figures: &Figures) -> LiveView {
    let words = visit.words();
    let number = |n: u64| number(words.tongue(), n);
    let verdicts = figures.verdicts.iter();
    let screened = verdicts.clone().map(|(_, n)| *n).sum();
    let used = figures.recipients.iter();
    let tokens = used.fold(0_u64, |sum, one| {
        sum.saturating_add(one.tokens_in)
            .saturating_add(one.tokens_out)
    });
    let (cost, n_unpriced) = figures.cost();
    let mut findings: Vec<_> = figures.findings.iter().collect();
    findings.sort_by_key(|(_, n)| Reverse(*n));
    LiveView {
        at: show::moment_to_the_second(&visit.desk, &words, visit.desk.now()),
        since: show::moment(&visit.desk, &words, figures.started_at),
        now: vec![
            ("live-in-flight", number(figures.n_in_flight)),
            ("live-recent", number(figures.n_recent)),
            ("live-recent-stopped", number(figures.n_recent_stopped)),
        ],
        in_all: vec![
            ("live-answers", number(figures.n_answers)),
            ("live-screened", number(screened)),
            ("live-stopped", number(figures.n_stopped)),
            ("live-half", began(&words, figures.began(50))),
            ("live-most", began(&words, figures.began(95))),
            ("live-tokens", number(tokens)),
            ("live-cost", cents(&words, cost)),
        ],
        unpriced: (cost.is_some() && n_unpriced > 0)
            .then(|| words.count("live-unpriced", n_unpriced)),
        verdicts: verdicts
            .map(|(name, n)| [verdict(&words, name), number(*n)])
            .collect(),
        findings: findings
            .into_iter()
            .map(|(label, n)| [kind(&words, label), number(*n)])
            .collect(),
        statuses: figures
            .statuses
            .iter()
            .map(|(status, n)| [status.to_string(), number(*n)])
            .collect(),
        recipients: figures
            .recipients
            .iter()
            .map(|one| recipient(visit, &words, one))
            .collect(),
    }
}

fn verdict(words: &Words, name: &str) -> String {
    let known = words.find(&format!("live-verdict-{name}"));
    known.unwrap_or_else(|| name.to_owned())
}

fn kind(words: &Words, label: &str) -> String {
    let named = Kind::parse(label).map(|kind| show::report::kind(words, kind));
    show::capital(&named.unwrap_or_else(|| label.to_owned()))
}

fn began(words: &Words, began: Began) -> String {
    let milliseconds = |key, ms: u64| words.fill(key, &[("ms", &number(words.tongue(), ms))]);
    match began {
        Began::Nothing => words.say("live-unknown"),
        Began::WithinMs(ms) => milliseconds("live-within", ms),
        Began::AfterMs(ms) => milliseconds("live-after", ms),
    }
}

fn recipient(visit: &Visit, words: &Words, one: &RecipientFigures) -> [String; 7] {
    let state = if one.is_resting {
        "live-rests"
    } else {
        "live-works"
    };
    let number = |n: u64| number(words.tongue(), n);
    [
        show::capital(&show::recipient(&visit.desk, words, &one.name)),
        words.say(state),
        number(one.n_asked),
        number(one.n_failed),
        number(one.tokens_in),
        number(one.tokens_out),
        cents(words, one.millionths_of_a_cent),
    ]
}

/// Millionths of a cent as cents, to a hundredth; what is less and not nothing says so.
fn cents(words: &Words, millionths: Option<u64>) -> String {
    let Some(millionths) = millionths else {
        return words.say("live-no-price");
    };
    let point = match words.tongue() {
        Tongue::Dutch => ',',
        Tongue::English => '.',
    };
    let hundredths = millionths / 10_000;
    if hundredths == 0 && millionths > 0 {
        return format!("< 0{point}01");
    }
    let whole = number(words.tongue(), hundredths / 100);
    format!("{whole}{point}{:02}", hundredths % 100)
}

/// A number with its thousands apart, as each language does.
fn number(tongue: Tongue, n: u64) -> String {
    let apart = match tongue {
        Tongue::Dutch => '.',
        Tongue::English => ',',
    };
    let digits = n.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(apart);
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Manner;
    use waarborg_domain::policy::Verdict;

    #[test]
    fn thousands_stand_apart() {
        let check = |n, expected| assert_eq!(number(Tongue::Dutch, n), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1.000");
        check(1_234_567, "1.234.567");
        assert_eq!(number(Tongue::English, 12_345), "12,345");
    }

    #[test]
    fn money_is_shown_to_a_hundredth_of_a_cent_and_no_price_is_not_nothing() {
        let dutch = Words::new(Tongue::Dutch, Manner::Formal);
        let check = |millionths, expected| assert_eq!(cents(&dutch, millionths), expected);
        check(None, "geen prijs ingesteld");
        check(Some(0), "0,00");
        check(Some(9_999), "< 0,01");
        check(Some(1_000_000), "1,00");
        check(Some(123_456_789_000), "123.456,78");
    }

    #[test]
    fn every_verdict_has_a_word() {
        for verdict in [
            Verdict::Allow,
            Verdict::Warn,
            Verdict::Generalise,
            Verdict::Pseudonymise,
            Verdict::Redact,
            Verdict::SecondPerson,
            Verdict::Route,
            Verdict::Block,
        ] {
            for tongue in Tongue::ALL {
                let words = Words::new(tongue, Manner::Formal);
                let key = format!("live-verdict-{}", verdict.name());
                assert!(words.find(&key).is_some(), "{key}");
            }
        }
    }
}

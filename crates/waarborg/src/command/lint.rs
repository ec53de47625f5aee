//! `waarborg lint notice`: how plain the privacy notice is, with every long sentence, passive, abbreviation and difficult word.

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use waarborg_domain::plain::{self, Plainness, Remark, Rule};

use crate::{
    command::notice::{Which, derived},
    printer::{Output, Printer, tell},
    stop::{Outcome, Stop},
};

/// Measures how plain a text is.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The privacy notice that follows from a register.
    Notice(Which),
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the register cannot be used.
pub(crate) fn run(ask: &Lint, printer: &mut Printer) -> Result<Outcome, Stop> {
    let What::Notice(which) = &ask.what;
    let text = derived(which)?.to_markdown();
    let plain = plain::measure(&text, &which.lang);

    if printer.output() == Output::Json {
        printer.json(&as_json(&plain))?;
    } else {
        for Remark {
            line,
            rule,
            words,
            mend,
        } in &plain.remarks
        {
            printer.line(format_args!("{line}: {}: {words}\n    {mend}", rule.code()))?;
        }
        let counts = [
            Rule::LongSentence,
            Rule::Passive,
            Rule::Abbreviation,
            Rule::DifficultWord,
        ];
        let counts = counts.map(|rule| format!("{} {}", plain.count(rule), rule.code()));
        tell(format_args!(
            "{} sentences, {} words; {}",
            plain.n_sentences,
            plain.n_words,
            counts.join(", ")
        ));
    }
    Ok(if plain.remarks.is_empty() {
        Outcome::Good
    } else {
        Outcome::Findings
    })
}

fn as_json(plain: &Plainness) -> Value {
    let remarks = plain.remarks.iter().map(|remark| {
        json!({
            "line": remark.line,
            "rule": remark.rule.code(),
            "words": remark.words,
            "mend": remark.mend,
        })
    });
    json!({
        "n_sentences": plain.n_sentences,
        "n_words": plain.n_words,
        "remarks": remarks.collect::<Vec<_>>(),
    })
}

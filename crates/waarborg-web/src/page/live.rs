//! The live page in the console: what goes over the gateway, in numbers.

use maud::{Markup, html};

use super::console::{table, who};
use super::frame::{Frame, Needs};

/// The numbers, in words and as a reader writes them.
#[derive(Clone, Debug, Default)]
pub struct LiveView {
    /// When these numbers were read.
    pub at: String,
    /// Since when is counted.
    pub since: String,
    /// What goes on now: what it is, and how much.
    pub now: Vec<(&'static str, String)>,
    /// What went on since the start: what it is, and how much.
    pub in_all: Vec<(&'static str, String)>,
    /// What the costs leave out, where they do.
    pub unpriced: Option<String>,
    /// Screened requests by verdict.
    pub verdicts: Vec<[String; 2]>,
    /// Findings by kind.
    pub findings: Vec<[String; 2]>,
    /// Answers by status.
    pub statuses: Vec<[String; 2]>,
    /// The recipients: name, how it does, asked, failed, tokens read and written, cost.
    pub recipients: Vec<[String; 7]>,
}

/// The page. Without the script it stands still, and a link reads it again; with it the numbers move, and a button stops that.
/// What changes is not read out: only that the numbers stand still, or cannot be read, is.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &LiveView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            (who(frame))
            h1 { (words.say("live-title")) }
            p.lead { (words.say("live-lead")) }
            div.actions {
                a.button.secondary href=(frame.link("/console/live")) { (words.say("live-again")) }
                button #live-stop .secondary type="button" hidden data-stop=(words.say("live-stop")) data-go=(words.say("live-go")) {}
                span #live-state .muted role="status" data-goes=(words.say("live-goes")) data-stands=(words.say("live-stands")) data-away=(words.say("live-away")) {}
            }
            div #live .numbers { (numbers(frame, view)) }
        }
    };
    frame.page(&words.say("live-title"), Needs::Live, &main)
}

fn numbers(frame: &Frame<'_>, view: &LiveView) -> Markup {
    let words = &frame.words;
    let heads = [
        "console-recipient",
        "live-state",
        "live-asked",
        "live-failed",
        "live-tokens-in",
        "live-tokens-out",
        "live-cost",
    ];
    html! {
        div.part {
            h2 { (words.say("live-now")) }
            p.muted { (words.fill("live-at", &[("at", &view.at)])) }
            (tiles(frame, &view.now))
        }
        div.part {
            h2 { (words.say("live-in-all")) }
            p.muted { (words.fill("live-since", &[("since", &view.since)])) }
            (tiles(frame, &view.in_all))
            @if let Some(unpriced) = &view.unpriced { p { (unpriced) } }
        }
        (listed(frame, "live-verdicts", &["live-verdict", "live-number"], &view.verdicts))
        (listed(frame, "live-findings", &["try-kind", "live-number"], &view.findings))
        (listed(frame, "live-recipients", &heads, &view.recipients))
        p.muted { (words.say("live-estimated")) }
        (listed(frame, "live-statuses", &["live-status", "live-number"], &view.statuses))
    }
}

fn tiles(frame: &Frame<'_>, tiles: &[(&'static str, String)]) -> Markup {
    html! {
        dl.tiles {
            @for (what, much) in tiles {
                div.tile { dt { (frame.words.say(what)) } dd { (much) } }
            }
        }
    }
}

fn listed<const N: usize>(
    frame: &Frame<'_>,
    title: &'static str,
    heads: &[&str],
    rows: &[[String; N]],
) -> Markup {
    let words = &frame.words;
    let cells = |row: &[String; N]| row.iter().map(|cell| html! { (cell) }).collect();
    html! {
        div.part {
            h2 #(title) { (words.say(title)) }
            @if rows.is_empty() { p { (words.say("live-none")) } }
            @else { (table(frame, title, heads, rows.iter().map(cells))) }
        }
    }
}

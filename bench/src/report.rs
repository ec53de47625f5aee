//! The figures as a page that a person can judge.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::machine;
use crate::measure::{Figures, Wish};

const BEGIN: &str = "<!-- bench: begin -->";
const END: &str = "<!-- bench: end -->";

/// The table in Markdown.
pub(crate) fn table(figures: &Figures, wish: &Wish) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_table(&mut page, figures, wish);
    page
}

fn write_table(page: &mut String, figures: &Figures, wish: &Wish) -> std::fmt::Result {
    writeln!(
        page,
        "Measured {} on {} (commit {}, others used {:.1} cores when it began). Command: `bench/run`.\n",
        wish.day,
        machine::described(),
        wish.commit,
        figures.load_before
    )?;
    writeln!(
        page,
        "| a prompt of 1 kB by way of | 1 connection: p50 | p99 | 64 connections: p50 | p99 | answers/s |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for way in &figures.ways {
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {:.0} |",
            way.name,
            milliseconds(way.alone.p50),
            milliseconds(way.alone.p99),
            milliseconds(way.crowd.p50),
            milliseconds(way.crowd.p99),
            way.crowd.rate,
        )?;
    }
    if let [bare, .., guarded] = figures.ways.as_slice() {
        let alone = guarded.alone.p50.saturating_sub(bare.alone.p50);
        let tail = guarded.alone.p99.saturating_sub(bare.alone.p99);
        writeln!(
            page,
            "| **added by the guarded hop** | {} | {} | | | |",
            milliseconds(alone),
            milliseconds(tail)
        )?;
    }
    writeln!(
        page,
        "\n| processor time per request, 8 connections | a prompt of 1 kB | 16 kB |\n|---|---|---|"
    )?;
    for cost in &figures.costs {
        writeln!(
            page,
            "| {} | {:.0} µs | {:.0} µs |",
            cost.name, cost.short, cost.long
        )?;
    }
    writeln!(page, "\n| what | figure | beside it |\n|---|---|---|")?;
    let speed = &figures.speed;
    writeln!(
        page,
        "| finding personal data in messages, one core | {:.1} MB/s | walking over the letters once: {:.0} MB/s |",
        speed.messages, speed.floor
    )?;
    writeln!(
        page,
        "| the same in digits and half-matches only | {:.1} MB/s | |",
        speed.worst
    )?;
    writeln!(
        page,
        "| audit entries kept, one after the other | {:.0}/s | the disk's own syncs of 4 kB: {:.0}/s |",
        figures.entries.0, figures.syncs
    )?;
    writeln!(
        page,
        "| audit entries kept, sixty-four at once | {:.0}/s | |",
        figures.entries.1
    )?;
    writeln!(
        page,
        "| start, until it answers | {} | first start of a new installation: {} |",
        milliseconds(figures.start.1),
        milliseconds(figures.start.0)
    )?;
    writeln!(
        page,
        "| memory, idle | {:.0} MB | most under the load above: {:.0} MB |",
        figures.memory.0, figures.memory.1
    )?;
    writeln!(page, "| binary | {:.1} MB | |", figures.size)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Puts the table between the two marks of the page.
pub(crate) fn write(page: &Path, table: &str) -> Outcome<()> {
    let text = std::fs::read_to_string(page)?;
    let (Some((before, _)), Some((_, after))) = (text.split_once(BEGIN), text.split_once(END))
    else {
        return Err(format!("{} has no `{BEGIN}` and `{END}`", page.display()).into());
    };
    std::fs::write(page, format!("{before}{BEGIN}\n{table}{END}{after}"))?;
    Ok(())
}

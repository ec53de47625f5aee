//! Measures the product from outside: what the guarded hop adds, how fast text is read and entries are kept.
//!
//! `waarborg-bench upstream` and `waarborg-bench passthrough TARGET` are the two processes that `measure` starts beside
//! the product: a provider that answers at once, and a proxy that looks at nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "measuring is about the clock of the machine"
)]
#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod compare;
mod cost;
mod detection;
mod disk;
mod gdpr;
mod load;
mod machine;
mod measure;
mod memory;
mod peers;
mod process;
mod report;

use std::io;

/// What went wrong, for the person who measures.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    match words.as_slice() {
        ["upstream"] => runtime.block_on(peers::upstream()),
        ["passthrough", target] => runtime.block_on(peers::passthrough((*target).to_owned())),
        ["measure", rest @ ..] => runtime.block_on(measure::run(&measure::Wish::parse(rest)?)),
        ["compare", rest @ ..] => runtime.block_on(compare::run(&compare::Wish::parse(rest)?)),
        ["load", rest @ ..] => runtime.block_on(compare::keep_busy(rest)),
        ["memory", rest @ ..] => runtime.block_on(memory::run(&memory::Wish::parse(rest)?)),
        ["machine"] => {
            println!("{}", machine::described());
            Ok(())
        }
        ["gdpr", rest @ ..] => runtime.block_on(gdpr::run(&gdpr::Wish::parse(rest)?)),
        _ => Err(io::Error::other(
            "say: compare --old FILE --new FILE [--rounds N] | load --binary FILE | memory --binary FILE [--profile NAME] [--requests N] [--every N] [--connections N] | gdpr [--records N] [--operations N] [--postgres URL] | measure --binary FILE [--quick] [--page FILE --day DAY --commit ID]",
        )
        .into()),
    }
}

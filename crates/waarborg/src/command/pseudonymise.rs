//! `waarborg pseudonymise` and `waarborg restore-text`: surrogates into a text, and the values back again.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use waarborg_detect::{
    Detector, Kind,
    surrogate::{ConversationKey, Language, Scope, Surrogates, is_in_brackets},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    home::replace_private_file,
    printer::{Output, Printer, tell},
    reading::{self, Source},
    stop::{Outcome, Stop},
};

/// Replaces personal data by surrogates.
#[derive(Debug, Args)]
pub(crate) struct Pseudonymise {
    /// The file to read, or - for standard input.
    #[arg(value_name = "FILE|-", default_value = "-", value_parser = Source::parse)]
    source: Source,
    /// The map of surrogates and values, made or added to. It holds personal data: keep it as you keep the text.
    #[arg(long, value_name = "MAP.json")]
    map: PathBuf,
    /// The language of the surrogates, for a new map.
    #[arg(long, value_parser = ["nl", "en"], default_value = "nl")]
    lang: String,
    /// For a new map: surrogates that look like what they stand for, where that is safe.
    #[arg(long)]
    realistic: bool,
}

/// Puts the values back in place of the surrogates.
#[derive(Debug, Args)]
pub(crate) struct RestoreText {
    /// The file to read, or - for standard input.
    #[arg(value_name = "FILE|-", default_value = "-", value_parser = Source::parse)]
    source: Source,
    /// The map that `waarborg pseudonymise` made.
    #[arg(long, value_name = "MAP.json")]
    map: PathBuf,
}

/// The file that goes with one conversation.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct MapFile {
    version: u32,
    language: String,
    key: String,
    /// Surrogates look like what they stand for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    realistic: bool,
    entries: Vec<MapEntry>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct MapEntry {
    kind: String,
    surrogate: String,
    value: String,
    /// The value stood directly in brackets, which stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    in_brackets: bool,
}

/// Runs `waarborg pseudonymise`.
///
/// # Errors
///
/// [`Stop`] when the input or the map cannot be used.
pub(crate) fn run(ask: &Pseudonymise, printer: &mut Printer) -> Result<Outcome, Stop> {
    let text = ask.source.text()?;
    let mut file = if ask.map.exists() {
        read_map(&ask.map)?
    } else {
        new_map(&ask.lang, ask.realistic)?
    };
    if ask.realistic && !file.realistic {
        return Err(Stop::unusable(
            format!("{} has surrogates in brackets", ask.map.display()),
            "leave --realistic out, or name a file that does not exist yet",
        ));
    }
    let mut surrogates = surrogates(&file, &ask.map)?;
    if surrogates.stand_in(&text) {
        return Err(Stop::unusable(
            format!(
                "{} stands for somebody by a name or a number that is in this text too",
                ask.map.display()
            ),
            "name a file that does not exist yet for this text",
        ));
    }

    surrogates.reserve(&text);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = 0;
    let mut n_replaced = 0_usize;
    for finding in Detector::new()
        .find(&text)
        .into_iter()
        .filter(|finding| finding.kind.is_personal())
    {
        replaced.push_str(text.get(rest..finding.span.start).unwrap_or_default());
        let value = text.get(finding.span.clone()).unwrap_or_default();
        replaced.push_str(&surrogates.surrogate(finding.kind, value));
        if is_in_brackets(&text, &finding.span) {
            surrogates.keep_brackets(finding.kind, value);
        }
        rest = finding.span.end;
        n_replaced += 1;
    }
    replaced.push_str(text.get(rest..).unwrap_or_default());

    file.entries = surrogates
        .entries()
        .zip(surrogates.kept_brackets())
        .map(|((kind, surrogate, value), in_brackets)| MapEntry {
            kind: kind.label().to_owned(),
            surrogate: surrogate.to_owned(),
            value: value.to_owned(),
            in_brackets,
        })
        .collect();
    let content = Zeroizing::new(
        serde_json::to_vec(&file)
            .map_err(|_| unwritable(&ask.map, "it cannot be written as JSON"))?,
    );
    replace_private_file(&ask.map, &content)
        .map_err(|error| unwritable(&ask.map, &error.to_string()))?;
    tell(format_args!(
        "{} holds personal data; only you can read it. Remove it when you no longer need to restore.",
        ask.map.display()
    ));

    match printer.output() {
        Output::Text => printer.text(&replaced)?,
        Output::Json => {
            printer.json(&json!({ "text": replaced, "n_replaced": n_replaced, "map": ask.map }))?;
        }
    }
    Ok(Outcome::Good)
}

/// Runs `waarborg restore-text`, piece by piece as the text arrives.
///
/// # Errors
///
/// [`Stop`] when the input or the map cannot be used.
pub(crate) fn restore(ask: &RestoreText, printer: &mut Printer) -> Result<Outcome, Stop> {
    let file = read_map(&ask.map)?;
    let surrogates = surrogates(&file, &ask.map)?;

    if printer.output() == Output::Json {
        let restored = surrogates.restore_all(&ask.source.text()?, Scope::Text);
        printer.json(&json!({ "text": restored }))?;
        return Ok(Outcome::Good);
    }

    let mut reader = ask.source.open()?;
    let mut restorer = surrogates.restorer(Scope::Text);
    let mut held: Vec<u8> = Vec::new();
    let mut piece = vec![0_u8; 64 * 1024];
    loop {
        let n_read = reader.read(&mut piece).map_err(|error| {
            Stop::unusable(
                format!("{} cannot be read: {error}", ask.source.name()),
                "check the file and its permissions",
            )
        })?;
        held.extend_from_slice(piece.get(..n_read).unwrap_or_default());
        let whole = whole_characters(&held, n_read == 0).ok_or_else(|| {
            Stop::unusable(
                format!("{} is not valid UTF-8", ask.source.name()),
                "convert it to UTF-8 first",
            )
        })?;
        let rest = held.split_off(whole);
        let text = String::from_utf8(std::mem::replace(&mut held, rest)).unwrap_or_default();
        printer.text(&restorer.push(&text))?;
        printer.flush()?;
        if n_read == 0 {
            printer.text(&restorer.finish())?;
            return Ok(Outcome::Good);
        }
    }
}

/// How many of the bytes are whole characters; `None` when they can never become UTF-8.
fn whole_characters(bytes: &[u8], is_last: bool) -> Option<usize> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.len()),
        Err(error) if error.error_len().is_none() && !is_last => Some(error.valid_up_to()),
        Err(_) => None,
    }
}

fn new_map(language: &str, realistic: bool) -> Result<MapFile, Stop> {
    let mut secret = Zeroizing::new([0_u8; 32]);
    getrandom::fill(secret.as_mut_slice())
        .map_err(|_| Stop::refused("the system gives no random numbers", "try again later"))?;
    Ok(MapFile {
        version: 1,
        language: language.to_owned(),
        key: STANDARD.encode(secret.as_slice()),
        realistic,
        entries: Vec::new(),
    })
}

fn read_map(path: &Path) -> Result<MapFile, Stop> {
    let source = Zeroizing::new(reading::file(path)?);
    match serde_json::from_str::<MapFile>(&source) {
        Ok(file) if file.version == 1 => Ok(file),
        _ => Err(foreign(path)),
    }
}

fn surrogates(file: &MapFile, path: &Path) -> Result<Surrogates, Stop> {
    let decoded = Zeroizing::new(STANDARD.decode(&file.key).map_err(|_| foreign(path))?);
    let secret: [u8; 32] = decoded.as_slice().try_into().map_err(|_| foreign(path))?;
    let language = match file.language.as_str() {
        "nl" => Language::Dutch,
        "en" => Language::English,
        _ => return Err(foreign(path)),
    };

    let mut surrogates = Surrogates::new(ConversationKey::new(secret), language);
    if file.realistic {
        surrogates.look_real();
    }
    for entry in &file.entries {
        let kind = Kind::parse(&entry.kind).ok_or_else(|| foreign(path))?;
        if !surrogates.adopt(kind, &entry.surrogate, &entry.value) {
            return Err(foreign(path));
        }
        if entry.in_brackets {
            surrogates.keep_brackets(kind, &entry.value);
        }
    }
    Ok(surrogates)
}

fn foreign(path: &Path) -> Stop {
    Stop::unusable(
        format!(
            "{} is not a map that `waarborg pseudonymise` made",
            path.display()
        ),
        "name the map of this text, or a file that does not exist yet",
    )
}

fn unwritable(path: &Path, why: &str) -> Stop {
    Stop::unusable(
        format!("{} cannot be written: {why}", path.display()),
        "name a file in a directory that you may write to",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_is_cut_in_two_waits_for_its_rest() {
        let bytes = "é".as_bytes();
        assert_eq!(whole_characters(&bytes[..1], false), Some(0));
        assert_eq!(whole_characters(bytes, false), Some(2));
        assert_eq!(whole_characters(&bytes[..1], true), None);
        assert_eq!(whole_characters(b"a\xff", false), None);
    }
}

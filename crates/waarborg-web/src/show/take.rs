//! What a person takes along, as text, as a document and as a table.

use std::fmt::Write as _;

use serde_json::{Value, json};
use waarborg_domain::conversation::Speaker;
use waarborg_domain::rights::Request;
use waarborg_usecase::casework::Copy;
use waarborg_usecase::door::Visitor;
use waarborg_usecase::exports::{Conversed, Provided};
use waarborg_usecase::stops;

use super::access::text_of;
use super::{capital, moment, purpose};
use crate::page::take::ObjectionLine;
use crate::visit::Visit;

/// The form of the document for article 20; its schema is in `docs/schema/portability.schema.json`.
const FORMAT: &str = "waarborg-portability-1";

/// Every conversation, to read.
pub(crate) fn conversations(visit: &Visit, conversed: &[Conversed]) -> String {
    let words = visit.words();
    let mut text = format!("# {}\n", words.say("take-conversations"));
    for conversation in conversed {
        let began = moment(&visit.desk, &words, conversation.began_at);
        // Writing to a text does not fail.
        let _ = write!(text, "\n## {began}\n");
        for said in &conversation.said {
            let who = words.say(match said.speaker {
                Speaker::Person => "own-part-said",
                Speaker::Model => "own-part-answered",
            });
            let _ = write!(text, "\n**{who}**\n\n{}\n", said.text);
        }
    }
    text
}

/// What the person provided, for a program.
pub(crate) fn portable(visit: &Visit, provided: &[Provided]) -> Value {
    let items = provided.iter().map(|one| {
        json!({
            "service": one.service,
            "category": one.category,
            "bases": one.bases.iter().map(|basis| basis.as_str()).collect::<Vec<_>>(),
            "part": one.part.name(),
            "created_at": one.created_at.to_string(),
            "content": text_of(one.part, &one.content),
        })
    });
    json!({
        "format": FORMAT,
        "controller": visit.desk.register.default_controller().name,
        "register_version": visit.desk.register.version(),
        "made_at": visit.desk.now().to_string(),
        "items": items.collect::<Vec<_>>(),
    })
}

/// The same as a table.
pub(crate) fn portable_table(provided: &[Provided]) -> String {
    let rows = provided.iter().map(|one| {
        let bases: Vec<&str> = one.bases.iter().map(|basis| basis.as_str()).collect();
        [
            one.service.clone(),
            one.category.clone(),
            bases.join(" "),
            one.part.name().to_owned(),
            one.created_at.to_string(),
            text_of(one.part, &one.content),
        ]
    });
    table(
        &[
            "service",
            "category",
            "bases",
            "part",
            "created_at",
            "content",
        ],
        rows,
    )
}

/// The copy that was granted on a request.
pub(crate) fn copied(visit: &Visit, request: &Request, copy: &Copy) -> Value {
    let pieces = copy.pieces.iter().map(|piece| {
        json!({
            "service": piece.service,
            "category": piece.category,
            "part": piece.part.name(),
            "created_at": piece.created_at.to_string(),
            "content": text_of(piece.part, &piece.content),
        })
    });
    json!({
        "reference": request.reference.as_str(),
        "right": request.right.name(),
        "controller": visit.desk.register.default_controller().name,
        "made_at": visit.desk.now().to_string(),
        "items": pieces.collect::<Vec<_>>(),
        "others_made_unreadable": { "n": copy.n_others, "ground": "others", "article": "15(4)" },
        "n_left_out": copy.n_left_out,
    })
}

/// The same as a table.
pub(crate) fn copied_table(copy: &Copy) -> String {
    let rows = copy.pieces.iter().map(|piece| {
        [
            piece.service.clone(),
            piece.category.clone(),
            piece.part.name().to_owned(),
            piece.created_at.to_string(),
            text_of(piece.part, &piece.content),
        ]
    });
    table(
        &["service", "category", "part", "created_at", "content"],
        rows,
    )
}

/// What the person can object to, and what they objected to already.
pub(crate) fn objections(visit: &Visit, visitor: &Visitor) -> Vec<ObjectionLine> {
    let words = visit.words();
    stops::objectionable(&visit.desk)
        .into_iter()
        .map(|one| ObjectionLine {
            label: capital(&purpose(&visit.desk, &words, &one.purpose)),
            is_made: visitor.person.objections.contains(&one.purpose),
            is_marketing: one.is_marketing,
            purpose: one.purpose,
        })
        .collect()
}

/// A table as RFC 4180 has it, every cell between quotes.
fn table<const N: usize>(heads: &[&str], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = heads.join(",");
    text.push_str("\r\n");
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_quotes_commas_and_lines_stays_one_cell() {
        let row = ["a \"b\", c\nd".to_owned(), String::new()];
        assert_eq!(
            table(&["x", "y"], std::iter::once(row)),
            "x,y\r\n\"a \"\"b\"\", c\nd\",\"\"\r\n"
        );
    }
}

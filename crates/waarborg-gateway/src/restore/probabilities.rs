//! Log probabilities repeat an answer token by token: while passages may be left out of answers, they go.

use std::ops::Range;

use serde::de::IgnoredAny;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::json::{LeafKind, Path, Segment, scan};

use super::{AnswerFault, LIMITS, Splices};

const NAME: &str = "logprobs";

/// What they may stand in, in any of the formats; elsewhere a member of this name is something of the client's.
const AROUND: [&str; 9] = [
    "choices", "delta", "message", "response", "output", "item", "part", "content", "text",
];

/// The document with its log probabilities emptied, if something is to be kept out of the answer.
///
/// # Errors
///
/// [`AnswerFault`] if this is not JSON with one reading.
pub(crate) fn without_probabilities(
    document: String,
    surrogates: &Surrogates,
) -> Result<String, AnswerFault> {
    let may_have = document.contains(NAME) || document.contains("\\u");
    if !surrogates.withholds() || !may_have {
        return Ok(document);
    }
    let mut splices = Splices::default();
    let mut read = 0;
    for leaf in scan(document.as_bytes(), &LIMITS)? {
        let is_key = leaf.kind == LeafKind::Key && leaf.range.start >= read;
        if is_key && are_at(&leaf.path) {
            let value = value_behind(&document, leaf.range.end).ok_or(AnswerFault::Shape)?;
            read = value.end;
            let is_list = document
                .get(value.clone())
                .is_some_and(|written| written.starts_with('['));
            // A client that expects a list must get one.
            let empty = if is_list { "[]" } else { "null" };
            splices.replace_written(value, empty.to_owned());
        }
    }
    Ok(splices.apply_to(document))
}

fn are_at(path: &Path) -> bool {
    path.last_key() == Some(NAME)
        && path.segments().iter().all(|segment| match segment {
            Segment::Key(key) => **key == *NAME || AROUND.contains(&&**key),
            Segment::Index(_) => true,
        })
}

/// Where the value of a member stands, whose key ends there.
fn value_behind(document: &str, end: usize) -> Option<Range<usize>> {
    let colon = end + document.get(end..)?.find(':')?;
    let value = document.get(colon + 1..)?.trim_start();
    let start = document.len() - value.len();
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(start..start + values.byte_offset())
}

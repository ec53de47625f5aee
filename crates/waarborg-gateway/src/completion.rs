//! What a completion says of itself, which those who serve models write in ways of their own.

use std::collections::BTreeMap;

use serde_json::Value;

/// Whether a choice ended for this reason. Some write an empty one in every chunk of what goes on.
pub(crate) fn has_ended(finish_reason: &Value) -> bool {
    match finish_reason {
        Value::Null => false,
        Value::String(reason) => !reason.is_empty(),
        _ => true,
    }
}

/// More calls than this, or more bytes of their ids, are no answer but an attack on memory.
const MOST_CALLS: usize = 1024;
const MOST_BYTES_OF_IDS: usize = 1024 * 1024;

/// The calls of tools in an answer that comes in chunks, by choice, in the order in which they began.
#[derive(Default)]
pub(crate) struct Calls {
    by_choice: BTreeMap<u64, Vec<Begun>>,
    n_begun: usize,
    n_bytes_of_ids: usize,
}

/// A call that began.
struct Begun {
    index: Option<u64>,
    /// Empty until one is told.
    id: String,
}

/// What a piece of a call says of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark<'m> {
    pub(crate) index: Option<u64>,
    /// Empty if it says none.
    pub(crate) id: &'m str,
    /// Whether it has the name of a tool.
    pub(crate) is_named: bool,
}

/// The call of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// Its place among the calls of its choice.
    pub(crate) number: u64,
    /// The call that had its index until this piece began another.
    pub(crate) follows: Option<u64>,
}

impl Calls {
    /// The calls of which a chunk holds these pieces for a choice.
    ///
    /// `None` if there are too many.
    pub(crate) fn number(&mut self, choice: u64, pieces: &[Mark<'_>]) -> Option<Vec<Numbered>> {
        let begun = self.by_choice.entry(choice).or_default();
        let is_alone = pieces.len() == 1;
        let mut numbered = Vec::with_capacity(pieces.len());
        for (place, piece) in pieces.iter().enumerate() {
            let known = call_of(piece, place, is_alone, begun);
            let before = piece.index.and_then(|index| last_with(index, begun));
            let number = known.unwrap_or(begun.len());
            if known.is_none() {
                self.n_begun += 1;
                begun.push(Begun {
                    index: None,
                    id: String::new(),
                });
            }
            let call = begun.get_mut(number)?;
            call.index = call.index.or(piece.index);
            if call.id.is_empty() {
                self.n_bytes_of_ids += piece.id.len();
                piece.id.clone_into(&mut call.id);
            }
            if self.n_begun > MOST_CALLS || self.n_bytes_of_ids > MOST_BYTES_OF_IDS {
                return None;
            }
            let follows = before.filter(|_| known.is_none());
            numbered.push(Numbered {
                number: u64::try_from(number).ok()?,
                follows: follows.and_then(|before| u64::try_from(before).ok()),
            });
        }
        Some(numbered)
    }

    /// The index under which clients know a call.
    pub(crate) fn index(&self, choice: u64, number: u64) -> u64 {
        let begun = self.by_choice.get(&choice);
        let call = begun.and_then(|begun| begun.get(usize::try_from(number).ok()?));
        call.and_then(|call| call.index).unwrap_or(number)
    }
}

/// The call that a piece goes on with, if it begins no other.
fn call_of(piece: &Mark<'_>, place: usize, is_alone: bool, begun: &[Begun]) -> Option<usize> {
    let Some(index) = piece.index else {
        return match piece.id {
            // What says nothing of its call goes on with the last one; of several each with the one in its place.
            "" if is_alone => begun.len().checked_sub(1),
            "" => (place < begun.len()).then_some(place),
            id => begun.iter().rposition(|call| call.id == id),
        };
    };
    let Some(last) = last_with(index, begun) else {
        // A call that began without an index may be told one later.
        let has_none = |place: &usize| begun.get(*place).is_some_and(|call| call.index.is_none());
        let place = match piece.id {
            "" => usize::try_from(index).ok(),
            id => begun.iter().rposition(|call| call.id == id),
        };
        return place.filter(has_none);
    };
    let had = |call: &Begun| call.index == Some(index) && call.id == piece.id;
    if let Some(known) = begun.iter().rposition(had) {
        return Some(known);
    }
    // Some servers give every call the same index, and others every piece an id of its own. Only a call that begins has a name.
    let has_id = begun.get(last).is_some_and(|call| !call.id.is_empty());
    let is_another = has_id && !piece.id.is_empty() && piece.is_named;
    (!is_another).then_some(last)
}

/// The last call that began with an index.
fn last_with(index: u64, begun: &[Begun]) -> Option<usize> {
    begun.iter().rposition(|call| call.index == Some(index))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_choice_ends_where_a_reason_is_told() {
        for (reason, expected) in [
            (Value::Null, false),
            (json!(""), false),
            (json!("stop"), true),
            (json!(1), true),
        ] {
            assert_eq!(has_ended(&reason), expected, "{reason}");
        }
    }

    /// The index and the id of a piece, and whether it has a name.
    type Said = (Option<u64>, &'static str, bool);

    /// Pieces that come one by one: what each says, the number of its call, and the one that it follows.
    fn check(pieces: &[(Said, (u64, Option<u64>))]) {
        let mut calls = Calls::default();
        for ((index, id, is_named), (number, follows)) in pieces.iter().copied() {
            let mark = Mark {
                index,
                id,
                is_named,
            };
            let expected = Numbered { number, follows };
            assert_eq!(calls.number(0, &[mark]), Some(vec![expected]), "{mark:?}");
        }
    }

    #[test]
    fn pieces_belong_to_the_call_of_their_index_their_id_or_the_last() {
        // As the makers of the protocol write it.
        check(&[
            ((Some(0), "call_1", true), (0, None)),
            ((Some(0), "", false), (0, None)),
            ((Some(1), "call_2", true), (1, None)),
            ((Some(0), "", false), (0, None)),
        ]);
        // Without indexes.
        check(&[
            ((None, "call_1", true), (0, None)),
            ((None, "", false), (0, None)),
            ((None, "call_2", true), (1, None)),
            ((None, "call_1", true), (0, None)),
            ((None, "", false), (1, None)),
        ]);
        // All with the same index.
        check(&[
            ((Some(0), "call_1", true), (0, None)),
            ((Some(0), "", false), (0, None)),
            ((Some(0), "call_2", true), (1, Some(0))),
            ((Some(0), "", false), (1, None)),
            ((Some(0), "call_1", true), (0, None)),
        ]);
        // All with the same id.
        check(&[
            ((Some(0), "x", true), (0, None)),
            ((Some(1), "x", true), (1, None)),
            ((Some(0), "x", true), (0, None)),
        ]);
        // With another id in every piece, with an id that comes late, and with an index that does.
        check(&[
            ((Some(0), "a", true), (0, None)),
            ((Some(0), "b", false), (0, None)),
            ((Some(1), "", true), (1, None)),
            ((Some(1), "c", true), (1, None)),
            ((None, "d", true), (2, None)),
            ((Some(2), "", false), (2, None)),
        ]);
    }

    #[test]
    fn pieces_that_come_together_and_say_nothing_are_told_apart_by_their_places() {
        let mut calls = Calls::default();
        let mut number = |ids: [&str; 2]| {
            let marks = ids.map(|id| Mark {
                index: None,
                id,
                is_named: true,
            });
            let numbered = calls.number(3, &marks).unwrap();
            numbered.iter().map(|one| one.number).collect::<Vec<_>>()
        };
        assert_eq!(number(["", ""]), [0, 1]);
        assert_eq!(number(["", ""]), [0, 1]);
        assert_eq!(number(["a", "b"]), [2, 3]);
        assert_eq!(calls.index(3, 2), 2, "the order is their index");
    }

    #[test]
    fn a_call_keeps_the_index_under_which_its_client_knows_it() {
        let mut calls = Calls::default();
        for id in ["a", "b"] {
            let mark = Mark {
                index: Some(7),
                id,
                is_named: true,
            };
            calls.number(0, &[mark]).unwrap();
        }
        assert_eq!([0, 1].map(|number| calls.index(0, number)), [7, 7]);
    }

    #[test]
    fn calls_have_a_bound_and_so_have_their_ids() {
        let long = "a".repeat(MOST_BYTES_OF_IDS);
        let mut calls = Calls::default();
        let mut number = |choice: u64, index: u64, id: &str| {
            let mark = Mark {
                index: Some(index),
                id,
                is_named: true,
            };
            calls.number(choice, &[mark])
        };
        let most = u64::try_from(MOST_CALLS).unwrap();
        assert!((0..most).all(|index| number(index % 3, index, "").is_some()));
        assert_eq!(number(4, 0, ""), None);

        let mut calls = Calls::default();
        let mut number = |index: u64, id: &str| {
            let mark = Mark {
                index: Some(index),
                id,
                is_named: true,
            };
            calls.number(0, &[mark])
        };
        assert!(number(0, &long).is_some());
        assert!(number(0, &long).is_some(), "it is known");
        assert_eq!(number(1, "b"), None);
    }
}

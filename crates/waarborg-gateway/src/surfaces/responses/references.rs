//! Items of a request that only name what their provider keeps. It would look them up, out of our sight, and for whoever names them:
//! all keys of this house have one account there.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::surfaces::Reference;

/// What is read of the input of a request.
#[derive(Default)]
pub(super) struct Input {
    /// The first item that its provider may look up by its id.
    pub(super) refers: Option<Reference>,
}

/// What is read of an item.
#[derive(Default)]
pub(super) struct Item {
    /// Of one that its provider may look up: whether it says something as well.
    speaks: Option<bool>,
    /// What a model thought, of which only its name came back.
    pub(super) is_lost_thought: bool,
}

/// What is read of a member of an item.
#[derive(Clone, Copy, Default)]
struct Told {
    /// Not null and not empty: a provider may take what is empty for what is not there.
    says: bool,
    kind: Kind,
}

/// What an item is.
#[derive(Clone, Copy, Default)]
enum Kind {
    #[default]
    Unsaid,
    Reference,
    /// It stands at its provider, unless it comes along sealed.
    Thought,
    /// So does this, and a conversation with it.
    Compacted,
    Other,
}

/// The members of an item that are no more than labels, and those on which it depends.
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    Type,
    Id,
    Status,
    Role,
    Phase,
    EncryptedContent,
    #[serde(other)]
    Other,
}

impl Item {
    fn of(kind: Kind, says: &Says) -> Self {
        let speaks = match kind {
            Kind::Reference => Some(false),
            // Nobody says it, and it is nothing: it stands for another one.
            Kind::Unsaid if !says.role => Some(false),
            Kind::Thought | Kind::Compacted => (says.id && !says.sealed).then_some(says.more),
            Kind::Unsaid | Kind::Other => (says.id && !says.sealed && !says.more).then_some(false),
        };
        Self {
            speaks,
            is_lost_thought: matches!(kind, Kind::Thought) && speaks == Some(false),
        }
    }
}

/// Which members of an item say something.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a member that is there or not"
)]
struct Says {
    id: bool,
    role: bool,
    sealed: bool,
    /// What is no label.
    more: bool,
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InputVisitor)
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ToldVisitor)
    }
}

/// Values that are neither a list nor an object.
macro_rules! plain {
    ($text:expr, $scalar:expr, $nothing:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok($text(text))
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($scalar)
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($scalar)
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($scalar)
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($scalar)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
    };
}

struct InputVisitor;

impl<'de> Visitor<'de> for InputVisitor {
    type Value = Input;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of items")
    }

    fn visit_str<E>(self, _: &str) -> Result<Input, E> {
        Ok(Input::default())
    }

    fn visit_unit<E>(self) -> Result<Input, E> {
        Ok(Input::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Input, A::Error> {
        let mut input = Input::default();
        let mut n_items = 0;
        while let Some(Item { speaks, .. }) = list.next_element()? {
            if let (Some(speaks), None) = (speaks, input.refers) {
                let item = n_items;
                input.refers = Some(Reference { item, speaks });
            }
            n_items += 1;
        }
        Ok(input)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    plain!(|_| Item::default(), Item::default(), Item::default());

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Item, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Item::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Item, A::Error> {
        let (mut kind, mut says) = (Kind::default(), Says::default());
        while let Some((member, told)) = members.next_entry::<Member, Told>()? {
            match member {
                Member::Type => kind = told.kind,
                Member::Id => says.id = told.says,
                Member::Role => says.role = told.says,
                Member::Status | Member::Phase => {}
                Member::EncryptedContent => says.sealed = told.says,
                Member::Other => says.more |= told.says,
            }
        }
        Ok(Item::of(kind, &says))
    }
}

struct ToldVisitor;

impl<'de> Visitor<'de> for ToldVisitor {
    type Value = Told;

    plain!(
        |text: &str| Told {
            says: !text.is_empty(),
            kind: match text {
                "item_reference" => Kind::Reference,
                "reasoning" => Kind::Thought,
                "compaction" => Kind::Compacted,
                _ => Kind::Other,
            },
        },
        Told {
            says: true,
            kind: Kind::Other,
        },
        Told::default()
    );

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Told, A::Error> {
        let mut told = Told::default();
        while list.next_element::<IgnoredAny>()?.is_some() {
            told.says = true;
        }
        Ok(told)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Told, A::Error> {
        let mut told = Told::default();
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            told.says = true;
        }
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which item is looked up, and whether it says something as well.
    fn refers(input: &str) -> Option<(usize, bool)> {
        let input: Input = serde_json::from_str(input).unwrap();
        input
            .refers
            .map(|reference| (reference.item, reference.speaks))
    }

    #[test]
    fn a_thought_stands_at_its_provider_unless_it_comes_along_sealed() {
        for (more, expected) in [
            ("", Some((1, false))),
            (
                r#","summary":[],"encrypted_content":null"#,
                Some((1, false)),
            ),
            (r#","summary":[],"encrypted_content":"""#, Some((1, false))),
            (
                r#","summary":[{"type":"summary_text","text":"x"}]"#,
                Some((1, true)),
            ),
            (
                r#","content":[{"type":"reasoning_text","text":"x"}]"#,
                Some((1, true)),
            ),
            (r#","summary":[],"encrypted_content":"AAAA""#, None),
        ] {
            let thought = format!(
                r#"[{{"role":"user","content":"x"}},{{"type":"reasoning","id":"rs_1"{more}}}]"#
            );
            assert_eq!(refers(&thought), expected, "{more}");
        }
        assert_eq!(refers(r#"[{"type":"reasoning","summary":[]}]"#), None);
        let compaction = r#"[{"type":"compaction","id":"cmp_1"}]"#;
        assert_eq!(refers(compaction), Some((0, false)));
    }

    #[test]
    fn an_item_with_only_an_id_is_looked_up_and_one_that_is_whole_is_not() {
        for input in [
            r#"[{"type":"item_reference","id":"msg_1"}]"#,
            r#"[{"type":"item_reference"}]"#,
            r#"[{"id":"msg_1"}]"#,
            r#"[{"id":"msg_1","type":null}]"#,
            r#"[{"id":"msg_1","type":7}]"#,
            r#"[{"id":"msg_1","content":"x"}]"#,
            "[{}]",
            r#"[{"type":"message","id":"msg_1","role":"assistant","status":"completed"}]"#,
            r#"[{"type":"message","id":"msg_1","role":"assistant","content":[]}]"#,
            r#"[{"type":"function_call","id":"fc_1","arguments":""}]"#,
            r#"[{"id":"msg_1"},"tekst",7,null,[],{"role":"user"}]"#,
        ] {
            assert_eq!(refers(input), Some((0, false)), "{input}");
        }
        for input in [
            r#"[{"type":"message","role":"user","content":""}]"#,
            r#"[{"type":"message","id":"msg_1","role":"assistant","content":"x"}]"#,
            r#"[{"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","arguments":""}]"#,
            r#"[{"type":"local_shell_call_output","id":"call_1","output":"x"}]"#,
            r#""tekst""#,
            "null",
        ] {
            assert_eq!(refers(input), None, "{input}");
        }
        assert_eq!(refers(r#"["tekst",{"id":"msg_1"}]"#), Some((1, false)));
    }
}

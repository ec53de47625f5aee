//! Builds the prompt of our own chat: a chat-completions document from the turns of a conversation.

use super::nested::Texts;
use super::{Head, Prompt, Raw, Weight, Wire};
use crate::conversation::Speaker;
use crate::json::{self, Leaf, LeafKind, Limits};

/// One turn of a conversation, as it is told to the model.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Who spoke.
    pub speaker: Speaker,
    /// What they said.
    pub text: String,
}

impl Prompt<Raw> {
    /// A prompt that asks `model` for a streamed answer to these turns.
    #[must_use]
    pub fn conversation(model: &str, turns: &[Turn]) -> Self {
        let mut body = String::from(r#"{"model":""#);
        json::escape_into(model, &mut body);
        body.push_str(r#"","stream":true,"messages":["#);
        for (position, turn) in turns.iter().enumerate() {
            if position > 0 {
                body.push(',');
            }
            body.push_str(r#"{"role":""#);
            body.push_str(turn.speaker.role());
            body.push_str(r#"","content":""#);
            json::escape_into(&turn.text, &mut body);
            body.push_str(r#""}"#);
        }
        body.push_str("]}");

        let texts = Texts::as_they_stand(contents(body.as_bytes()));
        let opening = turns
            .first()
            .map(|turn| turn.text.clone())
            .unwrap_or_default();
        let head = Head {
            model: model.to_owned(),
            stream: Some(true),
        };
        Self {
            body: body.into_bytes(),
            head,
            wire: Wire::ChatCompletions,
            features: Vec::new(),
            recording: None,
            weight: Weight::default(),
            within: None,
            state: Raw {
                texts,
                enclosed: super::Enclosed::default(),
                opening,
                tools: Vec::new(),
                first: "",
                known: Vec::new(),
            },
        }
    }
}

fn contents(body: &[u8]) -> Vec<Leaf> {
    let unlimited = Limits {
        bytes: usize::MAX,
        leaves: usize::MAX,
        ..Limits::default()
    };
    let mut leaves = json::scan(body, &unlimited).unwrap_or_default();
    leaves
        .retain(|leaf| leaf.kind == LeafKind::Text && leaf.path.is(&["messages", "[]", "content"]));
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_turn_is_inspected_and_nothing_else() {
        let turns = [
            Turn {
                speaker: Speaker::Person,
                text: "Ik ben \"Jan\"\n".into(),
            },
            Turn {
                speaker: Speaker::Model,
                text: "Dag Jan".into(),
            },
        ];
        let prompt = Prompt::conversation("demo", &turns);
        assert_eq!(
            prompt.texts().collect::<Vec<_>>(),
            ["Ik ben \"Jan\"\n", "Dag Jan"]
        );
        assert_eq!(prompt.model(), "demo");
        assert!(prompt.streams());
    }
}

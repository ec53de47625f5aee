//! The chat-completions protocol: which strings of a request it defines itself, and which nobody can inspect.
//!
//! Inspection is the rule, not a list of places: a field that is not named here is inspected like any other.

use waarborg_domain::finder::Finder;
use waarborg_domain::json::{LeafKind, Path};
use waarborg_domain::prompt::{LeafRole, Protocol};
use waarborg_usecase::ports::Model;

use super::definitions::Definitions;
use super::{has_data_url, identifiers, is_made_by_a_program, is_word};

/// Where a request defines what a tool takes, what shape an answer has, and names them.
const DEFINITIONS: Definitions = Definitions {
    schemas: &[
        &["tools", "[]", "function", "parameters"],
        &["functions", "[]", "parameters"],
        &["response_format", "json_schema", "schema"],
    ],
    names: &[
        &["tools", "[]", "function", "name"],
        &["tools", "[]", "custom", "name"],
        &["functions", "[]", "name"],
        &["tool_choice", "function", "name"],
        &["function_call", "name"],
        &["messages", "[]", "tool_calls", "[]", "function", "name"],
        &["messages", "[]", "function_call", "name"],
        &["response_format", "json_schema", "name"],
    ],
};

/// The only parts of a message's content that are text.
const INSPECTABLE_PARTS: [&str; 2] = ["text", "refusal"];

/// What a request to `/v1/chat/completions` may hold.
#[derive(Clone, Copy)]
pub struct ChatCompletions<'a> {
    /// Looks into the names that would otherwise stay as they are.
    pub finder: &'a dyn Finder,
    /// The models whose names are our own.
    pub models: &'a [Model],
}

impl Protocol for ChatCompletions<'_> {
    fn role(&self, path: &Path, kind: LeafKind, text: &str) -> LeafRole {
        if is_opaque(path, kind, text) {
            return LeafRole::Opaque;
        }
        let is_model = kind == LeafKind::Text && path.is(&["model"]);
        if is_word(text) || (is_model && self.models.iter().any(|model| model.name == text)) {
            return LeafRole::Word;
        }

        let is_call_id = kind == LeafKind::Text && is_call_id(path);
        let may_stay = DEFINITIONS.is_name(path, kind, text)
            || (is_call_id && is_made_by_a_program(text) && identifiers::is_innocent(text));
        if may_stay || is_call_id || is_model || DEFINITIONS.has_names(path, kind) {
            identifiers::role(self.finder, text, may_stay)
        } else {
            LeafRole::Text
        }
    }
}

/// Images, sound, files and references to them: nothing here can look inside yet.
fn is_opaque(path: &Path, kind: LeafKind, text: &str) -> bool {
    match kind {
        LeafKind::Text => {
            let is_unknown_part = path.is(&["messages", "[]", "content", "[]", "type"])
                && !INSPECTABLE_PARTS.contains(&text);
            let is_spoken_answer = path.is(&["modalities", "[]"]) && text != "text";
            is_unknown_part || is_spoken_answer || has_data_url(text)
        }
        LeafKind::Key => {
            let is_part = path.segments().len() == 5
                && path.starts(&["messages", "[]", "content", "[]", "*"]);
            is_part
                && matches!(
                    text,
                    "image_url"
                        | "input_audio"
                        | "file"
                        | "audio"
                        | "video_url"
                        | "image"
                        | "source"
                )
        }
        LeafKind::Number => false,
    }
}

/// The ids that tie a tool's result to its call, and must come back unchanged.
fn is_call_id(path: &Path) -> bool {
    path.is(&["messages", "[]", "tool_call_id"])
        || path.is(&["messages", "[]", "tool_calls", "[]", "id"])
}

#[cfg(test)]
mod tests {
    use waarborg_detect::Detector;
    use waarborg_domain::json::{Limits, scan};

    use super::*;
    use crate::found::Found;

    fn roles(body: &str) -> Vec<(String, LeafRole)> {
        let models = ["gpt-4o-2024-08-06", "claude-3-5-sonnet-20241022"].map(|name| Model {
            name: name.to_owned(),
            recipient: "model".to_owned(),
        });
        let finder = Found(Detector::new());
        let protocol = ChatCompletions {
            finder: &finder,
            models: &models,
        };
        scan(body.as_bytes(), &Limits::default())
            .unwrap()
            .into_iter()
            .map(|leaf| {
                let role = protocol.role(&leaf.path, leaf.kind, &leaf.text);
                (leaf.text, role)
            })
            .collect()
    }

    fn check_inspected(body: &str, expected: &[&str]) {
        let inspected: Vec<String> = roles(body)
            .into_iter()
            .filter(|(_, role)| matches!(role, LeafRole::Text | LeafRole::Name))
            .map(|(text, _)| text)
            .collect();
        assert_eq!(inspected, expected, "{body}");
        assert!(
            !roles(body)
                .iter()
                .any(|(_, role)| *role == LeafRole::Opaque),
            "{body}"
        );
    }

    fn check_holds(body: &str, wanted: LeafRole) {
        assert!(
            roles(body).iter().any(|(_, role)| *role == wanted),
            "{body}"
        );
    }

    fn check_opaque(body: &str) {
        check_holds(body, LeafRole::Opaque);
    }

    /// Whatever hides in it, the detector finds it and screening replaces it, or the request is refused.
    fn check_not_kept(body: &str) {
        let is_kept = |role: &LeafRole| !matches!(role, LeafRole::Name | LeafRole::Bound);
        assert!(
            !roles(body)
                .iter()
                .any(|(text, role)| text.contains("123") && is_kept(role)),
            "{body}"
        );
    }

    fn check_bound(body: &str) {
        check_holds(body, LeafRole::Bound);
    }

    #[test]
    fn every_text_of_every_role_is_inspected() {
        check_inspected(
            r#"{"model":"gpt-4o-2024-08-06","messages":[
                {"role":"system","content":"sys"},
                {"role":"user","name":"jan","content":[{"type":"text","text":"hallo"}]},
                {"role":"assistant","content":null,"refusal":"nee","tool_calls":[{"id":"call_a1B2","type":"function",
                   "function":{"name":"zoek","arguments":"{\"bsn\":1}"}}]},
                {"role":"tool","tool_call_id":"call_a1B2","content":"uitkomst"}],
              "tools":[{"type":"function","function":{"name":"zoek","description":"zoekt","parameters":
                 {"type":"object","properties":{"bsn":{"type":"string","description":"nr"}}}}}],
              "stop":["einde"],"user":"user-7","metadata":{"zaak":"Z1"},"onbekend":{"diep":["x"]}}"#,
            &[
                "sys",
                "jan",
                "hallo",
                "nee",
                "{\"bsn\":1}",
                "uitkomst",
                "zoekt",
                "nr",
                "einde",
                "user-7",
                "zaak",
                "Z1",
                "onbekend",
                "diep",
                "x",
            ],
        );
    }

    #[test]
    fn identifiers_that_could_hide_somebody_are_inspected() {
        check_inspected(
            r#"{"model":"123456782","messages":[
                {"role":"Jan","tool_call_id":"jansen","content":null},
                {"role":"tool","tool_call_id":"jan@voorbeeld.nl","content":null},
                {"role":"tool","tool_call_id":"call_NL91ABNA0417164300","content":null}],
              "tools":[{"function":{"name":"f_nl91-abna-0417-1643-00"}}]}"#,
            &[
                "123456782",
                "Jan",
                "jansen",
                "jan@voorbeeld.nl",
                "call_NL91ABNA0417164300",
                "f_nl91-abna-0417-1643-00",
            ],
        );
        for model in ["06-1234-5678", "piet.jansen", "nl91-abna-0417-1643-00"] {
            check_inspected(&format!(r#"{{"model":"{model}","messages":[]}}"#), &[model]);
        }
        check_inspected(
            r#"{"model":"claude-3-5-sonnet-20241022","messages":[]}"#,
            &[],
        );
        for id in [
            "call_abc",
            "D681PevKs",
            "toolu_01A09q90qw90lq",
            "call_Jk3mQ9zXv7LpR2tNw8YbC4dF",
            "chatcmpl-tool-3f2b8c19d4e64a7e9b1c0d5f6a7b8c9d",
            "8f14e45f-ceea-467f-a0e6-5d2c6b2a1f00",
        ] {
            check_inspected(
                &format!(r#"{{"messages":[{{"tool_call_id":"{id}"}}]}}"#),
                &[],
            );
        }
    }

    #[test]
    fn a_number_spread_over_a_name_is_taken_out_or_refused() {
        for name in ["bsn-123-456-782", "tel-06-123-456-78", "bsn_123_456_782"] {
            check_not_kept(&format!(
                r#"{{"tools":[{{"function":{{"name":"{name}"}}}}]}}"#
            ));
            check_not_kept(&format!(
                r#"{{"tools":[{{"function":{{"parameters":{{"properties":{{"{name}":{{}}}}}}}}}}]}}"#
            ));
        }
        for id in ["call_123-456-782", "call_123_456_782"] {
            check_not_kept(&format!(r#"{{"messages":[{{"tool_call_id":"{id}"}}]}}"#));
        }
    }

    #[test]
    fn a_persons_name_in_an_identifier_is_inspected_if_a_surrogate_fits_in_its_place() {
        let tool = |name: &str| format!(r#"{{"tools":[{{"function":{{"name":"{name}"}}}}]}}"#);
        let property = |name: &str| {
            let schema = format!(
                r#"{{"properties":{{"{name}":{{"title":"Piet Jansen Adres"}}}},"required":["{name}"]}}"#
            );
            format!(r#"{{"tools":[{{"function":{{"parameters":{schema}}}}}]}}"#)
        };
        check_inspected(&tool("zoek_piet_jansen"), &["zoek_piet_jansen"]);
        check_inspected(
            &property("piet_jansen_adres"),
            &[
                "piet_jansen_adres",
                "Piet Jansen Adres",
                "piet_jansen_adres",
            ],
        );
        check_inspected(
            r#"{"messages":[{"tool_call_id":"call_piet_jansen"}]}"#,
            &["call_piet_jansen"],
        );
        check_bound(&tool(
            "het_dossier_met_alle_brieven_en_afspraken_van_mevrouw_de_wit",
        ));
    }

    #[test]
    fn long_numbers_are_inspected() {
        check_inspected(r#"{"messages":[],"seed":123456782}"#, &["123456782"]);
    }

    #[test]
    fn what_nobody_can_look_into_is_refused() {
        check_opaque(
            r#"{"messages":[{"content":[{"type":"image_url","image_url":{"url":"https://x.nl/a.png"}}]}]}"#,
        );
        check_opaque(
            r#"{"messages":[{"content":[{"type":"text","image_url":{"url":"https://x.nl/a.png"}}]}]}"#,
        );
        check_opaque(
            r#"{"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"AAAA"}}]}]}"#,
        );
        check_opaque(r#"{"messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}"#);
        check_opaque(r#"{"messages":[{"content":[{"type":"iets_nieuws"}]}]}"#);
        check_opaque(r#"{"messages":[{"content":"kijk: DATA:image/png;base64,iVBORw0KGgo="}]}"#);
        check_opaque(r#"{"messages":[],"modalities":["text","audio"]}"#);
    }

    #[test]
    fn a_tool_may_have_a_property_called_image_url() {
        check_inspected(
            r#"{"tools":[{"function":{"parameters":{"properties":{"image_url":{"type":"string"}}}}}]}"#,
            &[],
        );
    }

    #[test]
    fn a_programmers_name_stays_and_whoever_hides_in_one_does_not() {
        check_inspected(
            r#"{"tools":[{"function":{"name":"zoek_klant","parameters":{"properties":{"kind":{"enum":["jan"]},
                "Willemijn Terpstra":{"title":"Jan"},"first_name":{"title":"First Name"},"bsn123456782":{}},"required":["kind","Jan"]}}}]}"#,
            &["jan", "Willemijn Terpstra", "Jan", "bsn123456782", "Jan"],
        );
    }
}

//! The chat-completions protocol: which strings of a request it defines itself, and which nobody can inspect.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::Format;

/// What a request to `/v1/chat/completions` may hold.
pub(crate) const CHAT_COMPLETIONS: Format = Format {
    wire: Wire::ChatCompletions,
    definitions: Definitions {
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
            &["messages", "[]", "tool_calls", "[]", "custom", "name"],
            &["messages", "[]", "function_call", "name"],
            &["response_format", "json_schema", "name"],
        ],
    },
    call_ids: &[
        &["messages", "[]", "tool_call_id"],
        &["messages", "[]", "tool_calls", "[]", "id"],
    ],
    only: &[
        (
            &["messages", "[]", "content", "[]", "type"],
            &["text", "refusal"],
        ),
        (&["modalities", "[]"], &["text"]),
        // Of tools that the provider runs, the results never pass by us.
        (&["tools", "[]", "type"], &["function", "custom"]),
    ],
    closed: &[
        &["messages", "[]", "content", "[]", "image_url"],
        &["messages", "[]", "content", "[]", "input_audio"],
        &["messages", "[]", "content", "[]", "file"],
        &["messages", "[]", "content", "[]", "audio"],
        &["messages", "[]", "content", "[]", "video_url"],
        &["messages", "[]", "content", "[]", "image"],
        &["messages", "[]", "content", "[]", "source"],
        &["messages", "[]", "audio", "id"],
        // Content is a text or a list of parts.
        &["messages", "[]", "content", "*"],
        &["messages", "[]", "content", "[]", "[]", "*"],
        // Fields by which a provider of this format searches the web, or asks other ones than the register decided on.
        &["web_search_options"],
        &["search_parameters"],
        &["enable_search"],
        &["plugins"],
        &["provider"],
        &["models"],
        &["route"],
    ],
    sealed: &[],
};

#[cfg(test)]
mod tests {
    use waarborg_detect::Detector;
    use waarborg_domain::json::{Limits, scan};
    use waarborg_domain::prompt::{LeafRole, Protocol as _};
    use waarborg_usecase::ports::Model;

    use super::*;
    use crate::found::Found;
    use crate::protocol::Reading;

    fn roles(body: &str) -> Vec<(String, LeafRole)> {
        let models = ["gpt-4o-2024-08-06", "claude-3-5-sonnet-20241022"].map(|name| Model {
            name: name.to_owned(),
            recipient: "model".to_owned(),
        });
        let finder = Found(Detector::new());
        let protocol = Reading {
            format: &CHAT_COMPLETIONS,
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

    #[test]
    fn content_is_a_text_or_a_list_of_parts_and_no_other_recipient_is_asked() {
        for body in [
            r#"{"messages":[{"role":"user","content":{"type":"image_url","image_url":{"url":"x"}}}]}"#,
            r#"{"messages":[{"role":"user","content":[[{"type":"text","text":"x"}]]}]}"#,
            r#"{"provider":{"data_collection":"allow"}}"#,
            r#"{"models":["andere"]}"#,
            r#"{"enable_search":true}"#,
        ] {
            check_opaque(body);
        }
    }

    #[test]
    fn a_file_in_a_text_is_refused_and_a_short_piece_of_base64_is_not() {
        let long = "QUJD".repeat(100);
        for begin in ["JVBERi0xLjc", "UEsDBBQABgAI", "H4sIAAAAAAAA", "iVBORw0KGgo"] {
            let lines: Vec<&str> = std::str::from_utf8(long.as_bytes())
                .unwrap()
                .split_inclusive("QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD")
                .collect();
            for file in [
                format!("{begin}{long}"),
                format!("{begin}{}", lines.join("\\n")),
            ] {
                check_opaque(&format!(
                    r#"{{"messages":[{{"role":"tool","content":"Resultaat: {file}"}}]}}"#
                ));
            }
            check_inspected(
                &format!(r#"{{"messages":[{{"role":"user","content":"wat is {begin}?"}}]}}"#),
                &[&format!("wat is {begin}?")],
            );
        }
        let other = format!("sleutel {long}");
        check_inspected(
            &format!(r#"{{"messages":[{{"role":"user","content":"{other}"}}]}}"#),
            &[&other],
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

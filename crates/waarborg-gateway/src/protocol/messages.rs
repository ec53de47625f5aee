//! Anthropic's messages protocol: which strings of a request it defines itself, and which nobody can inspect.
//!
//! Inspection is the rule, not a list of places: a field that is not named here is inspected like any other. What a
//! model thought is signed by its provider and would be refused if a letter of it changed, so it stays or stops.

use waarborg_domain::finder::Finder;
use waarborg_domain::json::{LeafKind, Path, Segment};
use waarborg_domain::prompt::{LeafRole, Protocol, Wire};
use waarborg_usecase::ports::Model;

use super::definitions::Definitions;
use super::disguise::is_disguised;
use super::{holds_a_file, identifiers, is_made_by_a_program, is_sealed, is_word};

const DEFINITIONS: Definitions = Definitions {
    schemas: &[
        &["tools", "[]", "input_schema"],
        &["output_format", "schema"],
        &["output_config", "format", "schema"],
    ],
    names: &[
        &["tools", "[]", "name"],
        &["tool_choice", "name"],
        &["messages", "[]", "content", "[]", "name"],
        &[
            "messages",
            "[]",
            "content",
            "[]",
            "content",
            "[]",
            "tool_name",
        ],
    ],
};

/// The blocks of a message whose content is text that we can read.
const INSPECTABLE_BLOCKS: [&str; 9] = [
    "text",
    "tool_use",
    "tool_result",
    "thinking",
    "redacted_thinking",
    "document",
    "search_result",
    "tool_reference",
    "compaction",
];

/// The sources of a document that we can read.
const INSPECTABLE_SOURCES: [&str; 2] = ["text", "content"];

/// Tools that the client runs itself, each with the day of its version behind it; of those that the provider runs, the results
/// never pass by us.
const TOOLS_OF_THE_CLIENT: [&str; 4] = ["bash_", "text_editor_", "computer_", "memory_"];

/// Fields by which the provider keeps something, talks to somebody else or works somewhere else than the register says.
const BEYOND_OUR_SIGHT: [&str; 3] = ["mcp_servers", "container", "inference_geo"];

/// Where a page was found that is cited, which only the provider reads.
const SEALED_IN_A_CITATION: [&str; 7] = [
    "messages",
    "[]",
    "content",
    "[]",
    "citations",
    "[]",
    "encrypted_index",
];

/// Content is a text or a list of blocks: what stands here is neither.
const NO_BLOCKS: [&[&str]; 4] = [
    &["messages", "[]", "content", "*"],
    &["messages", "[]", "content", "[]", "[]", "*"],
    &["messages", "[]", "content", "[]", "content", "*"],
    &["system", "*"],
];

/// What a request to `/v1/messages` may hold.
#[derive(Clone, Copy)]
pub(crate) struct Messages<'a> {
    /// Looks into the names that would otherwise stay as they are.
    pub(crate) finder: &'a dyn Finder,
    /// The models whose names are our own.
    pub(crate) models: &'a [Model],
    /// `Messages` or `CountTokens`, which hold the same.
    pub(crate) wire: Wire,
}

impl Protocol for Messages<'_> {
    fn wire(&self) -> Wire {
        self.wire
    }

    fn role(&self, path: &Path, kind: LeafKind, text: &str) -> LeafRole {
        if is_disguised(path, kind, text) {
            return LeafRole::Disguised;
        }
        if is_opaque(path, kind, text) {
            return LeafRole::Opaque;
        }
        if kind == LeafKind::Text && path.is_in(&["messages", "[]", "content", "[]"]) {
            match path.last_key() {
                Some("thinking") => return LeafRole::Signed,
                Some("signature" | "data") if is_sealed(text) => return LeafRole::Word,
                _ => {}
            }
        }
        if kind == LeafKind::Text && path.is(&SEALED_IN_A_CITATION) && is_sealed(text) {
            return LeafRole::Word;
        }
        let is_model = kind == LeafKind::Text && path.is(&["model"]);
        if is_word(text) || (is_model && self.models.iter().any(|model| model.name == text)) {
            return LeafRole::Word;
        }
        if kind == LeafKind::Text && path.is(&["tools", "[]", "type"]) {
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

/// Images, files and references to them, and what the provider would do out of our sight.
fn is_opaque(path: &Path, kind: LeafKind, text: &str) -> bool {
    match kind {
        LeafKind::Text => {
            let is_strange_block = path.last_key() == Some("type")
                && is_block_type(path)
                && !INSPECTABLE_BLOCKS.contains(&text);
            let is_strange_source = ends(path, &["source", "type"])
                && is_in_block(path)
                && !INSPECTABLE_SOURCES.contains(&text);
            let is_tool_of_the_provider =
                path.is(&["tools", "[]", "type"]) && !is_tool_of_the_client(text);
            is_strange_block || is_strange_source || is_tool_of_the_provider || holds_a_file(text)
        }
        LeafKind::Key => {
            let is_top = path.segments().len() == 1;
            let is_reference = is_in_block(path)
                && !is_in_input(path)
                && matches!(path.segments(), [.., Segment::Key(source), Segment::Key(key)]
                    if &**source == "source" && matches!(&**key, "url" | "file_id"));
            let is_no_block = NO_BLOCKS.iter().any(|place| path.is(place)) && !is_in_input(path);
            (is_top && BEYOND_OUR_SIGHT.contains(&text)) || is_reference || is_no_block
        }
        LeafKind::Number => false,
    }
}

/// `custom`, or a tool of the provider's making with the day of its version: eight digits.
fn is_tool_of_the_client(kind: &str) -> bool {
    let mut versions = TOOLS_OF_THE_CLIENT
        .iter()
        .filter_map(|known| kind.strip_prefix(known));
    let is_day =
        |version: &str| version.len() == 8 && version.bytes().all(|byte| byte.is_ascii_digit());
    kind == "custom" || versions.any(is_day)
}

/// Whether a path lies in a block of a message or of the system's words.
fn is_in_block(path: &Path) -> bool {
    path.starts(&["messages", "[]", "content", "[]"]) || path.starts(&["system", "[]"])
}

/// Whether a path lies in what a tool was given, where every key is the client's own.
fn is_in_input(path: &Path) -> bool {
    path.starts(&["messages", "[]", "content", "[]", "input"])
}

/// The `type` of a block, also of one inside a tool's result or a document; that of a citation is none.
fn is_block_type(path: &Path) -> bool {
    is_in_block(path)
        && !is_in_input(path)
        && matches!(path.segments(), [.., Segment::Key(list), Segment::Index(_), Segment::Key(_)]
            if &**list != "citations")
}

fn ends(path: &Path, pattern: &[&str]) -> bool {
    let segments = path.segments();
    let Some(last) = segments
        .len()
        .checked_sub(pattern.len())
        .and_then(|start| segments.get(start..))
    else {
        return false;
    };
    !is_in_input(path)
        && last
            .iter()
            .zip(pattern)
            .all(|(segment, wanted)| matches!(segment, Segment::Key(key) if &**key == *wanted))
}

/// The ids that tie a tool's result to its call, and must come back unchanged.
fn is_call_id(path: &Path) -> bool {
    path.is(&["messages", "[]", "content", "[]", "tool_use_id"])
        || path.is(&["messages", "[]", "content", "[]", "id"])
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    use waarborg_detect::Detector;
    use waarborg_domain::json::{Limits, scan};

    use super::*;
    use crate::found::Found;

    fn roles(body: &str) -> Vec<(String, LeafRole)> {
        let models = [Model {
            name: "claude-sonnet-4-5".to_owned(),
            recipient: "model".to_owned(),
        }];
        let finder = Found(Detector::new());
        let protocol = Messages {
            finder: &finder,
            models: &models,
            wire: Wire::Messages,
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
        let roles = roles(body);
        let inspected: Vec<&str> = roles
            .iter()
            .filter(|(_, role)| matches!(role, LeafRole::Text | LeafRole::Name))
            .map(|(text, _)| text.as_str())
            .collect();
        assert_eq!(inspected, expected, "{body}");
        let is_refused = |role: &LeafRole| matches!(role, LeafRole::Opaque | LeafRole::Bound);
        assert!(!roles.iter().any(|(_, role)| is_refused(role)), "{body}");
    }

    fn check_refused(body: &str, wanted: LeafRole) {
        assert!(
            roles(body).iter().any(|(_, role)| *role == wanted),
            "{body}"
        );
    }

    #[test]
    fn every_text_of_every_block_is_inspected() {
        let sealed = STANDARD.encode([0xff_u8, 0x00, 0x9c, 0xe1].repeat(20));
        check_inspected(
            &format!(
                r#"{{"model":"claude-sonnet-4-5","max_tokens":10,"system":[{{"type":"text","text":"sys","cache_control":{{"type":"ephemeral"}}}}],
              "messages":[{{"role":"user","content":"hallo"}},
                {{"role":"assistant","content":[{{"type":"thinking","thinking":"even denken","signature":"{sealed}"}},
                   {{"type":"redacted_thinking","data":"{sealed}"}},
                   {{"type":"tool_use","id":"toolu_01A09q90qw90lq","name":"zoek","input":{{"vraag":"wie"}}}}]}},
                {{"role":"user","content":[{{"type":"tool_result","tool_use_id":"toolu_01A09q90qw90lq","content":[{{"type":"text","text":"uitkomst"}}]}},
                   {{"type":"document","source":{{"type":"text","media_type":"text/plain","data":"stuk"}},"title":"titel"}}]}}],
              "tools":[{{"name":"zoek","description":"zoekt","input_schema":{{"type":"object","properties":{{"vraag":{{"type":"string"}}}}}}}}],
              "metadata":{{"user_id":"u-1"}}}}"#
            ),
            &[
                "sys", "hallo", "vraag", "wie", "uitkomst", "stuk", "titel", "zoekt", "user_id",
                "u-1",
            ],
        );
    }

    #[test]
    fn what_was_sealed_stays_as_it_is_in_either_alphabet() {
        let bytes = [0x80_u8, 0xff, 0xbf, 0xe1, 0x3e].repeat(20);
        for sealed in [
            STANDARD.encode(&bytes),
            STANDARD_NO_PAD.encode(&bytes),
            URL_SAFE.encode(&bytes),
            URL_SAFE_NO_PAD.encode(&bytes),
        ] {
            let body = format!(
                r#"{{"messages":[{{"content":[{{"type":"redacted_thinking","data":"{sealed}"}},
                  {{"type":"text","text":"x","citations":[{{"type":"web_search_result_location","encrypted_index":"{sealed}"}}]}}]}}]}}"#
            );
            check_inspected(&body, &["x"]);
        }
    }

    #[test]
    fn what_was_cited_found_or_summed_up_is_inspected() {
        check_inspected(
            r#"{"messages":[{"role":"assistant","content":[{"type":"text","text":"groen","citations":[
                 {"type":"char_location","cited_text":"gras","document_index":0,"document_title":"stuk","start_char_index":0,"end_char_index":4},
                 {"type":"search_result_location","cited_text":"blad","source":"bron"}]}]},
               {"role":"user","content":[{"type":"search_result","source":"bron 1","title":"titel","content":[{"type":"text","text":"vondst"}],"citations":{"enabled":true}},
                 {"type":"tool_result","tool_use_id":"toolu_01A09q90qw90lq","content":[
                   {"type":"search_result","source":"bron 2","title":"kop","content":[{"type":"text","text":"regel"}]},
                   {"type":"tool_reference","tool_name":"zoek"}]},
                 {"type":"compaction","content":"kort gezegd"}]}]}"#,
            &[
                "groen",
                "gras",
                "stuk",
                "blad",
                "bron",
                "bron 1",
                "titel",
                "vondst",
                "bron 2",
                "kop",
                "regel",
                "kort gezegd",
            ],
        );
    }

    #[test]
    fn what_nobody_can_look_into_and_what_happens_out_of_sight_is_refused() {
        for body in [
            r#"{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}"#,
            r#"{"messages":[{"content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}]}]}"#,
            r#"{"messages":[{"content":[{"type":"document","source":{"type":"text","url":"https://x.nl/a.pdf"}}]}]}"#,
            r#"{"messages":[{"content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]}"#,
            r#"{"messages":[{"content":[{"type":"tool_result","content":[{"type":"image","source":{}}]}]}]}"#,
            r#"{"messages":[{"content":[{"type":"iets_nieuws"}]}]}"#,
            r#"{"system":[{"type":"image"}]}"#,
            r#"{"mcp_servers":[{"type":"url","url":"https://x.nl","name":"x"}]}"#,
            r#"{"container":"c1"}"#,
            r#"{"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#,
            r#"{"tools":[{"type":"code_execution_20250522","name":"code_execution"}]}"#,
            r#"{"tools":[{"type":"custom: Jan de Vries, BSN 123456782","name":"x"}]}"#,
            r#"{"tools":[{"type":"bash_Jan de Vries","name":"x"}]}"#,
        ] {
            check_refused(body, LeafRole::Opaque);
        }
    }

    #[test]
    fn what_a_provider_signed_stays_or_stops() {
        check_refused(
            r#"{"messages":[{"content":[{"type":"thinking","thinking":"Het BSN van Jan de Vries is 123456782.","signature":"x"}]}]}"#,
            LeafRole::Signed,
        );
        check_inspected(
            r#"{"messages":[{"content":[{"type":"tool_use","input":{"thinking":"Nog een keer 12345678 nagaan."}}]}]}"#,
            &["Nog een keer 12345678 nagaan."],
        );
        let text = STANDARD.encode("Mijn naam is Jan de Vries en mijn BSN is 123456782.");
        check_inspected(
            &format!(
                r#"{{"messages":[{{"content":[{{"type":"redacted_thinking","data":"{text}"}}]}}]}}"#
            ),
            &[&text],
        );
    }

    #[test]
    fn the_input_of_a_tool_may_have_any_key() {
        check_inspected(
            r#"{"messages":[{"content":[{"type":"tool_use","id":"toolu_01A09q90qw90lq","name":"haal","input":{"type":"image","source":{"plek":"x"}}}]}]}"#,
            &["image", "plek", "x"],
        );
    }
}

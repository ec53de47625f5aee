//! Web pages: all text, whether it is shown or not, with attributes, comments, scripts and what lies inside addresses.

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurpose;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::dispatch;
use crate::gap::Reason;
use crate::limits::Full;
use crate::place::Spot;
use crate::plain;
use crate::text::{Collector, Join};
use crate::xml::has_words;

/// Attributes that only say how something looks or works.
const MUTE: &[&str] = &[
    "class",
    "style",
    "width",
    "height",
    "rel",
    "type",
    "align",
    "valign",
    "border",
    "bgcolor",
    "color",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "dir",
    "lang",
    "charset",
    "target",
    "method",
    "role",
    "tabindex",
    "size",
    "face",
    "media",
    "sizes",
    "srcset",
    "viewbox",
    "xmlns",
    "http-equiv",
];

/// Elements within a line of text.
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup", "abbr",
    "code", "mark", "wbr", "img", "bdi", "bdo", "cite", "dfn", "ins", "del", "kbd", "q", "samp",
    "strike", "tt", "var", "time", "data", "label", "acronym", "input", "o:p",
];

/// What the tokeniser tells, in our own hands.
enum Step {
    Open(String),
    Attribute(String, String),
    Text(String),
    Close(String),
    Aside(String),
}

/// Adds everything in a page; `charset` is what a message says of it.
pub(crate) fn read(
    bytes: &[u8],
    charset: Option<&str>,
    collector: &mut Collector,
) -> Result<(), Full> {
    let said = charset.map(ToOwned::to_owned).or_else(|| declared(bytes));
    let Some(page) = plain::decode_as(bytes, said.as_deref()) else {
        collector.gap(Spot::Whole, Reason::Damaged);
        return Ok(());
    };
    collector.unpacked(page.len())?;
    read_page(&page, collector)
}

fn read_page(page: &str, collector: &mut Collector) -> Result<(), Full> {
    let mut attribute = String::new();
    let mut emitter = CallbackEmitter::new(
        move |event: CallbackEvent<'_>, _: Span<()>| -> Option<Step> {
            let letters = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            match event {
                CallbackEvent::OpenStartTag { name } => Some(Step::Open(letters(name))),
                CallbackEvent::AttributeName { name } => {
                    attribute = letters(name);
                    None
                }
                CallbackEvent::AttributeValue { value } => {
                    Some(Step::Attribute(attribute.clone(), letters(value)))
                }
                CallbackEvent::EndTag { name } => Some(Step::Close(letters(name))),
                CallbackEvent::String { value } => Some(Step::Text(letters(value))),
                CallbackEvent::Comment { value } => Some(Step::Aside(letters(value))),
                CallbackEvent::CloseStartTag { .. }
                | CallbackEvent::Doctype { .. }
                | CallbackEvent::Error(_) => None,
            }
        },
    );
    emitter.naively_switch_states(true);
    let mut page_text = Lines::default();
    let mut element = String::new();
    for step in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(step) = step;
        match step {
            Step::Open(name) => {
                page_text.boundary(&name, true, collector)?;
                element = name;
            }
            Step::Close(name) => {
                page_text.boundary(&name, false, collector)?;
                element.clear();
            }
            Step::Text(text) if element == "style" => read_style(&text, collector)?,
            Step::Text(text) if element == "script" => {
                collector.put(Spot::Part("script".into()), Join::Apart, &text)?;
            }
            Step::Text(text) => page_text.line.push_str(&text),
            Step::Aside(text) => collector.put(Spot::Comment, Join::Apart, text.trim())?,
            Step::Attribute(name, value) => read_attribute(&name, &value, collector)?,
        }
    }
    page_text.flush(collector)
}

/// The text of the page, line by line.
#[derive(Default)]
struct Lines {
    line: String,
    n_lines: u32,
}

impl Lines {
    /// An element begins or ends: does the line end there?
    fn boundary(
        &mut self,
        name: &str,
        begins: bool,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        if INLINE.contains(&name) {
            return Ok(());
        }
        if matches!(name, "td" | "th") {
            if begins && !self.line.trim().is_empty() {
                self.line.push('\t');
            }
            return Ok(());
        }
        self.flush(collector)
    }

    fn flush(&mut self, collector: &mut Collector) -> Result<(), Full> {
        let line = squeezed(&self.line);
        self.line.clear();
        if line.is_empty() {
            return Ok(());
        }
        self.n_lines = self.n_lines.saturating_add(1);
        collector.put(Spot::Paragraph(self.n_lines), Join::Line, &line)
    }
}

/// White space as a page shows it, but with the tabs between cells.
fn squeezed(line: &str) -> String {
    let cells = line.trim().split('\t');
    let cells: Vec<String> = cells
        .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    cells.join("\t").trim().to_owned()
}

/// Of a style sheet only its comments and the texts that it shows.
fn read_style(sheet: &str, collector: &mut Collector) -> Result<(), Full> {
    for comment in sheet.split("/*").skip(1) {
        let comment = comment.split("*/").next().unwrap_or_default();
        collector.put(Spot::Comment, Join::Apart, comment.trim())?;
    }
    for shown in sheet.split("content:").skip(1) {
        let shown = shown.split([';', '}']).next().unwrap_or_default();
        collector.put(Spot::Part("style".into()), Join::Apart, shown.trim())?;
    }
    Ok(())
}

fn read_attribute(name: &str, value: &str, collector: &mut Collector) -> Result<(), Full> {
    if let Some(address) = value.trim_start().strip_prefix("data:") {
        return read_data_address(address, collector);
    }
    if MUTE.contains(&name) {
        return match value.split_once("content:") {
            Some((_, shown)) => collector.put(Spot::Attribute(name.into()), Join::Line, shown),
            None => Ok(()),
        };
    }
    if !has_words(value) {
        return Ok(());
    }
    collector.put(Spot::Attribute(name.into()), Join::Line, value)
}

/// A file inside an address: `data:image/png;base64,…`.
fn read_data_address(address: &str, collector: &mut Collector) -> Result<(), Full> {
    let Some((head, body)) = address.split_once(',') else {
        return Ok(());
    };
    let body = percent_decoded(body.as_bytes());
    let bytes = if head.trim_end().ends_with(";base64") {
        base64_decoded(&body)
    } else {
        body
    };
    collector.unpacked(bytes.len())?;
    dispatch::inside("data in an address", &bytes, collector)
}

/// Base64 as far as it goes: white space and other letters between are skipped, as readers of mail do.
pub(crate) fn base64_decoded(bytes: &[u8]) -> Vec<u8> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let mut decoded = Vec::new();
    // Padding in the middle begins a new piece.
    for piece in bytes.split(|byte| *byte == b'=') {
        let mut clean: Vec<u8> = piece
            .iter()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => *other,
            })
            .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
            .collect();
        if clean.len() % 4 == 1 {
            clean.pop();
        }
        decoded.extend(LENIENT.decode(&clean).unwrap_or_default());
    }
    decoded
}

/// `%41` is A.
pub(crate) fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = hex {
            decoded.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            decoded.push(*first);
            rest = after;
        }
    }
    decoded
}

/// The encoding that a page says it has, in its first bytes.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(1024))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = head.split("charset=").nth(1)?;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    (!label.is_empty() && !label.starts_with("utf-16")).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn text(page: &str) -> String {
        let mut collector = Collector::new(&Limits::default());
        read(page.as_bytes(), None, &mut collector).unwrap();
        let (text, _) = collector.finish().with_gaps();
        text.as_str().to_owned()
    }

    #[test]
    fn a_word_cut_by_tags_is_one_word_and_blocks_are_lines() {
        assert_eq!(
            text("<p>J<b>a</b>n &amp; P&iacute;et<p>Els<br>Bos"),
            "Jan & Píet\nEls\nBos"
        );
    }

    #[test]
    fn a_table_keeps_its_columns() {
        assert_eq!(
            text(
                "<table><tr><th>Naam</th><th>BSN</th></tr>\n<tr><td>Jan</td>\n <td>1</td></tr></table>"
            ),
            "Naam\tBSN\nJan\t1"
        );
    }

    #[test]
    fn what_is_not_shown_is_read_too() {
        let page = "<!-- Jan --><div style='display:none'>Piet</div><img alt='Els Bos' class='x'>\
                    <input value='Mo' value='Karim'><script>let a='Ali'</script><style>/* Bea */ a{content:'Cor'}</style>\
                    <a href='mailto:dirk@example.org'>x</a><meta name=author content='Eva Bos'>";
        let text = text(page);
        for name in [
            "Jan",
            "Piet",
            "Els Bos",
            "Karim",
            "Ali",
            "Bea",
            "Cor",
            "dirk@example.org",
            "Eva Bos",
        ] {
            assert!(text.contains(name), "{name} in {text}");
        }
    }

    #[test]
    fn a_file_in_an_address_is_opened() {
        let text = text("<a href='data:text/plain;base64,SmFuIGRlIFZyaWVz'>x</a>");
        assert!(text.contains("Jan de Vries"));
    }

    #[test]
    fn base64_is_read_as_readers_of_mail_do() {
        assert_eq!(base64_decoded(b"SmF\r\nu"), b"Jan");
        assert_eq!(base64_decoded(b"SmFuIA==SmFuIA=="), b"Jan Jan ");
        assert_eq!(base64_decoded(b"S"), b"");
    }
}

//! Walks through XML without expanding what it defines and without following where it points.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::gap::Reason;
use crate::limits::{Full, NESTED_ELEMENTS};
use crate::place::Spot;
use crate::plain;
use crate::text::{Collector, Join};

/// One step of the walk. Names come without their namespace prefix.
pub(crate) enum Step<'x> {
    /// An element begins.
    Open(&'x str, &'x Attributes<'x>),
    /// An element ends.
    Close(&'x str),
    /// Characters between elements, in pieces.
    Text(&'x str),
    /// A comment, an instruction to a program, or a definition.
    Aside(&'x str),
}

/// The attributes of an element.
pub(crate) struct Attributes<'x>(&'x BytesStart<'x>);

impl Attributes<'_> {
    /// The value of the first attribute with this name, whatever its prefix.
    pub(crate) fn find(&self, name: &str) -> Option<String> {
        self.all()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }

    /// A number, if it is one.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.find(name)?.trim().parse().ok()
    }

    /// Whether an attribute says yes.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.find(name)
            .is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
    }

    /// Every attribute with its value.
    pub(crate) fn all(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        attributes.filter_map(Result::ok).map(|attribute| {
            let name = attribute.key.local_name().into_inner().to_owned();
            let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
                Ok(value) => value.into_owned(),
                Err(_) => attribute.value.into_owned(),
            };
            (name, value)
        })
    }
}

/// Why a walk ended before the end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The XML is broken or too deep there.
    Gap(Reason),
    /// No more may be read of this file.
    Full,
}

impl From<Full> for Ended {
    fn from(_: Full) -> Ended {
        Ended::Full
    }
}

/// Walks through a document and calls `visit` with each step; returns the gaps that do not end the walk.
pub(crate) fn walk(
    bytes: &[u8],
    mut visit: impl FnMut(Step<'_>) -> Result<(), Full>,
) -> Result<Vec<Reason>, Ended> {
    let said = declared_encoding(bytes);
    let text = plain::decode_as(bytes, said.as_deref()).ok_or(Ended::Gap(Reason::Damaged))?;
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut depth = 0_usize;
    let mut gaps = Vec::new();
    loop {
        let event = reader
            .read_event()
            .map_err(|_| Ended::Gap(Reason::Damaged))?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > NESTED_ELEMENTS {
                    return Err(Ended::Gap(Reason::TooDeep));
                }
                visit(Step::Open(
                    start.local_name().into_inner(),
                    &Attributes(&start),
                ))?;
            }
            Event::Empty(start) => {
                let name = start.local_name().into_inner();
                visit(Step::Open(name, &Attributes(&start)))?;
                visit(Step::Close(name))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Step::Close(end.local_name().into_inner()))?;
            }
            Event::Text(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => match resolve(&reference) {
                Some(letters) => visit(Step::Text(&letters))?,
                None if gaps.is_empty() => gaps.push(Reason::Reference),
                None => {}
            },
            Event::Comment(text) | Event::DocType(text) => {
                visit(Step::Aside(&text.xml10_content()))?;
            }
            Event::PI(instruction) => visit(Step::Aside(instruction.content()))?,
            Event::Decl(_) => {}
            Event::Eof if depth > 0 => return Err(Ended::Gap(Reason::Damaged)),
            Event::Eof => return Ok(gaps),
        }
    }
}

/// The same, and what ends it or is missing becomes a gap at this spot.
pub(crate) fn walk_part(
    bytes: &[u8],
    spot: &Spot,
    collector: &mut Collector,
    mut visit: impl FnMut(&mut Collector, Step<'_>) -> Result<(), Full>,
) -> Result<(), Full> {
    match walk(bytes, |step| visit(collector, step)) {
        Ok(gaps) => {
            for reason in gaps {
                collector.gap(spot.clone(), reason);
            }
            Ok(())
        }
        Err(Ended::Gap(reason)) => {
            collector.gap(spot.clone(), reason);
            Ok(())
        }
        Err(Ended::Full) => Err(Full),
    }
}

/// A character by its number, or one of the five that XML itself defines.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok()?.map(String::from);
    }
    let name = reference.xml10_content();
    let known = match name.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{a0}",
        _ => return None,
    };
    Some(known.to_owned())
}

fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(200))?;
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let after = declaration.split("encoding").nth(1)?;
    let label = after.split(['"', '\'']).nth(1)?;
    // Declared as two bytes a letter while the declaration itself is not: then it is not.
    (!label.to_ascii_lowercase().starts_with("utf-16")).then(|| label.to_owned())
}

/// An XML document of no known kind: all its text, attributes and comments.
pub(crate) fn read(bytes: &[u8], spot: &Spot, collector: &mut Collector) -> Result<(), Full> {
    let mut line = String::new();
    walk_part(bytes, spot, collector, |collector, step| {
        match step {
            Step::Open(_, attributes) => {
                put_line(&mut line, spot, collector)?;
                for (name, value) in attributes.all() {
                    if !name.starts_with("xmlns") && has_words(&value) {
                        collector.put(Spot::Attribute(name.as_str().into()), Join::Line, &value)?;
                    }
                }
            }
            Step::Close(_) => put_line(&mut line, spot, collector)?,
            Step::Text(text) => line.push_str(text),
            Step::Aside(text) => collector.put(Spot::Comment, Join::Line, text)?,
        }
        Ok(())
    })?;
    put_line(&mut line, spot, collector)
}

fn put_line(line: &mut String, spot: &Spot, collector: &mut Collector) -> Result<(), Full> {
    let done = collector.put(spot.clone(), Join::Line, line.trim());
    line.clear();
    done
}

/// Whether a value can mean something to a person: not a few letters, and not the name of a format.
pub(crate) fn has_words(value: &str) -> bool {
    const FORMATS: &[&str] = &[
        "http://schemas.",
        "http://www.w3.org/",
        "http://purl.org/",
        "urn:schemas-",
    ];
    value.chars().count() >= 3 && !FORMATS.iter().any(|format| value.starts_with(format))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn check(xml: &str, expected: &str, gaps: &[Reason]) {
        let mut collector = Collector::new(&Limits::default());
        read(xml.as_bytes(), &Spot::Whole, &mut collector).unwrap();
        let (text, found) = collector.finish().with_gaps();
        assert_eq!(text.as_str(), expected);
        assert_eq!(found.iter().map(|gap| gap.reason).collect::<Vec<_>>(), gaps);
    }

    #[test]
    fn text_attributes_and_comments_are_read() {
        check(
            "<a>J&#97;n &amp; <b naam='Piet Bos'/><!-- Els --></a>",
            "Jan &\nPiet Bos\n Els ",
            &[],
        );
    }

    #[test]
    fn a_definition_is_read_and_never_expanded() {
        let xml = "<!DOCTYPE a [<!ENTITY x \"Jan de Vries\"><!ENTITY y SYSTEM \"file:///etc/passwd\">]><a>&x;&y;</a>";
        let mut collector = Collector::new(&Limits::default());
        read(xml.as_bytes(), &Spot::Whole, &mut collector).unwrap();
        let (text, gaps) = collector.finish().with_gaps();
        assert!(text.as_str().contains("Jan de Vries"));
        assert!(gaps.iter().any(|gap| gap.reason == Reason::Reference));
    }

    #[test]
    fn what_is_cut_off_keeps_its_text_and_is_said() {
        check("<a><b>Jan</b>", "Jan", &[Reason::Damaged]);
        check("<a>Jan <b", "Jan", &[Reason::Damaged]);
    }

    #[test]
    fn a_ladder_of_elements_ends() {
        let xml = "<p>".repeat(60_000);
        check(&xml, "", &[Reason::TooDeep]);
    }

    #[test]
    fn the_declared_encoding_counts() {
        let mut collector = Collector::new(&Limits::default());
        read(
            b"<?xml version='1.0' encoding='iso-8859-1'?><a>Ren\xe9</a>",
            &Spot::Whole,
            &mut collector,
        )
        .unwrap();
        let (text, _) = collector.finish().with_gaps();
        assert_eq!(text.as_str(), "René");
    }
}

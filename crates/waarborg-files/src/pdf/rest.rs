//! Everything in a PDF that is not drawn on a page: notes, fields, properties, attachments, scripts, and what is left over.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::content::{self, Drawing};
use super::font::name_of;
use super::pictures;
use crate::dispatch;
use crate::gap::Reason;
use crate::limits::Full;
use crate::place::Spot;
use crate::text::{Collector, Join};
use crate::xml;

/// How deep values may lie in one object.
const NESTED_VALUES: usize = 40;

/// Values that no person wrote: marks, keys, tables of fonts and colours, moments.
const MUTE: &[&[u8]] = &[
    b"ID",
    b"O",
    b"U",
    b"OE",
    b"UE",
    b"Perms",
    b"CharSet",
    b"CIDSet",
    b"Panose",
    b"Registry",
    b"Ordering",
    b"Cert",
    b"DigestValue",
    b"Lookup",
    b"CheckSum",
    b"CreationDate",
    b"ModDate",
    b"M",
    b"LastModified",
    b"Fingerprint",
    b"DA",
    b"ByteRange",
    b"IDS",
    b"DestOutputProfile",
    b"OutputConditionIdentifier",
    b"RegistryName",
];

/// The notes, fields and links on a page.
pub(super) fn attached(
    document: &Document,
    page: &Dictionary,
    number: u32,
    seen: &mut BTreeSet<ObjectId>,
    collector: &mut Collector,
) -> Result<(), Full> {
    let annotations = page
        .get_deref(b"Annots", document)
        .ok()
        .and_then(|object| object.as_array().ok());
    for object in annotations.into_iter().flatten() {
        if let Ok(id) = object.as_reference() {
            seen.insert(id);
        }
        if let Ok((_, object)) = document.dereference(object) {
            values(object, None, 0, &Spot::OnPage(number), collector)?;
        }
    }
    Ok(())
}

/// Every object that no page has shown.
pub(super) fn read<'d>(
    document: &'d Document,
    drawing: &mut Drawing<'d>,
    seen: &mut BTreeSet<ObjectId>,
    collector: &mut Collector,
) -> Result<(), Full> {
    properties(document, seen, collector)?;
    let inside = Spot::Part("document".into());
    for (id, object) in &document.objects {
        if seen.contains(id) {
            continue;
        }
        values(object, None, 0, &inside, collector)?;
        if let Object::Stream(stream) = object {
            left_over(document, *id, stream, drawing, seen, collector)?;
        }
    }
    Ok(())
}

/// Title, author and what else the document says of itself.
fn properties(
    document: &Document,
    seen: &mut BTreeSet<ObjectId>,
    collector: &mut Collector,
) -> Result<(), Full> {
    let Ok(object) = document.trailer.get(b"Info") else {
        return Ok(());
    };
    if let Ok(id) = object.as_reference() {
        seen.insert(id);
    }
    let Ok(properties) = document
        .dereference(object)
        .and_then(|(_, object)| object.as_dict())
    else {
        return Ok(());
    };
    for (key, value) in properties {
        let Ok(value) = document
            .dereference(value)
            .and_then(|(_, value)| value.as_str())
        else {
            continue;
        };
        let name = String::from_utf8_lossy(key).into_owned();
        let line = format!("{name}: {}", super::words(value));
        collector.put(Spot::Property(name.as_str().into()), Join::Line, &line)?;
    }
    Ok(())
}

/// The texts in a value, without following where it refers to: what it refers to has its own turn.
fn values(
    object: &Object,
    key: Option<&[u8]>,
    depth: usize,
    spot: &Spot,
    collector: &mut Collector,
) -> Result<(), Full> {
    if depth > NESTED_VALUES {
        collector.gap(spot.clone(), Reason::TooDeep);
        return Ok(());
    }
    match object {
        Object::String(bytes, _) => {
            let words = super::words(bytes);
            let is_text = words.chars().any(char::is_alphanumeric)
                && words
                    .chars()
                    .filter(|letter| letter.is_control() && !letter.is_whitespace())
                    .count()
                    * 20
                    <= words.len();
            if is_text && key.is_none_or(|key| !MUTE.contains(&key)) {
                collector.put(spot.clone(), Join::Line, &words)?;
            }
        }
        Object::Array(list) => {
            for object in list {
                values(object, key, depth + 1, spot, collector)?;
            }
        }
        Object::Dictionary(dictionary) => dictionary_values(dictionary, depth, spot, collector)?,
        Object::Stream(stream) => dictionary_values(&stream.dict, depth, spot, collector)?,
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::Reference(_) => {}
    }
    Ok(())
}

fn dictionary_values(
    dictionary: &Dictionary,
    depth: usize,
    spot: &Spot,
    collector: &mut Collector,
) -> Result<(), Full> {
    let is_signature = dictionary.has(b"ByteRange") || dictionary.has_type(b"Sig");
    for (key, value) in dictionary {
        // A signature is a block of bytes under the name of a text.
        if !(is_signature && key == b"Contents") {
            values(value, Some(key), depth + 1, spot, collector)?;
        }
    }
    Ok(())
}

/// A stream that no page drew: an attachment, properties, a form, a page that was taken out.
fn left_over<'d>(
    document: &'d Document,
    id: ObjectId,
    stream: &'d Stream,
    drawing: &mut Drawing<'d>,
    seen: &mut BTreeSet<ObjectId>,
    collector: &mut Collector,
) -> Result<(), Full> {
    collector.part()?;
    let kind = name_of(&stream.dict, b"Type", document).unwrap_or_default();
    let subtype = name_of(&stream.dict, b"Subtype", document).unwrap_or_default();
    let spot = Spot::Part(format!("object {}", id.0).as_str().into());
    if subtype == b"Image" {
        return if seen.insert(id) {
            pictures::read(document, id, &spot, collector)
        } else {
            Ok(())
        };
    }
    if matches!(kind.as_slice(), b"ObjStm" | b"XRef") || is_font_program(&stream.dict, &subtype) {
        return Ok(());
    }
    let Some(bytes) = content::content(stream, collector)? else {
        collector.gap(spot, Reason::Damaged);
        return Ok(());
    };
    if kind == b"EmbeddedFile" {
        return dispatch::inside("attachment", &bytes, collector);
    }
    if kind == b"Metadata" || bytes.trim_ascii_start().starts_with(b"<") {
        return xml::read(&bytes, &spot, collector);
    }
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    if subtype == b"Form" || (has(b"BT") && has(b"ET") && (has(b"Tj") || has(b"TJ"))) {
        drawing.form(stream, &[], 0, collector)?;
        let drawn = drawing.take();
        // A form without letters that no page shows hides none.
        return super::put_page(document, &drawn, &spot, seen, collector);
    }
    if has(b"begincmap") || has(b"CIDInit") {
        return Ok(());
    }
    // Scripts; everything else is a table of numbers.
    let is_script = std::str::from_utf8(&bytes)
        .is_ok_and(|text| text.contains([';', '(']) && text.contains(char::is_alphabetic));
    if is_script && !bytes.starts_with(b"%!") && !has(b"currentfile") && !bytes.starts_with(b"{") {
        collector.put(spot, Join::Apart, &String::from_utf8_lossy(&bytes))?;
    }
    Ok(())
}

/// Fonts and colour profiles say so by what they must tell of their parts.
fn is_font_program(dictionary: &Dictionary, subtype: &[u8]) -> bool {
    dictionary.has(b"Length1")
        || matches!(subtype, b"Type1C" | b"CIDFontType0C" | b"OpenType")
        || (dictionary.has(b"N") && dictionary.has(b"Alternate"))
        || dictionary.has(b"FunctionType")
        || dictionary.has(b"ShadingType")
}

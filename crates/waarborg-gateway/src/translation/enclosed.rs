//! Pictures and files that lie in a request, said in the other protocol.

use serde_json::{Value, json};

use super::text_of;

/// The only kind of file beside pictures that both protocols know.
const PDF: &str = "application/pdf";

/// A picture or PDF of chat completions, as a block of messages.
pub(super) fn block_of(part: &Value) -> Option<Value> {
    match text_of(part, "type") {
        "image_url" => {
            let (media_type, data) = in_address(text_of(part.get("image_url")?, "url"))?;
            let source = json!({"type": "base64", "media_type": media_type, "data": data});
            Some(json!({"type": "image", "source": source}))
        }
        "file" => {
            let file = part.get("file")?;
            let (media_type, data) = in_address(text_of(file, "file_data"))?;
            if media_type != PDF {
                return None;
            }
            let source = json!({"type": "base64", "media_type": media_type, "data": data});
            let mut block = json!({"type": "document", "source": source});
            if let (Some(name), Some(members)) = (file.get("filename"), block.as_object_mut()) {
                members.insert("title".to_owned(), name.clone());
            }
            Some(block)
        }
        _ => None,
    }
}

/// A picture or PDF of messages, as parts of chat completions.
pub(super) fn parts_of(block: &Value) -> Option<Vec<Value>> {
    let source = block.get("source")?;
    if text_of(source, "type") != "base64" {
        return None;
    }
    let (media_type, data) = (text_of(source, "media_type"), text_of(source, "data"));
    let address = format!("data:{media_type};base64,{data}");
    match text_of(block, "type") {
        "image" => Some(vec![
            json!({"type": "image_url", "image_url": {"url": address}}),
        ]),
        "document" if media_type == PDF => {
            let title = Some(text_of(block, "title")).filter(|title| !title.is_empty());
            let file = json!({"filename": title.unwrap_or("document.pdf"), "file_data": address});
            let context = Some(text_of(block, "context")).filter(|context| !context.is_empty());
            let context = context.map(|context| json!({"type": "text", "text": context}));
            let file = json!({"type": "file", "file": file});
            Some(context.into_iter().chain([file]).collect())
        }
        _ => None,
    }
}

/// The media type and the base64 of a `data:` address.
fn in_address(address: &str) -> Option<(&str, &str)> {
    address.strip_prefix("data:")?.split_once(";base64,")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_and_a_pdf_are_the_same_there_and_back() {
        let picture =
            json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}});
        let file = json!({"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}});
        for part in [picture, file] {
            let block = block_of(&part).unwrap();
            assert_eq!(parts_of(&block), Some(vec![part]));
        }
    }

    #[test]
    fn what_only_one_protocol_knows_is_not_said() {
        for part in [
            json!({"type": "image_url", "image_url": {"url": "https://x.nl/a.png"}}),
            json!({"type": "file", "file": {"file_data": "AAAA"}}),
            json!({"type": "file", "file": {"file_data": "data:text/plain;base64,AAAA"}}),
        ] {
            assert_eq!(block_of(&part), None);
        }
        assert_eq!(
            parts_of(&json!({"type": "document", "source": {"type": "text", "data": "x"}})),
            None
        );
    }
}

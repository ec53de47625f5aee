//! Documents of parts: any XML in any part of a Word, Excel, PowerPoint or open document.
#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;
#[path = "frame.rs"]
mod frame;

const PARTS: &[&[&str]] = &[
    &["word/document.xml", "word/comments.xml", "docProps/core.xml", "word/_rels/document.xml.rels"],
    &["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"],
    &["ppt/slides/slide1.xml", "ppt/comments/comment1.xml", "customXml/item1.xml", "ppt/media/image1.png"],
    &["content.xml", "meta.xml", "styles.xml", "settings.xml"],
];

static FRAME: Once = Once::new();

fuzz_target!(|data: &[u8]| {
    FRAME.call_once(|| {
        let words = b"<w:document><w:body><w:p><w:r><w:t>Els</w:t></w:r></w:p></w:body></w:document>";
        frame::is_read(&archive(&[(PARTS[0][0], words)]), "Els");
    });
    let Some((which, data)) = data.split_first() else {
        return;
    };
    let names = PARTS[usize::from(*which) % PARTS.len()];
    let pieces = data.split(|byte| *byte == 0xff);
    let mut entries: Vec<(&str, &[u8])> = names.iter().copied().zip(pieces).collect();
    if names[0].starts_with("xl/") {
        entries.push(("xl/_rels/workbook.xml.rels", b"<R><Relationship Id='r' Target='worksheets/sheet1.xml'/></R>"));
    }
    checked_file::check(&archive(&entries));
});

/// A ZIP archive of entries that are not packed.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut list = Vec::new();
    for (name, content) in entries {
        let offset = (file.len() as u32).to_le_bytes();
        let size = (content.len() as u32).to_le_bytes();
        let length = (name.len() as u16).to_le_bytes();
        // The checksum is wrong: the text is read all the same, and the gap is expected.
        let head = [&[0; 14][..], &size, &size, &length].concat();
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend([0, 0]);
        file.extend(name.as_bytes());
        file.extend(*content);
        list.extend(b"PK\x01\x02\0\0");
        list.extend(&head);
        list.extend([0; 12]);
        list.extend(offset);
        list.extend(name.as_bytes());
    }
    let n_entries = (entries.len() as u16).to_le_bytes();
    let offset = (file.len() as u32).to_le_bytes();
    let size = (list.len() as u32).to_le_bytes();
    file.extend(list);
    file.extend([b"PK\x05\x06\0\0\0\0", &n_entries[..], &n_entries, &size, &offset, &[0, 0]].concat());
    file
}

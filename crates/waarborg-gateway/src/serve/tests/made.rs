//! Small files for tests, with what the tests plant in them.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A PNG whose "letters" are this text, with another written about it. Nobody could draw it.
pub(super) fn png(letters: &str, about: &str) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8], body: &[u8]| {
        file.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        file.extend(name);
        file.extend(body);
        file.extend(checksum(&[name, body].concat()).to_be_bytes());
    };
    chunk(b"IHDR", b"\0\0\0\x40\0\0\0\x40\x08\x02\0\0\0");
    if !about.is_empty() {
        chunk(b"tEXt", format!("Author\0{about}").as_bytes());
        chunk(b"iCCP", format!("{about}\0\0x").as_bytes());
    }
    chunk(b"IDAT", letters.as_bytes());
    chunk(b"IEND", b"");
    file.extend(about.as_bytes());
    file
}

/// The "letters" of such a PNG.
pub(super) fn letters(picture: &[u8]) -> Option<String> {
    let at = picture.windows(4).position(|name| name == b"IDAT")?;
    let length = u32::from_be_bytes(picture.get(at - 4..at)?.try_into().ok()?);
    let body = picture.get(at + 4..at + 4 + usize::try_from(length).ok()?)?;
    String::from_utf8(body.to_vec()).ok()
}

/// A JPEG with an author in its camera data and in a comment.
pub(super) fn jpeg(about: &str) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    let mut segment = |marker: u8, body: &[u8]| {
        file.extend([0xff, marker]);
        file.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        file.extend(body);
    };
    segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02".to_vec();
    exif.extend(u32::try_from(about.len() + 1).unwrap().to_be_bytes());
    exif.extend(b"\0\0\0\x1a\0\0\0\0");
    exif.extend(about.as_bytes());
    exif.push(0);
    segment(0xe1, &exif);
    segment(0xfe, about.as_bytes());
    segment(0xc0, &[8, 0, 64, 0, 64, 1, 1, 0x11, 0]);
    segment(0xda, &[1, 1, 0, 0, 63, 0]);
    file.extend([1, 2, 3, 0xff, 0xd9]);
    file
}

/// A PDF of one page that says this, by this author.
pub(super) fn pdf(text: &str, author: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 20 100 Td ({text}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        format!("<</Author({author})>>"),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let start = file.len();
    file.push_str("xref\n0 7\n0000000000 65535 f \n");
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    write!(
        file,
        "trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
    .unwrap();
    file.into_bytes()
}

/// A Word document that says this, with this comment.
pub(super) fn docx(text: &str, comment: &str) -> Vec<u8> {
    let words = |tag: &str, text: &str| {
        format!(
            "<?xml version=\"1.0\"?><w:{tag} xmlns:w=\"w\"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{tag}>"
        )
    };
    let body = words("document", text);
    let comments = words("comments", comment);
    zip(&[
        ("word/document.xml", body.as_bytes()),
        ("word/comments.xml", comments.as_bytes()),
    ])
}

/// A ZIP archive of these entries, stored as they are.
pub(super) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let number = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let mut head = checksum(content).to_le_bytes().to_vec();
        head.extend(number(content.len()));
        head.extend(number(content.len()));
        head.extend(short(name.len()));
        head.extend([0, 0]);
        let offset = number(file.len());
        file.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
        file.extend(&head);
        file.extend(name.as_bytes());
        file.extend(*content);
        list.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
        list.extend(&head);
        list.extend([0; 10]);
        list.extend(offset);
        list.extend(name.as_bytes());
    }
    let offset = number(file.len());
    file.extend(&list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(short(entries.len()));
    file.extend(short(entries.len()));
    file.extend(number(list.len()));
    file.extend(offset);
    file.extend([0, 0]);
    file
}

/// CRC-32, as PNG and ZIP have it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

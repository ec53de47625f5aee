//! What kind of file bytes are, by what they hold and never by their name.

use std::fmt;

/// The kinds that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// Plain text, also CSV, JSON, Markdown and code.
    Text,
    /// A web page.
    Html,
    /// An XML document.
    Xml,
    /// An e-mail message.
    Mail,
    /// PDF.
    Pdf,
    /// A Word document (DOCX).
    Word,
    /// A workbook (XLSX).
    Workbook,
    /// A presentation (PPTX).
    Presentation,
    /// An `OpenDocument` file: text, sheet or presentation.
    OpenDocument,
    /// Rich text (RTF).
    RichText,
    /// A ZIP archive.
    Zip,
    /// A picture: JPEG, PNG, GIF, WebP, TIFF, HEIF.
    Picture,
    /// An Office file from before 2007, or a locked one, or an Outlook message.
    OldOffice,
    /// Compressed with gzip.
    Gzip,
    /// Anything else.
    Unknown,
}

impl FileKind {
    /// A stable code for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            FileKind::Text => "text",
            FileKind::Html => "html",
            FileKind::Xml => "xml",
            FileKind::Mail => "mail",
            FileKind::Pdf => "pdf",
            FileKind::Word => "docx",
            FileKind::Workbook => "xlsx",
            FileKind::Presentation => "pptx",
            FileKind::OpenDocument => "opendocument",
            FileKind::RichText => "rtf",
            FileKind::Zip => "zip",
            FileKind::Picture => "picture",
            FileKind::OldOffice => "old-office",
            FileKind::Gzip => "gzip",
            FileKind::Unknown => "unknown",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How far into a file its beginning may be looked for.
const HEAD_BYTES: usize = 1024;

/// The kind of the bytes; packages of parts are all [`FileKind::Zip`] here, and text may still turn out binary.
pub(crate) fn of(bytes: &[u8]) -> FileKind {
    let head = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
    let starts = |magic: &[u8]| head.starts_with(magic);
    if is_pdf(head) {
        return FileKind::Pdf;
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") || starts(b"PK\x07\x08") {
        return FileKind::Zip;
    }
    if starts(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return FileKind::OldOffice;
    }
    if starts(&[0x1f, 0x8b, 0x08]) {
        return FileKind::Gzip;
    }
    if starts(b"{\\rtf") {
        return FileKind::RichText;
    }
    if is_picture(head) {
        return FileKind::Picture;
    }
    if is_known_binary(head) {
        return FileKind::Unknown;
    }
    let text = plain_head(head);
    if is_html(&text) {
        FileKind::Html
    } else if text.starts_with("<?xml") || text.starts_with("<svg") {
        FileKind::Xml
    } else if is_mail(head) {
        FileKind::Mail
    } else {
        FileKind::Text
    }
}

/// A PDF may have something before its head, but not a text that only speaks of one.
fn is_pdf(head: &[u8]) -> bool {
    head.starts_with(b"%PDF-")
        || (head.windows(5).any(|window| window == b"%PDF-") && head.contains(&0))
        || head
            .windows(6)
            .any(|window| window == b"\n%PDF-" || window == b"\r%PDF-")
}

pub(crate) fn is_picture(head: &[u8]) -> bool {
    let at =
        |from: usize, magic: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(magic));
    at(0, &[0xff, 0xd8, 0xff])
        || at(0, b"\x89PNG\r\n\x1a\n")
        || at(0, b"GIF87a")
        || at(0, b"GIF89a")
        || (at(0, b"RIFF") && at(8, b"WEBP"))
        || at(0, b"II*\0")
        || at(0, b"MM\0*")
        || (at(0, b"BM") && at(6, &[0, 0, 0, 0]))
        || at(0, b"\0\0\0\x0cjP  ")
        || (at(4, b"ftyp")
            && [
                &b"heic"[..],
                b"heix",
                b"mif1",
                b"avif",
                b"heim",
                b"hevc",
                b"msf1",
            ]
            .iter()
            .any(|brand| at(8, brand)))
}

/// Programs, packed files and sound, that have no text to read.
fn is_known_binary(head: &[u8]) -> bool {
    [
        &b"\x7fELF"[..],
        b"MZ",
        b"Rar!\x1a",
        b"7z\xbc\xaf\x27\x1c",
        b"BZh",
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
        b"ID3",
        b"OggS",
        b"fLaC",
        b"SQLite format 3\0",
        b"\0asm",
    ]
    .iter()
    .any(|magic| head.starts_with(magic) && (magic.len() > 2 || head.contains(&0)))
        || head.get(4..8) == Some(b"ftyp")
}

/// The beginning in lower case, without a byte order mark, NULs (two-byte letters) and white space before it.
fn plain_head(head: &[u8]) -> String {
    head.iter()
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect::<String>()
        .trim_start()
        .to_owned()
}

fn is_html(text: &str) -> bool {
    let starts = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<script",
        "<table",
        "<div",
        "<p>",
        "<meta",
    ];
    if starts.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    let after_comment = text.starts_with("<!--") || text.starts_with("<?xml");
    after_comment && (text.contains("<html") || text.contains("<!doctype html"))
}

/// The first lines are header fields, and one of them is a field that only a message has.
fn is_mail(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut has_own_field = false;
    let mut n_fields = 0;
    for (number, line) in text.lines().enumerate() {
        if number == 0 && line.starts_with("From ") {
            continue;
        }
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && n_fields > 0 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            // The last line may be cut off.
            return has_own_field && n_fields >= 2 && number > 3;
        };
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !is_name {
            return false;
        }
        n_fields += 1;
        let name = name.to_ascii_lowercase();
        has_own_field |= matches!(
            name.as_str(),
            "received"
                | "message-id"
                | "mime-version"
                | "return-path"
                | "delivered-to"
                | "content-type"
                | "dkim-signature"
                | "x-mailer"
                | "in-reply-to"
                | "references"
                | "content-transfer-encoding"
        );
    }
    has_own_field && n_fields >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], kind: FileKind) {
        assert_eq!(of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn the_content_decides() {
        check(b"%PDF-1.4\n", FileKind::Pdf);
        check(b"PK\x03\x04rest", FileKind::Zip);
        check(b"{\\rtf1\\ansi x}", FileKind::RichText);
        check(b"\x89PNG\r\n\x1a\n", FileKind::Picture);
        check(b"\xef\xbb\xbf <!DOCTYPE HTML><p>", FileKind::Html);
        check(b"<?xml version=\"1.0\"?><a/>", FileKind::Xml);
        check(b"MZ\0\0", FileKind::Unknown);
        check(
            b"From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n\r\nx",
            FileKind::Mail,
        );
    }

    #[test]
    fn a_text_that_looks_a_little_like_something_else_is_text() {
        check(b"naam;bsn\nJan;1\n", FileKind::Text);
        check(b"Van: Jan\nAan: Piet\nOnderwerp: x\n\nHoi", FileKind::Text);
        check(b"From: Jan\nTo: Piet\nSubject: x\n\nHoi", FileKind::Text);
        check(b"MZ is een afkorting", FileKind::Text);
        check(
            b"De eerste bytes zijn %PDF- en dan een nummer",
            FileKind::Text,
        );
        check(b"", FileKind::Text);
    }
}

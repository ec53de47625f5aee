//! Whether the content of a file is what its type or its name says. Two readers that take a file for two kinds would
//! see two texts, so one that says something else is refused.

use waarborg_files::FileKind;

/// What a text may call itself behind `text/`.
const TEXTS: [&str; 14] = [
    "plain",
    "html",
    "xml",
    "csv",
    "tab-separated-values",
    "markdown",
    "x-markdown",
    "css",
    "javascript",
    "x-python",
    "x-script.python",
    "x-sql",
    "yaml",
    "x-log",
];

/// Whether a file of this kind may call itself by this media type.
pub(super) fn is_called(kind: FileKind, media_type: &str) -> bool {
    const OFFICE: &str = "application/vnd.openxmlformats-officedocument.";
    let media_type = media_type.to_ascii_lowercase();
    let is_office = |rest: &str| media_type.strip_prefix(OFFICE) == Some(rest);
    if media_type == "application/octet-stream" {
        return kind != FileKind::Picture;
    }
    match kind {
        FileKind::Picture => matches!(
            media_type.as_str(),
            "image/png" | "image/jpeg" | "image/jpg" | "image/gif" | "image/webp"
        ),
        FileKind::Pdf => media_type == "application/pdf",
        FileKind::Word => is_office("wordprocessingml.document"),
        FileKind::Workbook => is_office("spreadsheetml.sheet"),
        FileKind::Presentation => is_office("presentationml.presentation"),
        FileKind::OpenDocument => {
            let rest = media_type.strip_prefix("application/vnd.oasis.opendocument.");
            matches!(rest, Some("text" | "spreadsheet" | "presentation"))
        }
        FileKind::RichText => matches!(media_type.as_str(), "application/rtf" | "text/rtf"),
        FileKind::Text | FileKind::Html | FileKind::Xml | FileKind::Mail => {
            media_type
                .strip_prefix("text/")
                .is_some_and(|text| TEXTS.contains(&text))
                || matches!(
                    media_type.as_str(),
                    "application/json"
                        | "application/xml"
                        | "application/yaml"
                        | "application/x-yaml"
                        | "application/csv"
                        | "application/x-ndjson"
                        | "application/javascript"
                        | "message/rfc822"
                )
        }
        _ => false,
    }
}

/// Whether a file of this kind may have this name; a name without an ending that we know says nothing.
pub(super) fn is_named(kind: FileKind, name: &str) -> bool {
    const TEXT_KINDS: &[FileKind] = &[
        FileKind::Text,
        FileKind::Html,
        FileKind::Xml,
        FileKind::Mail,
    ];
    let Some((_, ending)) = name.trim().rsplit_once('.') else {
        return true;
    };
    let kinds: &[FileKind] = match ending.to_ascii_lowercase().as_str() {
        "pdf" => &[FileKind::Pdf],
        "docx" => &[FileKind::Word],
        "xlsx" => &[FileKind::Workbook],
        "pptx" => &[FileKind::Presentation],
        "odt" | "ods" | "odp" => &[FileKind::OpenDocument],
        "rtf" => &[FileKind::RichText],
        "png" | "jpg" | "jpeg" | "gif" | "webp" => &[FileKind::Picture],
        "txt" | "md" | "csv" | "tsv" | "json" | "xml" | "html" | "htm" | "eml" | "yaml" | "yml"
        | "log" => TEXT_KINDS,
        _ => return true,
    };
    kinds.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_not_say_that_it_is_another() {
        assert!(is_called(FileKind::Pdf, "application/PDF"));
        assert!(!is_called(FileKind::Html, "application/pdf"));
        assert!(!is_called(FileKind::Pdf, "image/png"));
        assert!(!is_called(FileKind::Picture, "application/octet-stream"));
        assert!(is_called(FileKind::Html, "text/plain"));
        assert!(!is_called(FileKind::Unknown, "text/plain"));
        assert!(is_named(FileKind::Word, "brief.DOCX"));
        assert!(is_named(FileKind::Word, "brief"));
        assert!(is_named(FileKind::Word, "brief.v2"));
        assert!(!is_named(FileKind::Pdf, "brief.docx"));
    }
}

//! Letters as a PDF, to keep and to print: their text in two fonts that every reader of PDF has, and nothing else.

mod font;

use std::fmt::Write as _;

use waarborg_usecase::casework::{Letter, Line};

use font::{Codes, Weight};

/// A letter has a sign that the fonts do not have; it is on the page, and can be printed from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unwritable(pub(crate) char);

// A4, in points of 1/72 inch.
const WIDTH: u32 = 595;
const HEIGHT: u32 = 842;
const MARGIN: u32 = 71;
const BOTTOM: u32 = 76;
const INDENT: u32 = 12;

/// How a line of a letter stands on the page.
struct Style {
    weight: Weight,
    size: u32,
    before: u32,
    leading: u32,
    bullet: &'static str,
}

const TITLE: Style = Style {
    weight: Weight::Bold,
    size: 15,
    before: 0,
    leading: 20,
    bullet: "",
};
const HEADING: Style = Style {
    weight: Weight::Bold,
    size: 11,
    before: 10,
    leading: 16,
    bullet: "",
};
const TEXT: Style = Style {
    weight: Weight::Regular,
    size: 10,
    before: 5,
    leading: 14,
    bullet: "",
};
const ITEM: Style = Style {
    bullet: "–",
    before: 3,
    ..TEXT
};

/// Text at a place of a page.
struct Placed {
    x: u32,
    y: u32,
    weight: Weight,
    size: u32,
    text: String,
}

/// The letters in one document, the newest first, each on a page of its own.
///
/// # Errors
///
/// [`Unwritable`] with the first sign that the fonts do not have.
pub(crate) fn of(title: &str, letters: &[Letter]) -> Result<Vec<u8>, Unwritable> {
    let mut pages: Vec<Vec<Placed>> = Vec::new();
    for letter in letters.iter().rev() {
        pages.extend(laid_out(letter));
    }
    let n_pages = pages.len();
    for (nth, page) in (1..).zip(&mut pages) {
        page.push(Placed {
            x: MARGIN,
            y: MARGIN / 2,
            weight: Weight::Regular,
            size: 8,
            text: format!("{} – {nth} / {n_pages}", font::plain(title)),
        });
    }
    let mut codes = Codes::default();
    let mut contents = Vec::with_capacity(pages.len());
    for page in &pages {
        let mut content = String::new();
        for placed in page {
            let _ = write!(
                content,
                "BT /{} {} Tf {} {} Td <",
                placed.weight.name(),
                placed.size,
                placed.x,
                placed.y
            );
            for sign in placed.text.chars() {
                let code = codes.of(sign).ok_or(Unwritable(sign))?;
                let _ = write!(content, "{code:02x}");
            }
            content.push_str("> Tj ET\n");
        }
        contents.push(content);
    }
    let language = letters.last().map_or("nl", |letter| &letter.language);
    Ok(written(title, language, &codes, &contents))
}

/// The lines of a letter, each in its place, page by page.
fn laid_out(letter: &Letter) -> Vec<Vec<Placed>> {
    let mut pages = vec![Vec::new()];
    let mut y = HEIGHT - MARGIN;
    for (nth, line) in letter.lines.iter().enumerate() {
        let (style, text) = match line {
            Line::Heading(text) if nth == 0 => (&TITLE, text),
            Line::Heading(text) => (&HEADING, text),
            Line::Text(text) => (&TEXT, text),
            Line::Item(text) => (&ITEM, text),
        };
        let indent = if style.bullet.is_empty() { 0 } else { INDENT };
        let room = WIDTH - 2 * MARGIN - indent;
        y = y.saturating_sub(style.before);
        let mut bullet = style.bullet;
        for row in text.lines().flat_map(|part| rows(part, style, room)) {
            if y < BOTTOM + style.leading {
                pages.push(Vec::new());
                y = HEIGHT - MARGIN;
            }
            y -= style.leading;
            let Some(page) = pages.last_mut() else { break };
            let placed = |x, text| Placed {
                x,
                y,
                weight: style.weight,
                size: style.size,
                text,
            };
            if !bullet.is_empty() {
                page.push(placed(MARGIN, bullet.to_owned()));
                bullet = "";
            }
            page.push(placed(MARGIN + indent, row));
        }
    }
    pages
}

/// A text cut into rows that fit.
fn rows(text: &str, style: &Style, room: u32) -> Vec<String> {
    let fits = |row: &str| font::width(row, style.weight) * style.size <= room * 1000;
    let mut rows = Vec::new();
    let mut row = String::new();
    for word in font::plain(text).split_whitespace() {
        let longer = format!("{row} {word}");
        if !row.is_empty() && fits(&longer) {
            row = longer;
            continue;
        }
        if !row.is_empty() {
            rows.push(std::mem::take(&mut row));
        }
        for sign in word.chars() {
            row.push(sign);
            if !fits(&row) {
                // A word that fills more than a row goes on in the next.
                row.pop();
                rows.push(std::mem::take(&mut row));
                row.push(sign);
            }
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

/// The document: what it is, its pages, its fonts, and where each of them stands.
fn written(title: &str, language: &str, codes: &Codes, contents: &[String]) -> Vec<u8> {
    let n_first = 8;
    let kids: Vec<String> = (0..contents.len())
        .map(|nth| format!("{} 0 R", n_first + 2 * nth))
        .collect();
    let of_font = |weight: Weight| {
        format!(
            "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding 5 0 R /ToUnicode 6 0 R >>",
            weight.font()
        )
    };
    let stream = |text: &str| format!("<< /Length {} >>\nstream\n{text}endstream", text.len());
    let mut objects = vec![
        format!(
            "<< /Type /Catalog /Pages 2 0 R /Lang ({}) /ViewerPreferences << /DisplayDocTitle true >> >>",
            if language == "en" { "en" } else { "nl" }
        ),
        format!(
            "<< /Type /Pages /Count {} /Kids [{}] >>",
            contents.len(),
            kids.join(" ")
        ),
        of_font(Weight::Regular),
        of_font(Weight::Bold),
        format!(
            "<< /Type /Encoding /Differences [1 {}] >>",
            codes.names().join(" ")
        ),
        stream(&codes.to_unicode()),
        format!("<< /Title <feff{}> >>", font::as_utf16(title)),
    ];
    for (nth, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {} 0 R \
             /Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>",
            n_first + 2 * nth + 1
        ));
        objects.push(stream(content));
    }

    let mut document = String::from("%PDF-1.4\n");
    let mut places = Vec::with_capacity(objects.len());
    for (number, object) in (1..).zip(&objects) {
        places.push(document.len());
        let _ = writeln!(document, "{number} 0 obj\n{object}\nendobj");
    }
    let table = document.len();
    let n = objects.len() + 1;
    let _ = writeln!(document, "xref\n0 {n}\n0000000000 65535 f ");
    for place in places {
        let _ = writeln!(document, "{place:010} 00000 n ");
    }
    let _ = writeln!(
        document,
        "trailer\n<< /Size {n} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{table}\n%%EOF"
    );
    document.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(lines: &[Line]) -> Letter {
        Letter {
            language: "nl".into(),
            lines: lines.to_vec(),
        }
    }

    #[test]
    fn a_letter_is_laid_out_over_pages_and_every_object_is_where_the_table_says() {
        let mut lines = vec![Line::Heading("Antwoord".into())];
        for nth in 0..120 {
            lines.push(Line::Text(format!(
                "Regel {nth}: één €-teken, “aanhaling”, Łukasz Şahin en nog wat woorden om de regel vol te maken tot voorbij zijn einde."
            )));
            lines.push(Line::Item("x".repeat(300)));
        }
        let document = of("Brieven bij WB-1", &[letter(&lines)]).unwrap();
        let text = String::from_utf8(document).unwrap();
        assert!(text.starts_with("%PDF-1.4\n") && text.ends_with("%%EOF\n"));
        let table: usize = text
            .rsplit("startxref\n")
            .next()
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(text.get(table..).unwrap().starts_with("xref\n"));
        let after = text.get(table..).unwrap();
        let places = after.lines().filter(|line| line.ends_with(" 00000 n "));
        let mut n = 0;
        for (number, line) in (1..).zip(places) {
            let place: usize = line.get(..10).unwrap().parse().unwrap();
            assert!(
                text.get(place..)
                    .unwrap()
                    .starts_with(&format!("{number} 0 obj\n"))
            );
            n += 1;
        }
        assert!(n > 11, "more than two pages: {n} objects");
        for name in ["/Lslash", "/Scedilla", "/Euro", "/eacute", "/quotedblleft"] {
            assert!(text.contains(name), "{name}");
        }
    }

    #[test]
    fn what_the_fonts_do_not_have_is_said_and_not_left_out() {
        let greek = letter(&[Line::Text("Αρχή".into())]);
        assert_eq!(of("x", &[greek]), Err(Unwritable('Α')));
        let isolated = letter(&[Line::Text("\u{2068}Jan\u{2069}\u{a0}\u{ad}Piet".into())]);
        assert!(of("x", &[isolated]).is_ok());
    }

    #[test]
    fn no_row_is_wider_than_its_room() {
        let text = "woord ".repeat(80) + &"M".repeat(200);
        for row in rows(&text, &TEXT, 300) {
            assert!(font::width(&row, Weight::Regular) * TEXT.size <= 300_000);
        }
    }
}

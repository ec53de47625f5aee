//! A notice as Markdown, HTML and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::words::Words;
use super::{Block, Notice, OPEN, Section, Statement};
use crate::register::Address;

impl Notice {
    /// The notice as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let open = format!("*[{}]*", self.open_words());
        let mut text = format!("# {}\n\n", self.title);
        if let Some(fallback) = &self.fallback {
            let _ = writeln!(text, "{fallback}\n");
        }
        for line in &self.five_lines {
            let _ = writeln!(text, "- {}", line.text);
        }
        for section in &self.sections {
            let _ = writeln!(text, "\n## {}\n", section.title);
            let blocks: Vec<String> = section.blocks.iter().map(markdown).collect();
            text.push_str(&blocks.join("\n"));
        }
        text.replace(OPEN, &open)
    }

    /// The sections as HTML, without page around them; every statement names its rules in `data-rule`.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        if let Some(fallback) = &self.fallback {
            let _ = writeln!(html, "<p class=\"fallback\">{}</p>", escaped(fallback));
        }
        html.push_str("<ul class=\"five-lines\">");
        html.push_str(&items(&self.five_lines));
        html.push_str("</ul>\n");
        for section in &self.sections {
            html.push_str(&section_html(section));
        }
        html.replace(
            OPEN,
            &format!("<em class=\"open\">[{}]</em>", escaped(&self.open_words())),
        )
    }

    /// The notice as a page that stands alone.
    #[must_use]
    pub fn to_html_page(&self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n\
             <body><main>\n<h1>{title}</h1>\n{}</main></body>\n</html>\n",
            self.language,
            self.to_html(),
            title = escaped(&self.title),
        )
    }

    /// The notice as JSON, with the rules of every statement.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let open = format!("[{}]", self.open_words());
        let statement = |statement: &Statement| {
            let foreign = statement
                .pieces()
                .into_iter()
                .filter_map(|(language, text)| {
                    Some(json!({ "language": language?, "text": text }))
                });
            let text = statement.text.replace(OPEN, &open);
            let foreign: Vec<Value> = foreign.collect();
            if foreign.is_empty() {
                json!({ "text": text, "rules": statement.rules })
            } else {
                json!({ "text": text, "rules": statement.rules, "foreign": foreign })
            }
        };
        let block = |block: &Block| match block {
            Block::Line(line) => json!({ "line": statement(line) }),
            Block::List(lines) => {
                json!({ "list": lines.iter().map(statement).collect::<Vec<_>>() })
            }
            Block::Table { head, rows } => json!({
                "head": head,
                "rows": rows.iter().map(|row| row.iter().map(statement).collect::<Vec<_>>()).collect::<Vec<_>>(),
            }),
        };
        let sections = self.sections.iter().map(|section| {
            json!({
                "id": section.id,
                "title": section.title,
                "blocks": section.blocks.iter().map(block).collect::<Vec<_>>(),
            })
        });

        json!({
            "title": self.title.replace(OPEN, &open),
            "version": self.version,
            "language": self.language,
            "controller": self.controller,
            "at": self.at.to_string(),
            "published": self.published.map(|day| day.to_string()),
            "effective": self.effective.map(|day| day.to_string()),
            "open": self.is_open(),
            "fallback": self.fallback,
            "five_lines": self.five_lines.iter().map(statement).collect::<Vec<_>>(),
            "sections": sections.collect::<Vec<_>>(),
        })
    }

    fn open_words(&self) -> String {
        Words::of(self.language, Address::Formal).say("open")
    }
}

fn markdown(block: &Block) -> String {
    match block {
        Block::Line(line) => format!("{}\n", line.text),
        Block::List(lines) => lines.iter().fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "- {}", line.text);
            text
        }),
        Block::Table { head, rows } => {
            let cell = |text: &str| text.replace('|', "\\|");
            let mut text = format!(
                "| {} |\n|{}\n",
                head.join(" | "),
                " --- |".repeat(head.len())
            );
            for row in rows {
                let cells: Vec<String> =
                    row.iter().map(|statement| cell(&statement.text)).collect();
                let _ = writeln!(text, "| {} |", cells.join(" | "));
            }
            text
        }
    }
}

fn section_html(section: &Section) -> String {
    let id = escaped(&section.id);
    let mut html = format!(
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\"{}>{}</h2>\n",
        section
            .title_language
            .map_or_else(String::new, |language| format!(" lang=\"{language}\"")),
        escaped(&section.title)
    );
    for block in &section.blocks {
        match block {
            Block::Line(line) => {
                let _ = writeln!(html, "<p{}>{}</p>", rules(line), said(line));
            }
            Block::List(lines) => {
                let _ = writeln!(html, "<ul>{}</ul>", items(lines));
            }
            Block::Table { head, rows } => html.push_str(&table_html(section, head, rows)),
        }
    }
    html.push_str("</section>\n");
    html
}

fn table_html(section: &Section, head: &[String], rows: &[Vec<Statement>]) -> String {
    let id = escaped(&section.id);
    let mut html = format!(
        "<div class=\"scroller\" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\"><table><thead><tr>"
    );
    for title in head {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escaped(title));
    }
    html.push_str("</tr></thead><tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            let (tag, scope) = if index == 0 {
                ("th", " scope=\"row\"")
            } else {
                ("td", "")
            };
            let _ = write!(html, "<{tag}{scope}{}>{}</{tag}>", rules(cell), said(cell));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    html
}

fn items(lines: &[Statement]) -> String {
    lines.iter().fold(String::new(), |mut html, line| {
        let _ = writeln!(html, "<li{}>{}</li>", rules(line), said(line));
        html
    })
}

/// The words; what is in another language says so, for who has them read aloud.
fn said(statement: &Statement) -> String {
    let pieces = statement.pieces().into_iter();
    pieces
        .map(|(language, text)| match language {
            Some(language) => format!("<span lang=\"{language}\">{}</span>", escaped(text)),
            None => escaped(text),
        })
        .collect()
}

fn rules(statement: &Statement) -> String {
    if statement.rules.is_empty() {
        String::new()
    } else {
        format!(" data-rule=\"{}\"", escaped(&statement.rules.join(" ")))
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

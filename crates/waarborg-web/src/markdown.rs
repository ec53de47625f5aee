//! Reads the small part of Markdown that answers use; the result can hold nothing that acts.
//!
//! A model's answer is hostile input. It becomes a tree of a few harmless kinds of nodes, which
//! the server turns into HTML and the browser's script into elements. There are no images, no
//! HTML and no attributes; a link names its host and goes to `http`, `https` or `mailto` only.
//! Reading takes time in proportion to the text.

mod block;
#[cfg(test)]
mod hostile;
mod inline;
mod link;

use maud::{Markup, html};
use serde::Serialize;

/// A block of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Block {
    /// A paragraph.
    P {
        /// What it says.
        c: Vec<Inline>,
    },
    /// A heading; the level is that of the text, 1 to 6.
    H {
        /// The level.
        level: u8,
        /// What it says.
        c: Vec<Inline>,
    },
    /// A list.
    List {
        /// The number of the first item of a numbered list.
        start: Option<u32>,
        /// The items.
        items: Vec<Vec<Inline>>,
    },
    /// A block of code, as it stands.
    Code {
        /// The text.
        text: String,
    },
    /// A quotation.
    Quote {
        /// What it says.
        c: Vec<Inline>,
    },
    /// A table.
    Table {
        /// The heads of the columns.
        head: Vec<Vec<Inline>>,
        /// The rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A line between parts.
    Rule,
}

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Inline {
    /// Plain text.
    Text {
        /// The text.
        s: String,
    },
    /// Strong emphasis.
    Strong {
        /// What is inside.
        c: Vec<Inline>,
    },
    /// Emphasis.
    Em {
        /// What is inside.
        c: Vec<Inline>,
    },
    /// Code.
    Code {
        /// The text.
        s: String,
    },
    /// A link that shows where it goes.
    Link {
        /// What the answer calls it.
        s: String,
        /// The address.
        href: String,
        /// The host, or the mail address, which is always shown.
        host: String,
    },
    /// A new line.
    Br,
}

/// Reads an answer.
#[must_use]
pub fn read(text: &str) -> Vec<Block> {
    block::read(text)
}

/// An answer as HTML.
#[must_use]
pub fn show(blocks: &[Block]) -> Markup {
    html! { @for block in blocks { (show_block(block)) } }
}

fn show_block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::P { c } => { p { (show_inline(c)) } }
            Block::H { level, c } => {
                @match level { 1 | 2 => { h2 { (show_inline(c)) } } 3 => { h3 { (show_inline(c)) } } _ => { h4 { (show_inline(c)) } } }
            }
            Block::List { start: Some(start), items } => { ol start=(start) { (show_items(items)) } }
            Block::List { start: None, items } => { ul { (show_items(items)) } }
            Block::Code { text } => { pre tabindex="0" { code { (text) } } }
            Block::Quote { c } => { blockquote { p { (show_inline(c)) } } }
            Block::Table { head, rows } => {
                div.scroller tabindex="0" {
                    table {
                        thead { tr { @for cell in head { th scope="col" { (show_inline(cell)) } } } }
                        tbody { @for row in rows { tr { @for cell in row { td { (show_inline(cell)) } } } } }
                    }
                }
            }
            Block::Rule => { hr; }
        }
    }
}

fn show_items(items: &[Vec<Inline>]) -> Markup {
    html! { @for item in items { li { (show_inline(item)) } } }
}

fn show_inline(pieces: &[Inline]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Inline::Text { s } => { (s) }
                Inline::Strong { c } => { strong { (show_inline(c)) } }
                Inline::Em { c } => { em { (show_inline(c)) } }
                Inline::Code { s } => { code { (s) } }
                Inline::Link { s, href, host } => {
                    a href=(href) rel="noreferrer noopener nofollow" target="_blank" {
                        (s) @if s != host { span.host { " (" (host) ")" } }
                    }
                }
                Inline::Br => { br; }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(show(&read(text)).into_string(), expected, "{text:?}");
    }

    #[test]
    fn ordinary_answers_look_as_meant() {
        check(
            "Hallo **Jan**, dit is *fijn*.",
            "<p>Hallo <strong>Jan</strong>, dit is <em>fijn</em>.</p>",
        );
        check("# Titel\ntekst", "<h2>Titel</h2><p>tekst</p>");
        check("- een\n- twee", "<ul><li>een</li><li>twee</li></ul>");
        check("3. c\n4. d", "<ol start=\"3\"><li>c</li><li>d</li></ol>");
        check("`a<b`", "<p><code>a&lt;b</code></p>");
        check(
            "```rust\nlet a = 1;\n\n# b\n```\nna",
            "<pre tabindex=\"0\"><code>let a = 1;\n\n# b</code></pre><p>na</p>",
        );
        check(
            "> quote\n> more",
            "<blockquote><p>quote more</p></blockquote>",
        );
        check("een\ntwee  \ndrie", "<p>een twee<br>drie</p>");
        check("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>");
        check(
            "snake_case_name en 2 * 3 * 4",
            "<p>snake_case_name en 2 * 3 * 4</p>",
        );
        check(r"\*geen nadruk\*", "<p>*geen nadruk*</p>");
    }

    #[test]
    fn a_table_keeps_its_columns() {
        check(
            "| a | b |\n|---|---|\n| 1 | **2** |\n| 3 |",
            "<div class=\"scroller\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead>\
             <tbody><tr><td>1</td><td><strong>2</strong></td></tr><tr><td>3</td><td></td></tr></tbody></table></div>",
        );
    }

    #[test]
    fn a_surrogate_in_brackets_stays_text() {
        check("Dag [PERSOON_4172](x).", "<p>Dag [PERSOON_4172](x).</p>");
        check(
            "**[PERSOON_4172]**",
            "<p><strong>[PERSOON_4172]</strong></p>",
        );
    }

    #[test]
    fn a_link_shows_its_host() {
        check(
            "[klik](https://voorbeeld.nl/a?b=1)",
            "<p><a href=\"https://voorbeeld.nl/a?b=1\" rel=\"noreferrer noopener nofollow\" target=\"_blank\">klik<span class=\"host\"> (voorbeeld.nl)</span></a></p>",
        );
        check(
            "zie https://voorbeeld.nl/x.",
            "<p>zie <a href=\"https://voorbeeld.nl/x\" rel=\"noreferrer noopener nofollow\" target=\"_blank\">https://voorbeeld.nl/x<span class=\"host\"> (voorbeeld.nl)</span></a>.</p>",
        );
    }

    #[test]
    fn nothing_in_an_answer_acts_or_loads() {
        for hostile in [
            "![a](https://evil.example/x.png)",
            "<img src=x onerror=alert(1)>",
            "<script>alert(1)</script>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](data:text/html,x)",
            "[a](https://goed.nl@evil.example/)",
            "[a](https://gоed.nl/)",
            "[a](//evil.example/)",
            "[a](https://evil.example\\@goed.nl/)",
            "![a][b]\n\n[b]: https://evil.example/x.png",
            "<https://evil.example\" onclick=alert(1)>",
            "[a](https:evil.example)",
            "<svg/onload=alert(1)>",
            "`</code><script>`",
            "```\n</pre><script>alert(1)</script>",
        ] {
            let shown = show(&read(hostile)).into_string();
            for forbidden in [
                "<img",
                "<script",
                "<svg",
                "src=",
                "href=\"j",
                "href=\"d",
                "href=\"/",
                "onclick=a\"",
                "goed.nl\"",
            ] {
                let bare = shown
                    .replace("&lt;", "")
                    .replace("&gt;", "")
                    .replace("src=x", "");
                assert!(!bare.contains(forbidden), "{hostile:?} gives {shown}");
            }
        }
    }

    #[test]
    fn a_hostile_answer_takes_time_in_proportion() {
        for piece in [
            "*", "[", "`", "**a", "[a](", "> ", "- ", "| ", "![", "_a_", "http://", "\\", "# ",
            "```\n",
        ] {
            let text = piece.repeat(200_000 / piece.len());
            let blocks = read(&text);
            assert!(blocks.len() <= 200_000, "{piece}");
        }
    }
}

//! Follows a text and says whether a person who reads it shown as a page would not see the present place: a comment,
//! an element without looks, the title of a definition.
//!
//! A value restored there would reach programs and pages, and nobody would notice.

use alloc::string::{String, ToString as _};

/// As much of a tag as is looked at; a longer one hides what is in it.
const MAX_TAG: usize = 4096;

/// Where we are, as far as what is shown goes.
#[derive(Clone, Debug, Default)]
pub(super) struct HiddenTracker {
    state: State,
    /// What stands behind `<`, in small letters.
    tag: String,
    /// The tag is longer than is looked at.
    is_long: bool,
    /// The quote around the value of an attribute.
    quote: Option<char>,
    /// The last three characters, newest last.
    recent: [char; 3],
    element: Option<Element>,
    code: Code,
    definition: Definition,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    Tag,
    /// Of so many characters so far.
    Comment(usize),
    /// `<!x`, `<?x` or `<![CDATA[`, until what ends it.
    Declaration(&'static str),
}

/// An element that is not shown, until it ends.
#[derive(Clone, Debug)]
struct Element {
    name: String,
    depth: usize,
}

/// Code of Markdown, in which tags are words.
#[derive(Clone, Debug, Default)]
struct Code {
    /// The sign of the present run and its length.
    run: Option<(char, usize)>,
    /// The run stands at the begin of a line.
    is_at_begin: bool,
    /// A block goes on until a line with such a run.
    fence: Option<(char, usize)>,
    /// A span goes on until a run of this length.
    span: Option<usize>,
    /// Only blanks so far on this line, at most three.
    line: Line,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    #[default]
    Begin,
    Blanks(usize),
    Inside,
}

/// A definition of a link, which no page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Definition {
    #[default]
    LineBegin,
    Blanks(usize),
    Label,
    BehindLabel,
    BeforeDestination,
    Destination,
    BeforeTitle,
    /// On the line behind the destination.
    BeforeTitleBelow,
    /// Until this sign.
    Title(char),
    /// At the begin of another line of it.
    TitleBelow(char),
    No,
}

impl HiddenTracker {
    /// Whether what stands here is not shown.
    pub(super) fn inside(&self) -> bool {
        let is_state = matches!(self.state, State::Comment(_) | State::Declaration(_));
        let is_title = matches!(
            self.definition,
            Definition::Title(_) | Definition::TitleBelow(_)
        );
        is_state || self.element.is_some() || is_title
    }

    /// A value stands here now in place of what was read: the line begins with no definition.
    pub(super) fn restored(&mut self) {
        self.definition = Definition::No;
    }

    /// Takes the next character of the text.
    pub(super) fn take(&mut self, next: char) {
        let is_in_code = self.code.span.is_some();
        if is_in_code || (self.element.is_none() && self.state == State::Text) {
            self.follow_code(next);
        }
        self.definition = self.definition.after(next);
        match self.state {
            State::Text if next == '<' && self.code.fence.is_none() => self.begin_tag(),
            State::Text => {}
            State::Tag => self.in_tag(next),
            State::Comment(n) => {
                let [_, before_last, last] = self.recent;
                let ends = match n {
                    0 => true,
                    1 => last == '-',
                    _ => (before_last, last) == ('-', '-') || self.recent == ['-', '-', '!'],
                };
                self.state = if next == '>' && ends {
                    State::Text
                } else {
                    State::Comment(n + 1)
                };
            }
            State::Declaration(end) => {
                let [_, before_last, last] = self.recent;
                let mut tail = [before_last, last, next].into_iter().rev();
                if end.chars().rev().all(|sign| tail.next() == Some(sign)) {
                    self.state = State::Text;
                }
            }
        }
        let [_, before_last, last] = self.recent;
        self.recent = [before_last, last, next];
    }

    fn begin_tag(&mut self) {
        self.state = State::Tag;
        self.tag.clear();
        self.is_long = false;
        self.quote = None;
    }

    #[expect(clippy::match_same_arms, reason = "in the order in which it is read")]
    fn in_tag(&mut self, next: char) {
        let begins = self.tag.is_empty();
        if begins && !(next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?' | '<')) {
            self.state = State::Text;
            return;
        }
        if next == '<'
            && (begins || self.quote.is_none() && self.tag.ends_with(char::is_whitespace))
        {
            return self.begin_tag();
        }
        match self.quote {
            Some(quote) if quote == next => self.quote = None,
            Some(_) => {}
            None if next == '>' => return self.end_tag(),
            None if matches!(next, '"' | '\'') && self.tag.trim_end().ends_with('=') => {
                self.quote = Some(next);
            }
            // Two ends of lines are no part of a tag that anybody meant.
            None if next == '\n' && self.tag.ends_with('\n') => {
                self.state = State::Text;
                return;
            }
            None => {}
        }
        if self.tag.len() < MAX_TAG {
            self.tag.extend(next.to_lowercase());
        } else {
            self.is_long = true;
        }
        self.state = match self.tag.as_str() {
            "!--" => State::Comment(0),
            "![cdata[" => State::Declaration("]]>"),
            tag if tag.starts_with('?') => State::Declaration("?>"),
            tag if tag.starts_with('!')
                && !"!--".starts_with(tag)
                && !"![cdata[".starts_with(tag) =>
            {
                State::Declaration(">")
            }
            _ => State::Tag,
        };
    }

    fn end_tag(&mut self) {
        self.state = State::Text;
        let is_end = self.tag.starts_with('/');
        let inner = self.tag.trim_start_matches('/');
        let len = inner
            .find(|sign: char| sign.is_whitespace() || sign == '/')
            .unwrap_or(inner.len());
        let (name, attributes) = inner.split_at_checked(len).unwrap_or((inner, ""));
        if let Some(element) = &mut self.element {
            if element.name == name {
                element.depth = if is_end {
                    element.depth - 1
                } else {
                    element.depth + 1
                };
            }
            if element.depth == 0 {
                self.element = None;
            }
            return;
        }
        let has_content = !is_end && !VOID.contains(&name);
        let is_hidden = UNSHOWN.contains(&name) || self.is_long || hide(attributes);
        if has_content && is_hidden {
            self.element = Some(Element {
                name: name.to_string(),
                depth: 1,
            });
        }
    }

    /// Code is text. What began in a span of code and does not end in it never began.
    fn follow_code(&mut self, next: char) {
        if self.code.take(next) {
            self.element = None;
            self.state = State::Text;
        }
    }
}

impl Code {
    /// Takes the next character, and says whether a span of code ended before it.
    fn take(&mut self, next: char) -> bool {
        let mut has_ended = false;
        match self.run {
            Some((sign, n)) if sign == next => {
                self.run = Some((sign, n + 1));
                return false;
            }
            Some((sign, n)) => {
                self.run = None;
                has_ended = self.end_run(sign, n, next);
            }
            None => {}
        }
        if next == '\n' && self.line != Line::Inside {
            // No span goes on behind an empty line.
            self.span = None;
        }
        if matches!(next, '`' | '~') {
            self.is_at_begin = self.line != Line::Inside;
            self.run = Some((next, 1));
        }
        self.line = match (self.line, next) {
            (_, '\n') => Line::Begin,
            (Line::Begin, ' ') => Line::Blanks(1),
            (Line::Blanks(n), ' ') if n < 3 => Line::Blanks(n + 1),
            _ => Line::Inside,
        };
        has_ended
    }

    /// A run of signs of code is over; whether it ended a span.
    fn end_run(&mut self, sign: char, n: usize, next: char) -> bool {
        const SHORTEST_FENCE: usize = 3;
        match self.fence {
            Some((fence, length)) => {
                let closes =
                    self.is_at_begin && sign == fence && n >= length && next.is_whitespace();
                if closes {
                    self.fence = None;
                }
                false
            }
            None if self.span.is_none() && self.is_at_begin && n >= SHORTEST_FENCE => {
                self.fence = Some((sign, n));
                false
            }
            None if sign == '`' => {
                let closes = self.span == Some(n);
                self.span = match self.span {
                    Some(_) if closes => None,
                    None => Some(n),
                    other => other,
                };
                closes
            }
            None => false,
        }
    }
}

impl Definition {
    #[expect(clippy::match_same_arms, reason = "in the order in which it is read")]
    fn after(self, next: char) -> Definition {
        match (self, next) {
            (Definition::LineBegin, ' ') => Definition::Blanks(1),
            (Definition::Blanks(n), ' ') if n < 3 => Definition::Blanks(n + 1),
            (Definition::LineBegin | Definition::Blanks(_), '[') => Definition::Label,
            (Definition::Label, ']') => Definition::BehindLabel,
            // A footnote is shown.
            (Definition::Label, '^') => Definition::No,
            (Definition::Label, sign) if sign != '\n' => Definition::Label,
            (Definition::BehindLabel, ':') => Definition::BeforeDestination,
            (Definition::BeforeDestination, ' ' | '\t') => Definition::BeforeDestination,
            (Definition::Destination | Definition::BeforeTitle, '\n') => {
                Definition::BeforeTitleBelow
            }
            (Definition::Destination, ' ' | '\t') => Definition::BeforeTitle,
            (Definition::BeforeTitle | Definition::BeforeTitleBelow, ' ' | '\t') => self,
            (Definition::BeforeDestination | Definition::Destination, sign) if sign != '\n' => {
                Definition::Destination
            }
            (Definition::BeforeTitle | Definition::BeforeTitleBelow, '"' | '\'') => {
                Definition::Title(next)
            }
            (Definition::BeforeTitle | Definition::BeforeTitleBelow, '(') => Definition::Title(')'),
            (Definition::BeforeTitleBelow, '[') => Definition::Label,
            (Definition::Title(end) | Definition::TitleBelow(end), sign) if sign == end => {
                Definition::No
            }
            (Definition::Title(end), '\n') => Definition::TitleBelow(end),
            (Definition::TitleBelow(_), ' ' | '\t') => self,
            (Definition::Title(end) | Definition::TitleBelow(end), sign) if sign != '\n' => {
                Definition::Title(end)
            }
            (_, '\n') => Definition::LineBegin,
            _ => Definition::No,
        }
    }
}

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements of which no page shows the content.
const UNSHOWN: &[&str] = &[
    "script", "style", "template", "head", "title", "noscript", "noframes", "noembed", "iframe",
    "object", "audio", "video", "canvas", "datalist", "metadata", "desc", "defs", "symbol",
];

/// Classes by which the best-known style sheets hide things.
const CLASSES: &[&str] = &[
    "hidden",
    "invisible",
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "d-none",
    "is-hidden",
    "hide",
];

/// Whether one of these attributes hides its element.
fn hide(attributes: &str) -> bool {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '/');
        if rest.is_empty() {
            return false;
        }
        let end = rest
            .find(|sign: char| sign.is_whitespace() || matches!(sign, '=' | '/'))
            .unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (value, behind) = match behind.trim_start().strip_prefix('=') {
            Some(value) => value_of(value.trim_start()),
            None => ("", behind),
        };
        let is_hidden = match name {
            "hidden" => true,
            "style" => style_hides(value),
            "class" => value
                .split_whitespace()
                .any(|class| CLASSES.contains(&class)),
            "width" | "height" => number(value) == Some(0.0),
            _ => false,
        };
        if is_hidden {
            return true;
        }
        // A sign that is no name, such as a lone quote.
        rest = if name.is_empty() && behind.len() == rest.len() {
            let mut signs = behind.chars();
            signs.next();
            signs.as_str()
        } else {
            behind
        };
    }
}

/// The value of an attribute, and what follows.
fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether a style hides. One that says something in a roundabout way is not believed.
#[expect(clippy::match_same_arms, reason = "in the order in which it is read")]
fn style_hides(style: &str) -> bool {
    if style.contains(['&', '\\']) || style.contains("/*") {
        return true;
    }
    style.split(';').any(|declaration| {
        let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
        let value: String = value.chars().filter(|sign| !sign.is_whitespace()).collect();
        let value = value.trim_end_matches("!important");
        let is_tiny = |most: f32| number(value).is_some_and(|number| number.abs() <= most);
        let is_absolute = !value.ends_with("em") && !value.ends_with('%');
        match name.trim() {
            "display" => value == "none",
            "visibility" | "content-visibility" => matches!(value, "hidden" | "collapse"),
            "opacity" | "zoom" => is_tiny(0.1),
            "line-height" => is_tiny(0.1),
            "font-size" => is_tiny(0.1) || (is_tiny(2.0) && is_absolute),
            "font" => value.starts_with('0'),
            "width" | "height" | "max-width" | "max-height" => {
                is_tiny(0.0) || (is_tiny(1.0) && is_absolute)
            }
            "left" | "right" | "top" | "bottom" | "text-indent" | "margin" | "margin-left"
            | "margin-top" => number(value).is_some_and(|number| number.abs() >= 500.0),
            "color" | "-webkit-text-fill-color" => {
                value == "transparent" || value.starts_with("rgba(") && value.ends_with(",0)")
            }
            "clip" => value.starts_with("rect("),
            "clip-path" => value.starts_with("inset(") || value.starts_with("circle(0"),
            "transform" => value.contains("scale(0"),
            "filter" => value.contains("opacity(0"),
            "mask" | "mask-image" => true,
            _ => false,
        }
    })
}

/// The number that a value begins with.
fn number(value: &str) -> Option<f32> {
    let end = value
        .find(|sign: char| !(sign.is_ascii_digit() || matches!(sign, '.' | '-' | '+')))
        .unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    fn check(text: &str, inside: bool) {
        let mut tracker = HiddenTracker::default();
        text.chars().for_each(|next| tracker.take(next));
        assert_eq!(tracker.inside(), inside, "{text:?}");
    }

    #[test]
    fn what_a_page_does_not_show_is_hidden() {
        for text in [
            "tekst <!-- ",
            "<!-- a > b -- c ",
            "<!doctype x ",
            "<?php ",
            "<![CDATA[ ",
            "<script>",
            "<STYLE media=x>a > b ",
            "<template><p>",
            "<div hidden>",
            "<div\nHIDDEN=\"\">",
            "<div style=\"display:none\">",
            "<div style='color:red; DISPLAY : none !important'>",
            "<span style=\"font-size:0\">",
            "<span style=\"font-size:1px\">",
            "<span style=\"opacity:0.0\">",
            "<span style=\"visibility:hidden\"><b>",
            "<p style=\"position:absolute;left:-9999px\">",
            "<p style=\"display:n\\6fne\">",
            "<p style=\"display&#58;none\">",
            "<p style=\"a:b;/**/display:none\">",
            "<p class=\"x sr-only\">",
            "<div hidden><div></div>",
            "<div hidden>`</div",
            "<div title=\"a > b\" hidden>",
            "[//]: # (",
            "[x]: <> \"",
            "een\n\n[r]: /a 'b ",
            "`code` <!--",
            "` <div hidden>",
            "`\n\n<div hidden>x` ",
            "[x]: /a\n \"b\nc ",
            "a < b <!-- ",
            "a <b <!-- ",
        ] {
            check(text, true);
        }
        check(&format!("<div a=\"{}\">", "x".repeat(MAX_TAG)), true);
    }

    #[test]
    fn what_a_page_shows_is_not() {
        for text in [
            "tekst",
            "<!-- a --> ",
            "<!--> ",
            "<!-- a --!> ",
            "<?php ?> ",
            "<script>a</script> ",
            "<div hidden><div></div></div> ",
            "<div>",
            "<p style=\"color:red;overflow:hidden\">",
            "<p style=\"font-size:12px;opacity:0.8;line-height:1.2;width:1em\">",
            "<img hidden> ",
            "<p aria-hidden=\"true\">",
            "<p data-hidden-x=1>",
            "Gebruik `<script>` of `<!--` en ",
            "``<div hidden>`` en ",
            "```html\n<div hidden>",
            "~~~\n<!--\n~~~\n",
            "a < b en c > d ",
            "als x <y dan ",
            "[^1]: a (",
            "[r]: /a 'b' ",
            "[r]: /a\n\n\"b ",
            "[r]: /a 'b\n\nc ",
            "[klant]: Dag meneer ",
            "tekst [x]: # (",
            "1 <2 en ",
        ] {
            check(text, false);
        }
    }

    #[test]
    fn a_line_that_begins_with_a_value_defines_nothing() {
        let mut tracker = HiddenTracker::default();
        "[PERSOON_12345]"
            .chars()
            .for_each(|next| tracker.take(next));
        tracker.restored();
        ": Ja (".chars().for_each(|next| tracker.take(next));
        assert!(!tracker.inside());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_followed_to_its_end(text in "[<>!?/`~\\[\\]:()'\"=a-c \n-]{0,80}") {
            let mut tracker = HiddenTracker::default();
            text.chars().for_each(|next| tracker.take(next));
            assert!(tracker.tag.len() <= MAX_TAG + 4);
        }
    }
}

//! Follows a text and says whether the present place lies inside a link, an image or a tag.
//!
//! A value restored there would travel to the host that the link names.

/// Characters of a tag after which we no longer believe that it is one.
const MAX_TAG: usize = 1024;

/// Where we are, as far as links go.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkTracker {
    /// The last characters of the present run without white space, newest last.
    recent: [char; 2],
    /// The run since the last white space holds `//`, `www.` or a scheme.
    in_address: bool,
    /// How far `mailto:` and its like have been read: letters of the present run, lower case.
    scheme: SchemeReader,
    /// Parentheses open inside `](…)`.
    destination: Option<usize>,
    /// Characters since `<` with a letter behind it.
    tag: Option<usize>,
    /// The quote that opened the value of an attribute: white space in an address there does not end it, since browsers leave
    /// line breaks out of addresses.
    quote: Option<char>,
}

impl LinkTracker {
    /// Whether text at this place would become part of an address.
    pub(super) fn inside(&self) -> bool {
        self.in_address || self.destination.is_some() || self.tag.is_some()
    }

    /// Takes the next character of the text.
    pub(super) fn take(&mut self, next: char) {
        let [before_last, last] = self.recent;
        self.follow_tag(last, next);
        self.follow_destination(last, next);
        self.follow_quote(before_last, last, next);
        let is_held = self.quote.is_some() && self.in_address && next.is_whitespace();
        let ends_run = next.is_whitespace() || matches!(next, '"' | '<' | '>' | '`');
        if is_held {
            self.recent = [last, next];
            return;
        }
        if ends_run {
            self.in_address = false;
            self.scheme = SchemeReader::default();
        } else {
            // Browsers take a backslash behind a slash for another slash.
            let double_slash = matches!(next, '/' | '\\') && last == '/';
            let escaped_slash = next == '/' && last == '\\' && before_last == '/';
            self.in_address |= double_slash || escaped_slash || self.scheme.take(next);
        }
        self.recent = [last, next];
    }

    fn follow_tag(&mut self, last: char, next: char) {
        self.tag = match self.tag {
            Some(_) if next == '>' => None,
            Some(length) if length >= MAX_TAG => None,
            Some(length) => Some(length + 1),
            None if last == '<' && next.is_ascii_alphabetic() => Some(0),
            None => None,
        };
    }

    fn follow_quote(&mut self, before_last: char, last: char, next: char) {
        self.quote = match self.quote {
            Some(quote) if quote == next => None,
            None if matches!(next, '"' | '\'')
                && (last == '=' || (last == '\\' && before_last == '=')) =>
            {
                Some(next)
            }
            same => same,
        };
    }

    fn follow_destination(&mut self, last: char, next: char) {
        self.destination = match (self.destination, next) {
            (None, '(') if last == ']' => Some(0),
            (None, _) | (Some(_), '\n') | (Some(0), ')') => None,
            (Some(depth), '(') => Some(depth + 1),
            (Some(depth), ')') => Some(depth - 1),
            (same, _) => same,
        };
    }
}

/// Schemes that take data along, also without a double slash: browsers read `http:evil.test` and `http:\\evil.test` as well.
const SCHEMES: &[&str] = &[
    "mailto",
    "data",
    "javascript",
    "vbscript",
    "tel",
    "sms",
    "http",
    "https",
    "ftp",
    "ws",
    "wss",
];

/// Reads the letters before a colon.
#[derive(Clone, Debug, Default)]
struct SchemeReader {
    letters: [u8; 12],
    n_letters: usize,
}

impl SchemeReader {
    /// Takes a character; true when it completes a scheme of the list, or `www.`, of which Markdown makes a link as well.
    fn take(&mut self, next: char) -> bool {
        if matches!(next, ':' | '.') {
            let letters = self.letters.get(..self.n_letters).unwrap_or_default();
            let known = match next {
                '.' => letters == b"www",
                _ => SCHEMES.iter().any(|scheme| scheme.as_bytes() == letters),
            };
            self.n_letters = 0;
            return known;
        }
        match (
            u8::try_from(next.to_ascii_lowercase()),
            self.letters.get_mut(self.n_letters),
        ) {
            (Ok(letter), Some(place)) if letter.is_ascii_lowercase() => {
                *place = letter;
                self.n_letters += 1;
            }
            _ => self.n_letters = 0,
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    fn check(text: &str, inside: bool) {
        let mut tracker = LinkTracker::default();
        text.chars().for_each(|next| tracker.take(next));
        assert_eq!(tracker.inside(), inside, "{text}");
    }

    #[test]
    fn links_images_and_tags_are_recognised() {
        check("![x](https://evil.test/p.png?d=", true);
        check("[klik](//evil.test/?d=", true);
        check("[klik](<a b ", true);
        check("[r]: https://evil.test/?d=", true);
        check("<img src=\"https://evil.test/a b?d=", true);
        check("mailto:x@evil.test?body=", true);
        check("(mailto:x@evil.test?body=", true);
        check("zie WWW.evil.test/c?d=", true);
        for address in ["http:/", "https:", "HTTP:\\\\", "ftp:", "wss:", "/\\"] {
            check(&format!("[r]: {address}evil.test/p.png?d="), true);
        }
        let padding = "a".repeat(1100);
        check(
            &format!("<img {padding} src=\"https://evil.test/?p=\n"),
            true,
        );
        check(
            &format!("<img {padding} src='https://evil.test/?p=\n x"),
            true,
        );
    }

    #[test]
    fn plain_text_is_no_link() {
        check("Beste ", false);
        check("zie https://voorbeeld.nl en ", false);
        check("[klik](https://voorbeeld.nl) ", false);
        check("Gegevens: ", false);
        check("{\"naam\":\"", false);
        check("a < b en ", false);
        check("zie www.voorbeeld.nl en ", false);
        check("href=\"https://voorbeeld.nl\" van ", false);
        check("naam=\"Jan ", false);
        check("de ww.", false);
    }
}

//! The words of mails: what the program itself says in them, and what stands below every one.

use waarborg_detect::surrogate::Language;
use waarborg_domain::register::Address;
use waarborg_domain::rights::Request;
use waarborg_usecase::Desk;
use waarborg_usecase::casework::{Letter, Line};
use waarborg_usecase::mail::{Changed, News, Post, Way, Writer};

use crate::page::rights;
use crate::show::{self, moment};
use crate::words::{Manner, Tongue, Words};

/// Writes mails with the words of the pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailWords;

impl Writer for MailWords {
    fn foot(&self, desk: &Desk, post: &Post, way: Way<'_>, language: Language) -> String {
        let words = words(desk, language);
        let privacy = format!("{}/privacy", post.public_url);
        let (key, link) = match way {
            Way::Out(link) => ("mail-foot-stop", link),
            Way::ToConsents(link) => ("mail-foot-consents", link),
        };
        let lines = [
            // A line by which programs for mail know where a text ends (RFC 3676).
            "-- ".to_owned(),
            words.fill(
                "mail-foot-from",
                &[("organisation", &desk.register.head().name)],
            ),
            words.fill("mail-foot-privacy", &[("link", &privacy)]),
            words.fill(key, &[("link", link)]),
        ];
        lines.join("\n")
    }

    fn change(
        &self,
        desk: &Desk,
        post: &Post,
        changed: &Changed,
        language: Language,
    ) -> (String, String) {
        let words = words(desk, language);
        let day = words.day(changed.effective);
        let whole = format!("{}/privacy?at={}", post.public_url, changed.effective);
        let rights = format!("{}/rights", post.public_url);
        let mut lines = vec![words.fill("mail-change-lead", &[("day", &day)])];
        for (key, texts) in [
            ("mail-change-added", &changed.added),
            ("mail-change-removed", &changed.removed),
        ] {
            if !texts.is_empty() {
                lines.extend([String::new(), words.say(key)]);
                lines.extend(texts.iter().map(|text| format!("- {text}")));
            }
        }
        lines.extend([
            String::new(),
            words.fill("mail-change-whole", &[("link", &whole)]),
            words.fill("mail-change-rights", &[("link", &rights)]),
        ]);
        let subject = words.fill("mail-change-subject", &[("day", &day)]);
        (subject, lines.join("\n"))
    }

    fn news(
        &self,
        desk: &Desk,
        post: &Post,
        request: &Request,
        news: &News<'_>,
        language: Language,
    ) -> (String, String) {
        let words = words(desk, language);
        let reference = request.reference.as_str();
        let here = format!("{}/rights/{reference}", post.public_url);
        let right = words.say(&rights::key(request.right));
        let day = |day| words.day(day);
        match news {
            News::Code { code, until } => {
                let until = moment(desk, &words, *until);
                let link = format!("{here}/confirm");
                let values = [
                    ("reference", reference),
                    ("code", code),
                    ("until", &until),
                    ("link", &link),
                ];
                told(&words, "mail-code", &["code", "rest"], &values)
            }
            News::Received => {
                let received = day(show::day(desk, request.received_at));
                let (aim, latest) = (day(request.due.aim), day(request.due.latest));
                let values = [
                    ("reference", reference),
                    ("right", right.as_str()),
                    ("received", &received),
                    ("aim", &aim),
                    ("latest", &latest),
                    ("link", &here),
                ];
                told(&words, "mail-received", &["what", "when", "rest"], &values)
            }
            News::Extended(letter) => {
                let subject = words.fill("mail-extended-subject", &[("reference", reference)]);
                (subject, in_lines(letter))
            }
            News::Answered { link, until } => {
                let until = moment(desk, &words, *until);
                let link = format!("{}/mail/answer/{}", post.public_url, link.text());
                let values = [
                    ("reference", reference),
                    ("right", right.as_str()),
                    ("until", &until),
                    ("link", &link),
                    ("here", &here),
                ];
                told(&words, "mail-answered", &["what", "link", "rest"], &values)
            }
        }
    }
}

/// A subject, and paragraphs.
fn told(
    words: &Words,
    key: &str,
    paragraphs: &[&str],
    values: &[(&str, &str)],
) -> (String, String) {
    let subject = words.fill(&format!("{key}-subject"), values);
    let paragraphs: Vec<String> = paragraphs
        .iter()
        .map(|paragraph| words.fill(&format!("{key}-{paragraph}"), values))
        .collect();
    (subject, paragraphs.join("\n\n"))
}

/// A letter as plain text.
fn in_lines(letter: &Letter) -> String {
    let mut text = String::new();
    for line in &letter.lines {
        match line {
            Line::Heading(said) | Line::Text(said) => {
                text.push_str(if text.is_empty() { "" } else { "\n" });
                text.push_str(said);
            }
            Line::Item(said) => {
                text.push_str("- ");
                text.push_str(said);
            }
        }
        text.push('\n');
    }
    text
}

fn words(desk: &Desk, language: Language) -> Words {
    let manner = match desk.register.head().address {
        Address::Formal => Manner::Formal,
        Address::Informal => Manner::Informal,
    };
    let tongue = match language {
        Language::English => Tongue::English,
        _ => Tongue::Dutch,
    };
    Words::new(tongue, manner)
}

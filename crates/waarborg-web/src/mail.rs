//! The words of mails: what the program itself says in them, and what stands below every one.

use waarborg_detect::surrogate::Language;
use waarborg_domain::register::Address;
use waarborg_usecase::Desk;
use waarborg_usecase::mail::{Changed, Post, Writer};

use crate::words::{Manner, Tongue, Words};

/// Writes mails with the words of the pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailWords;

impl Writer for MailWords {
    fn foot(&self, desk: &Desk, post: &Post, stop: Option<&str>, language: Language) -> String {
        let words = words(desk, language);
        let privacy = format!("{}/privacy", post.public_url);
        let mut lines = vec![
            // A line by which programs for mail know where a text ends (RFC 3676).
            "-- ".to_owned(),
            words.fill(
                "mail-foot-from",
                &[("organisation", &desk.register.head().name)],
            ),
            words.fill("mail-foot-privacy", &[("link", &privacy)]),
        ];
        lines.extend(stop.map(|link| words.fill("mail-foot-stop", &[("link", link)])));
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

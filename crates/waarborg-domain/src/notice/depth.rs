//! How deep a notice goes: five lines, all of it, or all of it with the articles and the rules behind every statement.

use super::linked::{article_of, ground, transfer_tool};
use super::words::Words;
use super::{Block, Notice, Section, Shown, Statement};
use crate::register::Register;
use crate::rights::Right;

/// A layer of the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Five lines.
    Short,
    /// All of it, in plain words.
    Full,
    /// All of it, with articles of the law and rules of the register.
    Legal,
}

impl Layer {
    /// Every layer, from the shortest on.
    pub const ALL: [Self; 3] = [Self::Short, Self::Full, Self::Legal];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Full => "full",
            Self::Legal => "legal",
        }
    }

    /// The layer that goes by this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

impl Notice {
    /// The notice that follows from a register, in one of its layers.
    #[must_use]
    pub fn in_layer(register: &Register, shown: &Shown<'_>, layer: Layer) -> Self {
        let mut notice = Self::of(register, shown);
        match layer {
            Layer::Full => {}
            Layer::Short => notice.sections.clear(),
            Layer::Legal => {
                let residence = shown.residence;
                let there = residence.and_then(|residence| register.in_residence(residence));
                let words = Words::of(notice.language, register.head().address);
                let behind = Behind {
                    register: there.as_ref().unwrap_or(register),
                    words,
                };
                for line in &mut notice.five_lines {
                    behind.tell(line);
                }
                for section in &mut notice.sections {
                    behind.tell_all(section);
                }
            }
        }
        notice
    }
}

/// What stands behind statements.
struct Behind<'r> {
    register: &'r Register,
    words: Words,
}

impl Behind<'_> {
    /// A section says first which articles ask for it.
    fn tell_all(&self, section: &mut Section) {
        for block in &mut section.blocks {
            match block {
                Block::Line(line) => self.tell(line),
                Block::List(lines) => lines.iter_mut().for_each(|line| self.tell(line)),
                // The cells of a row follow from the same rules; the last one names them.
                Block::Table { rows, .. } => {
                    for cell in rows.iter_mut().filter_map(|row| row.last_mut()) {
                        self.tell(cell);
                    }
                }
            }
        }
        let articles = asked_by(&section.id);
        if !articles.is_empty() {
            let text = self.law(&articles);
            let rules = articles.iter().map(|article| format!("law:gdpr/{article}"));
            let line = Statement::of(text, rules);
            section.blocks.insert(0, Block::Line(line));
        }
    }

    /// Adds to a statement its rules, and the articles by which those hold.
    fn tell(&self, statement: &mut Statement) {
        if statement.rules.is_empty() {
            return;
        }
        let mut articles: Vec<String> = Vec::new();
        for article in statement.rules.iter().flat_map(|rule| self.articles(rule)) {
            if !articles.contains(&article) {
                articles.push(article);
            }
        }
        let mut behind = statement.rules.join(", ");
        if !articles.is_empty() {
            behind = format!("{behind}; {}", self.law(&articles));
        }
        statement.text = format!("{} [{behind}]", statement.text);
    }

    fn law(&self, articles: &[String]) -> String {
        let articles = articles.join(", ");
        self.words
            .fill("layer-articles", &[("articles", articles.as_str())])
    }

    /// The articles on which a rule of the register rests.
    fn articles(&self, rule: &str) -> Vec<String> {
        let register = self.register;
        let kind = rule.split(':').next().unwrap_or_default();
        let terms: Vec<&str> = match kind {
            "recipient" => {
                let recipients = register.recipients();
                let found = recipients.filter(|one| one.rule() == rule);
                found
                    .flat_map(|one| {
                        let contract = one.dpa.as_ref().map(|_| "eu-gdpr:A28-3");
                        contract.into_iter().chain(one.mechanism.map(transfer_tool))
                    })
                    .collect()
            }
            "joint" => vec!["eu-gdpr:A26"],
            "retention" | "term" => vec!["eu-gdpr:A5-1-e"],
            "measure" => vec!["eu-gdpr:A32"],
            "disclosure" => {
                let found = register.disclosure(rule.trim_start_matches("disclosure:"));
                found
                    .map(|one| one.case.basis().dpv())
                    .into_iter()
                    .collect()
            }
            // A processing, or what differs of one for who lives elsewhere.
            _ => {
                let processings = register.processings().iter();
                let found = processings.filter(|processing| processing.rule == rule);
                found
                    .flat_map(|processing| {
                        [Some(processing.basis.dpv())]
                            .into_iter()
                            .chain([
                                processing.otherwise.map(crate::register::Basis::dpv),
                                processing.ground.map(ground),
                            ])
                            .flatten()
                    })
                    .collect()
            }
        };
        terms.into_iter().filter_map(article_of).collect()
    }
}

/// The articles that ask for a section.
fn asked_by(section: &str) -> Vec<String> {
    let named: &[&str] = match section {
        "who" => &["13(1)(a)", "13(1)(b)", "14(1)(a)", "14(1)(b)"],
        "what" => &["14(1)(d)", "14(2)(f)"],
        "why" => &["13(1)(c)", "13(1)(d)", "13(2)(e)", "14(1)(c)", "14(2)(b)"],
        "recipients" => &["13(1)(e)", "14(1)(e)"],
        "transfers" => &["13(1)(f)", "14(1)(f)"],
        "retention" => &["13(2)(a)", "14(2)(a)"],
        "rights" => &["12", "13(2)(b)", "13(2)(c)", "14(2)(c)", "14(2)(d)"],
        "complaint" => &["13(2)(d)", "14(2)(e)"],
        "decisions" => &["13(2)(f)", "14(2)(g)"],
        "security" => &["32"],
        "changes" => &["13(3)", "14(4)"],
        _ => &[],
    };
    let mut articles: Vec<String> = named.iter().map(|one| (*one).to_owned()).collect();
    if section == "rights" {
        let rights = Right::ALL.iter();
        articles.extend(rights.filter_map(|right| article_of(&right.dpv())));
    }
    articles
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::law::Law;

    const SOURCE: &str = include_str!("../../../../registers/openai-eu.toml");

    fn notice(layer: Layer, language: &str) -> Notice {
        let law = Law::shipped().unwrap();
        let day = date(2026, 11, 21);
        let register = Register::compile(SOURCE, "register.toml", &law, day).unwrap();
        let shown = Shown {
            at: day,
            residence: Some("NL"),
            language,
            notice: Some("public"),
        };
        Notice::in_layer(&register, &shown, layer)
    }

    #[test]
    fn the_short_layer_is_its_five_lines_and_the_legal_one_says_all_with_article_and_rule() {
        let (short, full, legal) = (
            notice(Layer::Short, "en"),
            notice(Layer::Full, "en"),
            notice(Layer::Legal, "en"),
        );
        assert_eq!(short.five_lines, full.five_lines);
        assert!(short.sections.is_empty() && short.to_markdown().lines().count() < 15);
        assert!(!full.to_markdown().contains("13(1)(a)"));

        let legal = legal.to_markdown();
        for article in [
            "13(1)(a)", "13(1)(f)", "14(2)(f)", "6(1)(b)", "6(1)(f)", "6(1)(c)", "28(3)",
            "46(2)(c)", "5(1)(e)", "15", "20", "77", "32",
        ] {
            assert!(legal.contains(article), "{article}");
        }
        assert!(legal.contains("[controller:ireland]"));
        // Nothing of the full text is lost.
        let texts = |notice: &Notice| -> Vec<String> {
            notice.sections.iter().flat_map(Section::texts).collect()
        };
        for text in texts(&full) {
            assert!(legal.contains(text.split(" – ").next().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_legal_layer_reads_in_every_language() {
        for (language, law) in [
            ("nl", "AVG"),
            ("en", "GDPR"),
            ("de", "DSGVO"),
            ("fr", "RGPD"),
            ("sv", "GDPR"),
        ] {
            let legal = notice(Layer::Legal, language);
            assert!(legal.to_html().contains(law), "{language}");
            for statement in legal.statements() {
                // What is in another language still stands where it stood.
                let pieces = statement.pieces().into_iter();
                let together: String = pieces.map(|(_, text)| text).collect();
                assert_eq!(together, statement.text, "{language}");
            }
        }
    }

    #[test]
    fn layers_are_read_back_by_their_names() {
        for layer in Layer::ALL {
            assert_eq!(Layer::parse(layer.name()), Some(layer));
        }
        assert_eq!(Layer::parse("deep"), None);
    }
}

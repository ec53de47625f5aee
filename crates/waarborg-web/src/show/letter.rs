//! Writes the letters of the privacy desk: from the register, the law's tables and what was decided. No free hand but
//! the officer's reasons.

use waarborg_domain::decision::{About, Decision, Slice, Task, Verdict};
use waarborg_domain::register::{Address, Label};
use waarborg_domain::rights::Right;
use waarborg_usecase::Desk;
use waarborg_usecase::casework::{Letter, Line, ToTell, Writer};

use super::case::seen_in_words;
use super::{
    basis, capital, category, complaint, country, day, given_in_words, kept, purpose, recipient,
    rule,
};
use crate::page::rights;
use crate::words::{Manner, Tongue, Words};

/// Writes letters in the words of the pages.
pub(crate) struct Scribe {
    desk: Desk,
}

impl Scribe {
    /// A scribe of this desk.
    pub(crate) fn new(desk: &Desk) -> Self {
        Self { desk: desk.clone() }
    }
}

impl Writer for Scribe {
    fn write(&self, language: &str, told: &ToTell<'_>) -> Letter {
        let tongue = Tongue::parse(language).unwrap_or(Tongue::Dutch);
        let manner = match self.desk.register.head().address {
            Address::Formal => Manner::Formal,
            Address::Informal => Manner::Informal,
        };
        let mut draft = Draft {
            desk: &self.desk,
            words: Words::new(tongue, manner),
            lines: Vec::new(),
        };
        draft.write(told);
        Letter {
            language: tongue.code().to_owned(),
            lines: draft.lines,
        }
    }
}

struct Draft<'a> {
    desk: &'a Desk,
    words: Words,
    lines: Vec<Line>,
}

impl Draft<'_> {
    fn write(&mut self, told: &ToTell<'_>) {
        let request = told.request;
        let title = [("reference", request.reference.as_str())];
        self.lines
            .push(Line::Heading(self.words.fill("letter-title", &title)));
        let (today, received) = (
            self.words.day(self.desk.today()),
            self.words.day(day(self.desk, request.received_at)),
        );
        let right = self.words.say(&rights::key(request.right));
        let from = self.desk.register.default_controller();
        self.text(
            "letter-from",
            &[
                ("name", &from.name),
                ("address", &from.address),
                ("day", &today),
            ],
        );
        self.text("letter-asked", &[("day", &received), ("right", &right)]);
        if let Some((reasons, due)) = told.extension {
            let (aim, latest) = (self.words.day(due.aim), self.words.day(due.latest));
            self.text("letter-extended", &[("aim", &aim), ("latest", &latest)]);
            self.text("letter-reasons", &[("reasons", reasons.trim())]);
        }
        if let Some(reasons) = told.doubt {
            let latest = self.words.day(request.due.latest);
            self.text("letter-doubt", &[("latest", &latest)]);
            self.text("letter-reasons", &[("reasons", reasons)]);
        }
        if let Some(decision) = told.decision {
            self.decision(told, decision);
        }
        self.ways_on(told.countries);
    }

    fn decision(&mut self, told: &ToTell<'_>, decision: &Decision) {
        let right = told.request.right;
        if let Some(cents) = decision.fee_cents {
            let amount = format!("€ {},{:02}", cents / 100, cents % 100);
            self.text("letter-fee", &[("amount", &amount)]);
        } else if decision.grants_anything() {
            self.heading("letter-done");
            self.granted(told, decision, right);
        }
        if decision.refused().next().is_some() {
            self.heading("letter-refused");
            for (about, ground) in decision.refused() {
                let what = self.about(about);
                let why = self
                    .words
                    .say(&format!("ground-{}", ground.name().replace('_', "-")));
                let item = [
                    ("what", what.as_str()),
                    ("why", &why),
                    ("article", ground.article(right)),
                ];
                self.item("letter-refused-item", &item);
            }
        }
        if told.n_put_aside > 0 {
            let line = self.words.count("letter-put-aside", told.n_put_aside);
            self.lines.push(Line::Text(line));
        }
        if !decision.reasons.trim().is_empty() {
            self.text("letter-reasons", &[("reasons", decision.reasons.trim())]);
        }
        if !told.kept.is_empty() {
            self.heading("letter-kept");
            for one in told.kept {
                let line = kept(self.desk, &self.words, one);
                self.lines.push(Line::Item(line));
            }
        }
        if !told.tasks.is_empty() {
            self.heading("letter-told");
            for task in told.tasks {
                self.task(task);
            }
        }
    }

    fn granted(&mut self, told: &ToTell<'_>, decision: &Decision, right: Right) {
        let looks_up = matches!(
            right,
            Right::Access
                | Right::Portability
                | Right::Erasure
                | Right::Rectification
                | Right::Restriction
        );
        self.seen(told, right);
        for filed in told.withheld {
            let key = if filed.is_statement {
                "letter-answers-statement"
            } else {
                "letter-answers-left-out"
            };
            self.text(key, &[]);
        }
        let is_seen =
            !told.withheld.is_empty() || told.seen.as_ref().is_some_and(|seen| !seen.is_empty());
        if looks_up && !told.is_held {
            if !is_seen {
                self.text("letter-nothing-held", &[]);
            }
            return;
        }
        if told.n_corrected > 0 {
            let n = usize::try_from(told.n_corrected).unwrap_or(usize::MAX);
            let line = self.words.count("letter-corrected", n);
            self.lines.push(Line::Text(line));
        }
        let key = format!("letter-done-{}", right.name().replace('_', "-"));
        let n_erased = told.n_erased.to_string();
        let reference = told.request.reference.as_str();
        self.text(&key, &[("n", &n_erased), ("reference", reference)]);
        for slice in decision.granted() {
            let what = self.slice(slice);
            self.lines.push(Line::Item(what));
        }
        if right == Right::Access {
            self.information(decision);
            self.given(told);
        }
    }

    /// What was given to somebody outside in a single case (article 15(1)(c)).
    fn given(&mut self, told: &ToTell<'_>) {
        if told.given.is_empty() {
            return;
        }
        self.heading("letter-given");
        for disclosure in told.given {
            let line = given_in_words(self.desk, &self.words, disclosure);
            self.lines.push(Line::Item(line));
        }
    }

    /// Where identifiers of who asks stood in prompts, if that was looked up.
    fn seen(&mut self, told: &ToTell<'_>, right: Right) {
        let Some(seen) = &told.seen else { return };
        if seen.is_empty() {
            self.text("letter-seen-nowhere", &[]);
            return;
        }
        self.text(
            match right {
                Right::Erasure => "letter-seen-erased",
                _ => "letter-seen",
            },
            &[],
        );
        for one in seen {
            let line = seen_in_words(self.desk, &self.words, one);
            self.lines.push(Line::Item(line));
        }
    }

    /// The information of article 15(1) and (2), as the register has it.
    fn information(&mut self, decision: &Decision) {
        let mut categories: Vec<&str> = decision
            .granted()
            .map(|slice| slice.category.as_str())
            .collect();
        categories.dedup();
        self.heading("letter-about-data");
        for name in categories {
            let Some(declared) = self.desk.register.category(name) else {
                continue;
            };
            let source = self.words.say(&format!(
                "source-{}",
                declared.source.to_string().replace('_', "-")
            ));
            let mut periods: Vec<String> = self
                .desk
                .register
                .retentions()
                .iter()
                .filter(|one| one.category == *name && !one.period.is_none())
                .map(|one| rule(&self.words, one.trigger.as_str(), one.period))
                .collect();
            periods.sort();
            periods.dedup();
            let receivers = self.receivers(name);
            let what = capital(&category(self.desk, &self.words, name));
            let values = [
                ("what", what.as_str()),
                ("source", &source),
                ("period", &periods.join("; ")),
                ("receivers", &receivers),
            ];
            self.item("letter-category", &values);
        }
        self.text("letter-rights", &[]);
    }

    fn receivers(&self, name: &str) -> String {
        let mut names = Vec::new();
        for processing in self.desk.register.processings() {
            if !processing.categories.iter().any(|known| *known == *name) {
                continue;
            }
            for receiver in &processing.recipients {
                let Some(declared) = self.desk.register.recipient(receiver.as_str()) else {
                    continue;
                };
                let place = country(&self.words, &declared.country);
                let line = format!(
                    "{} ({place})",
                    recipient(self.desk, &self.words, receiver.as_str())
                );
                if !names.contains(&line) {
                    names.push(line);
                }
            }
        }
        if names.is_empty() {
            self.words.say("letter-nobody")
        } else {
            names.join(", ")
        }
    }

    fn task(&mut self, task: &Task) {
        let name = recipient(self.desk, &self.words, &task.recipient);
        let act = self.words.say(&format!("task-{}", task.act.name()));
        let gone = task
            .gone_at
            .map(|gone_at| self.words.day(day(self.desk, gone_at)));
        match gone {
            Some(gone) => self.item(
                "letter-told-until",
                &[("name", &name), ("act", &act), ("day", &gone)],
            ),
            None => self.item("letter-told-item", &[("name", &name), ("act", &act)]),
        }
    }

    /// Every letter names the authority and the way to court (article 12(4)), whatever it decides.
    fn ways_on(&mut self, countries: &[String]) {
        self.heading("letter-disagree");
        let controller = self.desk.register.default_controller();
        let desk_of_people = controller.privacy.name.clone();
        let name = desk_of_people
            .in_language(self.words.tongue().code())
            .unwrap_or_default()
            .to_owned();
        let reach = [
            controller.privacy.mail.clone(),
            controller.privacy.phone.clone(),
            controller.privacy.post.as_ref().and_then(|post: &Label| {
                post.in_language(self.words.tongue().code())
                    .map(str::to_owned)
            }),
        ];
        let reach = reach.into_iter().flatten().collect::<Vec<_>>().join(", ");
        self.text("letter-ask-us", &[("name", &name), ("reach", &reach)]);
        let ways = complaint::ways(self.desk, &self.words, countries);
        self.lines.extend(ways.into_iter().map(Line::Text));
        self.text("letter-court", &[]);
    }

    fn about(&self, about: &About) -> String {
        match about {
            About::Whole => self.words.say("slice-whole"),
            About::Slice(slice) => self.slice(slice),
        }
    }

    fn slice(&self, slice: &Slice) -> String {
        slice_in_words(self.desk, &self.words, slice)
    }

    fn heading(&mut self, key: &str) {
        self.lines.push(Line::Heading(self.words.say(key)));
    }

    fn text(&mut self, key: &str, values: &[(&str, &str)]) {
        self.lines.push(Line::Text(self.words.fill(key, values)));
    }

    fn item(&mut self, key: &str, values: &[(&str, &str)]) {
        self.lines.push(Line::Item(self.words.fill(key, values)));
    }
}

/// A slice in words: "Uw vragen en de antwoorden, voor vragen beantwoorden (taak van algemeen belang)".
pub(crate) fn slice_in_words(desk: &Desk, words: &Words, slice: &Slice) -> String {
    words.fill(
        "slice",
        &[
            (
                "category",
                &capital(&category(desk, words, &slice.category)),
            ),
            ("purpose", &purpose(desk, words, &slice.purpose)),
            ("basis", &basis(words, slice.basis)),
        ],
    )
}

/// A verdict in words.
pub(crate) fn verdict_in_words(words: &Words, right: Right, verdict: Verdict) -> String {
    match verdict {
        Verdict::Granted => words.say("verdict-granted"),
        Verdict::Refused(ground) => {
            let why = words.say(&format!("ground-{}", ground.name().replace('_', "-")));
            words.fill(
                "verdict-refused",
                &[("why", &why), ("article", ground.article(right))],
            )
        }
    }
}

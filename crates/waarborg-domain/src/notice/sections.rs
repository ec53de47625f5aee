//! The sections of a notice about parties, rights and conduct.

use super::foreign::{self, behind_mark};
use super::processing::capital;
use super::{Block, OPEN, Section, Statement, Writing};
use crate::law::{Limit, country_of};
use crate::register::checks::SECTIONS;
use crate::register::{AutomatedDecisions, Contact, CookieClass};
use crate::rights::Right;

impl Writing<'_> {
    /// Every section, in the order that the register gives, else in that of the law.
    pub(super) fn sections(&self, notice: Option<&str>) -> Vec<Section> {
        let rule = notice.and_then(|name| self.register.notice_rule(name));
        let mut ids: Vec<String> = match rule {
            Some(rule) if !rule.sections.is_empty() => {
                rule.sections.iter().map(|(id, _)| id.clone()).collect()
            }
            _ => SECTIONS.iter().map(|(id, _)| (*id).to_owned()).collect(),
        };
        if let Some(rule) = rule {
            let extra: Vec<String> = rule
                .texts
                .keys()
                .filter(|id| !ids.contains(id))
                .cloned()
                .collect();
            let (before, after): (Vec<String>, Vec<String>) =
                extra.into_iter().partition(|id| id == "intro");
            let (services, after): (Vec<String>, Vec<String>) =
                after.into_iter().partition(|id| self.service(id).is_some());
            let until_rights = ids.iter().position(|id| id == "rights");
            let rest = ids.split_off(until_rights.unwrap_or(ids.len()));
            ids = [before, ids, services, rest, after].concat();
        }

        ids.iter()
            .map(|id| {
                let mut blocks = self.blocks(id);
                let is_known = SECTIONS.iter().any(|(known, _)| known == id);
                if !is_known && !rule.is_some_and(|rule| rule.texts.contains_key(id)) {
                    let name = notice.unwrap_or_default();
                    blocks.push(line(OPEN.to_string(), [format!("notice:{name}/{id}")]));
                }
                if let Some(text) = rule.and_then(|rule| rule.texts.get(id)) {
                    let words = self.said(text).unwrap_or_default();
                    let name = rule.map(|rule| rule.name.as_str()).unwrap_or_default();
                    // Each paragraph of a text in another language is in that language.
                    let (mark, text) = behind_mark(&words);
                    let said = text.lines().map(str::trim).filter(|said| !said.is_empty());
                    let own: Vec<Block> = said
                        .map(|said| line(format!("{mark}{said}"), [format!("notice:{name}/{id}")]))
                        .collect();
                    blocks.splice(0..0, own);
                }
                let (title, foreign) = foreign::read(&self.section_title(id));
                Section {
                    id: id.clone(),
                    title,
                    title_language: foreign.first().map(|foreign| foreign.language),
                    blocks,
                }
            })
            .filter(|section| !section.blocks.is_empty())
            .collect()
    }

    /// A service of this notice, by its name.
    fn service(&self, name: &str) -> Option<&crate::register::Service> {
        let mut services = self.services.iter();
        services.find(|service| service.name == name).copied()
    }

    fn section_title(&self, id: &str) -> String {
        let key = format!("section-{id}");
        if self.words.has(&key) {
            return self.words.say(&key);
        }
        self.service(id).map_or_else(
            || id.replace('_', " "),
            |service| capital(&self.label(&service.label, id)),
        )
    }

    fn blocks(&self, id: &str) -> Vec<Block> {
        match id {
            "who" => self.who(),
            "what" => self.what(),
            "why" => self.why(),
            "recipients" => self.recipients(),
            "transfers" => self.transfers(),
            "retention" => self.retention(),
            "rights" => self.rights(),
            "complaint" => self.complaint(),
            "decisions" => self.decisions(),
            "ai" => self.ai(),
            "cookies" => self.cookies(),
            "security" => self.security(),
            "changes" => self.changes(),
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Block> {
        let words = self.words;
        let controller = self.controller;
        let rule = || [controller.rule()];
        let country = self.country(&controller.country);
        let mut blocks = vec![
            line(
                words.fill("who-controller", &[("name", &controller.name)]),
                rule(),
            ),
            line(
                words.fill(
                    "who-address",
                    &[("address", &controller.address), ("country", &country)],
                ),
                rule(),
            ),
        ];

        let people = [
            ("who-privacy", Some(&controller.privacy)),
            ("who-officer", controller.officer.as_ref()),
            ("who-representative", controller.representative.as_ref()),
            ("who-human", controller.human.as_ref()),
        ];
        for (key, contact) in people {
            if let Some(contact) = contact {
                let name = self.label(&contact.name, "");
                let name = if key == "who-privacy" {
                    name
                } else {
                    capital(&name)
                };
                let values = [("name", name.as_str()), ("ways", &self.ways(contact))];
                blocks.push(line(words.fill(key, &values), rule()));
            }
        }
        blocks.extend(self.applies());
        for joint in self.joint() {
            blocks.push(Block::Line(joint));
        }
        for service in self.register.services() {
            if service.role == crate::register::Role::Processor {
                let name = self.label(&service.label, service.name.as_str());
                blocks.push(line(
                    words.fill("who-processor", &[("service", &name)]),
                    [service.rule()],
                ));
            }
        }
        blocks
    }

    /// Who decides together with the organisation, and what was agreed.
    fn joint(&self) -> Vec<Statement> {
        let words = self.words;
        let rules = self.register.joint_controllers().iter();
        let here = rules.filter(|joint| {
            self.services
                .iter()
                .any(|here| joint.services.contains(&here.name))
        });
        here.map(|joint| {
            let services: Vec<String> = self
                .services
                .iter()
                .filter(|service| joint.services.contains(&service.name))
                .map(|service| self.label(&service.label, service.name.as_str()))
                .collect();
            let essence = self
                .said(&joint.essence)
                .unwrap_or_else(|| OPEN.to_string());
            let values = [
                ("services", words.listed(&services)),
                ("name", joint.name.clone()),
                ("essence", essence),
                ("ways", self.ways(&joint.privacy)),
            ];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            Statement::of(words.fill("who-joint", &values), [joint.rule()])
        })
        .collect()
    }

    /// Where else a request belongs: with who decides together with us, and with whom we work for.
    pub(super) fn elsewhere(&self) -> Vec<Statement> {
        let words = self.words;
        let mut found = self.joint();
        for service in &self.services {
            let Some(principal) = &service.principal else {
                continue;
            };
            let values = [
                ("service", self.label(&service.label, service.name.as_str())),
                ("name", self.label(principal, "")),
            ];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            let text = words.fill("elsewhere-processor", &values);
            found.push(Statement::of(text, [service.rule()]));
        }
        found
    }

    /// For whom this text is, and who answers for those who live elsewhere.
    fn applies(&self) -> Vec<Block> {
        let controllers = self.register.controllers();
        if controllers.len() < 2 {
            return Vec::new();
        }
        let said = controllers.iter().map(|controller| {
            let mut rules = vec![controller.rule()];
            let named = controller.residences.iter().filter(|name| *name != "*");
            let places: Vec<String> = named
                .map(|residence| match residence.as_str() {
                    "EEA" => self.words.say("eea"),
                    residence => {
                        let country = country_of(residence);
                        rules.push(format!("law:country/{country}"));
                        let name = self.country(country);
                        if country == residence {
                            name
                        } else {
                            format!("{name} ({residence})")
                        }
                    }
                })
                .collect();
            let mut places = self.words.listed(&places);
            if controller.residences.iter().any(|name| name == "*") {
                let elsewhere = self.words.say("elsewhere");
                places = if places.is_empty() {
                    elsewhere
                } else {
                    format!("{places} {} {elsewhere}", self.words.say("or"))
                };
            }
            let key = if controller.id == self.controller.id {
                "who-applies"
            } else {
                "who-other"
            };
            let values = [("places", places), ("name", controller.name.clone())];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            line(self.words.fill(key, &values), rules)
        });
        said.collect()
    }

    /// The ways to reach somebody, in one text.
    pub(super) fn ways(&self, contact: &Contact) -> String {
        let post = contact.post.as_ref().map(|post| self.label(post, ""));
        let ways: Vec<String> = [&contact.mail, &contact.phone, &post, &contact.url]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let words = self.words;
        match ways.as_slice() {
            [] => OPEN.to_string(),
            [only] => only.clone(),
            [before @ .., last] => format!("{} {} {last}", before.join(", "), words.say("or")),
        }
    }

    fn rights(&self) -> Vec<Block> {
        let words = self.words;
        let of_basis = |right: Right| {
            let rules = self
                .processings()
                .filter(move |processing| right.can_be_used_on(processing));
            rules
                .map(|processing| processing.rule.clone())
                .collect::<Vec<_>>()
        };

        let mut items = Vec::new();
        let decides = self
            .services
            .iter()
            .any(|service| service.automated_decisions != AutomatedDecisions::None);
        for right in Right::ALL {
            let key = format!("rights-{right}");
            let possible = self
                .processings()
                .any(|processing| right.can_be_used_on(processing));
            if words.has(&key) && possible && (decides || *right != Right::HumanReview) {
                items.push(Statement::of(words.say(&key), of_basis(*right)));
            }
        }
        let marketing = |name: &str| {
            self.register
                .purpose(name)
                .is_some_and(|purpose| purpose.marketing)
        };
        let sells = self
            .processings()
            .filter(|processing| marketing(processing.purpose.as_str()));
        let sells: Vec<String> = sells.map(|processing| processing.rule.clone()).collect();
        if !sells.is_empty() {
            items.push(Statement::of(
                words.say("rights-objection-marketing"),
                sells,
            ));
        }

        let ways = self.ways(&self.controller.privacy);
        let mut blocks = vec![
            Block::List(items),
            line(
                words.fill("rights-how", &[("ways", &ways)]),
                [self.controller.rule()],
            ),
        ];
        let country = &self.controller.country;
        if let Some(regime) = self.register.law().regime(country, self.at) {
            let rule = || [format!("law:regime/{}", regime.id)];
            let answer = words.period(regime.answer);
            blocks.push(line(
                words.fill("rights-answer", &[("period", &answer)]),
                rule(),
            ));
            let limits = [
                ("rights-acknowledge", regime.acknowledge),
                ("rights-opt-out", regime.opt_out),
                ("rights-extension", regime.extension.map(Limit::Within)),
            ];
            for (key, limit) in limits {
                blocks.extend(limit.map(|limit| {
                    let limit = words.limit(limit);
                    line(words.fill(key, &[("period", &limit)]), rule())
                }));
            }
        }
        if let Some(reason) = &self.controller.doubt_pauses {
            let reason = self.label(reason, &self.controller.name);
            blocks.push(line(
                words.fill("rights-doubt", &[("reason", &reason)]),
                [self.controller.rule()],
            ));
        }
        for key in ["rights-identity", "rights-limits", "rights-free"] {
            blocks.push(line(words.say(key), ["law:rights".to_owned()]));
        }
        blocks
    }

    fn complaint(&self) -> Vec<Block> {
        let words = self.words;
        let law = self.register.law();
        let ways = self.ways(&self.controller.privacy);
        let mut blocks = vec![line(
            words.fill("complaint-first", &[("ways", &ways)]),
            [self.controller.rule()],
        )];

        let lead = law.authority(&self.controller.authority);
        let (name, url) = lead.map_or(("", ""), |authority| {
            (authority.name.as_str(), authority.url.as_str())
        });
        let rules = [
            self.controller.rule(),
            format!("law:authority/{}", self.controller.authority),
        ];
        blocks.push(line(
            words.fill("complaint-authority", &[("name", name), ("url", url)]),
            rules,
        ));

        let abroad = self
            .residence
            .filter(|residence| lead.is_none_or(|lead| lead.country != country_of(residence)));
        for authority in abroad
            .into_iter()
            .flat_map(|residence| law.authorities_in(residence))
        {
            let country = self.country(&authority.country);
            let values = [
                ("country", country.as_str()),
                ("name", &authority.name),
                ("url", &authority.url),
            ];
            let rules = [
                format!("law:authority/{}", authority.id),
                format!("law:country/{}", authority.country),
            ];
            blocks.push(line(words.fill("complaint-own", &values), rules));
        }
        for key in ["complaint-where", "complaint-court"] {
            blocks.push(line(words.say(key), ["law:rights".to_owned()]));
        }
        blocks
    }

    fn decisions(&self) -> Vec<Block> {
        let items = self.services.iter().map(|service| {
            let name = self.label(&service.label, service.name.as_str());
            let key = format!("decisions-{}", service.automated_decisions);
            let mut text = self.words.fill(&key, &[("service", &name)]);
            if let Some(decision) = &service.decision {
                text = format!("{text} {}", self.label(decision, ""));
            }
            Statement::of(text, [service.rule()])
        });
        vec![Block::List(items.collect())]
    }

    fn ai(&self) -> Vec<Block> {
        let services: Vec<_> = self.services.iter().filter(|service| service.ai).collect();
        if services.is_empty() {
            return Vec::new();
        }
        let talks = services.iter().map(|service| {
            let name = self.label(&service.label, service.name.as_str());
            Statement::of(
                self.words.fill("ai-talks", &[("service", &name)]),
                [service.rule()],
            )
        });
        let inspected: Vec<String> = self
            .processings()
            .filter(|processing| processing.purpose == "inspect")
            .map(|processing| processing.rule.clone())
            .collect();
        let mut blocks = vec![Block::List(talks.collect())];
        if !inspected.is_empty() {
            blocks.push(line(self.words.say("ai-masked"), inspected));
        }
        blocks
    }

    fn cookies(&self) -> Vec<Block> {
        let words = self.words;
        let cookies = self.register.cookies();
        if cookies.is_empty() {
            return vec![line(words.say("cookies-none"), [])];
        }
        let rows = cookies.iter().map(|cookie| {
            let rule = || [format!("cookie:{}", cookie.name)];
            let age = if cookie.open {
                OPEN.to_string()
            } else if cookie.max_age.is_none() {
                words.say("cookies-session")
            } else {
                words.period(cookie.max_age)
            };
            let why = self.label(&cookie.label, &cookie.name);
            vec![
                Statement::of(cookie.name.clone(), rule()),
                Statement::of(why, rule()),
                Statement::of(age, rule()),
            ]
        });
        let head = ["cookies-head-name", "cookies-head-why", "cookies-head-age"]
            .map(|key| words.say(key))
            .to_vec();
        let mut blocks = vec![Block::Table {
            head,
            rows: rows.collect(),
        }];

        let (necessary, other): (Vec<_>, Vec<_>) = cookies
            .iter()
            .partition(|cookie| cookie.class == CookieClass::Necessary);
        for (group, key) in [(necessary, "cookies-necessary"), (other, "cookies-consent")] {
            if !group.is_empty() {
                blocks.push(line(
                    words.say(key),
                    group.iter().map(|cookie| format!("cookie:{}", cookie.name)),
                ));
            }
        }
        blocks
    }

    fn security(&self) -> Vec<Block> {
        let words = self.words;
        let mut streams: Vec<_> = self.register.log_streams().collect();
        streams.sort_by_key(|stream| stream.place);
        let streams = streams.into_iter().map(|stream| {
            let reason = self.said(&stream.reason).unwrap_or_default();
            let period = words.period(stream.period);
            let log = words.fill(
                "security-log",
                &[
                    ("name", &stream.name),
                    ("reason", &reason),
                    ("period", &period),
                ],
            );
            let personal = if stream.personal.is_empty() {
                words.say("security-none")
            } else {
                let fields: Vec<String> = stream
                    .personal
                    .iter()
                    .map(|field| self.field(field))
                    .collect();
                words.fill("security-personal", &[("fields", &words.listed(&fields))])
            };
            Statement::of(
                format!("{log} {personal}"),
                [format!("log:{}", stream.name)],
            )
        });
        let measures = self.register.measures().iter().map(|measure| {
            Statement::of(
                self.label(&measure.label, &measure.name),
                [format!("measure:{}", measure.name)],
            )
        });
        let lists: [Vec<Statement>; 2] = [measures.collect(), streams.collect()];
        let lists = lists.into_iter().filter(|items| !items.is_empty());
        lists.map(Block::List).chain(self.breaches()).collect()
    }

    /// Who hears of a breach, and how soon.
    pub(super) fn breaches(&self) -> Vec<Block> {
        let Some(regime) = self
            .register
            .law()
            .regime(&self.controller.country, self.at)
        else {
            return Vec::new();
        };
        let told = [
            ("security-breach", "authority", regime.authority),
            (
                "security-breach-people",
                "people",
                regime.people.map(Limit::Within),
            ),
        ];
        let told = told.into_iter().filter_map(|(key, name, limit)| {
            let limit = self.words.limit(limit?);
            let text = self.words.fill(key, &[(name, &limit)]);
            Some(line(text, [format!("law:regime/{}", regime.id)]))
        });
        told.collect()
    }

    fn changes(&self) -> Vec<Block> {
        let words = self.words;
        let head = self.register.head();
        let rule = || ["register".to_owned()];
        let effective = head
            .effective
            .map_or_else(|| OPEN.to_string(), |day| words.day(day));
        let mut blocks = vec![
            line(
                words.fill("changes-version", &[("version", self.version)]),
                rule(),
            ),
            line(
                words.fill("changes-effective", &[("date", &effective)]),
                rule(),
            ),
        ];
        if let Some(published) = head.published {
            let day = words.day(published);
            blocks.push(line(
                words.fill("changes-published", &[("date", &day)]),
                rule(),
            ));
        }
        if let Some(previous) = &head.previous {
            blocks.push(line(
                words.fill("changes-previous", &[("url", previous)]),
                rule(),
            ));
        }
        blocks.push(line(words.say("changes-how"), rule()));
        blocks
    }
}

/// A paragraph.
pub(super) fn line(text: String, rules: impl IntoIterator<Item = String>) -> Block {
    Block::Line(Statement::of(text, rules))
}

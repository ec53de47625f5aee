//! The record of processing as JSON-LD in the Data Privacy Vocabulary 2.3.

use serde_json::{Value, json};

use super::ropa::transfers_of;
use crate::claim::Period;
use crate::register::{
    Article9, AutomatedDecisions, CategoryRule, Contact, Controller, Label, Measure, MeasureKind,
    Mechanism, Processing, Recipient, RecipientKind, Register, Retention, Role, Service, Source,
};
use crate::rights::Right;

/// The record of processing activities (article 30), for programs that read linked data.
///
/// Every term is one of the vocabulary, of Dublin Core, or of RDF Schema; what the organisation names itself gets an
/// address below the digest of the register.
#[must_use]
pub fn record_as_linked_data(register: &Register) -> Value {
    let head = register.head();
    let linked = Linked { register };
    let controllers = register.controllers().iter();
    let processes = register.processings().iter();
    json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
            "dct": "http://purl.org/dc/terms/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": linked.id("record"),
        "@type": "dpv:RecordsOfActivities",
        "dct:title": head.name,
        "dct:identifier": head.version,
        "dct:issued": head.published.map(day),
        "dct:valid": head.effective.map(day),
        "dct:conformsTo": { "@id": "https://w3id.org/dpv" },
        "dpv:hasDataController": controllers.map(|one| linked.controller(one)).collect::<Vec<_>>(),
        "dpv:hasTechnicalOrganisationalMeasure":
            register.measures().iter().map(|one| linked.measure(one)).collect::<Vec<_>>(),
        "dpv:hasProcess": processes.map(|one| linked.process(one)).collect::<Vec<_>>(),
    })
}

struct Linked<'r> {
    register: &'r Register,
}

impl Linked<'_> {
    /// An address for what the organisation names itself.
    fn id(&self, rule: &str) -> String {
        let digest = &self.register.head().digest;
        let plain: String = rule
            .chars()
            .map(|letter| match letter {
                '#' | '[' | ']' | '=' => '_',
                other => other,
            })
            .collect();
        format!(
            "urn:waarborg:{}:{plain}",
            digest.get(..16).unwrap_or(digest)
        )
    }

    fn controller(&self, controller: &Controller) -> Value {
        let role = |contact: Option<&Contact>, kind: &str| {
            contact.map(|contact| contact_node(contact, kind))
        };
        json!({
            "@id": self.id(&controller.rule()),
            "@type": "dpv:DataController",
            "dpv:hasName": controller.name,
            "dpv:hasAddress": controller.address,
            "dpv:hasCountry": country(&controller.country),
            "dpv:hasContact": contact_node(&controller.privacy, "dpv:LegalEntity"),
            "dpv:hasDataProtectionOfficer": role(controller.officer.as_ref(), "dpv:DataProtectionOfficer"),
            "dpv:hasRepresentative": role(controller.representative.as_ref(), "dpv:Representative"),
        })
    }

    fn measure(&self, measure: &Measure) -> Value {
        let kind = match measure.kind {
            MeasureKind::Technical => "dpv:TechnicalMeasure",
            MeasureKind::Physical => "dpv:PhysicalMeasure",
            MeasureKind::Organisational | MeasureKind::Administrative => {
                "dpv:OrganisationalMeasure"
            }
        };
        json!({
            "@id": self.id(&format!("measure:{}", measure.name)),
            "@type": kind,
            "rdfs:label": words(&measure.label),
        })
    }

    /// Those who decide together with the organisation about a service.
    fn joint(&self, processing: &Processing) -> Value {
        let joint = self.register.joint_controllers().iter();
        let here = joint.filter(|joint| joint.services.contains(&processing.service));
        let parties: Vec<Value> = here
            .map(|joint| {
                json!({
                    "@id": self.id(&joint.rule()),
                    "@type": "dpv:DataController",
                    "dpv:hasName": joint.name,
                    "dpv:hasContact": contact_node(&joint.privacy, "dpv:LegalEntity"),
                    "dct:description": words(&joint.essence),
                })
            })
            .collect();
        if parties.is_empty() {
            return Value::Null;
        }
        json!({ "@type": "dpv:JointDataControllers", "dpv:hasDataController": parties })
    }

    fn process(&self, processing: &Processing) -> Value {
        let register = self.register;
        let service = register.service(processing.service.as_str());
        let categories: Vec<&CategoryRule> = processing
            .categories
            .iter()
            .filter_map(|name| register.category(name.as_str()))
            .collect();
        let recipients = processing
            .recipients
            .iter()
            .filter_map(|name| register.recipient(name.as_str()));
        let retentions = register.retentions().iter().filter(|retention| {
            retention.service == processing.service
                && retention.purpose == processing.purpose
                && processing.categories.contains(&retention.category)
        });
        json!({
            "@id": self.id(&processing.rule),
            "@type": "dpv:Process",
            "dpv:hasJointDataControllers": self.joint(processing),
            "dpv:hasService": service.map(|service| self.service(service)),
            "dpv:hasPurpose": self.purpose(processing),
            "dpv:hasLegalBasis": bases(processing),
            "dpv:hasDataSubject": service.map(|service| json!({
                "@type": "dpv:DataSubject",
                "rdfs:label": words(&service.people),
            })),
            "dpv:hasPersonalData": categories.iter().map(|category| self.category(category)).collect::<Vec<_>>(),
            "dpv:hasRecipient": recipients.map(|recipient| self.recipient(recipient)).collect::<Vec<_>>(),
            "dpv:hasProcess": transfers_of(register, processing).map(|recipient| self.transfer(recipient)).collect::<Vec<_>>(),
            "dpv:hasStorageCondition": retentions.map(|retention| self.storage(retention)).collect::<Vec<_>>(),
            "dpv:hasRight": rights(processing, &categories),
            "dpv:hasImpactAssessment": processing.dpia.as_ref().map(|name| json!({
                "@id": self.id(&format!("evidence:{name}")),
                "@type": "dpv:DPIA",
            })),
        })
    }

    fn service(&self, service: &Service) -> Value {
        let automation = match service.automated_decisions {
            AutomatedDecisions::Article22 => Some(json!({ "@id": "dpv:AutomatedDecisionMaking" })),
            AutomatedDecisions::None | AutomatedDecisions::HumanReview => None,
        };
        let role = match service.role {
            Role::Controller => "dpv:DataController",
            Role::Processor => "dpv:DataProcessor",
        };
        json!({
            "@id": self.id(&service.rule()),
            "@type": "dpv:Service",
            "rdfs:label": words(&service.label),
            "dct:type": { "@id": role },
            "dpv:hasProcessing": automation,
        })
    }

    fn purpose(&self, processing: &Processing) -> Value {
        let rule = self.register.purpose(processing.purpose.as_str());
        json!({
            "@id": self.id(&format!("purpose:{}", processing.purpose)),
            "@type": rule.map(|rule| rule.dpv.clone()),
            "rdfs:label": rule.map(|rule| words(&rule.label)),
        })
    }

    fn category(&self, category: &CategoryRule) -> Value {
        let kind = if category.special {
            "dpv:SpecialCategoryPersonalData"
        } else {
            "dpv:PersonalData"
        };
        let source = match category.source {
            Source::Person => "the person",
            Source::Automatic => "the device or the program",
            Source::ThirdParty => "others",
            Source::Organisation => "the organisation",
        };
        json!({
            "@id": self.id(&category.rule()),
            "@type": kind,
            "rdfs:label": words(&category.label),
            "dct:description": category.fields,
            "dpv:hasDataSource": {
                "@type": "dpv:DataSource",
                "rdfs:label": category.source_detail.as_ref().map_or_else(|| json!(source), words),
            },
        })
    }

    fn recipient(&self, recipient: &Recipient) -> Value {
        let kind = match recipient.kind {
            RecipientKind::Llm | RecipientKind::Hosting | RecipientKind::Processor => {
                "dpv:DataProcessor"
            }
            RecipientKind::Controller => "dpv:ThirdParty",
            RecipientKind::Authority => "dpv:Authority",
            RecipientKind::Internal => "dpv:Recipient",
        };
        json!({
            "@id": self.id(&recipient.rule()),
            "@type": kind,
            "rdfs:label": words(&recipient.label),
            "dpv:hasCountry": country(&recipient.country),
            "dct:description": recipient.fields,
        })
    }

    /// Data that leaves the European Economic Area, and on which instrument.
    fn transfer(&self, recipient: &Recipient) -> Value {
        json!({
            "@type": "dpv:Process",
            "dpv:hasProcessing": { "@id": "dpv:Transfer" },
            "dpv:hasDataImporter": { "@id": self.id(&recipient.rule()) },
            "dpv:hasThirdCountry": { "@type": "dpv:ThirdCountry", "dct:identifier": recipient.country },
            "dpv:hasLegalBasis": recipient.mechanism.map(|mechanism| json!({ "@id": transfer_tool(mechanism) })),
            "dct:valid": recipient.valid_until.map(day),
        })
    }

    fn storage(&self, retention: &Retention) -> Value {
        let length = (!retention.period.is_none() && !retention.open)
            .then(|| json!({ "@value": iso_period(retention.period), "@type": "xsd:duration" }));
        json!({
            "@id": self.id(&retention.rule),
            "@type": "dpv:StorageCondition",
            "rdfs:label": format!("{} + {}", retention.trigger, retention.period),
            "dpv:hasPersonalData": { "@id": self.id(&format!("category:{}", retention.category)) },
            "dpv:hasDuration": {
                "@type": if retention.period.is_none() { "dpv:UntilEventDuration" } else { "dpv:TemporalDuration" },
                "rdfs:label": retention.trigger.to_string(),
                "dct:extent": length,
            },
            "rdfs:comment": words(&retention.why),
        })
    }
}

fn contact_node(contact: &Contact, kind: &str) -> Value {
    json!({
        "@type": kind,
        "rdfs:label": words(&contact.name),
        "dpv:hasContact": contact.mail.as_deref().or(contact.url.as_deref()).or(contact.phone.as_deref()),
    })
}

fn country(code: &str) -> Value {
    json!({ "@type": "dpv:Country", "dct:identifier": code })
}

fn day(day: jiff::civil::Date) -> Value {
    json!({ "@value": day.to_string(), "@type": "xsd:date" })
}

/// A text in its languages.
fn words(label: &Label) -> Value {
    let texts = label
        .0
        .iter()
        .map(|(language, text)| match language.as_str() {
            "*" => json!({ "@value": text }),
            language => json!({ "@value": text, "@language": language }),
        });
    Value::Array(texts.collect())
}

fn bases(processing: &Processing) -> Value {
    let first = [processing.basis.dpv()].into_iter();
    let otherwise = processing.otherwise.map(crate::register::Basis::dpv);
    let ground = processing.ground.map(ground);
    let terms = first.chain(otherwise).chain(ground);
    Value::Array(terms.map(|term| json!({ "@id": term })).collect())
}

/// The rights that go with a processing: those of its basis, and article 14 where data comes from others.
fn rights(processing: &Processing, categories: &[&CategoryRule]) -> Value {
    let own = Right::ALL
        .iter()
        .filter(|right| right.can_be_used_on(processing))
        .map(|right| right.dpv());
    let from_others = categories
        .iter()
        .any(|category| category.source == Source::ThirdParty);
    let terms = own.chain(from_others.then(|| "eu-gdpr:A14".to_owned()));
    Value::Array(terms.map(|term| json!({ "@id": term })).collect())
}

pub(super) const fn ground(ground: Article9) -> &'static str {
    match ground {
        Article9::ExplicitConsent => "eu-gdpr:A9-2-a",
        Article9::Employment => "eu-gdpr:A9-2-b",
        Article9::Vital => "eu-gdpr:A9-2-c",
        Article9::Association => "eu-gdpr:A9-2-d",
        Article9::MadePublic => "eu-gdpr:A9-2-e",
        Article9::LegalClaims => "eu-gdpr:A9-2-f",
        Article9::PublicInterest => "eu-gdpr:A9-2-g",
        Article9::Care => "eu-gdpr:A9-2-h",
        Article9::PublicHealth => "eu-gdpr:A9-2-i",
        Article9::Research => "eu-gdpr:A9-2-j",
    }
}

/// The article that a term of the vocabulary stands for: `eu-gdpr:A46-2-c` is `46(2)(c)`.
pub(super) fn article_of(term: &str) -> Option<String> {
    let mut parts = term.strip_prefix("eu-gdpr:A")?.split('-');
    let mut article = parts.next()?.to_owned();
    for part in parts {
        article.push('(');
        article.push_str(part);
        article.push(')');
    }
    Some(article)
}

pub(super) const fn transfer_tool(mechanism: Mechanism) -> &'static str {
    match mechanism {
        Mechanism::Adequacy | Mechanism::Dpf => "eu-gdpr:A45-3",
        Mechanism::Bcr => "eu-gdpr:A46-2-b",
        Mechanism::Scc => "eu-gdpr:A46-2-c",
        Mechanism::CodeOfConduct => "eu-gdpr:A46-2-e",
        Mechanism::Certification => "eu-gdpr:A46-2-f",
        Mechanism::ExplicitConsent => "eu-gdpr:A49-1-a",
        Mechanism::Derogation => "eu-gdpr:A49-2",
    }
}

fn iso_period(period: Period) -> String {
    match period {
        Period::Minutes(minutes) => format!("PT{minutes}M"),
        Period::Hours(hours) => format!("PT{hours}H"),
        Period::Days(days) => format!("P{days}D"),
        Period::Months(months) => format!("P{months}M"),
        Period::Years(years) => format!("P{years}Y"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::law::Law;

    const SHIPPED: &[&str] = &[
        include_str!("../../../../registers/demo-gemeente.toml"),
        include_str!("../../../../registers/openai-eu.toml"),
        include_str!("../../../../registers/botpress-style.toml"),
        include_str!("../../../../registers/organisation-ai-policy.toml"),
        include_str!("../../../../registers/maila.toml"),
        include_str!("../../../../registers/kaspersky.toml"),
    ];

    fn record(source: &str) -> Value {
        let law = Law::shipped().unwrap();
        let draft = Register::draft(source, "register.toml", &law, date(2026, 11, 21)).0;
        record_as_linked_data(&draft.unwrap())
    }

    /// Every key, and every value of `@id` and `@type`, that stands in a namespace.
    fn terms(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| terms(value, found)),
            Value::Object(members) => {
                for (key, value) in members.iter().filter(|(key, _)| *key != "@context") {
                    if key.contains(':') {
                        found.insert(key.clone());
                    }
                    if let (true, Some(term)) =
                        (["@id", "@type"].contains(&key.as_str()), value.as_str())
                    {
                        found.insert(term.to_owned());
                    }
                    terms(value, found);
                }
            }
            _ => {}
        }
    }

    fn used() -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for source in SHIPPED {
            terms(&record(source), &mut used);
        }
        used.extend(
            Mechanism::WORDS
                .iter()
                .map(|word| transfer_tool(Mechanism::parse(word).unwrap()).to_owned()),
        );
        used.extend(
            Article9::WORDS
                .iter()
                .map(|word| ground(Article9::parse(word).unwrap()).to_owned()),
        );
        used
    }

    #[test]
    fn every_term_of_the_record_is_in_the_vocabulary_itself() {
        let root = std::env::var("WAARBORG_SHARED")
            .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
        let read = |name: &str| std::fs::read_to_string(format!("{root}/data/dpv/{name}"));
        let (Ok(general), Ok(gdpr)) = (read("dpv.ttl"), read("eu-gdpr.ttl")) else {
            eprintln!(
                "SKIPPED: the vocabulary is not there; set WAARBORG_SHARED to check our terms against it"
            );
            return;
        };
        for term in used() {
            let vocabulary = match term.split(':').next() {
                Some("dpv") => &general,
                Some("eu-gdpr") => &gdpr,
                _ => continue,
            };
            assert!(vocabulary.contains(&format!("\n{term} a ")), "{term}");
        }
    }

    #[test]
    fn the_record_uses_no_other_namespaces() {
        for term in used() {
            let namespace = term.split(':').next().unwrap();
            assert!(
                ["dpv", "eu-gdpr", "dct", "rdfs", "xsd", "urn", "https"].contains(&namespace),
                "{term}"
            );
        }
    }

    #[test]
    fn a_processing_names_its_basis_rights_recipients_and_periods() {
        let record = record(SHIPPED[0]);
        let processes = record["dpv:hasProcess"].as_array().unwrap();
        let with_recipient = processes
            .iter()
            .find(|process| !process["dpv:hasRecipient"].as_array().unwrap().is_empty())
            .unwrap();

        assert_eq!(with_recipient["@type"], "dpv:Process");
        assert!(
            with_recipient["dpv:hasLegalBasis"][0]["@id"]
                .as_str()
                .unwrap()
                .starts_with("eu-gdpr:A6-1-")
        );
        assert!(with_recipient["dpv:hasRight"].as_array().unwrap().len() > 4);
        assert!(
            !with_recipient["dpv:hasStorageCondition"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    }
}

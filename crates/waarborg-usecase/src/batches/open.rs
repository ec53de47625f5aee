//! Sends a batch: all of its requests, or none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map as Members, Value};
use waarborg_detect::Kind;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::permit::TransferPermit;
use waarborg_domain::policy::{Policy, Verdict};
use waarborg_domain::prompt::{Prompt, Raw, Report, Screen, Screened, Screening, Waived, Witness};

use super::map::{Map, MapLine};
use super::{BatchError, MOST_KEPT, TERM, ended, surface_of};
use crate::desk::{Desk, House, Surface};
use crate::gateway::{
    self, Departures, FORMATS_ONLY, GatewayError, Wishes, applications_person, elsewhere,
    surrogates_of,
};
use crate::places::{self, Place};
use crate::ports::{Deposit, GatewayKey, KeptKind, KeptMap, Provided, Provider, ProviderError};
use crate::sightings::Collector;

/// One request of a batch.
pub struct Line {
    /// By which name its client knows it.
    pub name: String,
    /// By which word the gateway knows what its answer looks like.
    pub form: String,
    /// What it wants to send.
    pub prompt: Prompt<Raw>,
}

/// A batch of an application.
pub struct Asked {
    /// What the provider is to keep.
    pub kind: KeptKind,
    /// Its requests.
    pub lines: Vec<Line>,
    /// What the client said beside them, and what stays here.
    pub beside: Members<String, Value>,
    /// What its headers ask for.
    pub wishes: Wishes,
    /// Who counts what leaves.
    pub departures: Option<Arc<dyn Departures>>,
}

/// What was found in all requests together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The strictest verdict.
    pub verdict: Verdict,
    /// How many findings of which kind.
    pub findings: BTreeMap<Kind, u32>,
}

impl Default for Total {
    fn default() -> Self {
        Self {
            verdict: Verdict::Allow,
            findings: BTreeMap::new(),
        }
    }
}

impl Total {
    fn take(&mut self, report: &Report) {
        self.verdict = self.verdict.max(report.verdict);
        for (kind, n) in report.counts() {
            *self.findings.entry(kind).or_default() += n;
        }
    }
}

/// What came of a batch.
pub struct Outcome {
    /// The recipient's name in the register.
    pub recipient: String,
    /// The policy that decided.
    pub policy: String,
    /// What follows.
    pub end: End,
}

/// What follows on screening.
pub enum End {
    /// Nothing left: one request may not go.
    Refused {
        /// Which one, from one.
        number: usize,
        /// What was found in it.
        report: Box<Report>,
        /// The models of this key that would take it.
        open: Vec<Place>,
    },
    /// The provider has it.
    Sent {
        /// What was found.
        total: Total,
        /// What is known of it here.
        kept: KeptMap,
        /// What the provider answered.
        answer: Vec<u8>,
    },
}

/// Screens the requests of a batch one by one, and sends what may leave to one recipient; or nothing, if one may not.
///
/// # Errors
///
/// [`BatchError`] says why nothing was sent, or that the provider failed.
pub async fn open(house: &House, key: &GatewayKey, asked: Asked) -> Result<Outcome, BatchError> {
    let desk = house.desk();
    let surface = surface_of(key);
    gateway::check_purpose(key, &asked.wishes)?;
    let recipient = recipient_for(&desk, key, &asked)?;
    if desk.register.term(TERM).is_none() {
        return Err(BatchError::NoTerm);
    }
    let provider = desk.providers.provider(&recipient);
    let provider = provider.ok_or(GatewayError::NoModel)?;
    let policy = gateway::policy(&desk, key, asked.wishes.policy.as_deref())?;
    let permit = desk
        .permit(&surface, &applications_person())
        .map_err(GatewayError::from)?;
    let transfer = desk
        .register
        .transfer(&permit, &recipient, desk.today())
        .map_err(GatewayError::from)?;
    let way = Way {
        desk: &desk,
        key,
        surface: &surface,
        policy: &policy,
        transfer: &transfer,
        provider,
        recipient: &recipient,
    };
    let departures = asked.departures.clone();
    let end = match way.screened(asked)? {
        Err((number, prompt, report)) => way.refuse(number, &prompt, report).await?,
        Ok(screened) => way.send(screened, departures.as_deref()).await?,
    };
    Ok(Outcome {
        policy: policy.name().to_owned(),
        recipient,
        end,
    })
}

/// The one recipient that may be asked for all models of a batch, and keeps it.
fn recipient_for(desk: &Desk, key: &GatewayKey, asked: &Asked) -> Result<String, BatchError> {
    let mut models = BTreeSet::new();
    for (place, line) in asked.lines.iter().enumerate() {
        let model = line.prompt.model();
        let refused = |error| BatchError::Line {
            number: place + 1,
            error,
        };
        if !key.bounds.allow(model) {
            return Err(refused(GatewayError::OtherModel));
        }
        if models.insert(model) && desk.providers.recipients_of(model).is_empty() {
            return Err(refused(GatewayError::NoModel));
        }
    }
    let first = models.first().ok_or(GatewayError::NoModel)?;
    let serves_all = |recipient: &&str| {
        let mut models = models.iter();
        models.all(|model| desk.providers.recipients_of(model).contains(recipient))
    };
    let takes = |recipient: &&str| {
        let provider = desk.providers.provider(recipient);
        provider.is_some_and(|provider| {
            let mut lines = asked.lines.iter();
            provider.keeps(asked.kind) && lines.all(|line| provider.speaks(line.prompt.wire()))
        })
    };
    let stores = |recipient: &&str| {
        let declared = desk.register.recipient(recipient);
        declared.is_some_and(|declared| declared.stores_input)
    };
    let mut left = desk.providers.recipients_of(first);
    left.retain(serves_all);
    if left.is_empty() {
        return Err(BatchError::SeveralRecipients);
    }
    left.retain(takes);
    let candidate = left.first().copied().ok_or(BatchError::NoBatches)?;
    let found = left.into_iter().find(stores);
    found.map(str::to_owned).ok_or(BatchError::MayNotStore {
        recipient: candidate.to_owned(),
    })
}

/// The way of a batch to its recipient.
struct Way<'a> {
    desk: &'a Desk,
    key: &'a GatewayKey,
    surface: &'a Surface,
    policy: &'a Policy,
    transfer: &'a TransferPermit<'a>,
    provider: &'a dyn Provider,
    recipient: &'a str,
}

/// A batch that may leave.
struct Cleared<'d> {
    kind: KeptKind,
    prompts: Vec<Prompt<Screened>>,
    map: Map,
    total: Total,
    collector: Option<Collector<'d>>,
}

impl<'a> Way<'a> {
    /// Screens each request as it would be by itself. The first one that may not leave keeps all here: its number, and why.
    #[expect(
        clippy::type_complexity,
        reason = "two outcomes, of which each is named where it goes"
    )]
    fn screened(
        &self,
        asked: Asked,
    ) -> Result<Result<Cleared<'a>, (usize, Prompt<Raw>, Report)>, BatchError> {
        let Self { desk, policy, .. } = *self;
        let collector = Collector::of(desk, &self.surface.service);
        let waived = Waived::default();
        let screening = Screening {
            finder: &*desk.finder,
            policy,
            destination: self.transfer.destination(),
            has_ground: desk.has_ground(self.surface),
            waived: &waived,
            witness: collector.as_ref().map(|found| found as &dyn Witness),
        };
        let mut total = Total::default();
        let mut prompts = Vec::with_capacity(asked.lines.len());
        let mut lines = Vec::with_capacity(asked.lines.len());
        for (place, line) in asked.lines.into_iter().enumerate() {
            let number = place + 1;
            // Each is a conversation of its own: what one person wrote, nobody else's answer can call up.
            let mut surrogates = surrogates_of(desk, self.key, &line.prompt, &asked.wishes);
            let language = asked.wishes.language;
            desk.withholding
                .apply(&mut surrogates, line.prompt.texts(), language);
            let screen = line
                .prompt
                .screen(&screening, &mut surrogates)
                .map_err(|_| GatewayError::Finder)?;
            let (prompt, report) = match screen {
                Screen::Refused { report } => return Ok(Err((number, line.prompt, report))),
                Screen::Passed { prompt, report } => (prompt, report),
            };
            let refused = |error: ProviderError| BatchError::Line {
                number,
                error: error.into(),
            };
            self.provider.takes(&prompt).map_err(refused)?;
            total.take(&report);
            prompts.push(prompt);
            let tools = line.prompt.tools().map(str::to_owned).collect();
            lines.push(MapLine::new(line.name, line.form, tools, &surrogates));
        }
        Ok(Ok(Cleared {
            kind: asked.kind,
            prompts,
            total,
            collector,
            map: Map {
                language: asked.wishes.language,
                policy: asked.wishes.policy,
                beside: asked.beside,
                lines,
            },
        }))
    }

    async fn refuse(
        &self,
        number: usize,
        prompt: &Prompt<Raw>,
        report: Report,
    ) -> Result<End, BatchError> {
        let told = (&report, self.policy);
        let entry = gateway::entry(
            self.desk,
            self.key,
            Act::PromptRefused,
            told,
            self.recipient,
        );
        self.desk.store.note(entry).await?;
        let way = (self.key, self.surface);
        let open = elsewhere::open(self.desk, way, prompt.into(), told);
        Ok(End::Refused {
            number,
            report: Box::new(report),
            open: places::each_model_once(open),
        })
    }

    /// The map is kept and the log says what goes before anything does.
    async fn send(
        &self,
        cleared: Cleared<'_>,
        departures: Option<&dyn Departures>,
    ) -> Result<End, BatchError> {
        let Self {
            desk,
            key,
            recipient,
            ..
        } = *self;
        let Cleared {
            kind,
            prompts,
            map,
            total,
            collector,
        } = cleared;
        let now = desk.now();
        let kept = KeptMap {
            id: desk.ids.id(now),
            key: key.id,
            kind,
            recipient: recipient.to_owned(),
            provider_name: None,
            created_at: now,
            ends_at: desk.term_ends_at(TERM, now),
            version: 1,
        };
        let marks = map
            .marks_and_beside(desk)
            .map_err(|_| GatewayError::Finder)?;
        let entry = self.sent(&total, prompts.len());
        let keeping = desk.store.keep_map(
            kept.clone(),
            map.written(),
            marks,
            Provided::Fewer(MOST_KEPT),
            entry,
        );
        if !keeping.await? {
            return Err(BatchError::TooManyKept);
        }
        drop(map);
        if let Some(collector) = collector {
            collector.note(desk, &self.surface.service, recipient);
        }

        if let Some(departures) = departures {
            let n_bytes = prompts.iter().map(Prompt::n_bytes_of_text).sum();
            departures.leaves(recipient, n_bytes);
        }
        let deposit = match kind {
            KeptKind::MessageBatch => Deposit::MessageBatch(prompts),
            KeptKind::File | KeptKind::Batch | KeptKind::Response | KeptKind::Conversation => {
                Deposit::File(prompts)
            }
        };
        let deposited = self.provider.deposit(self.transfer, deposit).await;
        let (provider_name, answer) = match deposited {
            Ok(deposited) => deposited,
            Err(error) => {
                if let Some(departures) = departures {
                    departures.failed();
                }
                // Whatever became of it there, nobody can ask for it here.
                desk.store.end_map(kept.id, ended(desk, key, &kept)).await?;
                return Err(error.into());
            }
        };
        desk.store.name_map(kept.id, &provider_name).await?;
        Ok(End::Sent {
            total,
            kept: KeptMap {
                provider_name: Some(provider_name),
                ..kept
            },
            answer,
        })
    }

    fn sent(&self, total: &Total, n_lines: usize) -> Entry {
        let Self { desk, key, .. } = *self;
        let facts = Facts {
            verdict: Some(total.verdict),
            findings: total.findings.clone(),
            recipient: Some(self.recipient.to_owned()),
            register: Some(desk.register.version().to_owned()),
            detail: self.policy.seeks_formats_only().then_some(FORMATS_ONLY),
            n_records: Some(n_lines as u64),
            ..Facts::default()
        };
        Entry::new(desk.now(), Actor::Application(key.id), Act::PromptSent)
            .for_purpose(&key.purpose)
            .on(key.stands_for.unwrap_or(key.id).0)
            .with(facts)
    }
}

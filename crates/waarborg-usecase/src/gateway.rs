//! The gateway: an application's request on its way to a model. Nothing of the text is stored.

pub mod elsewhere;
mod round;
pub mod thread;
mod warned;

use std::sync::Arc;

use thiserror::Error;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::permit::{Permit, PersonState, Refusal, TransferPermit};
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{
    Prompt, Raw, Report, SOUND, Screen, Screened, Screening, Waived, Wire, Witness,
};
use waarborg_domain::register::SurrogateForm;

use self::round::{Round, Told};
use self::thread::{Thread, ToWrite};
use self::warned::Warned;
use crate::agreements::{self, Matter, Second};
use crate::batches::{self, Contradiction};
use crate::course::{Course, End, Step};
use crate::desk::{Desk, House, Surface};
use crate::fading::Moment;
use crate::guard::GuardError;
use crate::places::{self, Place};
use crate::ports::{
    Asker, GatewayKey, KeptKind, KeptMap, Provider, ProviderError, Reply, StoreError,
};
use crate::remembered::{self, Digests, Recalling};
use crate::sightings::Collector;

/// A request of an application.
pub struct Asked {
    /// What it wants to send.
    pub prompt: Prompt<Raw>,
    /// What its headers ask for; they can only make things stricter.
    pub wishes: Wishes,
    /// Who counts what leaves.
    pub departures: Option<Arc<dyn Departures>>,
    /// Who watches its course.
    pub course: Option<Arc<dyn Course>>,
    /// What it has to do with what its provider keeps.
    pub thread: Thread,
}

impl Asked {
    fn begins(&self, step: Step<'_>) {
        if let Some(course) = &self.course {
            course.begins(step);
        }
    }

    fn ends(&self, end: End<'_>) {
        if let Some(course) = &self.course {
            course.ends(end);
        }
    }
}

/// Counts what leaves. It hears of it before the recipient is asked: a client may be gone before the answer begins.
pub trait Departures: Send + Sync {
    /// A document of so many bytes is about to leave for this recipient.
    fn leaves(&self, recipient: &str, n_bytes: usize);

    /// The recipient that was asked last gave no answer.
    fn failed(&self);
}

/// What request headers ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Another purpose than the key's own: refused unless it is the same.
    pub purpose: Option<String>,
    /// A stricter policy.
    pub policy: Option<String>,
    /// Which conversation this belongs to; without it, the first message decides.
    pub conversation: Option<String>,
    /// Who of the people behind the key writes, by whatever the application calls them. Nothing of it is kept or logged.
    pub person: Option<String>,
    /// Why a second person should agree, in one of the words of [`agreements::REASONS`].
    pub reason: Option<String>,
    /// A person's yes to what the policy warns of, as the refusal wrote it.
    pub confirm: Option<String>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// Keep nothing of what is in it, also no keyed fingerprints.
    pub no_store: bool,
    /// The language of surrogates.
    pub language: Language,
}

/// What came of a request.
pub struct Guarded {
    /// What was found and done.
    pub report: Report,
    /// The recipient's name in the register.
    pub recipient: String,
    /// The policy that decided.
    pub policy: String,
    /// The model of one's own that answers in place of the one that was asked for, where the policy says so.
    pub routed: Option<String>,
    /// How many recipients were asked until now, this one included; more than one if others gave no answer.
    pub n_asked: u32,
    /// What follows.
    pub outcome: Outcome,
}

/// What follows on screening.
pub enum Outcome {
    /// Nothing left.
    Refused {
        /// The models of this key that would take the same text.
        open: Vec<Place>,
        /// Who must agree was asked, where a second person's yes would be enough.
        second: Option<Second>,
        /// What to send along when the person says yes, where that would be enough and the key may pass it on.
        confirm: Option<String>,
    },
    /// It was only asked what would happen; nothing left.
    Previewed,
    /// The provider need not be asked; nothing left.
    Known {
        /// The answer. Nothing in it is of the text.
        answer: Vec<u8>,
    },
    /// The model answers; whoever passes the answer on restores the surrogates in it.
    Answering {
        /// The answer, with surrogates in it.
        reply: Reply,
        /// This conversation's surrogates.
        surrogates: Arc<Surrogates>,
        /// As how many bytes of text counts what left.
        n_bytes: usize,
        /// What is known here of the answer, where its recipient keeps it. It waits for the recipient's name of it.
        kept: Option<KeptMap>,
    },
}

/// Why the gateway did not do something. Nothing left, unless it is [`GatewayError::Provider`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GatewayError {
    /// No provider serves this model.
    #[error("there is no such model")]
    NoModel,
    /// The model's provider speaks another protocol.
    #[error("the model's provider speaks another protocol")]
    OtherWire,
    /// The key is bound to other models.
    #[error("the key is bound to other models")]
    OtherModel,
    /// The register does not declare the group that the key carries prompts of.
    #[error("the group of the key is not declared")]
    UnknownGroup,
    /// A header asks for another purpose than the key is bound to.
    #[error("the key is bound to another purpose")]
    OtherPurpose,
    /// A header asks for a policy that does not exist or is less strict.
    #[error("the policy is unknown or less strict")]
    OtherPolicy,
    /// The register does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] Refusal),
    /// The request asks a recipient to keep what the register does not let it keep.
    #[error("the register does not say that the recipient keeps what it gets")]
    NotKept,
    /// The request asks a recipient to keep what its provider cannot be asked for again.
    #[error("the provider keeps nothing of this kind")]
    KeepsNone(KeptKind),
    /// The request asks for keeping what is more than is kept of a conversation.
    #[error("what was replaced is more than is kept of a conversation")]
    TooMuchToKeep,
    /// What was kept of what it goes on from contradicts itself.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// What it goes on from was deleted or erased meanwhile.
    #[error("what the request goes on from is gone")]
    PreviousGone(KeptKind),
    /// Other requests went on in the same conversation all the time.
    #[error("the conversation went on meanwhile")]
    Outrun,
    /// The detector did not come to an end.
    #[error("the detector did not come to an end")]
    Finder,
    /// The log could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model gave no answer.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

impl From<GuardError> for GatewayError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::NoModel => Self::NoModel,
            GuardError::NotAllowed(refusal) => Self::NotAllowed(refusal),
            GuardError::Finder => Self::Finder,
        }
    }
}

/// Screens a request and sends what may leave: to the first recipient that may have it and answers. To each of them it
/// is a transfer of its own, with its own permit, its own screening and its own line in the log, under the register of
/// that moment. What the policy keeps for models of one's own ([`Verdict::Route`]) is asked of one that may have it.
///
/// In a conversation that another request went on in meanwhile, it is screened again, so that each knows what the other replaced.
///
/// # Errors
///
/// [`GatewayError`] says why there is no answer.
pub async fn complete(
    house: &House,
    key: &GatewayKey,
    mut asked: Asked,
) -> Result<Guarded, GatewayError> {
    for _ in 1..MOST_TRIES {
        match guarded(house, key, &asked).await {
            Err(GatewayError::Outrun) => asked = asked.caught_up(&house.desk(), key).await?,
            outcome => return outcome,
        }
    }
    guarded(house, key, &asked).await
}

/// So often a request is screened that others outrun in its conversation.
const MOST_TRIES: u32 = 4;

async fn guarded(house: &House, key: &GatewayKey, asked: &Asked) -> Result<Guarded, GatewayError> {
    let season = house.desk().remembered.season();
    let surface = Surface {
        service: key.service.clone(),
        purpose: key.purpose.clone(),
        category: String::new(),
    };
    check_purpose(key, &asked.wishes)?;
    if !key.bounds.allow(asked.prompt.model()) {
        return Err(GatewayError::OtherModel);
    }

    let round = Round {
        house,
        key,
        surface: &surface,
        asked,
        season,
    };
    let mut told = Told::default();
    round.ask(None, &mut told).await;
    let desk = house.desk();
    for own in told.routed(&desk, key, &surface, asked) {
        round.ask(Some(&own), &mut told).await;
        if told.is_settled() {
            break;
        }
    }
    told.outcome(&desk, key, &surface, asked).await
}

impl Told {
    async fn outcome(
        self,
        desk: &Desk,
        key: &GatewayKey,
        surface: &Surface,
        asked: &Asked,
    ) -> Result<Guarded, GatewayError> {
        match self.turn {
            None => Err(GatewayError::NoModel),
            Some((Turn::Failed(error), _)) => Err(error),
            Some((Turn::Passed(guarded), _)) => Ok(*guarded),
            Some((Turn::Refused { report, policy }, recipient)) => {
                if !asked.wishes.dry_run {
                    let entry = entry(
                        desk,
                        key,
                        Act::PromptRefused,
                        (&report, &policy),
                        &recipient,
                    );
                    desk.store.note(entry).await?;
                }
                let second = match matter(key, surface, asked, &recipient) {
                    Some(matter) => agreements::ask(desk, matter, &report).await?,
                    None => None,
                };
                let warned = Warned {
                    desk,
                    key,
                    surface,
                    recipient: &recipient,
                    policy: &policy,
                    person: asked.wishes.person.as_deref(),
                };
                let confirm = warned.by_what(&asked.prompt, &report);
                let open = elsewhere::open(
                    desk,
                    (key, surface),
                    (&asked.prompt).into(),
                    (&report, &policy),
                );
                Ok(Guarded {
                    report,
                    recipient,
                    policy: policy.name().to_owned(),
                    routed: None,
                    n_asked: self.n_asked,
                    outcome: Outcome::Refused {
                        confirm,
                        open: places::each_model_once(open),
                        second,
                    },
                })
            }
        }
    }
}

/// What a second person may agree to: a request that is sent, of which something may be kept, and into which somebody looked.
fn matter<'a>(
    key: &GatewayKey,
    surface: &'a Surface,
    asked: &'a Asked,
    recipient: &'a str,
) -> Option<Matter<'a>> {
    let may_wait =
        !asked.wishes.dry_run && !asked.wishes.no_store && asked.prompt.recording().is_none();
    may_wait.then_some(Matter {
        asker: Asker::Application(key.id),
        surface,
        recipient,
        prompt: &asked.prompt,
        reason: asked.wishes.reason.as_deref(),
    })
}

/// Whether a provider may have got what it was to be asked.
const fn was_asked(error: &ProviderError) -> bool {
    !matches!(
        error,
        ProviderError::NotTranslated(_) | ProviderError::Resting { .. } | ProviderError::Proxy(_)
    )
}

/// What became of asking one recipient.
enum Turn {
    /// It answers, or it was only asked what would happen.
    Passed(Box<Guarded>),
    /// The policy keeps the text from it.
    Refused { report: Report, policy: Arc<Policy> },
    /// It cannot be asked, or gave no answer.
    Failed(GatewayError),
}

/// A request on its way to one recipient.
struct Hop<'a> {
    desk: &'a Desk,
    key: &'a GatewayKey,
    surface: &'a Surface,
    asked: &'a Asked,
    recipient: &'a str,
    // The model that it is asked for in place of the one that the request names.
    routed: Option<&'a str>,
    n_asked: u32,
    // Of what is remembered of texts, when the request came in.
    season: u64,
}

impl Hop<'_> {
    /// Looks through no text of this conversation twice, where something may be kept of it at all.
    fn recalling(&self, conversation: &[u8; 32]) -> Option<Recalling<'_>> {
        let Self { desk, asked, .. } = *self;
        let is_named = asked.wishes.conversation.is_some();
        let goes_on = is_named || !asked.prompt.opening().is_empty();
        (goes_on && !asked.wishes.no_store).then(|| Recalling {
            finder: &*desk.finder,
            remembered: &desk.remembered,
            // Nothing of it is kept, so it may follow from the other one, which the whole opening was read for.
            digests: Digests::new(
                &desk
                    .secrets
                    .conversation_key(&[b"findings of", conversation]),
            ),
            season: self.season,
            moment: Moment {
                now: desk.now(),
                term: desk.term_lasts(remembered::TERM),
            },
        })
    }

    /// Who is asked, if they speak the protocol of the request.
    fn provider(&self) -> Result<&dyn Provider, GatewayError> {
        let provider = self.desk.providers.provider(self.recipient);
        let provider = provider.ok_or(GatewayError::NoModel)?;
        if provider.speaks(self.asked.prompt.wire()) {
            Ok(provider)
        } else {
            Err(GatewayError::OtherWire)
        }
    }

    /// What surrounds a warning on this way.
    fn warned<'w>(&'w self, policy: &'w Policy) -> Warned<'w> {
        Warned {
            desk: self.desk,
            key: self.key,
            surface: self.surface,
            recipient: self.recipient,
            policy,
            person: self.asked.wishes.person.as_deref(),
        }
    }

    /// Whether the register lets this go there today.
    fn transfer<'p>(&self, permit: &'p Permit<'p>) -> Result<TransferPermit<'p>, Refusal>
    where
        Self: 'p,
    {
        let Self { desk, asked, .. } = *self;
        let transfer = desk
            .register
            .transfer(permit, self.recipient, desk.today())?;
        if asked.prompt.recording().is_some() && !transfer.covers_field(SOUND) {
            let recipient = transfer.recipient().clone();
            return Err(Refusal::SoundNotListed { recipient });
        }
        Ok(transfer)
    }

    async fn take(&self) -> Turn {
        self.screened_and_sent().await.unwrap_or_else(Turn::Failed)
    }

    /// Asks the recipient; who counts and who watches hear of it.
    async fn ask(
        &self,
        provider: &dyn Provider,
        transfer: &TransferPermit<'_>,
        (prompt, n_bytes): (Prompt<Screened>, usize),
    ) -> Result<Reply, ProviderError> {
        let Self {
            asked, recipient, ..
        } = *self;
        let departures = asked.departures.as_ref();
        if let Some(departures) = departures {
            departures.leaves(recipient, n_bytes);
        }
        asked.begins(Step::Hop {
            recipient,
            model: self.routed.unwrap_or_else(|| asked.prompt.model()),
        });
        let reply = provider.complete(transfer, prompt).await;
        reply.inspect_err(|error| {
            asked.ends(End::Failed(error));
            if let Some(departures) = departures {
                departures.failed();
            }
        })
    }

    /// The surrogates of the conversation until now.
    fn surrogates(&self, secret: [u8; 32], policy: &Policy) -> Result<Surrogates, Contradiction> {
        let Self { desk, asked, .. } = *self;
        let language = asked.wishes.language;
        let mut surrogates = Surrogates::new(ConversationKey::new(secret), language);
        // What was said before is not here, so nothing that looks like it could be avoided.
        if !asked.thread.is_kept() {
            look_real(desk, &asked.prompt, &mut surrogates);
        }
        asked.thread.take_up(&mut surrogates)?;
        surrogates.hand_over(Arc::clone(policy.tools()), asked.prompt.tools());
        let texts = asked.prompt.texts().chain(asked.thread.values());
        desk.withholding.apply(&mut surrogates, texts, language);
        asked.thread.withhold_also(&mut surrogates);
        Ok(surrogates)
    }

    /// What is kept here of what its recipient keeps, and what that must be told where it is too much.
    fn to_write(
        &self,
        report: &Report,
        surrogates: &Surrogates,
    ) -> Result<(ToWrite, Option<&'static str>), GatewayError> {
        let Self {
            desk,
            key,
            asked,
            recipient,
            ..
        } = *self;
        let wishes = &asked.wishes;
        let said = (
            wishes.person.as_deref(),
            wishes.policy.as_deref(),
            wishes.language,
        );
        let came = (&asked.prompt, report, surrogates);
        let to_write = asked.thread.to_write(desk, key, recipient, said, came);
        asked.thread.bounded(to_write)
    }

    /// Writes down what is about to leave. Where its recipient keeps it, what was replaced is kept here with the same stroke.
    async fn note(
        &self,
        said: (&Report, &Policy),
        to_write: ToWrite,
    ) -> Result<Option<KeptMap>, GatewayError> {
        let Self {
            desk, key, asked, ..
        } = *self;
        let mut entry = entry(desk, key, Act::PromptSent, said, self.recipient);
        entry.facts.is_routed = self.routed.is_some();
        let previous = asked.thread.previous.as_ref();
        to_write.write(desk, previous, entry).await
    }

    async fn screened_and_sent(&self) -> Result<Turn, GatewayError> {
        let Self {
            desk,
            key,
            asked,
            recipient,
            ..
        } = *self;
        let policy = policy(desk, key, asked.wishes.policy.as_deref())?;
        let permit = desk.permit(self.surface, &applications_person())?;
        let provider = self.provider()?;
        let transfer = self.transfer(&permit)?;
        let to_tell = asked.thread.to_tell(desk, recipient)?;

        asked.begins(Step::Screening { recipient });
        let secret = conversation_secret(desk, b"gateway", key, &asked.prompt, &asked.wishes);
        // Where formats alone are sought, looking is as fast as looking up.
        let recalling = if policy.seeks_formats_only() {
            None
        } else {
            self.recalling(&secret)
        };
        let mut surrogates = self.surrogates(secret, &policy)?;
        let waived = Waived::default();
        let collector = (!asked.wishes.no_store)
            .then(|| Collector::of(desk, &self.surface.service))
            .flatten();
        let screening = Screening {
            finder: match &recalling {
                Some(recalling) => recalling,
                None => &*desk.finder,
            },
            policy: &policy,
            destination: transfer.destination(),
            has_ground: desk.has_ground(self.surface),
            waived: &waived,
            witness: collector.as_ref().map(|found| found as &dyn Witness),
        };
        let screen = asked
            .prompt
            .screen(&screening, &mut surrogates)
            .inspect_err(|_| asked.ends(End::NotScreened))
            .map_err(|_| GatewayError::Finder)?;
        asked.ends(End::Screened(screen.report()));
        let screen = self.warned(&policy).again(
            &asked.prompt,
            &asked.wishes,
            &screening,
            &mut surrogates,
            screen,
        )?;
        let matter = matter(key, self.surface, asked, recipient);
        let (screen, agreed) =
            agreements::again(desk, matter, &screening, &mut surrogates, screen).await?;
        let (prompt, report) = match screen {
            Screen::Refused { report } => return Ok(Turn::Refused { report, policy }),
            Screen::Passed { prompt, report } => (prompt, report),
        };
        let prompt = match self.routed {
            Some(model) => prompt.with_model(model),
            None => prompt,
        };
        let (to_write, if_too_much) = self.to_write(&report, &surrogates)?;
        let to_tell = to_tell.or(if_too_much);
        let prompt = asked.thread.addressed(prompt, to_tell);
        let outcome = if asked.wishes.dry_run {
            Outcome::Previewed
        } else if let Some(answer) = provider.answers_itself(&prompt)? {
            Outcome::Known { answer }
        } else {
            provider.takes(&prompt)?;
            if let Some(report) = agreements::not_taken(desk, matter, agreed).await? {
                return Ok(Turn::Refused { report, policy });
            }
            let kept = self.note((&report, &policy), to_write).await?;
            if let Some(collector) = collector {
                collector.note(desk, &self.surface.service, recipient);
            }
            let n_bytes = prompt.n_bytes_of_text();
            let reply = self.ask(provider, &transfer, (prompt, n_bytes)).await;
            if let (Err(_), Some(kept)) = (&reply, &kept) {
                // Whatever became of it there, nobody can ask for it here.
                batches::drop_map(desk, key, kept).await?;
            }
            Outcome::Answering {
                reply: reply?,
                n_bytes,
                surrogates: Arc::new(surrogates),
                kept,
            }
        };
        Ok(Turn::Passed(Box::new(Guarded {
            report,
            recipient: recipient.to_owned(),
            policy: policy.name().to_owned(),
            routed: self.routed.map(str::to_owned),
            n_asked: self.n_asked + 1,
            outcome,
        })))
    }
}

/// The models as they stand for a key today, also the closed ones.
#[must_use]
pub fn models(desk: &Desk, key: &GatewayKey) -> Vec<Place> {
    models_where(desk, key, |_| true)
}

/// The same, of those whose provider speaks this protocol.
#[must_use]
pub fn models_that_speak(desk: &Desk, key: &GatewayKey, wire: Wire) -> Vec<Place> {
    models_where(desk, key, |place| {
        let provider = desk.providers.provider(&place.recipient);
        provider.is_some_and(|provider| provider.speaks(wire))
    })
}

fn models_where(desk: &Desk, key: &GatewayKey, counts: impl Fn(&Place) -> bool) -> Vec<Place> {
    let surface = Surface {
        service: key.service.clone(),
        purpose: key.purpose.clone(),
        category: String::new(),
    };
    let mut places = places::with_every_recipient(desk, &surface, &applications_person());
    places.retain(|place| key.bounds.allow(&place.model) && counts(place));
    places::each_model_once(places)
}

/// The persons behind an application are informed by that application; the register says so of its service.
pub(crate) fn applications_person() -> PersonState {
    PersonState {
        notice_seen: true,
        ..PersonState::default()
    }
}

/// A header may name the purpose of the key, and no other.
pub(crate) fn check_purpose(key: &GatewayKey, wishes: &Wishes) -> Result<(), GatewayError> {
    let named = wishes.purpose.as_ref();
    if named.is_some_and(|purpose| *purpose != key.purpose) {
        return Err(GatewayError::OtherPurpose);
    }
    Ok(())
}

/// The policy in force for a key, or the stricter one that a header asks for.
pub(crate) fn policy(
    desk: &Desk,
    key: &GatewayKey,
    wished: Option<&str>,
) -> Result<Arc<Policy>, GatewayError> {
    let in_force = match &key.bounds.group {
        // Of a group that is there no more nobody knows what was stricter for it.
        Some(group) if desk.register.group(group).is_none() => {
            return Err(GatewayError::UnknownGroup);
        }
        Some(group) => Arc::new(Policy::clone(&desk.policy).of_group(group)),
        None => Arc::clone(&desk.policy),
    };
    let base = match &key.bounds.policy {
        // One that became milder than what is in force counts no more.
        Some(name) => stricter(&in_force, name)?.unwrap_or(in_force),
        None => in_force,
    };
    match wished {
        Some(name) => stricter(&base, name)?.ok_or(GatewayError::OtherPolicy),
        None => Ok(base),
    }
}

/// A policy by its name, in no cell milder than `base`; `None` if it is the milder one.
fn stricter(base: &Arc<Policy>, name: &str) -> Result<Option<Arc<Policy>>, GatewayError> {
    let is_own = name == base.name();
    if is_own && base.changes().next().is_none() {
        return Ok(Some(Arc::clone(base)));
    }
    let policy = Policy::shipped(name).map_err(|_| GatewayError::OtherPolicy)?;
    // What the register makes milder in a policy of that name is not what was asked for.
    let is_stricter = is_own || policy.is_stricter_than(base);
    Ok(is_stricter.then(|| Arc::new(policy.at_least(Policy::clone(base)))))
}

/// The surrogates of the conversation to which a request belongs. A client that sends its history again, opens with
/// the same words, and so gets the same surrogates again.
pub(crate) fn surrogates_of(
    desk: &Desk,
    key: &GatewayKey,
    prompt: &Prompt<Raw>,
    wishes: &Wishes,
) -> Surrogates {
    let secret = conversation_secret(desk, b"gateway", key, prompt, wishes);
    let mut surrogates = Surrogates::new(ConversationKey::new(secret), wishes.language);
    look_real(desk, prompt, &mut surrogates);
    surrogates
}

/// Surrogates look real where the register says so and there is a conversation. Texts outside one share surrogates with
/// texts that are not there, and these would then differ with what else stands in the text.
fn look_real(desk: &Desk, prompt: &Prompt<Raw>, surrogates: &mut Surrogates) {
    let is_conversation = !prompt.opening().is_empty();
    if is_conversation && desk.register.surrogate_form() == SurrogateForm::Realistic {
        surrogates.look_real();
    }
}

/// A number that belongs to the conversation, so that its later requests go where the first one went.
fn draw(desk: &Desk, key: &GatewayKey, asked: &Asked) -> u64 {
    let secret = conversation_secret(desk, b"route", key, &asked.prompt, &asked.wishes);
    let fold = |number: u64, byte: &u8| number.rotate_left(8) ^ u64::from(*byte);
    secret.iter().fold(0, fold)
}

fn conversation_secret(
    desk: &Desk,
    what: &[u8],
    key: &GatewayKey,
    prompt: &Prompt<Raw>,
    wishes: &Wishes,
) -> [u8; 32] {
    let conversation = wishes.conversation.as_deref();
    let conversation = conversation.unwrap_or_else(|| prompt.opening());
    let kind: &[u8] = if wishes.conversation.is_some() {
        b"named"
    } else {
        b"opening"
    };
    let mut scope = vec![what, key.id.0.as_bytes(), kind, conversation.as_bytes()];
    // Where the first words decide, two people who begin alike have conversations of their own. Texts outside a conversation have no
    // first words: who asks finds what another wrote down.
    let person = wishes.person.as_deref().filter(|_| {
        let is_opening = wishes.conversation.is_none();
        is_opening && !conversation.is_empty()
    });
    if let Some(person) = person {
        scope.extend([&b"of"[..], person.as_bytes()]);
    }
    desk.secrets.conversation_key(&scope)
}

/// In the log: only formats were sought.
pub(crate) const FORMATS_ONLY: &str = "formats";

/// In the log: sound went along into which nobody looked; and of the rest only formats were sought.
const UNHEARD: &str = "unheard";
const FORMATS_ONLY_AND_UNHEARD: &str = "formats-unheard";

pub(crate) fn entry(
    desk: &Desk,
    key: &GatewayKey,
    act: Act,
    (report, policy): (&Report, &Policy),
    recipient: &str,
) -> Entry {
    Entry::new(desk.now(), Actor::Application(key.id), act)
        .for_purpose(&key.purpose)
        .on(key.stands_for.unwrap_or(key.id).0)
        .with(Facts {
            verdict: Some(report.verdict),
            findings: report.counts(),
            recipient: Some(recipient.to_owned()),
            register: Some(desk.register.version().to_owned()),
            detail: match (policy.seeks_formats_only(), report.sent.unheard > 0) {
                (false, false) => None,
                (true, false) => Some(FORMATS_ONLY),
                (false, true) => Some(UNHEARD),
                (true, true) => Some(FORMATS_ONLY_AND_UNHEARD),
            },
            is_confirmed: report.is_confirmed,
            ..Facts::default()
        })
}

//! Responses that go on from one another at a provider that keeps them, and conversations that stand there, on their way in and out.

use futures_util::{StreamExt as _, stream};
use uuid::Uuid;
use waarborg_domain::json::{LeafKind, Path, scan};
use waarborg_domain::prompt::{Prompt, Raw};
use waarborg_usecase::Desk;
use waarborg_usecase::batches::{self, BatchError, TERM};
use waarborg_usecase::gateway::Wishes;
use waarborg_usecase::gateway::thread::{self, Keeping, Previous, Thread};
use waarborg_usecase::ports::{Chunks, GatewayKey, KeptKind, KeptMap, ProviderError, Reply};

use super::batches::{Fault, JSON, problem};
use super::error::Problem;
use crate::providers::deposits::is_name;
use crate::restore::{AnswerText, LIMITS, Splices};
use crate::surfaces::{CONVERSATION, Form, FormFault, When, conversation_name, response_name};

/// Tells the provider to keep nothing of what nobody asked it to keep.
pub(super) fn keep_nothing(form: &mut Form, prompt: Prompt<Raw>) -> Prompt<Raw> {
    match std::mem::take(&mut form.keeping) {
        Keeping::Unless(member) => prompt.with_first(member),
        Keeping::Nothing | Keeping::Asked => prompt,
    }
}

/// A request that is one of many. Its provider keeps them together, and from none of them another goes on.
///
/// # Errors
///
/// [`Problem`] if it goes on from another one itself.
pub(super) fn by_itself(
    mut form: Form,
    prompt: Prompt<Raw>,
) -> Result<(Form, Prompt<Raw>), Problem> {
    if form.previous.is_some() {
        return Err(not_done("previous_response_id"));
    }
    if form.conversation.is_some() {
        return Err(not_done(CONVERSATION));
    }
    at_once(&form)?;
    let prompt = keep_nothing(&mut form, prompt);
    Ok((form, prompt))
}

/// A request that somebody else sends. What the response before it replaced is not known here, as its answer did not pass by.
///
/// # Errors
///
/// [`Problem`] if it goes on from one, or is answered later.
pub(super) fn sent_elsewhere(form: &Form) -> Result<(), Problem> {
    if form.previous.is_some() {
        return Err(Fault::PreviousElsewhere.into());
    }
    if form.conversation.is_some() {
        return Err(not_done(CONVERSATION));
    }
    at_once(form)
}

/// Nothing that is answered later goes where nobody asks for it again.
///
/// # Errors
///
/// [`Problem`] if it is.
fn at_once(form: &Form) -> Result<(), Problem> {
    match form.when {
        When::Later { .. } => Err(not_done("background")),
        When::AtOnce => Ok(()),
    }
}

/// Where nobody who may be asked for this model keeps answers that can be asked for again, it is not for the register to let them.
///
/// # Errors
///
/// [`Problem`] if the request asks for one that is kept, or goes on from one where the register says that nothing is kept either.
pub(super) fn is_kept_by_somebody(
    desk: &Desk,
    model: &str,
    (form, may_store): (&Form, bool),
) -> Result<(), Problem> {
    let field = match (form.when, form.keeps) {
        (When::Later { .. }, _) => "background",
        (When::AtOnce, Some("store")) => "store",
        (When::AtOnce, Some(field @ ("previous_response_id" | CONVERSATION))) if !may_store => {
            field
        }
        _ => return Ok(()),
    };
    let recipients = desk.providers.recipients_of(model);
    let mut keep = recipients
        .iter()
        .map(|recipient| thread::keeps(desk, recipient, KeptKind::Response));
    // Which model there is, is said elsewhere.
    if recipients.is_empty() || keep.any(|keeps| keeps) {
        return Ok(());
    }
    Err(Fault::KeepsNoResponses { field }.into())
}

/// What is answered later counts at once for all that it may use, so a key with a budget must say how much that is.
///
/// # Errors
///
/// [`Problem`] if that cannot be known: it has no most, or the provider reads turns before it that are not here.
fn is_countable(key: &GatewayKey, form: &Form) -> Result<(), Problem> {
    let bounds = &key.bounds;
    let is_bound = bounds.tokens_per_day.is_some() || bounds.cents_per_month.is_some();
    let goes_on = form.previous.is_some() || form.conversation.is_some();
    match form.when {
        When::Later { .. } if is_bound && goes_on => Err(not_done("background")),
        When::Later { most: None } if is_bound => {
            Err(Problem::Form(FormFault::Field("max_output_tokens")))
        }
        When::Later { .. } | When::AtOnce => Ok(()),
    }
}

const fn not_done(field: &'static str) -> Problem {
    Problem::Form(FormFault::NotDone(field))
}

/// What a request has to do with what its provider keeps, where the register lets that keep anything.
///
/// # Errors
///
/// [`Problem`] if it goes on from what is not there for this key and this person, or cannot be kept.
pub(super) async fn of(
    (desk, key): (&Desk, &GatewayKey),
    wishes: &Wishes,
    mut form: Form,
    mut prompt: Prompt<Raw>,
) -> Result<(Thread, Prompt<Raw>), Problem> {
    if let Some(field) = field(&form)
        && desk.register.term(TERM).is_none()
    {
        return Err(Fault::NoTermOfResponse { field }.into());
    }
    if form.conversation.is_some() {
        // What is said in it is kept with it.
        form.keeping = Keeping::Asked;
    }
    if wishes.no_store && form.keeping == Keeping::Asked {
        return Err(Problem::Header("x-waarborg-no-store"));
    }
    if wishes.no_store || desk.register.term(TERM).is_none() {
        prompt = keep_nothing(&mut form, prompt);
    }
    // An answer that is given later is asked for by its name, and comes whole.
    if form.keeping == Keeping::Nothing || prompt.streams() {
        at_once(&form)?;
    }
    is_countable(key, &form)?;
    let conversation = form.conversation.map(|id| (KeptKind::Conversation, id));
    let goes_on = conversation.or_else(|| form.previous.map(|id| (KeptKind::Response, id)));
    let previous = match goes_on {
        Some(what) => Some(previous((desk, key), wishes, &prompt, what).await?),
        None => None,
    };
    if let Some(previous) = &previous {
        prompt = prompt.with_known(previous.known());
    }
    let thread = Thread {
        previous,
        keeping: match form.when {
            // What is asked for later must be there then.
            When::Later { .. } => Keeping::Asked,
            When::AtOnce => form.keeping,
        },
        form: match form.text {
            AnswerText::Json => JSON.to_owned(),
            AnswerText::Plain => String::new(),
        },
        ..Thread::default()
    };
    Ok((thread, prompt))
}

/// The field that asks for what only a kept map makes possible.
fn field(form: &Form) -> Option<&'static str> {
    let asks = (form.keeping == Keeping::Asked).then_some("store");
    let goes_on = form.previous.map(|_| "previous_response_id");
    let is_said_in = form.conversation.map(|_| CONVERSATION);
    is_said_in.or(goes_on).or(asks)
}

pub(super) async fn previous(
    (desk, key): (&Desk, &GatewayKey),
    wishes: &Wishes,
    prompt: &Prompt<Raw>,
    what: (KeptKind, Uuid),
) -> Result<Previous, Problem> {
    let found = thread::previous(desk, key, wishes.person.as_deref(), what).await;
    let found = found.map_err(|error| fault(what.0, error))?;
    // Who is asked for another model does not have it.
    let recipients = desk.providers.recipients_of(prompt.model());
    let found = found.filter(|found| recipients.contains(&found.recipient()));
    found.ok_or_else(|| {
        match what.0 {
            KeptKind::Conversation => Fault::NoConversation,
            _ => Fault::NoPrevious,
        }
        .into()
    })
}

/// What a use case says of something of this kind.
pub(super) fn fault(kind: KeptKind, error: BatchError) -> Problem {
    match error {
        BatchError::MapGone => Fault::Gone(kind).into(),
        error => problem(error, "input"),
    }
}

/// By which name a client knows it.
fn name_of(kind: KeptKind, id: Uuid) -> String {
    match kind {
        KeptKind::Conversation => conversation_name(id),
        _ => response_name(id),
    }
}

/// What an answer is called here, in place of what its provider calls it.
pub(super) struct Naming {
    desk: Desk,
    key: GatewayKey,
    /// The answer, until the provider said by which name it keeps it.
    unnamed: Option<KeptMap>,
    ours: Option<String>,
    before: Before,
}

/// What an answer goes on from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) previous: Option<Uuid>,
    pub(super) conversation: Option<Uuid>,
}

impl Before {
    /// What the request goes on from.
    pub(super) const fn of(form: &Form) -> Self {
        Self {
            previous: form.previous,
            conversation: form.conversation,
        }
    }

    /// What stands in an answer in place of the provider's name of it.
    pub(super) fn name_at(self, path: &Path, within: &[&str]) -> Option<String> {
        let is = |place: &[&str]| path.is(&[within, place].concat());
        if is(&["previous_response_id"]) {
            self.previous.map(response_name)
        } else if is(&["conversation", "id"]) {
            self.conversation.map(conversation_name)
        } else {
            None
        }
    }
}

/// Where an answer in one piece tells of itself.
const WHOLE: &[&str] = &[];

/// Where the events of a stream do.
const EVENT: &[&str] = &["response"];

impl Naming {
    /// What is kept of an answer, and the response from which it goes on.
    pub(super) fn new(
        (desk, key): (&Desk, &GatewayKey),
        kept: Option<KeptMap>,
        before: Before,
    ) -> Self {
        Self {
            desk: desk.clone(),
            key: key.clone(),
            ours: kept.as_ref().map(|kept| name_of(kept.kind, kept.id)),
            unnamed: kept,
            before,
        }
    }

    /// The same answer under our names. It begins only when it is written down which one the provider keeps.
    ///
    /// # Errors
    ///
    /// [`Problem`] if the answer has no name, or that cannot be written down.
    pub(super) async fn over(mut self, reply: Reply) -> Result<Reply, Problem> {
        if self.ours.is_none() && self.before == Before::default() {
            return Ok(reply);
        }
        match reply {
            Reply::Whole(document) => {
                let named = self.named(document, WHOLE).await;
                self.give_up().await?;
                named.map(Reply::Whole)
            }
            Reply::Stream(chunks) => Ok(Reply::Stream(self.through(chunks))),
            Reply::Plain(_) | Reply::Sound { .. } => {
                self.give_up().await?;
                Err(Problem::Provider(ProviderError::Unreadable))
            }
        }
    }

    fn through(self, chunks: Chunks) -> Chunks {
        Box::pin(stream::unfold(Some((chunks, self)), |passing| async move {
            let (mut chunks, mut naming) = passing?;
            let Some(chunk) = chunks.next().await else {
                naming.give_up().await.ok()?;
                return None;
            };
            let named = match chunk {
                Ok(chunk) if is_about_the_response(&chunk) => naming.named(chunk, EVENT).await,
                chunk => chunk.map_err(Problem::Provider),
            };
            match named {
                Ok(chunk) => Some((Ok(chunk), Some((chunks, naming)))),
                Err(problem) => {
                    let is_told = naming.give_up().await.is_ok();
                    if matches!(problem, Problem::House) {
                        tracing::error!(
                            "an answer was broken off because its name could not be written down"
                        );
                    }
                    let error = match problem {
                        Problem::Provider(error) if is_told => error,
                        _ => ProviderError::BrokenOff,
                    };
                    Some((Err(error), None))
                }
            }
        }))
    }

    /// One document of the answer under our names.
    async fn named(&mut self, document: Vec<u8>, within: &[&str]) -> Result<Vec<u8>, Problem> {
        let unreadable = || Problem::Provider(ProviderError::Unreadable);
        let leaves = scan(&document, &LIMITS).map_err(|_| unreadable())?;
        let document = String::from_utf8(document).map_err(|_| unreadable())?;
        let mut splices = Splices::default();
        for leaf in leaves.iter().filter(|leaf| leaf.kind == LeafKind::Text) {
            if leaf.path.is(&[within, &["id"]].concat()) {
                self.written_down(&leaf.text).await?;
                if let Some(ours) = &self.ours {
                    splices.replace(leaf.range.clone(), ours);
                }
            } else if let Some(ours) = self.before.name_at(&leaf.path, within) {
                splices.replace(leaf.range.clone(), &ours);
            }
        }
        if self.unnamed.is_some() {
            return Err(unreadable());
        }
        Ok(splices.apply_to(document).into_bytes())
    }

    async fn written_down(&mut self, name: &str) -> Result<(), Problem> {
        let Some(kept) = &self.unnamed else {
            return Ok(());
        };
        if !is_name(name) {
            return Err(Problem::Provider(ProviderError::Unreadable));
        }
        thread::named(&self.desk, kept, name)
            .await
            .map_err(|_| Problem::House)?;
        self.unnamed = None;
        Ok(())
    }

    /// Of an answer without a name nothing is kept.
    async fn give_up(&mut self) -> Result<(), Problem> {
        match self.unnamed.take() {
            Some(kept) => batches::end(&self.desk, &self.key, &kept)
                .await
                .map_err(|error| fault(kept.kind, error)),
            None => Ok(()),
        }
    }
}

/// Whether an event holds the response itself, and not a piece of it.
fn is_about_the_response(event: &[u8]) -> bool {
    const MEMBER: &[u8] = b"\"response\"";
    event.windows(MEMBER.len()).any(|bytes| bytes == MEMBER)
}

//! A prompt on its way to a model: first raw, then screened. A provider takes nothing but a screened one.
//!
//! A prompt keeps the JSON document as it came. Screening splices surrogates into those bytes, so that unknown
//! fields, their order, numbers and white space stay exactly as the client wrote them.
//!
//! Nobody can make a screened prompt but [`Prompt::<Raw>::screen`]:
//!
//! ```compile_fail
//! use waarborg_domain::prompt::{Prompt, Screened};
//! fn send(_: Prompt<Screened>) {}
//! let raw = Prompt::conversation("model", &[]);
//! send(raw);
//! ```

mod build;
mod declared;
mod elsewhere;
mod enclosed;
mod judge;
mod nested;
mod recording;
mod screen;
mod seams;
mod search;
mod wording;

use std::fmt;

use waarborg_detect::{Kind, Kinds};

pub use build::Turn;
pub use enclosed::{Enclosure, EnclosureKind, Fixed, Sent, Weight};
pub use recording::{Recording, SOUND, SoundKind};
pub use screen::{Mark, Report, Screen, Screening, Waived, Witness};

use self::enclosed::Enclosed;
use self::nested::Texts;
use crate::json::{self, JsonFault, Leaf, LeafKind, Limits, Path};

/// A request body for a model. `S` says whether it was screened.
pub struct Prompt<S> {
    body: Vec<u8>,
    head: Head,
    wire: Wire,
    features: Vec<&'static str>,
    recording: Option<Recording>,
    weight: Weight,
    /// By which name the recipient knows the conversation in which this is said.
    within: Option<String>,
    state: S,
}

/// The protocol that a document is written in; its provider must speak the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// OpenAI's `chat/completions`.
    #[default]
    ChatCompletions,
    /// Anthropic's `messages`.
    Messages,
    /// Anthropic's `messages/count_tokens`.
    CountTokens,
    /// OpenAI's `completions`.
    Completions,
    /// OpenAI's `embeddings`.
    Embeddings,
    /// OpenAI's `moderations`.
    Moderations,
    /// OpenAI's `responses`.
    Responses,
    /// OpenAI's `conversations`: what is said in one that stands at the provider. Here it is written as the input of `responses`.
    Conversation,
    /// OpenAI's `images/generations`.
    Pictures,
    /// OpenAI's `images/edits`: pictures that lie in a document are changed.
    PictureEdits,
    /// The same, sent as a form.
    PictureEditForms,
    /// OpenAI's `images/variations`, which is a form: another picture like one.
    PictureVariations,
    /// OpenAI's `audio/speech`: a text is spoken.
    Speech,
    /// OpenAI's `audio/transcriptions`: what is said is written down.
    Transcriptions,
    /// OpenAI's `audio/translations`: what is said is written down in English.
    Translations,
    /// Ollama's `api/chat`.
    OllamaChat,
    /// Ollama's `api/generate`.
    OllamaGenerate,
    /// Ollama's `api/embed`.
    OllamaEmbed,
}

impl Wire {
    /// Whether an answer can come as a stream.
    const fn may_stream(self) -> bool {
        !matches!(
            self,
            Self::CountTokens
                | Self::Embeddings
                | Self::Moderations
                | Self::PictureVariations
                | Self::Speech
                | Self::Translations
                | Self::OllamaEmbed
                | Self::Conversation
        )
    }

    /// Whether a model answers in words of its own, or counts those that it would read.
    #[must_use]
    pub const fn answers_in_words(self) -> bool {
        matches!(
            self,
            Self::ChatCompletions
                | Self::Messages
                | Self::CountTokens
                | Self::Completions
                | Self::Responses
                | Self::OllamaChat
                | Self::OllamaGenerate
        )
    }

    /// Whether an answer comes as a stream when a request says nothing about it.
    const fn streams_unasked(self) -> bool {
        matches!(self, Self::OllamaChat | Self::OllamaGenerate)
    }

    /// The model that is meant by a request that names none.
    const fn model_unasked(self) -> Option<&'static str> {
        match self {
            Self::Moderations => Some("omni-moderation-latest"),
            // No model is asked; whose recipient has it is said beside the document.
            Self::Conversation => Some(""),
            _ => None,
        }
    }
}

/// What the program itself needs to know of a document.
#[derive(Clone, Debug, Default, serde::Deserialize)]
struct Head {
    #[serde(default)]
    model: String,
    #[serde(default)]
    stream: Option<bool>,
}

/// The state of a prompt that nobody inspected: it cannot leave.
pub struct Raw {
    texts: Texts,
    enclosed: Enclosed,
    opening: String,
    /// The names of the tools that it declares.
    tools: Vec<String>,
    /// A member that comes first in the document, written with the comma behind it.
    first: &'static str,
    /// What was personal in the beginning of the conversation, which the recipient keeps.
    known: Vec<Known>,
}

/// A value that is personal wherever it comes again: it was so in what a recipient keeps of this conversation.
#[derive(Clone)]
pub struct Known {
    /// What it is.
    pub kind: Kind,
    /// What else stands in it.
    pub also: Kinds,
    /// The value.
    pub value: String,
}

/// The state of a prompt from which screening took what may not leave.
pub struct Screened(());

/// Which strings of a document the protocol itself defines, and which it forbids.
pub trait Protocol {
    /// Which protocol this is.
    fn wire(&self) -> Wire {
        Wire::default()
    }

    /// What the string at a path is to this protocol.
    fn role(&self, path: &Path, kind: LeafKind, text: &str) -> LeafRole;
}

/// What a string of the document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafRole {
    /// A word of the protocol, such as `"role"`: not inspected.
    Word,
    /// What a person, a tool or the client wrote: inspected.
    Text,
    /// A name that programs know something by: inspected, and what replaces a part of it fits in a name.
    Name,
    /// Words that a provider signed: inspected, and if something in them may not go as it is, the prompt is refused.
    Signed,
    /// A name with something of somebody in it which no surrogate can replace: the prompt is refused.
    Bound,
    /// A key that some providers read as a word of the protocol and this house does not: the prompt is refused.
    Disguised,
    /// Something that cannot be inspected, such as an image: the prompt is refused.
    Opaque,
}

/// Why a document is no prompt.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum PromptFault {
    /// Not a JSON document that can be read in one way only.
    #[error("the body is not usable JSON: {0}")]
    Json(#[from] JsonFault),
    /// No model is named, or `stream` is no boolean.
    #[error("model must be a string and stream a boolean")]
    Head,
    /// A part cannot be inspected.
    #[error("{0} cannot be inspected and is refused")]
    Opaque(String),
    /// A key is a word of the protocol but for its capitals.
    #[error("{0} is a key that some providers read as another one and is refused")]
    Disguised(String),
    /// A name says something of somebody, and would call nothing any more if that were replaced.
    #[error("{0} is a name with personal data in it and is refused")]
    Bound(String),
}

/// Whether a key stands before `null`, or before a list with nothing in it. (An object with nothing in it turns something on.)
fn says_nothing(key: &Leaf, body: &[u8]) -> bool {
    let behind = (key.kind == LeafKind::Key).then(|| body.get(key.range.end + 1..));
    let mut value = behind
        .flatten()
        .unwrap_or_default()
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b':');
    match value.next() {
        Some(b'n') => true,
        Some(b'[') => value.next() == Some(b']'),
        _ => false,
    }
}

impl Prompt<Raw> {
    /// Reads a request body.
    ///
    /// # Errors
    ///
    /// [`PromptFault`] if it is not JSON with one reading, or holds a part that cannot be inspected.
    pub fn parse(
        body: Vec<u8>,
        limits: &Limits,
        protocol: &dyn Protocol,
    ) -> Result<Self, PromptFault> {
        Self::parse_with(body, Vec::new(), limits, protocol)
    }

    /// Reads a request body in which the texts of pictures and files stand in their place.
    ///
    /// # Errors
    ///
    /// As [`Prompt::parse`].
    pub fn parse_with(
        body: Vec<u8>,
        enclosures: Vec<Enclosure>,
        limits: &Limits,
        protocol: &dyn Protocol,
    ) -> Result<Self, PromptFault> {
        let leaves = json::scan(&body, limits)?;
        let n_leaves_left = limits.leaves.saturating_sub(leaves.len());
        let opening = opening(&leaves, protocol.wire());
        let tools = declared::tools(&leaves);
        let mut inspected = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let role = match protocol.role(&leaf.path, leaf.kind, &leaf.text) {
                // Clients write what they do not want as well; the member itself is looked at as any other.
                LeafRole::Opaque if says_nothing(&leaf, &body) => LeafRole::Text,
                role => role,
            };
            match role {
                LeafRole::Word => {}
                role @ (LeafRole::Text | LeafRole::Name | LeafRole::Signed) => {
                    inspected.push((leaf, role));
                }
                LeafRole::Bound => return Err(PromptFault::Bound(protocol_path(&leaf.path))),
                LeafRole::Disguised => {
                    return Err(PromptFault::Disguised(protocol_path(&leaf.path)));
                }
                LeafRole::Opaque => return Err(PromptFault::Opaque(protocol_path(&leaf.path))),
            }
        }

        let mut texts = Texts::opened(inspected, n_leaves_left)?;
        Ok(Self {
            head: head(&body, protocol.wire())?,
            body,
            wire: protocol.wire(),
            features: Vec::new(),
            recording: None,
            weight: Weight::default(),
            within: None,
            state: Raw {
                enclosed: Enclosed::new(enclosures, &mut texts, protocol.wire()),
                texts,
                opening,
                tools,
                first: "",
                known: Vec::new(),
            },
        })
    }

    /// What the person said first: the same in every request that sends the history again.
    #[must_use]
    pub fn opening(&self) -> &str {
        &self.state.opening
    }

    /// The names of the tools that the client declares and so will run itself.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.state.tools.iter().map(String::as_str)
    }

    /// The same with one more member in front, such as `"store":false`. The program itself wrote it, so nobody's data
    /// can stand in it.
    #[must_use]
    pub fn with_first(mut self, member: &'static str) -> Self {
        self.state.first = member;
        self
    }

    /// The same of a conversation that goes on from what its recipient keeps: what was personal there is personal here.
    #[must_use]
    pub fn with_known(mut self, known: Vec<Known>) -> Self {
        self.state.known = known;
        self
    }

    /// The same with the provider's own names of the features that the client asks for beside the document. The
    /// program knows each of them, so nobody's data can stand in one.
    #[must_use]
    pub fn with_features(mut self, features: Vec<&'static str>) -> Self {
        self.features = features;
        self
    }

    /// The same for the recipient of a model that the document itself does not name.
    #[must_use]
    pub fn of_model(mut self, name: &str) -> Self {
        name.clone_into(&mut self.head.model);
        self
    }

    /// The same with pictures in it that count otherwise than by their bytes.
    #[must_use]
    pub fn with_weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// The same with sound beside it.
    #[must_use]
    pub fn with_recording(mut self, recording: Recording) -> Self {
        self.recording = Some(recording);
        self
    }

    /// What belongs to this very request and no other, as `digest` makes it of all that may leave with it: the protocol, the
    /// document, what lies in it, byte for byte, and the features that are asked for beside it.
    pub fn known_by<D>(&self, digest: impl FnOnce(&[&[u8]]) -> D) -> D {
        let wire = format!("{:?}", self.wire);
        let mut parts = vec![wire.as_bytes(), self.state.first.as_bytes(), &self.body];
        // Two files with the same text may be two pictures.
        parts.extend(self.state.enclosed.originals().map(str::as_bytes));
        parts.push(b"features");
        parts.extend(self.features.iter().map(|feature| feature.as_bytes()));
        digest(&parts)
    }

    /// The texts that screening will inspect, in the order of the document.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.state.texts.all().iter().map(|text| text.text.as_str())
    }
}

impl Prompt<Screened> {
    /// The document that may leave.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The document, given away.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The same for a recipient that knows the model by another name, which the operator wrote down.
    #[must_use]
    pub fn with_model(mut self, name: &str) -> Self {
        self.replace_at(&["model"], name);
        name.clone_into(&mut self.head.model);
        self
    }

    /// The same for the recipient that keeps the response from which it goes on, and knows it by this name.
    #[must_use]
    pub fn with_previous(mut self, name: &str) -> Self {
        self.replace_at(&["previous_response_id"], name);
        self
    }

    /// The same for the recipient that keeps the conversation in which this is said, and knows it by this name.
    #[must_use]
    pub fn with_conversation(mut self, name: &str) -> Self {
        for place in [&["conversation"][..], &["conversation", "id"]] {
            self.replace_at(place, name);
        }
        self.within = Some(name.to_owned());
        self
    }

    /// By which name the recipient knows the conversation in which this is said, if there is one.
    #[must_use]
    pub fn within(&self) -> Option<&str> {
        self.within.as_deref()
    }

    /// The same with one more member in front, which the program itself wrote ([`Prompt::<Raw>::with_first`]).
    #[must_use]
    pub fn told_first(mut self, member: &'static str) -> Self {
        put_first(&mut self.body, member);
        self
    }

    fn replace_at(&mut self, place: &[&str], text: &str) {
        let leaves = json::scan(&self.body, &Limits::LARGEST).unwrap_or_default();
        let is_there = |leaf: &&Leaf| leaf.kind == LeafKind::Text && leaf.path.is(place);
        if let Some(leaf) = leaves.iter().find(is_there) {
            self.body
                .splice(leaf.range.clone(), json::escaped(text).into_bytes());
        }
    }
}

/// Writes a member, with the comma behind it, before all others of a document.
fn put_first(body: &mut Vec<u8>, member: &str) {
    if let Some(start) = body.iter().position(|byte| *byte == b'{') {
        body.splice(start + 1..=start, member.bytes());
    }
}

impl<S> Prompt<S> {
    /// The model that the document names.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.head.model
    }

    /// The protocol that the document is written in.
    #[must_use]
    pub fn wire(&self) -> Wire {
        self.wire
    }

    /// The sound beside the document, if there is any.
    #[must_use]
    pub const fn recording(&self) -> Option<&Recording> {
        self.recording.as_ref()
    }

    /// As how many bytes of text it counts, where nobody counts what it uses.
    #[must_use]
    pub fn n_bytes_of_text(&self) -> usize {
        let recording = self.recording.as_ref();
        self.weight.applied_to(self.body.len()) + recording.map_or(0, Recording::n_bytes_of_text)
    }

    /// The features of the provider that the client asks for beside the document.
    #[must_use]
    pub fn features(&self) -> &[&'static str] {
        &self.features
    }

    /// Whether the document asks for a stream.
    #[must_use]
    pub fn streams(&self) -> bool {
        self.wire.may_stream()
            && self
                .head
                .stream
                .unwrap_or_else(|| self.wire.streams_unasked())
    }
}

impl<S> fmt::Debug for Prompt<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prompt({} bytes)", self.body.len())
    }
}

/// What the person said first. Texts that are asked about one by one belong to no conversation, and have no opening.
fn opening(leaves: &[Leaf], wire: Wire) -> String {
    let first_at = |pattern: &[&str]| {
        leaves
            .iter()
            .find(|leaf| leaf.kind == LeafKind::Text && leaf.path.is(pattern))
    };
    let first = match wire {
        Wire::Embeddings
        | Wire::Moderations
        | Wire::PictureVariations
        | Wire::Speech
        | Wire::Transcriptions
        | Wire::Translations
        | Wire::OllamaEmbed => None,
        Wire::Completions
        | Wire::OllamaGenerate
        | Wire::Pictures
        | Wire::PictureEdits
        | Wire::PictureEditForms => first_at(&["prompt"]).or_else(|| first_at(&["prompt", "[]"])),
        Wire::Responses | Wire::Conversation => {
            first_at(&["input"]).or_else(|| first_said(leaves, "input"))
        }
        Wire::ChatCompletions | Wire::Messages | Wire::CountTokens | Wire::OllamaChat => {
            // Where nobody speaks, what an application says last is its own; what it says first, many requests have in common,
            // and would share their surrogates.
            first_said(leaves, "messages").or_else(|| leaves.iter().rfind(|leaf| is_said(leaf)))
        }
    };
    first.map(|leaf| leaf.text.clone()).unwrap_or_default()
}

/// The first text of the first message in `list` whose role is `user`; of several parts, the first.
fn first_said<'l>(leaves: &'l [Leaf], list: &str) -> Option<&'l Leaf> {
    let is_user = |leaf: &&Leaf| leaf.path.is(&[list, "[]", "role"]) && leaf.text == "user";
    let message = leaves.iter().find(is_user)?.path.segments().get(1);
    let mut leaves = leaves.iter();
    leaves.find(|leaf| leaf.path.segments().get(1) == message && is_said(leaf))
}

/// Whether it is what somebody says in a message.
fn is_said(leaf: &Leaf) -> bool {
    leaf.kind == LeafKind::Text && matches!(leaf.path.last_key(), Some("content" | "text"))
}

fn head(body: &[u8], wire: Wire) -> Result<Head, PromptFault> {
    let mut head: Head = serde_json::from_slice(body).map_err(|_| PromptFault::Head)?;
    if let (true, Some(model)) = (head.model.is_empty(), wire.model_unasked()) {
        model.clone_into(&mut head.model);
    }
    if head.model.is_empty() && wire.model_unasked().is_none() {
        Err(PromptFault::Head)
    } else {
        Ok(head)
    }
}

/// The place of an opaque part by positions and by keys that the protocol knows; never by content.
fn protocol_path(path: &Path) -> String {
    use crate::json::Segment;
    const KNOWN: [&str; 39] = [
        "container",
        "mcp_servers",
        "inference_geo",
        "messages",
        "input",
        "prompt",
        "images",
        "image",
        "image[]",
        "mask",
        "markup",
        "reference_images",
        "context",
        "modalities",
        "type",
        "output",
        "encrypted_content",
        "tools",
        "tool_choice",
        "tool_calls",
        "tool_call_id",
        "functions",
        "function",
        "parameters",
        "properties",
        "required",
        "name",
        "response_format",
        "content",
        "image_url",
        "url",
        "input_audio",
        "file",
        "file_data",
        "file_id",
        "file_url",
        "b64_json",
        "data",
        "audio",
    ];
    path.segments()
        .iter()
        .map(|segment| match segment {
            Segment::Index(index) => index.to_string(),
            Segment::Key(key) if KNOWN.contains(&key.as_ref()) => key.to_string(),
            Segment::Key(_) => "…".to_owned(),
        })
        .collect::<Vec<_>>()
        .join(".")
}

//! Headers: what an application wishes, which can only make things stricter, and what it is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, HeaderName, HeaderValue};
use waarborg_detect::Kind;
use waarborg_detect::surrogate::Language;
use waarborg_domain::policy::Verdict;
use waarborg_domain::prompt::Sent;
use waarborg_usecase::agreements::REASONS;
use waarborg_usecase::gateway::Wishes;

use super::error::Problem;
use crate::surfaces::Shape;

const PURPOSE: &str = "x-waarborg-purpose";
const POLICY: &str = "x-waarborg-policy";
const CONVERSATION: &str = "x-waarborg-conversation";
const DRY_RUN: &str = "x-waarborg-dry-run";
const NO_STORE: &str = "x-waarborg-no-store";
const LANGUAGE: &str = "x-waarborg-language";
const REASON: &str = "x-waarborg-reason";
const CONFIRM: &str = "x-waarborg-confirm";
const PERSON: &str = "x-waarborg-person";

/// What `Open WebUI` calls a chat, in each of the calls that it makes for one message: the answer, the title, the tags, what
/// could be asked next. They open with other words, so by those they would be conversations of their own.
const CHAT_OF_OPEN_WEBUI: &str = "x-openwebui-chat-id";

/// Who of its users writes, as `Open WebUI` knows them.
const USER_OF_OPEN_WEBUI: &str = "x-openwebui-user-id";

/// How every header of ours begins.
const OURS: &str = "x-waarborg-";

/// Every wish there is.
pub(super) const WISHES: [&str; 9] = [
    PURPOSE,
    POLICY,
    CONVERSATION,
    DRY_RUN,
    NO_STORE,
    LANGUAGE,
    REASON,
    CONFIRM,
    PERSON,
];

/// Refuses a header that looks like one of ours and is none: who misspells a wish for strictness must hear of it.
///
/// # Errors
///
/// [`Problem::UnknownHeader`].
pub(super) fn are_known(headers: &HeaderMap) -> Result<(), Problem> {
    let is_strange =
        |name: &HeaderName| name.as_str().starts_with(OURS) && !WISHES.contains(&name.as_str());
    if headers.keys().any(is_strange) {
        Err(Problem::UnknownHeader)
    } else {
        Ok(())
    }
}

/// The values that a wish can have, for who wrote another; none where any name may stand, or where it depends on the key.
pub(super) fn values(wish: &str) -> &'static [&'static str] {
    match wish {
        REASON => &REASONS,
        LANGUAGE => &["nl", "en"],
        DRY_RUN | NO_STORE => &["true", "false"],
        _ => &[],
    }
}

/// The longest value that a wish may have.
const LONGEST_WISH: usize = 256;

/// What the headers of a request ask for.
///
/// # Errors
///
/// [`Problem::Header`] for a value that cannot be followed: a wish for strictness that is not
/// understood must not be passed over.
pub(super) fn wishes(headers: &HeaderMap) -> Result<Wishes, Problem> {
    let language =
        text(headers, LANGUAGE)?.map(|name| parse_language(&name).ok_or(Problem::Header(LANGUAGE)));

    let reason = text(headers, REASON)?;
    if let Some(reason) = &reason
        && !REASONS.contains(&reason.as_str())
    {
        return Err(Problem::Header(REASON));
    }

    Ok(Wishes {
        reason,
        confirm: text(headers, CONFIRM)?,
        purpose: text(headers, PURPOSE)?,
        policy: text(headers, POLICY)?,
        conversation: named(headers, CONVERSATION, CHAT_OF_OPEN_WEBUI)?,
        person: named(headers, PERSON, USER_OF_OPEN_WEBUI)?,
        dry_run: yes_or_no(headers, DRY_RUN)?,
        no_store: yes_or_no(headers, NO_STORE)?,
        language: language.transpose()?.unwrap_or_default(),
    })
}

/// The purpose that a request names.
///
/// # Errors
///
/// [`Problem::Header`] for one that cannot be read.
pub(super) fn purpose(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    text(headers, PURPOSE)
}

/// What a header names. What is said to us goes before what is said to everybody.
fn named(
    headers: &HeaderMap,
    ours: &'static str,
    everybodys: &'static str,
) -> Result<Option<String>, Problem> {
    let named = text(headers, ours)?;
    // Nobody wished anything of us by the other one: where it is of no use, it is as if it were not there.
    Ok(named.or_else(|| text(headers, everybodys).ok().flatten()))
}

/// How a client is told of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Voice {
    pub(super) language: Language,
    pub(super) shape: Shape,
}

impl Voice {
    pub(super) fn in_shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }
}

/// The header that every client of Anthropic's formats sends.
const ANTHROPIC_VERSION: &str = "anthropic-version";

/// How this client is told of an error, as far as its headers say.
pub(super) fn voice(headers: &HeaderMap) -> Voice {
    Voice {
        language: language(headers),
        shape: if headers.contains_key(ANTHROPIC_VERSION) {
            Shape::Anthropic
        } else {
            Shape::OpenAi
        },
    }
}

/// The language in which errors are told: as wished, else as the client's reader prefers, else Dutch.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let wished = text(headers, LANGUAGE)
        .ok()
        .flatten()
        .and_then(|name| parse_language(&name));
    let accepted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let preferred = accepted
        .into_iter()
        .flat_map(|list| list.split(','))
        .find_map(parse_language);
    wished.or(preferred).unwrap_or_default()
}

fn parse_language(name: &str) -> Option<Language> {
    let name = name.trim().to_ascii_lowercase();
    match name.split(['-', ';', '_']).next()? {
        "nl" => Some(Language::Dutch),
        "en" => Some(Language::English),
        _ => None,
    }
}

fn text(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| Problem::Header(name))?.trim();
    if values.next().is_some() || text.is_empty() || text.len() > LONGEST_WISH {
        return Err(Problem::Header(name));
    }
    Ok(Some(text.to_owned()))
}

fn yes_or_no(headers: &HeaderMap, name: &'static str) -> Result<bool, Problem> {
    match text(headers, name)?
        .map(|text| text.to_ascii_lowercase())
        .as_deref()
    {
        None | Some("false" | "0" | "no") => Ok(false),
        Some("true" | "1" | "yes") => Ok(true),
        Some(_) => Err(Problem::Header(name)),
    }
}

/// What an application is told about its request, beside the answer itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub(super) request_id: String,
    pub(super) verdict: Option<Verdict>,
    pub(super) findings: BTreeMap<Kind, u32>,
    pub(super) recipient: String,
    pub(super) policy: String,
    /// What other policies would have decided, where this one only observes.
    pub(super) measured: Vec<(&'static str, Verdict)>,
    /// How pictures and files went along; told where there are any.
    pub(super) sent: Sent,
    /// The model of one's own that answers in place of the one that was asked for, if so.
    pub(super) routed: String,
    /// How many recipients were asked; told when it is more than one.
    pub(super) n_asked: u32,
}

impl Told {
    pub(super) fn add_to(&self, headers: &mut HeaderMap) {
        let mut findings = String::new();
        for (kind, n_found) in &self.findings {
            let joint = if findings.is_empty() { "" } else { ";" };
            // Writing to a String does not fail.
            let _ = write!(findings, "{joint}{}={n_found}", kind.label());
        }
        let measured = self.measured.iter();
        let measured = measured.map(|(policy, verdict)| format!("{policy}={}", verdict.name()));
        let measured = measured.collect::<Vec<_>>().join(";");
        let id = HeaderValue::try_from(&self.request_id).ok();
        let named = |name: &String| {
            let name = Some(name).filter(|name| !name.is_empty());
            name.and_then(|name| HeaderValue::try_from(name).ok())
        };
        let Sent {
            unchanged,
            as_text,
            unheard,
        } = self.sent;
        let sent = match (unchanged + as_text > 0, unheard > 0) {
            (_, true) => Some(format!(
                "unchanged={unchanged};as-text={as_text};unheard={unheard}"
            )),
            (true, false) => Some(format!("unchanged={unchanged};as-text={as_text}")),
            (false, false) => None,
        };
        let lines = [
            (
                "x-waarborg-files",
                sent.and_then(|sent| HeaderValue::try_from(sent).ok()),
            ),
            ("x-waarborg-request-id", id.clone()),
            // Where the OpenAI clients look for it.
            ("x-request-id", id),
            (
                "x-waarborg-verdict",
                self.verdict
                    .map(|verdict| HeaderValue::from_static(verdict.name())),
            ),
            (
                "x-waarborg-findings",
                self.verdict
                    .and_then(|_| HeaderValue::try_from(findings).ok()),
            ),
            ("x-waarborg-recipient", named(&self.recipient)),
            ("x-waarborg-routed", named(&self.routed)),
            (
                "x-waarborg-attempts",
                (self.n_asked > 1).then(|| HeaderValue::from(self.n_asked)),
            ),
            ("x-waarborg-policy", named(&self.policy)),
            ("x-waarborg-measured", named(&measured)),
        ];
        for (name, value) in lines {
            if let Some(value) = value {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::try_from(*value).unwrap());
        }
        headers
    }

    #[test]
    fn a_wish_is_followed_or_the_request_is_refused() {
        let wished = wishes(&with(&[
            ("x-waarborg-policy", "strict"),
            ("x-waarborg-dry-run", "1"),
            ("x-waarborg-no-store", "true"),
        ]))
        .unwrap();
        assert_eq!(wished.policy.as_deref(), Some("strict"));
        assert!(wished.dry_run && wished.no_store);
        assert!(
            !wishes(&with(&[("x-waarborg-no-store", "false")]))
                .unwrap()
                .no_store
        );
        for lines in [
            &[("x-waarborg-dry-run", "misschien")][..],
            &[("x-waarborg-policy", "")],
            &[
                ("x-waarborg-policy", "strict"),
                ("x-waarborg-policy", "observe"),
            ],
            &[("x-waarborg-language", "xx")],
            &[("x-waarborg-no-store", "7")],
        ] {
            assert!(wishes(&with(lines)).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn a_chat_of_open_webui_is_a_conversation_unless_another_is_named() {
        let named = |lines: &[(&'static str, &str)]| wishes(&with(lines)).unwrap().conversation;
        let chat = ("x-openwebui-chat-id", "a-1");
        assert_eq!(named(&[chat]).as_deref(), Some("a-1"));
        let own = ("x-waarborg-conversation", "b");
        assert_eq!(named(&[chat, own]).as_deref(), Some("b"));
        assert_eq!(named(&[("x-openwebui-chat-id", "")]), None);
        let person = |lines: &[(&'static str, &str)]| wishes(&with(lines)).unwrap().person;
        assert_eq!(
            person(&[("x-openwebui-user-id", "u-1")]).as_deref(),
            Some("u-1")
        );
        assert_eq!(
            person(&[("x-waarborg-person", "p"), ("x-openwebui-user-id", "u")]).as_deref(),
            Some("p")
        );
    }

    #[test]
    fn a_value_that_is_named_as_usable_is_usable() {
        for wish in WISHES {
            for value in values(wish) {
                assert!(wishes(&with(&[(wish, value)])).is_ok(), "{wish}: {value}");
            }
        }
        assert_eq!(values(REASON), REASONS);
    }

    #[test]
    fn the_language_is_the_wished_one_else_the_readers() {
        assert_eq!(language(&with(&[])), Language::Dutch);
        assert_eq!(
            language(&with(&[("accept-language", "en-GB,en;q=0.9")])),
            Language::English
        );
        assert_eq!(
            language(&with(&[("accept-language", "fr, nl;q=0.5")])),
            Language::Dutch
        );
        let both = with(&[("accept-language", "en"), ("x-waarborg-language", "nl")]);
        assert_eq!(language(&both), Language::Dutch);
    }

    #[test]
    fn what_was_found_is_told_in_kinds_and_counts() {
        let mut headers = HeaderMap::new();
        let findings = [(Kind::Bsn, 1), (Kind::Person, 2)].into_iter().collect();
        Told {
            verdict: Some(Verdict::Pseudonymise),
            findings,
            ..Told::default()
        }
        .add_to(&mut headers);
        let told = headers["x-waarborg-findings"].to_str().unwrap();
        assert!(
            told == "PERSON=2;BSN=1" || told == "BSN=1;PERSON=2",
            "{told}"
        );
        assert!(!headers.contains_key("x-waarborg-recipient"));
    }
}

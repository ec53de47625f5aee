//! Several recipients for one model: who is asked, who is asked instead, and who is never asked.

use std::net::TcpListener;

use waarborg_domain::entry::Act;
use waarborg_usecase::House;

use super::house::{house_of, recipient};
use super::*;
use crate::providers::{Anthropic, Manner, Ollama, ProviderTable};

/// A recipient of the test: its name, where it stands, and how it is asked.
pub(super) struct Asked {
    name: &'static str,
    /// The model that it serves.
    model: &'static str,
    place: &'static str,
    base_url: String,
    manner: Manner,
}

pub(super) const EU: &str = "country = \"NL\"\ndestination = \"eu\"";
pub(super) const OWN: &str = "country = \"NL\"\ndestination = \"own\"";
pub(super) const FAR: &str = "country = \"US\"\ndestination = \"outside-eu\"\nmechanism = \"scc\"\nvalid_from = \"2025-01-01\"\nvalid_until = \"2027-11-20\"";
/// Its mechanism ended yesterday.
const CLOSED: &str = "country = \"US\"\ndestination = \"outside-eu\"\nmechanism = \"scc\"\nvalid_from = \"2025-01-01\"\nvalid_until = \"2026-11-20\"";

pub(super) fn once() -> Manner {
    Manner {
        n_retries: 0,
        ..Manner::default()
    }
}

pub(super) fn last() -> Manner {
    Manner {
        weight: 0,
        ..once()
    }
}

pub(super) fn asked(
    name: &'static str,
    place: &'static str,
    base_url: &str,
    manner: Manner,
) -> Asked {
    Asked {
        name,
        model: "klein",
        place,
        base_url: base_url.to_owned(),
        manner,
    }
}

impl Asked {
    /// The same for another model than `klein`.
    pub(super) fn serving(self, model: &'static str) -> Self {
        Self { model, ..self }
    }
}

/// A house in which these serve their models.
pub(super) fn house_with(policy: &str, recipients: Vec<Asked>) -> (Arc<House>, Arc<Switches>) {
    let names: Vec<String> = recipients
        .iter()
        .map(|asked| format!("\"{}\"", asked.name))
        .collect();
    let mut source = include_str!("register.toml")
        .replace("BASE_URL", "https://nergens.voorbeeld.nl/v1")
        .replace(
            "special_categories = \"forbidden\"",
            "special_categories = \"conditions\"",
        )
        .replace(
            "source = \"person\"",
            "source = \"person\"\nspecial = true\nclasses = [\"HEALTH\"]",
        )
        .replace(
            "recipients = [\"model\"]",
            &format!(
                "recipients = [\"model\", {}]\nground = \"care\"\ndpia = \"dpia-1\"",
                names.join(", ")
            ),
        );
    source.push_str("\n[evidence.dpia-1]\nkind = \"dpia\"\ntitle = { nl = \"D\", en = \"D\" }\ndate = \"2026-01-01\"\nreview = \"2027-09-15\"\n");
    let mut table = ProviderTable::default();
    for asked in recipients {
        source.push_str(&recipient(asked.name, &asked.base_url, asked.place, ""));
        let provider = OpenAi::new(&asked.base_url, None, patience()).unwrap();
        table.add_with(
            asked.name,
            &[asked.model.to_owned()],
            Box::new(provider),
            asked.manner,
        );
    }
    house_of(&source, policy, table)
}

/// A door behind which the first of these stands; the test keeps hold of the others.
pub(super) fn door_to(
    provider: ScriptedProvider,
    (house, switches): (Arc<House>, Arc<Switches>),
) -> Door {
    Door {
        router: routes(GatewayState::new(house, DoorLimits::default())),
        provider,
        switches,
    }
}

pub(super) async fn failing(script: Script) -> ScriptedProvider {
    ScriptedProvider::start(move |_| script.clone())
        .await
        .unwrap()
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    format!("http://{}/v1", listener.local_addr().unwrap())
}

pub(super) fn sent_to(door: &Door) -> Vec<String> {
    let entries = door.switches.entries.lock().unwrap();
    let sent = entries.iter().filter(|entry| entry.act == Act::PromptSent);
    sent.map(|entry| entry.facts.recipient.clone().unwrap())
        .collect()
}

#[tokio::test]
async fn whatever_way_a_recipient_fails_before_its_first_word_the_next_one_is_asked() {
    let event = |data: &str| Step::Send(crate::sse::data_event(data));
    let overloaded = r#"{"error":{"message":"x","type":"server_error","code":"overloaded"}}"#;
    let ways: Vec<(&str, Option<Script>)> = vec![
        ("nobody listens", None),
        ("500", Some(Script::json(500, "{}"))),
        ("502", Some(Script::json(502, "<html>"))),
        ("503", Some(Script::json(503, "{}"))),
        ("529", Some(Script::json(529, "{}"))),
        (
            "429",
            Some(Script::json(429, "{}").with_header("retry-after", "60")),
        ),
        (
            "our key is not known any more",
            Some(Script::json(401, "{}")),
        ),
        ("the model is gone", Some(Script::json(404, "{}"))),
        (
            "moved",
            Some(Script::json(302, "{}").with_header("location", "http://127.0.0.1:1/")),
        ),
        ("hangs", Some(Script::stream(vec![Step::Hang]))),
        ("cut", Some(Script::stream(vec![Step::Cut]))),
        (
            "empty stream",
            Some(Script::stream(vec![Step::Send(b": \n\n".to_vec())])),
        ),
        (
            "nothing but its end",
            Some(Script::stream(vec![event("[DONE]")])),
        ),
        (
            "an error as first event",
            Some(Script::stream(vec![event(overloaded)])),
        ),
        ("not the protocol", Some(Script::json(200, "<html>"))),
    ];
    let asks = [ask(&told_of_somebody()), streamed(&told_of_somebody())];
    let tried = ways
        .iter()
        .flat_map(|way| asks.iter().map(move |document| (way, document)));
    for ((way, script), document) in tried {
        let base_url;
        let mut provider = None;
        match script {
            None => base_url = nobody(),
            Some(script) => {
                let failing = failing(script.clone()).await;
                base_url = failing.base_url();
                provider = Some(failing);
            }
        }
        let second = ScriptedProvider::start(echo).await.unwrap();
        let second_url = second.base_url();
        let door = door_to(
            second,
            house_with(
                "pseudonymise",
                vec![
                    asked("een", EU, &base_url, once()),
                    asked("twee", EU, &second_url, last()),
                ],
            ),
        );
        let answered = door.chat(document).await;
        assert_eq!(answered.status, StatusCode::OK, "{way}: {}", answered.body);
        let text = if answered.body.starts_with("data:") {
            answered.text()
        } else {
            let said = &answered.json()["choices"][0]["message"]["content"];
            said.as_str().unwrap().to_owned()
        };
        assert_eq!(text, told_of_somebody(), "{way}");
        assert_eq!(answered.headers["x-waarborg-recipient"], "twee", "{way}");
        assert_eq!(answered.headers["x-waarborg-attempts"], "2", "{way}");
        // Each was a transfer of its own, with a line of its own.
        assert_eq!(sent_to(&door), ["een", "twee"], "{way}");
        door.check_nothing_leaked(&[BSN, MAIL, IBAN]);
        if let Some(provider) = provider {
            let bytes = String::from_utf8_lossy(&provider.bytes()).into_owned();
            assert!(!bytes.contains(BSN) && !bytes.contains(MAIL), "{way}");
        }
    }
}

#[tokio::test]
async fn nothing_is_asked_again_after_the_first_word_reached_the_client() {
    let good = crate::sse::data_event(&chunk(&json!({"content": "Dag "}), &Value::Null));
    for ending in [Step::Cut, Step::Hang] {
        let first = failing(Script::stream(vec![Step::Send(good.clone()), ending])).await;
        let second = ScriptedProvider::start(echo).await.unwrap();
        let (first_url, second_url) = (first.base_url(), second.base_url());
        let door = door_to(
            second,
            house_with(
                "pseudonymise",
                vec![
                    asked("een", EU, &first_url, Manner::default()),
                    asked("twee", EU, &second_url, last()),
                ],
            ),
        );
        let answered = door.chat(&streamed("hallo")).await;
        assert_eq!(answered.status, StatusCode::OK);
        assert!(answered.data().last().unwrap().contains("\"error\""));
        assert!(!answered.body.contains("[DONE]"));
        door.check_nothing_left();
        assert_eq!(first.seen().len(), 1);
    }
}

#[tokio::test]
async fn what_one_recipient_may_have_and_another_may_not_never_falls_through_to_it() {
    let health = "Jan de Vries (j.devries@voorbeeld.nl) heeft diabetes.";
    let first = failing(Script::json(500, "{}")).await;
    let far = ScriptedProvider::start(echo).await.unwrap();
    let (first_url, far_url) = (first.base_url(), far.base_url());
    let recipients = || {
        vec![
            asked("dichtbij", EU, &first_url, once()),
            asked("ver", FAR, &far_url, last()),
        ]
    };
    let door = door_to(far, house_with("pseudonymise", recipients()));

    let answered = door.chat(&ask(health)).await;
    assert_eq!(answered.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answered.code(), "provider_refused", "what was asked failed");
    assert_eq!(
        first.seen().len(),
        1,
        "the one that may have it was asked once"
    );
    door.check_nothing_left();
    assert_eq!(sent_to(&door), ["dichtbij"]);

    // Without the statement about health the same recipient is good enough.
    let answered = door.chat(&ask("Mail mij op j.devries@voorbeeld.nl.")).await;
    assert_eq!(answered.headers["x-waarborg-recipient"], "ver");
    door.check_nothing_leaked(&["devries"]);
}

#[tokio::test]
async fn a_recipient_that_the_register_closes_is_never_asked_instead() {
    let first = failing(Script::json(503, "{}")).await;
    let closed = ScriptedProvider::start(echo).await.unwrap();
    let (first_url, closed_url) = (first.base_url(), closed.base_url());
    let door = door_to(
        closed,
        house_with(
            "pseudonymise",
            vec![
                asked("vrij", EU, &first_url, once()),
                asked("dicht", CLOSED, &closed_url, last()),
            ],
        ),
    );
    let answered = door.chat(&ask("hallo")).await;
    assert_eq!(answered.code(), "provider_busy");
    door.check_nothing_left();

    // The other way round: who is first but closed is passed over, and nothing is noted as sent to it.
    let open = ScriptedProvider::start(echo).await.unwrap();
    let (open_url, closed_url) = (open.base_url(), door.provider.base_url());
    let other = door_to(
        open,
        house_with(
            "pseudonymise",
            vec![
                asked("dicht", CLOSED, &closed_url, once()),
                asked("vrij", EU, &open_url, last()),
            ],
        ),
    );
    let answered = other.chat(&ask("hallo")).await;
    assert_eq!(answered.headers["x-waarborg-recipient"], "vrij");
    assert_eq!(sent_to(&other), ["vrij"]);
    door.check_nothing_left();
}

#[tokio::test]
async fn a_text_goes_to_the_recipient_that_may_have_it_and_each_gets_its_own_screening() {
    // Under `strict` an own model may see an address; a processor in the EU gets a surrogate.
    let own = failing(Script::json(500, "{}")).await;
    let eu = ScriptedProvider::start(echo).await.unwrap();
    let (own_url, eu_url) = (own.base_url(), eu.base_url());
    let door = door_to(
        eu,
        house_with(
            "strict",
            vec![
                asked("eigen", OWN, &own_url, once()),
                asked("eu", EU, &eu_url, last()),
            ],
        ),
    );
    let answered = door.chat(&ask(&format!("Mail {MAIL}."))).await;
    assert_eq!(answered.headers["x-waarborg-recipient"], "eu");
    assert!(answered.body.contains(MAIL), "{}", answered.body);
    assert!(String::from_utf8_lossy(&own.bytes()).contains(MAIL));
    door.check_nothing_leaked(&[MAIL]);

    // A statement about health is stopped on its way to a processor, and goes to the own model that has a ground for it.
    let own = ScriptedProvider::start(echo).await.unwrap();
    let own_url = own.base_url();
    let routed = door_to(
        own,
        house_with(
            "strict",
            vec![
                asked("eu", EU, &eu_url, once()),
                asked("eigen", OWN, &own_url, last()),
            ],
        ),
    );
    door.provider.forget();
    let answered = routed.chat(&ask("Zij heeft diabetes.")).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(answered.headers["x-waarborg-recipient"], "eigen");
    door.check_nothing_left();
}

#[tokio::test]
async fn a_failure_that_may_pass_is_tried_again_and_one_of_the_request_itself_is_not() {
    let cases = [
        (Script::json(503, "{}"), 2),
        (Script::json(429, "{}").with_header("retry-after", "0"), 2),
        (Script::json(429, "{}").with_header("retry-after", "9"), 1),
        (Script::json(400, "{}"), 1),
        (Script::json(422, "{}"), 1),
        (Script::json(401, "{}"), 1),
        (
            Script::stream(vec![Step::Cut]).of_type("application/json"),
            2,
        ),
        (
            Script::stream(vec![Step::Hang]).of_type("application/json"),
            1,
        ),
    ];
    for (script, n_asked) in cases {
        let told = format!("{script:?}");
        let provider = failing(script).await;
        let base_url = provider.base_url();
        let manner = Manner::default();
        let door = door_to(
            provider,
            house_with("pseudonymise", vec![asked("een", EU, &base_url, manner)]),
        );
        let answered = door.chat(&ask("hallo")).await;
        assert_ne!(answered.status, StatusCode::OK);
        assert_eq!(door.provider.seen().len(), n_asked, "{told}");
        assert_eq!(sent_to(&door).len(), n_asked, "each try has its line");
    }

    // One that is about the request goes to nobody else either.
    let strict = failing(Script::json(400, "{}")).await;
    let second = ScriptedProvider::start(echo).await.unwrap();
    let (strict_url, second_url) = (strict.base_url(), second.base_url());
    let door = door_to(
        second,
        house_with(
            "pseudonymise",
            vec![
                asked("een", EU, &strict_url, Manner::default()),
                asked("twee", EU, &second_url, last()),
            ],
        ),
    );
    assert_eq!(door.chat(&ask("hallo")).await.code(), "provider_refused");
    door.check_nothing_left();
}

#[tokio::test]
async fn who_keeps_failing_is_left_alone_and_the_client_hears_when_to_come_back() {
    let provider = failing(Script::json(500, "{}")).await;
    let base_url = provider.base_url();
    let door = door_to(
        provider,
        house_with("pseudonymise", vec![asked("een", EU, &base_url, once())]),
    );
    for _ in 0..10 {
        assert_eq!(door.chat(&ask("hallo")).await.code(), "provider_refused");
    }
    let answered = door.chat(&ask("hallo")).await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answered.code(), "provider_resting");
    assert!(answered.headers.contains_key("retry-after"));
    assert_eq!(door.provider.seen().len(), 10);
    // What was not sent is not in the log as sent.
    assert_eq!(sent_to(&door).len(), 10);
}

#[tokio::test]
async fn conversations_are_shared_out_and_each_stays_with_its_recipient() {
    let one = ScriptedProvider::start(echo).await.unwrap();
    let two = ScriptedProvider::start(echo).await.unwrap();
    let (one_url, two_url) = (one.base_url(), two.base_url());
    let door = door_to(
        one,
        house_with(
            "pseudonymise",
            vec![
                asked("een", EU, &one_url, once()),
                asked("twee", EU, &two_url, once()),
            ],
        ),
    );
    for number in 0..40 {
        let opening = format!("gesprek nummer {number}");
        let first = door.chat(&ask(&opening)).await;
        let mut later = ask(&opening);
        later["messages"]
            .as_array_mut()
            .unwrap()
            .push(json!({"role": "user", "content": "en verder?"}));
        let later = door.chat(&later).await;
        assert_eq!(
            first.headers["x-waarborg-recipient"],
            later.headers["x-waarborg-recipient"]
        );
    }
    assert!(!door.provider.seen().is_empty() && !two.seen().is_empty());
}

#[tokio::test]
async fn a_recipient_is_asked_under_the_name_by_which_it_knows_the_model() {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let manner = Manner {
        names: [("klein".to_owned(), "llama\"3:8b".to_owned())].into(),
        ..once()
    };
    let door = door_to(
        provider,
        house_with("pseudonymise", vec![asked("een", EU, &base_url, manner)]),
    );
    let body = "{ \"messages\":[{\"role\":\"user\",\"content\":\"hoi\"}], \"x\":{\"model\":\"klein\"}, \"model\" : \"klein\" }";
    let answered = door.post("/v1/chat/completions", &[], body).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert_eq!(
        door.provider.seen()[0].text(),
        body.replace("\"model\" : \"klein\"", "\"model\" : \"llama\\\"3:8b\"")
    );
}

#[tokio::test]
async fn what_cannot_be_said_to_a_recipient_is_not_noted_as_sent() {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let source = include_str!("register.toml").replace("BASE_URL", &base_url);
    let mut table = ProviderTable::default();
    let anthropic = Anthropic::new(&base_url, None, SHORT).unwrap();
    table.add("model", &["klein".to_owned()], Box::new(anthropic));
    let door = door_to(provider, house_of(&source, "pseudonymise", table));
    let mut document = ask(&told_of_somebody());
    document["logprobs"] = json!(true);
    assert_eq!(door.chat(&document).await.code(), "unsupported_field");
    door.check_nothing_left();
    assert_eq!(sent_to(&door), Vec::<String>::new());
}

#[tokio::test]
async fn a_list_names_a_model_once_and_so_does_ollamas() {
    let provider = ScriptedProvider::start(echo).await.unwrap();
    let base_url = provider.base_url();
    let mut source = include_str!("register.toml")
        .replace("BASE_URL", &base_url)
        .replace(
            "recipients = [\"model\"]",
            "recipients = [\"model\", \"lama\"]",
        );
    source.push_str(&recipient("lama", &base_url, EU, ""));
    let mut table = ProviderTable::default();
    let names = ["klein".to_owned(), "groot".to_owned()];
    let openai = OpenAi::new(&base_url, None, SHORT).unwrap();
    table.add("model", &names, Box::new(openai));
    let ollama = Ollama::new(&base_url, None, SHORT).unwrap();
    table.add("lama", &["klein".to_owned()], Box::new(ollama));
    let door = door_to(provider, house_of(&source, "pseudonymise", table));

    let bearer = format!("Bearer {}", key());
    let get = |path: &str| {
        let request = Request::get(path).header("authorization", &bearer);
        door.ask(request.body(Body::empty()).unwrap())
    };
    let listed = get("/v1/models").await.json();
    let tags = get("/api/tags").await.json();
    for (list, name) in [(&listed["data"], "id"), (&tags["models"], "name")] {
        let models = list.as_array().unwrap().iter();
        let names: Vec<&str> = models.map(|model| model[name].as_str().unwrap()).collect();
        assert_eq!(names, ["klein", "groot"]);
    }
}

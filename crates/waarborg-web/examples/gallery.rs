//! Shows every page with invented content, to look at and to measure: `cargo run -p waarborg-web
//! --example gallery -- 127.0.0.1:8790`, then `/nl/chat`, `/en/notice` and so on.

use axum::Router;
use axum::extract::Path;
use axum::middleware::from_fn;
use axum::response::Html;
use axum::routing::get;
use jiff::civil::{Date, date};
use maud::{Markup, html};
use waarborg_domain::rights::{Right, Stage};
use waarborg_web::page::{self, Banner, Contact, Frame, Section};
use waarborg_web::role::Role;
use waarborg_web::words::{Manner, Tongue, Words};
use waarborg_web::{asset, header, markdown};

const PAGES: [&str; 22] = [
    "notice",
    "welcome",
    "chat",
    "refused",
    "card",
    "consent",
    "cookies",
    "privacy",
    "accessibility",
    "rights",
    "receipt",
    "status",
    "door",
    "own",
    "erase",
    "erased",
    "problem",
    "console-door",
    "console",
    "console-requests",
    "console-register",
    "console-audit",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8790".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let router = Router::new()
        .route("/", get(async || Html(html! { ul { @for name in PAGES.into_iter().chain(["console-try"]) { li { a href={ "/nl/" (name) } { (name) } } } } }.into_string()) ))
        .route("/assets/{digest}/{name}", get(asset::serve))
        .route("/{tongue}/{name}", get(show))
        .layer(from_fn(header::add));
    axum::serve(listener, router).await
}

async fn show(Path((tongue, name)): Path<(String, String)>) -> Html<String> {
    let words = Words::new(
        Tongue::parse(&tongue).unwrap_or(Tongue::Dutch),
        Manner::Formal,
    );
    let contact = Contact {
        desk: "Klantcontactcentrum Gemeente Vaartdijk".into(),
        phone: Some("14 0999".into()),
        email: Some("privacy@vaartdijk.example".into()),
        place: Some("Raadhuisplein 1, 9999 ZZ Vaartdijk".into()),
        hours: Some("Werkdagen 8.30 tot 17.00 uur".into()),
    };
    let staff = name.starts_with("console") && name != "console-door";
    let frame = Frame {
        words,
        organisation: "Gemeente Vaartdijk",
        contact: &contact,
        section: match name.as_str() {
            "chat" | "welcome" | "refused" | "card" => Section::Chat,
            "privacy" => Section::Privacy,
            "rights" | "receipt" | "own" => Section::Rights,
            "console" => Section::ConsoleOverview,
            "console-requests" => Section::ConsoleRequests,
            _ => Section::Other,
        },
        path: "/",
        tongue_in_links: false,
        banners: if name == "console-audit" {
            &[Banner::TestClock(date(2026, 12, 21))]
        } else {
            &[Banner::Demo]
        },
        form_token: Some("invented"),
        role: staff.then_some(Role::Officer),
        asks_cookies: false,
    };
    Html(sample(&frame, &name).into_string())
}

fn sample(frame: &Frame<'_>, name: &str) -> Markup {
    match name {
        "notice" => page::notice::page(frame, &first_layer()),
        "welcome" => page::chat::page(frame, &chat(Vec::new())),
        "chat" => page::chat::page(frame, &chat(messages())),
        "refused" => page::chat::page(frame, &refused()),
        "card" => page::chat::page(frame, &chat(vec![card()])),
        "consent" => page::consent::page(frame, &consents(), true),
        "cookies" => page::cookies::page(frame, &cookies()),
        "privacy" => page::privacy::page(frame, &privacy()),
        "accessibility" => page::accessibility::page(frame),
        "rights" => page::rights::form(
            frame,
            &page::rights::FormState {
                faults: vec![page::rights::Fault::Right],
                ..Default::default()
            },
            true,
        ),
        "receipt" => page::rights::receipt(frame, &receipt()),
        "status" => page::rights::status(frame, &status()),
        "door" => page::rights::status_door(frame, "2026-0042", true),
        "own" => page::own::page(frame, &own()),
        "erase" => page::own::erase(
            frame,
            3,
            &["Uw verzoek 2026-0042: 2 jaar, om te laten zien dat we het deden.".into()],
        ),
        "erased" => page::own::erased(frame, 14, &[], Some(("2026-0043", "k7Qd-Zm2p-Xw9t-Rb4n"))),
        "console-door" => page::console::door(frame, "abc", false),
        "console" => page::console::overview(frame, &overview()),
        "console-requests" => page::console::requests(frame, &requests()),
        "console-register" => page::console::register(frame, &register()),
        "console-audit" => page::console::audit(frame, &audit()),
        "console-try" => {
            page::console::try_detection(frame, "Bel mw. De Vries, BSN 111222333", Some(&tried()))
        }
        _ => page::problem::page(frame, http::StatusCode::NOT_FOUND, &[]),
    }
}

fn first_layer() -> page::notice::FirstLayer {
    use page::notice::{Answer, FirstLayer, Occasion};
    let answer = |title: &str, sentences: &[&str]| Answer {
        title: title.into(),
        sentences: sentences.iter().map(ToString::to_string).collect(),
    };
    FirstLayer {
        version: "3".into(),
        since: Some(date(2026, 11, 1)),
        answers: vec![
            answer(
                "Wie",
                &["Gemeente Vaartdijk beslist wat er met uw gegevens gebeurt."],
            ),
            answer(
                "Welke gegevens",
                &[
                    "Wat u in de chat typt.",
                    "Een nummer voor uw gesprek, geen naam.",
                ],
            ),
            answer("Waar", &["Op onze eigen computers in Nederland."]),
            answer(
                "Hoe lang",
                &[
                    "Bewaart u het gesprek? Dan 90 dagen.",
                    "Bewaart u het niet? Dan 30 dagen, buiten uw lijst.",
                ],
            ),
            answer(
                "Waarom",
                &["Om uw vraag te beantwoorden. Dat hoort bij onze taak als gemeente."],
            ),
            answer(
                "Met wie we delen",
                &["Met niemand. Het AI-model krijgt uw bericht zonder uw persoonsgegevens."],
            ),
            answer(
                "Uw rechten",
                &[
                    "U kunt uw gegevens bekijken, verbeteren en laten wissen. Dat kan ook in de chat.",
                ],
            ),
        ],
        consents: vec![consent_ask()],
        occasion: Occasion::Refused,
    }
}

fn consent_ask() -> page::consent::ConsentAsk {
    page::consent::ConsentAsk {
        id: "verbeteren@vaartdijk@1".into(),
        title: "Mijn gesprek gebruiken om de chat beter te maken".into(),
        text: "Een medewerker leest uw gesprek zonder namen en nummers.".into(),
        entity: "Gemeente Vaartdijk".into(),
        text_version: "1".into(),
    }
}

fn consents() -> Vec<page::consent::ConsentState> {
    use page::consent::Standing;

    let state = |standing| page::consent::ConsentState {
        ask: consent_ask(),
        standing,
    };
    vec![
        state(Standing::Given(date(2026, 11, 21))),
        state(Standing::Unanswered),
        state(Standing::Withdrawn(date(2026, 11, 20))),
    ]
}

fn chat(messages: Vec<page::message::Message>) -> page::chat::ChatView {
    use page::chat::{ChatView, HistoryChoice, Kept, Listed, ModelView, Place};
    let begun = !messages.is_empty();
    ChatView {
        conversation: begun.then(|| "0193".to_owned()),
        kept: begun.then(|| Kept {
            listed: false,
            gone: Some(date(2026, 12, 21)),
        }),
        messages,
        earlier: vec![
            Listed {
                id: "0193".into(),
                title: "Verhuizing doorgeven aan de gemeente".into(),
                day: date(2026, 11, 21),
            },
            Listed {
                id: "0192".into(),
                title: "Afspraak paspoort".into(),
                day: date(2026, 11, 18),
            },
        ],
        models: vec![ModelView {
            name: "demo".into(),
            place: Place::Own,
            masked: true,
        }],
        choice: (!begun).then(|| HistoryChoice {
            kept_for: "90 dagen".into(),
            hidden_for: "30 dagen".into(),
        }),
        draft: String::new(),
        refusal: None,
        longest: 20_000,
    }
}

fn refused() -> page::chat::ChatView {
    page::chat::ChatView {
        draft: "Mijn buurvrouw mw. De Vries heeft diabetes. Kan zij hulp krijgen?".into(),
        refusal: Some(page::chat::Refusal {
            reasons: vec!["In uw bericht staat iets over de gezondheid van iemand. Dat mag niet naar dit AI-model.".into()],
            ways_out: vec!["Haal de gezondheid uit uw bericht en stuur het opnieuw.".into(), "Vraag het zonder gegevens: ‘Welke hulp kan iemand krijgen die ziek is?’".into(), "Bel een medewerker.".into()],
            warnings: Vec::new(),
            to_give: Vec::new(),
        }),
        ..chat(messages())
    }
}

fn segment(text: &str, kind: Option<&str>) -> page::message::Segment {
    page::message::Segment {
        text: text.into(),
        kind: kind.map(Into::into),
    }
}

fn messages() -> Vec<page::message::Message> {
    use page::message::{Body, Message, Seen, Speaker};
    let you = vec![
        segment("Ik ben ", None),
        segment("Sanne de Vries", Some("Naam")),
        segment(" en ik verhuis naar ", None),
        segment("Kerkstraat 12, 9999 AB Vaartdijk", Some("Adres")),
        segment(". Hoe geef ik dat door?", None),
    ];
    let model = vec![
        segment("Ik ben ", None),
        segment("[PERSOON_4172]", Some("Naam")),
        segment(" en ik verhuis naar ", None),
        segment("[ADRES_0913]", Some("Adres")),
        segment(". Hoe geef ik dat door?", None),
    ];
    let answer = "Dag Sanne de Vries,\n\nU geeft een verhuizing zo door:\n\n1. Kies **Verhuizing doorgeven** op [de site](https://vaartdijk.example/verhuizen).\n2. Log in met DigiD.\n3. Vul Kerkstraat 12, 9999 AB Vaartdijk in.\n\n| Wanneer | Wat |\n|---|---|\n| vanaf 4 weken voor de verhuizing | doorgeven mag |\n| tot 5 dagen erna | doorgeven moet |\n\nDit antwoord komt van een voorbeeldmodel.";
    let message = |id: &str, speaker, body, seen| Message {
        id: id.into(),
        speaker,
        time: Some("14:05".into()),
        day: Some(date(2026, 11, 21)),
        body,
        seen,
        stopped: false,
    };
    vec![
        message(
            "1",
            Speaker::Person,
            Body::Typed(you.clone()),
            Some(Seen { you, model }),
        ),
        message(
            "2",
            Speaker::Assistant,
            Body::Answer(markdown::read(answer)),
            None,
        ),
    ]
}

fn card() -> page::message::Message {
    use page::message::{Body, Card, Choice, Message, Speaker, Weight};
    Message {
        id: "9".into(),
        speaker: Speaker::Script,
        time: Some("14:07".into()),
        day: None,
        body: Body::Card(Card {
            title: "Uw gegevens wissen".into(),
            paragraphs: vec!["U vroeg om uw gegevens te wissen. We wissen dan 2 gesprekken en alles wat daarbij hoort.".into(), "Dit kan niet worden teruggedraaid.".into()],
            facts: vec![("Nummer".into(), "2026-0042".into()), ("Uiterlijk klaar".into(), "21 december 2026".into())],
            choices: vec![Choice { value: "erase".into(), label: "Wis mijn gegevens".into(), weight: Weight::Danger }, Choice { value: "stop".into(), label: "Toch niet".into(), weight: Weight::Secondary }],
            links: vec![("/my-data".into(), "Bekijk eerst uw gegevens".into())],
            text: "verwijder mijn gegevens".into(),
        }),
        seen: None,
        stopped: false,
    }
}

fn cookies() -> page::cookies::Centre {
    page::cookies::Centre {
        rows: vec![page::cookies::CookieRow {
            name: "waarborg".into(),
            aim: "Weet welk gesprek van u is".into(),
            provider: "Gemeente Vaartdijk".into(),
            lifetime: Some("1 dag".into()),
            category: "Noodzakelijk".into(),
        }],
        kinds: vec![page::cookies::CookieKind {
            name: "functional",
            title: "Functioneel".into(),
            text: "Deze cookies onthouden wat u koos.".into(),
            cookies: vec!["waarborg_language".into()],
            is_allowed: false,
            is_refused_by_signal: false,
        }],
        ..Default::default()
    }
}

fn privacy() -> page::privacy::NoticeView {
    let heading = |n: u8, text: &str| page::privacy::Heading {
        anchor: format!("s{n}"),
        text: text.into(),
    };
    page::privacy::NoticeView {
        layer: waarborg_domain::notice::Layer::Full,
        title: "Privacyverklaring van Gemeente Vaartdijk".into(),
        language: "nl",
        version: "3".into(),
        at: date(2026, 11, 21),
        since: Some(date(2026, 11, 1)),
        residence: "NL".into(),
        residences: vec!["NL".into(), "BE".into()],
        holds: page::privacy::Holds::Now,
        previous: Some(("2".into(), date(2026, 10, 31))),
        next: None,
        headings: vec![
            heading(1, "Wie is verantwoordelijk"),
            heading(2, "Welke gegevens en waarom"),
            heading(3, "Hoe lang we bewaren"),
        ],
        body: html! {
            section { h2 #s1 { "Wie is verantwoordelijk" } p { "Gemeente Vaartdijk, Raadhuisplein 1. De functionaris gegevensbescherming is te bereiken via fg@vaartdijk.example." } }
            section { h2 #s2 { "Welke gegevens en waarom" } p { "Om uw vraag te beantwoorden gebruiken we wat u typt." } table { thead { tr { th scope="col" { "Gegevens" } th scope="col" { "Doel" } } } tbody { tr { td { "Bericht" } td { "Vraag beantwoorden" } } } } }
            section { h2 #s3 { "Hoe lang we bewaren" } p { "30 of 90 dagen." } }
        },
    }
}

fn days() -> (Date, Date, Date) {
    (date(2026, 11, 21), date(2026, 12, 18), date(2026, 12, 21))
}

fn complaint() -> Vec<String> {
    vec!["U kunt een klacht doen bij de Autoriteit Persoonsgegevens.".into()]
}

fn receipt() -> page::rights::ReceiptView {
    let (received, aim, latest) = days();
    page::rights::ReceiptView {
        reference: "2026-0042".into(),
        secret: "k7Qd-Zm2p-Xw9t-Rb4n".into(),
        right: Right::Access,
        received,
        aim,
        latest,
        elsewhere: Vec::new(),
        complaint: complaint(),
        is_code_mailed: false,
        is_second: false,
    }
}

fn status() -> page::rights::StatusView {
    let (received, aim, latest) = days();
    page::rights::StatusView {
        reference: "2026-0042".into(),
        right: Right::Access,
        received,
        aim,
        latest,
        stage: Stage::Working,
        code_to_certificate: None,
        code_to_copy: None,
        code_to_mail: None,
        complaint: complaint(),
        code_to_letters: None,
        letters: Vec::new(),
    }
}

fn own() -> page::own::OwnData {
    page::own::OwnData {
        made: date(2026, 11, 21),
        reference: None,
        requests: Vec::new(),
        n_trail: 4,
        viewed: Vec::new(),
        n_disclosed: 2,
        given: Vec::new(),
        is_restricted: false,
        confirmed: None,
        is_to_be_confirmed: true,
        visit: "Wij kennen uw browser sinds 1 november 2026 aan een nummer.".into(),
        n_not_shown: 0,
        groups: vec![page::own::Group {
            category: "Berichten".into(),
            purposes: vec!["Uw vraag beantwoorden (taak van algemeen belang)".into()],
            source: "Van uzelf, in de chat".into(),
            period: "30 dagen na het eerste bericht".into(),
            records: vec![page::own::Record {
                made: "21 november 2026, 14:05".into(),
                text: "Hoe geef ik een verhuizing door?".into(),
                gone: Some(date(2026, 12, 21)),
                dispute: page::own::Dispute::Can("0".into()),
            }],
        }],
        recipients: vec![
            "Demo-model, op deze computer: beantwoordt uw vraag, zonder uw persoonsgegevens".into(),
        ],
        consents: Vec::new(),
        complaint: complaint(),
    }
}

fn overview() -> page::console::Overview {
    use page::console::{Health, Overview, Part, Way};
    let part = |name: &str, health, detail: &str| Part {
        name: name.into(),
        health,
        detail: detail.into(),
    };
    Overview {
        version: "0.1.0".into(),
        register: "3 (9f2c41)".into(),
        parts: vec![
            part("Opslag", Health::Good, "SQLite, 2 MB"),
            part("Sleutels", Health::Good, "Sleutelbestand 0600"),
            part(
                "Bewaartermijnen",
                Health::Attention,
                "Laatste keer 26 uur geleden",
            ),
            part("Auditlog", Health::Good, "1.204 regels"),
        ],
        ways: vec![Way {
            host: "api.voorbeeld.example:443".into(),
            recipient: "Voorbeeldmodel".into(),
            ground: "Duitsland, verwerkersovereenkomst".into(),
        }],
        requests: Some((3, 1)),
    }
}

fn requests() -> Vec<page::console::RequestRow> {
    let (received, aim, latest) = days();
    let row = |reference: &str, right, stage, days_left, closed| page::console::RequestRow {
        reference: reference.into(),
        right,
        stage,
        received,
        aim,
        latest,
        days_left,
        closed,
        details: waarborg_domain::rights::Details::Kept,
    };
    vec![
        row("2026-0042", Right::Access, Stage::Received, 27, false),
        row("2026-0041", Right::Erasure, Stage::Working, 4, false),
        row("2026-0040", Right::Objection, Stage::Working, -2, false),
        row("2026-0039", Right::Complaint, Stage::Answered, 9, true),
    ]
}

fn register() -> page::console::RegisterView {
    let cells = |cells: [&str; 5]| cells.map(String::from);
    page::console::RegisterView {
        version: "3 (9f2c41)".into(),
        processings: vec![
            cells([
                "chat",
                "antwoorden",
                "publieke taak",
                "bericht, gesprek",
                "90 dagen",
            ]),
            cells([
                "chat",
                "beveiliging",
                "gerechtvaardigd belang",
                "auditregel",
                "1 jaar",
            ]),
        ],
        recipients: vec![["demo", "NL", "zelfde organisatie", "–"].map(String::from)],
        warnings: vec!["De overeenkomst met Voorbeeldmodel loopt af op 1 januari 2027.".into()],
    }
}

fn audit() -> page::console::AuditView {
    page::console::AuditView {
        n_entries: Some(1204),
        head: Some("7c0f5d0a3e1b49a2b6d0c9f4e8a7615fd2c3b4a5968778695a4b3c2d1e0f9a8b".into()),
        checked: Some(page::console::Checked::Whole),
        lines: vec![
            page::console::TrailRow {
                position: 1203,
                at: "21 november 2026, 14.05 uur".into(),
                act: "request.received".into(),
                more: Vec::new(),
                purpose: String::new(),
            },
            page::console::TrailRow {
                position: 1202,
                at: "21 november 2026, 14.04 uur".into(),
                act: "prompt.sent".into(),
                more: vec!["naar een eigen model geleid".into()],
                purpose: "answer".into(),
            },
        ],
    }
}

fn tried() -> Vec<page::console::TriedFinding> {
    vec![
        page::console::TriedFinding {
            text: "De Vries".into(),
            kind: "Naam".into(),
            subkind: String::new(),
            score: 92,
            why: "aanspreekvorm ervoor".into(),
            about: vec!["van iemand anders".into()],
            verdict: "wordt vervangen".into(),
        },
        page::console::TriedFinding {
            text: "111222333".into(),
            kind: "BSN".into(),
            subkind: String::new(),
            score: 99,
            why: "elfproef klopt".into(),
            about: Vec::new(),
            verdict: "mag niet worden verstuurd".into(),
        },
    ]
}

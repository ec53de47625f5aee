//! Pages to read: the full notice, the cookies, accessibility.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use maud::Markup;
use serde::Deserialize;
use waarborg_domain::notice::{self, Layer, Notice, Shown};
use waarborg_domain::register::Register;
use waarborg_usecase::versions;

use crate::error::WebError;
use crate::page::accessibility as statement;
use crate::page::derived::{DerivedView, page as page_of_derived};
use crate::page::privacy as statement_of_privacy;
use crate::page::training;
use crate::show;
use crate::visit::{Visit, html};

/// Which notice is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    at: String,
    #[serde(default)]
    residence: String,
    #[serde(default)]
    layer: String,
    #[serde(default)]
    format: String,
}

/// The whole notice, for a day and a residence; to read, or for a machine.
pub(super) async fn privacy(
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let at = match asked.at.as_str() {
        "" => visit.desk.today(),
        at => at.parse().map_err(|_| WebError::Malformed)?,
    };
    let is_place = |place: &&str| place.len() == 2 || visit.desk.law.is_residence(place);
    let residence = Some(asked.residence.as_str()).filter(is_place);
    let versions = versions::all(&visit.desk).await?;
    let register = show::notice::register_on(&visit, &versions, at);
    let layer = match asked.layer.as_str() {
        "" => Layer::Full,
        name => Layer::parse(name).ok_or(WebError::Malformed)?,
    };
    let notice = show::notice::in_layer(&visit, &register, at, residence, layer);
    Ok(in_form(&asked.format, &notice, || {
        let mut view = show::notice::view(&visit, &register, &versions, &notice, residence);
        view.layer = layer;
        statement_of_privacy::page(&visit.frame_of(&notice), &view)
    }))
}

/// What is used to make models better, where it comes from, and how anybody says no to it.
pub(super) async fn training(visit: Visit) -> Response {
    let (uses, trainers) = show::training(&visit);
    html(training::page(&visit.frame(), &uses, &trainers)).into_response()
}

/// A text that follows from the register: a page, or `json` or `md` for a machine.
fn in_form(format: &str, notice: &Notice, page: impl FnOnce() -> Markup) -> Response {
    let mut response = match format {
        "json" => Json(notice.to_json()).into_response(),
        "md" => (
            [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
            notice.to_markdown(),
        )
            .into_response(),
        _ => html(page()).into_response(),
    };
    let language = HeaderValue::from_static(notice.language);
    response
        .headers_mut()
        .insert(header::CONTENT_LANGUAGE, language);
    response
}

/// The rules for the use of AI, as the policy has them today.
pub(super) async fn policy(visit: Visit, Query(asked): Query<Asked>) -> Response {
    derived(&visit, &asked, Notice::of_ai_use, Vec::new())
}

/// Who receives data, and what leaves Europe.
pub(super) async fn recipients(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let files = vec![
        ("/recipients.csv", "recipients.csv"),
        ("/record.csv", "record.csv"),
        ("/record.xlsx", "record.xlsx"),
        ("/record.pdf", "record.pdf"),
        ("/record.jsonld", "record.jsonld"),
    ];
    derived(&visit, &asked, Notice::of_recipients, files)
}

fn derived(
    visit: &Visit,
    asked: &Asked,
    written: fn(&Register, &Shown<'_>) -> Notice,
    files: Vec<(&'static str, &'static str)>,
) -> Response {
    let notice = written(
        &visit.desk.register,
        &Shown {
            at: visit.desk.today(),
            residence: None,
            language: visit.words().tongue().code(),
            notice: None,
        },
    );
    in_form(&asked.format, &notice, || {
        let view = DerivedView {
            title: notice.title.clone(),
            version: notice.version.clone(),
            body: show::notice::body(&notice),
            files,
        };
        page_of_derived(&visit.frame(), &view)
    })
}

/// Everybody who receives data, as a table.
pub(super) async fn recipients_csv(visit: Visit) -> Response {
    file(
        "text/csv; charset=utf-8",
        notice::recipients_csv(&visit.desk.register),
    )
}

/// The record of processing as a table.
pub(super) async fn record_csv(visit: Visit) -> Response {
    file(
        "text/csv; charset=utf-8",
        notice::ropa_csv(&visit.desk.register),
    )
}

/// The record of processing and the recipients as a workbook.
pub(super) async fn record_xlsx(visit: Visit) -> Response {
    file(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        notice::ropa_xlsx(&visit.desk.register),
    )
}

/// The record of processing and the recipients, to print.
pub(super) async fn record_pdf(visit: Visit) -> Response {
    file("application/pdf", notice::ropa_pdf(&visit.desk.register))
}

/// The record of processing as linked data.
pub(super) async fn record_jsonld(visit: Visit) -> Response {
    let record = notice::record_as_linked_data(&visit.desk.register);
    file("application/ld+json", format!("{record:#}\n"))
}

fn file(kind: &'static str, content: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}

/// The statement on accessibility.
pub(super) async fn accessibility(visit: Visit) -> Response {
    html(statement::page(&visit.frame())).into_response()
}

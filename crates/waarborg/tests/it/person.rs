//! A person at the people's door: notice first, then a chat, then their rights.

use serde_json::{Value, json};

use crate::{
    http::{Answer, Client},
    program::Server,
};

/// A person who went on from the notice.
pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) form_token: String,
}

impl Person {
    /// Comes in, reads the notice and goes on.
    pub(crate) fn come(server: &Server) -> Self {
        let mut client = server.client();
        let notice = client.get("/");
        assert_eq!(notice.status, 200, "{}", notice.text());
        let version = between(&notice.text(), "name=\"version\" value=\"", "\"");
        let went_on = client.post_form("/notice", &[("version", &version)]);
        assert_eq!(went_on.status, 303, "{}", went_on.text());
        let mut person = Self {
            client,
            form_token: String::new(),
        };
        person.look_again();
        person
    }

    /// Goes on with a server that started again elsewhere.
    pub(crate) fn moved_to(&mut self, server: &Server) {
        self.client = self.client.clone().at(server.address);
    }

    fn look_again(&mut self) {
        // Also who may not chat yet has forms here.
        let page = self.client.get("/rights").text();
        self.form_token = between(&page, "name=\"form_token\" value=\"", "\"");
    }

    /// Says something in a new conversation.
    pub(crate) fn say(&mut self, text: &str, history: &str) -> Answer {
        self.api(
            "POST",
            "/api/v1/chat",
            &json!({ "text": text, "history": history }),
        )
    }

    /// Calls our own API as the page's script does.
    pub(crate) fn api(&mut self, method: &str, path: &str, document: &Value) -> Answer {
        let token = self.form_token.clone();
        let headers = [
            ("content-type", "application/json"),
            ("x-form-token", token.as_str()),
        ];
        self.client
            .send(method, path, &headers, document.to_string().as_bytes())
    }

    /// Sends bytes as they are.
    pub(crate) fn post_raw(&mut self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let token = self.form_token.clone();
        self.client.send(
            "POST",
            path,
            &[("content-type", kind), ("x-form-token", token.as_str())],
            body,
        )
    }

    /// The conversations that are listed.
    pub(crate) fn listed(&mut self) -> Vec<Value> {
        self.client
            .get("/api/v1/chat")
            .json()
            .as_array()
            .unwrap()
            .clone()
    }

    /// Everything that is held of the person, as the file they can take along.
    pub(crate) fn data(&mut self) -> Answer {
        self.client.get("/my-data/download")
    }

    /// The number by which the desk knows the person.
    pub(crate) fn number(&mut self) -> String {
        let data = self.data().json();
        data["visit"]["number"].as_str().unwrap().to_owned()
    }

    /// Gives or withdraws the consent for one purpose.
    pub(crate) fn choose(&mut self, purpose: &str, choice: &str) {
        let token = self.form_token.clone();
        let fields = [
            ("consent", purpose),
            ("choice", choice),
            ("form_token", &token),
        ];
        let answer = self.client.post_form("/consent", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    /// Has everything erased.
    pub(crate) fn erase(&mut self) -> Answer {
        let token = self.form_token.clone();
        self.client
            .post_form("/my-data/erase", &[("sure", "yes"), ("form_token", &token)])
    }
}

/// Asks for a right on the page for everybody; the reference on the receipt.
pub(crate) fn ask_for(
    client: &mut Client,
    right: &str,
    question: &str,
    reply_to: &str,
) -> Option<String> {
    let answer = client.post_form(
        "/rights",
        &[
            ("right", right),
            ("question", question),
            ("reply_to", reply_to),
        ],
    );
    let page = answer.text();
    (answer.status == 200 && answer.is_whole).then(|| {
        let start = page
            .find("WB-")
            .unwrap_or_else(|| panic!("no reference: {page}"));
        page[start..]
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
            .collect()
    })
}

/// The conversation that an answer belongs to.
pub(crate) fn conversation(answer: &Answer) -> String {
    between(&answer.text(), "\"conversation\":\"", "\"")
}

/// What stands between two marks.
pub(crate) fn between(text: &str, before: &str, after: &str) -> String {
    let start = text
        .find(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"))
        + before.len();
    let rest = &text[start..];
    rest[..rest.find(after).unwrap()].to_owned()
}

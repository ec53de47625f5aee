//! Names of tools and properties, and values that lie over more than one message.

use serde_json::{Value, json};
use waarborg_detect::Detector;
use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_domain::conversation::Speaker;
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Prompt, Screen, Screening, Turn, Waived};
use waarborg_domain::register::Destination;

use super::*;
use crate::found::Found;
use crate::shared_data;

/// Well-known tools, each with the properties that it takes.
const TOOLS: [&str; 62] = [
    "get_current_weather location unit",
    "weather_lookup city country_code forecast_days",
    "get_customer_by_id customer_id include_orders",
    "search_customers first_name last_name date_of_birth postal_code",
    "create_customer givenName familyName emailAddress phoneNumber",
    "update_patient patient_id birth_date gender blood_type",
    "getPatientRecord patientId includeLabResults",
    "book_appointment patient_name doctor_id start_time end_time",
    "list_appointments from_date to_date status",
    "send_email to cc bcc subject body attachments",
    "send_sms phone_number message sender_id",
    "read_file path start_line end_line",
    "write_file path content overwrite",
    "str_replace_editor command old_str new_str insert_line view_range",
    "list_directory dir_path recursive max_depth",
    "run_terminal_cmd command is_background require_user_approval",
    "execute_sql query database row_limit",
    "web_search search_query num_results site_filter",
    "fetch_url url max_length start_index raw",
    "browser_navigate target_url wait_until",
    "browser_click element_id ref button",
    "create_issue owner repo title body assignees labels",
    "github_create_pull_request head base draft maintainer_can_modify",
    "jira_search jql start_at max_results",
    "slack_post_message channel_id thread_ts mrkdwn",
    "calendar_create_event summary description start end attendees",
    "get_stock_price ticker currency",
    "convert_currency amount from_currency to_currency",
    "calculate_mortgage principal interest_rate years",
    "bereken_toeslag jaarinkomen aantal_kinderen huurprijs",
    "zoek_klant klantnummer achternaam geboortedatum postcode huisnummer",
    "maak_afspraak datum tijdstip loket onderwerp",
    "vraag_uittreksel_aan bsn soort_uittreksel reden",
    "meld_verhuizing oud_adres nieuw_adres verhuisdatum",
    "zoek_zaak zaaknummer zaaktype behandelaar",
    "wijzig_status zaak_id nieuwe_status toelichting",
    "get_order_status order_number email",
    "cancel_order order_id reason refund_to_original",
    "track_shipment tracking_code carrier",
    "check_inventory sku warehouse_id min_quantity",
    "apply_discount coupon_code cart_total",
    "process_payment card_token amount_cents currency",
    "create_invoice bill_to due_date line_items",
    "reserve_table restaurant party_size time_slot",
    "book_flight origin destination departure_date passengers",
    "find_hotels check_in check_out guests star_rating",
    "translate_text source_lang target_lang text",
    "summarize_document document_id max_words style",
    "generate_image prompt size quality",
    "transcribe_audio file_id language",
    "vector_search embedding top_k namespace",
    "add_memory memory user_id agent_id",
    "transfer_to_agent agent_name reason",
    "ask_human question options",
    "get_user_profile user_id fields",
    "set_user_preference preference_key preference_value",
    "mcp__filesystem__read_multiple_files paths",
    "mcp__postgres__query sql",
    "diagnose_symptoms symptoms has_diabetes is_pregnant smoking_status",
    "check_eligibility religion nationality disability_status union_member",
    "assign_case case_owner department priority",
    "markAsRead messageIds readAt",
];

fn tools() -> Value {
    let tool = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next().unwrap();
        let properties: Vec<&str> = words.collect();
        let schema = |property: &&str| {
            (
                (*property).to_owned(),
                json!({"type": "string", "title": titled(property)}),
            )
        };
        let parameters = json!({
            "type": "object",
            "properties": properties.iter().map(schema).collect::<serde_json::Map<_, _>>(),
            "required": properties,
            "additionalProperties": false,
        });
        json!({"type": "function", "function": {"name": name, "parameters": parameters, "strict": true}})
    };
    TOOLS.into_iter().map(tool).collect()
}

fn titled(property: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    property.split('_').map(word).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_tools_that_everybody_uses_pass_untouched() {
    let door = door_with("strict", DoorLimits::default(), echo).await;
    for (n_called, tool) in TOOLS.iter().enumerate() {
        let name = tool.split(' ').next().unwrap();
        let id = format!("call_{n_called:03}aB9xQ");
        let mut document = ask("Wat voor weer wordt het?");
        document["tools"] = if n_called == 0 { tools() } else { json!([]) };
        document["tool_choice"] = json!({"type": "function", "function": {"name": name}});
        let call =
            json!({"id": id, "type": "function", "function": {"name": name, "arguments": "{}"}});
        document["messages"].as_array_mut().unwrap().extend([
            json!({"role": "assistant", "content": null, "tool_calls": [call]}),
            json!({"role": "tool", "tool_call_id": id, "content": "klaar"}),
        ]);
        let sent = document.to_string();
        let answered = door.chat(&document).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(door.provider.seen().last().unwrap().text(), sent, "{name}");
    }
}

#[tokio::test]
async fn a_person_in_the_name_of_a_tool_leaves_nowhere_and_comes_back_everywhere() {
    let name = "zoek_piet_jansen";
    let property = "piet_jansen_is_verhuisd";
    let door = door(|seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let function = &document["tools"][0]["function"];
        let name = function["name"].clone();
        let property = function["parameters"]["required"][0].as_str().unwrap();
        assert_eq!(document["tool_choice"]["function"]["name"], name);
        assert_eq!(document["messages"][1]["tool_calls"][0]["function"]["name"], name);
        assert_eq!(function["parameters"]["properties"].as_object().unwrap().keys().next().unwrap(), property);
        assert!(name.as_str().unwrap().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        let call = json!({"id": "call_2", "type": "function",
            "function": {"name": name, "arguments": json!({property: true}).to_string()}});
        let message = json!({"role": "assistant", "content": format!("Ik roep {} aan", name.as_str().unwrap()), "tool_calls": [call]});
        let choice = json!({"index": 0, "message": message, "finish_reason": "tool_calls"});
        Script::json(200, &json!({"id": "x", "object": "chat.completion", "choices": [choice]}).to_string())
    })
    .await;
    let mut document = ask("Gebruik zoek_piet_jansen en vul piet_jansen_is_verhuisd in.");
    document["tools"] = json!([{"type": "function", "function": {"name": name, "parameters": {"type": "object",
        "properties": {property: {"type": "boolean", "title": "Piet Jansen Is Verhuisd"}}, "required": [property]}}}]);
    document["tool_choice"] = json!({"type": "function", "function": {"name": name}});
    let arguments = json!({property: false}).to_string();
    let call = json!({"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}});
    document["messages"].as_array_mut().unwrap().extend([
        json!({"role": "assistant", "content": null, "tool_calls": [call]}),
        json!({"role": "tool", "tool_call_id": "call_1", "content": json!({property: "ja"}).to_string()}),
    ]);
    let answered = door.chat(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let message = &answered.json()["choices"][0]["message"];
    assert_eq!(message["content"], "Ik roep zoek_piet_jansen aan");
    assert_eq!(message["tool_calls"][0]["function"]["name"], name);
    assert_eq!(
        message["tool_calls"][0]["function"]["arguments"],
        json!({property: true}).to_string()
    );
    let bytes = String::from_utf8(door.provider.seen()[0].body.clone())
        .unwrap()
        .to_lowercase();
    assert!(
        !bytes.contains("piet") && !bytes.contains("jansen"),
        "{bytes}"
    );
}

#[tokio::test]
async fn a_name_that_cannot_be_replaced_is_refused_with_its_place() {
    let door = door(echo).await;
    let mut document = ask("hoi");
    document["tools"] = json!([{"type": "function", "function":
        {"name": "het_dossier_met_alle_brieven_en_afspraken_van_mevrouw_de_wit"}}]);
    let answered = door.chat(&document).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::BAD_REQUEST, "personal_data_in_name")
    );
    assert_eq!(answered.json()["error"]["param"], "tools.0.function.name");
    door.check_nothing_left();
}

#[tokio::test]
async fn a_value_cut_in_two_by_messages_does_not_leave() {
    let door = door(echo).await;
    let mut document = ask("mijn bsn is 1234");
    document["messages"]
        .as_array_mut()
        .unwrap()
        .push(json!({"role": "user", "content": "56782, graag"}));
    let answered = door.chat(&document).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    assert!(
        answered.headers["x-waarborg-findings"]
            .to_str()
            .unwrap()
            .contains("BSN=2")
    );
    door.check_nothing_leaked(&["1234\"", "56782"]);
    let said = answered.json()["choices"][0]["message"]["content"].clone();
    assert_eq!(said, "mijn bsn is 1234");
}

#[test]
fn ordinary_messages_in_a_row_are_not_joined() {
    let Some(lines) = shared_data::lines("data/nl-chat/dev.jsonl") else {
        return;
    };
    let texts: Vec<&str> = lines
        .iter()
        .take(600)
        .filter_map(|line| line["text"].as_str())
        .collect();
    let finder = Found(Detector::new());
    let (policy, waived) = (Policy::shipped("observe").unwrap(), Waived::default());
    let n_marks = |turns: &[&str]| {
        let turn = |text: &&str| Turn {
            speaker: Speaker::Person,
            text: (*text).to_owned(),
        };
        let turns: Vec<Turn> = turns.iter().map(turn).collect();
        let screening = Screening {
            finder: &finder,
            policy: &policy,
            destination: Destination::Eu,
            has_ground: false,
            waived: &waived,
            witness: None,
        };
        let mut surrogates = Surrogates::new(ConversationKey::new([1; 32]), Language::Dutch);
        match Prompt::conversation("m", &turns)
            .screen(&screening, &mut surrogates)
            .unwrap()
        {
            Screen::Passed { report, .. } | Screen::Refused { report } => report.marks.len(),
        }
    };
    let joined: Vec<_> = texts
        .windows(2)
        .filter(|pair| n_marks(pair) != n_marks(&[pair[0], ".", pair[1]]))
        .collect();
    assert!(
        joined.len() * 200 <= texts.len(),
        "{} of {}: {joined:?}",
        joined.len(),
        texts.len()
    );
}

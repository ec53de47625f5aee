//! Many generated conversations: planted values never reach the provider, and all come back.
//!
//! `WAARBORG_CASES=10000 cargo test -p waarborg-gateway generated` runs the long version.

use super::*;

/// A small generator of numbers: the same seed, the same conversations.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below).unwrap()).unwrap()
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.next(of.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from_digit(u32::try_from(self.next(10)).unwrap(), 10).unwrap())
            .collect()
    }
}

/// Nine digits that pass the eleven-test, invented.
fn citizen_number(chance: &mut Chance) -> String {
    loop {
        let digits = format!("{}{}", 1 + chance.next(9), chance.digits(8));
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
        let sum: i32 = digits
            .bytes()
            .zip(weights)
            .map(|(digit, weight)| i32::from(digit - b'0') * weight)
            .sum();
        if sum % 11 == 0 {
            return digits;
        }
    }
}

/// A Dutch account number with the right check digits, of no existing bank customer.
fn account(chance: &mut Chance) -> String {
    let rest = format!("ABNA0{}", chance.digits(9));
    let number: String = format!("{rest}NL00")
        .chars()
        .map(|character| character.to_digit(36).unwrap().to_string())
        .collect();
    let remainder = number.bytes().fold(0_u32, |sum, digit| {
        (sum * 10 + u32::from(digit - b'0')) % 97
    });
    format!("NL{:02}{rest}", 98 - remainder)
}

fn mail(chance: &mut Chance) -> String {
    let name = chance.one_of(&["jan", "a.bakker", "info-fatima", "o_yilmaz"]);
    format!("{name}{}@voorbeeld.nl", chance.digits(3))
}

/// Sixteen digits that pass the Luhn test, of no card.
fn card(chance: &mut Chance) -> String {
    let digits = format!("4{}", chance.digits(14));
    let doubled = |(place, digit): (usize, u8)| match u32::from(digit - b'0') {
        digit if place % 2 == 1 => digit,
        digit if digit < 5 => 2 * digit,
        digit => 2 * digit - 9,
    };
    let sum: u32 = digits.bytes().enumerate().map(doubled).sum();
    let digits = format!("{digits}{}", (10 - sum % 10) % 10);
    let mark = chance.one_of(&["", " ", "-"]);
    let letters: Vec<char> = digits.chars().collect();
    let fours: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    fours.join(mark)
}

fn name(chance: &mut Chance) -> String {
    let first = chance.one_of(&["Sanne", "Fatima", "Pieter", "Mehmet", "Johanna"]);
    let last = chance.one_of(&["de Wit", "Bakker", "van den Berg", "Yılmaz", "Jansen"]);
    format!("{first} {last}")
}

fn phone(chance: &mut Chance) -> String {
    let head = chance.one_of(&["06-", "06", "+31 6 ", "+316"]);
    format!("{head}{}{}", 1 + chance.next(8), chance.digits(7))
}

/// What a person says of themselves: on its own, an address or a number behind a label may be nobody's.
fn told_by_somebody(chance: &mut Chance, what: usize) -> (String, Vec<String>) {
    let name = name(chance);
    let (said, value) = match what {
        5 => {
            let phone = phone(chance);
            (format!("bel mij terug op {phone}"), phone)
        }
        6 => {
            let street = chance.one_of(&["Kerkstraat", "Dorpsweg", "Prins Hendriklaan"]);
            let address = format!("{street} {}", 2 + chance.next(180));
            let said = format!("en ik woon met mijn man op {address} in Utrecht");
            (said, address)
        }
        _ => {
            let number = format!("{}{}", 1 + chance.next(9), chance.digits(7));
            let said = format!("ik wacht al weken op u en mijn klantnummer is {number}");
            (said, number)
        }
    };
    (format!("\n\nIk ben {name}, {said}.\n\n"), vec![name, value])
}

/// What people say of somebody, and the values in it.
fn planted(chance: &mut Chance) -> (String, Vec<String>) {
    let (label, value) = match chance.next(8) {
        0 => ("BSN", citizen_number(chance)),
        1 => ("rekening", account(chance)),
        2 => ("mail", mail(chance)),
        3 => ("mevrouw", name(chance)),
        4 => ("creditcard", card(chance)),
        of_somebody => return told_by_somebody(chance, of_somebody),
    };
    (format!("{label} {value}"), vec![value])
}

/// A text in pieces of one to so many characters, each of another length.
pub(super) fn pieces(text: &str, chance: &mut Chance, most: usize) -> Vec<String> {
    let mut letters = text.chars().peekable();
    let mut pieces = Vec::new();
    while letters.peek().is_some() {
        let size = 1 + chance.next(most);
        pieces.push(letters.by_ref().take(size).collect());
    }
    pieces
}

/// The same for a provider that is told a number: up to [`MOST_EVEN`] the length of every piece, above it what the lengths are drawn from.
pub(super) fn cut(text: &str, how: usize) -> Vec<String> {
    if how > MOST_EVEN {
        return pieces(text, &mut Chance(how as u64), MOST_EVEN);
    }
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(how)
        .map(|piece| piece.iter().collect())
        .collect()
}

/// In pieces of how many bytes such an answer goes over the wire.
pub(super) fn n_bytes(how: usize) -> usize {
    if how > MOST_EVEN { 1 + how % 61 } else { how }
}

/// The longest piece.
const MOST_EVEN: usize = 11;

/// How an answer is cut: half of the time in pieces of one length.
pub(super) fn any_cut(chance: &mut Chance) -> usize {
    if chance.next(2) == 0 {
        1 + chance.next(MOST_EVEN)
    } else {
        MOST_EVEN + 1 + chance.next(1_000_000)
    }
}

/// How many cases are tried, unless the run says otherwise.
pub(super) fn n_cases(unasked: u64) -> u64 {
    std::env::var("WAARBORG_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(unasked)
}

/// A text with values in it; what was planted is added to `values`.
pub(super) fn text(chance: &mut Chance, values: &mut Vec<String>) -> String {
    let mut words: Vec<String> = Vec::new();
    for _ in 0..=chance.next(8) {
        let word = chance.one_of(&[
            "Beste",
            "ik",
            "vraag",
            "\"iets\"",
            "één",
            "🏠",
            "\n-",
            "\\",
            "over",
            "(zie",
            "**let op**",
        ]);
        words.push(word.to_owned());
        if chance.next(3) == 0 {
            let (said, its_values) = planted(chance);
            words.push(said);
            values.extend(its_values);
        }
    }
    words.join(" ")
}

fn message(chance: &mut Chance, values: &mut Vec<String>) -> Value {
    match chance.next(6) {
        0 => json!({"role": "system", "content": text(chance, values)}),
        1 => json!({"role": "assistant", "content": text(chance, values), "refusal": null}),
        2 => {
            let parts: Vec<Value> = (0..=chance.next(3))
                .map(|_| json!({"type": "text", "text": text(chance, values)}))
                .collect();
            json!({"role": "user", "content": parts})
        }
        3 => {
            let arguments = json!({"vraag": text(chance, values), "n": chance.next(9)}).to_string();
            let function = json!({"name": "zoek", "arguments": arguments});
            json!({"role": "assistant", "content": null, "tool_calls": [{"id": "call_a", "type": "function", "function": function}]})
        }
        4 => {
            let result = json!({"rijen": [{"tekst": text(chance, values)}]}).to_string();
            json!({"role": "tool", "tool_call_id": "call_a", "content": result})
        }
        _ => {
            json!({"role": "user", "content": text(chance, values), "extra": {"diep": [text(chance, values)]}})
        }
    }
}

#[tokio::test]
async fn no_planted_value_leaves_and_every_one_comes_back() {
    let n_cases = n_cases(150);
    let door = door(|seen| {
        let document: Value = serde_json::from_slice(&seen.body).unwrap();
        let said = document["messages"][0]["content"].as_str().unwrap();
        let size = usize::try_from(document["seed"].as_u64().unwrap()).unwrap();
        if document["stream"] == json!(true) {
            Script::events(&chunks_of(said, size), n_bytes(size))
        } else {
            echo(seen)
        }
    })
    .await;

    for case in 1..=n_cases {
        let mut chance = Chance(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut values = Vec::new();
        let said = text(&mut chance, &mut values);
        let mut messages = vec![json!({"role": "user", "content": said})];
        messages.extend((0..chance.next(5)).map(|_| message(&mut chance, &mut values)));
        let streams = chance.next(2) == 0;
        let size = any_cut(&mut chance);
        let document =
            json!({"model": "klein", "messages": messages, "stream": streams, "seed": size});

        let answered = door.chat(&document).await;
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "case {case}: {} {document}",
            answered.body
        );
        let seen = door.provider.seen().last().unwrap().text();
        door.provider.forget();
        for value in &values {
            assert!(!seen.contains(value), "case {case}: {value} in {seen}");
        }
        let restored = if streams {
            answered.text()
        } else {
            answered.json()["choices"][0]["message"]["content"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(restored, said, "case {case}");
    }
}

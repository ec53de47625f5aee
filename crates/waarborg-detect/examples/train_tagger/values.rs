//! Values for the slots of templates: invented, and valid where the real thing would be.

use crate::chance::Chance;
use crate::fill::{Group, Lists};

/// Codes of things.
const CODES: &[&str] = &[
    "AA-99-AA",
    "9999-99999",
    "AA9999",
    "A-99-A",
    "99-999999",
    "AAA-9999-99",
];

/// A value and its label.
pub(crate) fn value(
    slot: &str,
    lists: &Lists,
    group: &Group,
    chance: &mut Chance,
) -> Option<(String, Option<&'static str>)> {
    let made = person(slot, group, chance)
        .map(|name| (name, Some("PERSON")))
        .or_else(|| place(slot, lists, chance))
        .or_else(|| number(slot, chance))
        .or_else(|| account(slot, group, chance));
    if made.is_some() {
        return made;
    }
    let value = match slot {
        "num" => (2 + chance.below(88)).to_string(),
        "age" => (18 + chance.below(78)).to_string(),
        "age2" => (1 + chance.below(17)).to_string(),
        "year" => (1930 + chance.below(95)).to_string(),
        "time" => format!("{:02}:{:02}", 7 + chance.below(14), chance.below(60)),
        "money" => format!("€ {}.{:03}", 1 + chance.below(900), chance.below(1000)),
        "date" => date(chance, 2024, 4),
        "code" => {
            let shape: &&str = chance.pick(CODES);
            shaped(shape, chance)
        }
        "Cap" => char::from(b'A' + chance.below(26) as u8).to_string(),
        "Last0" => last(group, chance),
        "Fiction0" => first(group, chance),
        "CAPREL" => lists.word("rel", chance)?.to_uppercase(),
        "Place" => town(lists, chance),
        _ => lists.word(slot, chance)?.to_string(),
    };
    let label = match slot.trim_end_matches('2') {
        "health" | "healthen" | "healthde" | "drug" => Some("HEALTH"),
        "religion" | "religionen" => Some("RELIGION"),
        "nation" | "nationen" => Some("ETHNICITY"),
        "party" | "partyen" => Some("POLITICAL"),
        "union" => Some("UNION"),
        "orient" | "orienten" => Some("SEXUAL_ORIENTATION"),
        "crimeen" => Some("CRIMINAL"),
        _ => None,
    };
    Some((value, label))
}

fn first(group: &Group, chance: &mut Chance) -> String {
    chance.pick(&group.first).clone()
}

fn last(group: &Group, chance: &mut Chance) -> String {
    let last = chance.pick(&group.last).clone();
    if chance.once_in(12) {
        format!("{last}-{}", chance.pick(&group.last))
    } else {
        last
    }
}

/// The surname as it stands behind a first name: "Van der Meer" is "van der Meer".
fn behind(last: &str) -> String {
    match last.rsplit_once(' ') {
        Some((particles, name)) if !particles.contains("Tjon") && !particles.contains("Lie") => {
            format!("{} {name}", particles.to_lowercase())
        }
        _ => last.to_string(),
    }
}

fn initials(group: &Group, chance: &mut Chance) -> String {
    let letter = |chance: &mut Chance| {
        let name = first(group, chance);
        name.chars().next().unwrap_or('A')
    };
    let mut all = format!("{}.", letter(chance));
    while chance.once_in(3) {
        all.push(letter(chance));
        all.push('.');
    }
    all
}

fn person(slot: &str, group: &Group, chance: &mut Chance) -> Option<String> {
    let name = match slot {
        "First" | "first" | "CAPFIRST" => first(group, chance),
        "Last" | "last" | "CAPLAST" => last(group, chance),
        "Name" | "name" | "CAPNAME" => {
            let initial = match chance.below(8) {
                0 => format!("{}. ", first(group, chance).chars().next()?),
                1 => format!("{} ", first(group, chance)),
                _ => String::new(),
            };
            format!(
                "{} {initial}{}",
                first(group, chance),
                behind(&last(group, chance))
            )
        }
        "Init" | "init" => {
            let last = last(group, chance);
            match chance.below(6) {
                0 => format!("{last} {}", initials(group, chance)),
                1 => format!("{} {}.", first(group, chance), last.chars().next()?),
                _ => format!("{} {}", initials(group, chance), behind(&last)),
            }
        }
        "Surfirst" => {
            let last = last(group, chance);
            let given = if chance.once_in(3) {
                initials(group, chance)
            } else {
                first(group, chance)
            };
            match last.rsplit_once(' ') {
                Some((particles, name)) if chance.once_in(2) => {
                    format!("{name}, {given} {}", particles.to_lowercase())
                }
                _ => format!("{last}, {given}"),
            }
        }
        _ => return None,
    };
    Some(if slot.starts_with("CAP") {
        name.to_uppercase()
    } else if slot.starts_with(char::is_lowercase) {
        name.to_lowercase()
    } else {
        name
    })
}

fn town(lists: &Lists, chance: &mut Chance) -> String {
    const LARGE: &[&str] = &[
        "Amsterdam",
        "Rotterdam",
        "Den Haag",
        "Utrecht",
        "Eindhoven",
        "Groningen",
        "Tilburg",
        "Almere",
        "Breda",
        "Nijmegen",
        "Apeldoorn",
        "Haarlem",
        "Arnhem",
        "Enschede",
        "Amersfoort",
        "Zaandam",
        "Zwolle",
        "Leiden",
        "Dordrecht",
        "Leeuwarden",
        "Delft",
        "Deventer",
        "Assen",
        "Emmen",
    ];
    if chance.once_in(2) {
        (*chance.pick(LARGE)).to_string()
    } else {
        chance.pick(&lists.towns).clone()
    }
}

fn place(slot: &str, lists: &Lists, chance: &mut Chance) -> Option<(String, Option<&'static str>)> {
    const ADDITIONS: &[&str] = &[
        "",
        "",
        "",
        "",
        "",
        "a",
        "-2",
        " hs",
        " bis",
        "-B",
        "-rood",
        " II",
        "/3",
        " huis",
        "-hs",
        ", kamer 4",
        " bus 2",
        "-boven",
    ];
    let number =
        |chance: &mut Chance| format!("{}{}", 1 + chance.below(240), chance.pick(ADDITIONS));
    let lower = slot.starts_with(char::is_lowercase);
    let (value, label) = match slot {
        "City" | "city" | "CAPCITY" => (town(lists, chance), "CITY"),
        "Addr" | "addr" => (
            format!("{} {}", chance.pick(&lists.streets), number(chance)),
            "ADDRESS",
        ),
        "addrwords" => (
            format!(
                "{} {}",
                chance.pick(&lists.streets),
                NUMBERS[2 + chance.below(NUMBERS.len() - 2)]
            ),
            "ADDRESS",
        ),
        "Faddr" => {
            let street = lists.word("fplacestreet", chance)?;
            let number = 1 + chance.below(180);
            let is_before = street.contains("Road")
                || street.contains("Street")
                || street.contains("rue")
                || street.contains("Row")
                || street.contains("Lane")
                || street.contains("avenue");
            let whole = if is_before {
                format!("{number} {street}")
            } else {
                format!("{street} {number}")
            };
            (whole, "ADDRESS")
        }
        "pc" | "fpc" => {
            let shape = match (slot, chance.below(8)) {
                ("fpc", _) => {
                    chance.pick(&["AA9 9AA", "AA99 9AA", "99999", "9999-999", "A99 AA99"])
                }
                (_, 0) => "9999AA",
                _ => "9999 AA",
            };
            let mut value = shaped(shape, chance);
            if value.starts_with('0') {
                value.replace_range(..1, "4");
            }
            return Some((value, Some("POSTCODE")));
        }
        _ => return None,
    };
    let value = if slot.starts_with("CAP") {
        value.to_uppercase()
    } else if lower {
        value.to_lowercase()
    } else {
        value
    };
    Some((value, Some(label)))
}

const NUMBERS: &[&str] = &[
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "negentien",
    "twintig",
    "eenentwintig",
    "drieëntwintig",
    "negenentwintig",
    "achtenvijftig",
    "honderdvier",
    "tweeëndertig",
];
const MONTHS: &[&str] = &[
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const YEARS: &[&str] = &[
    "negentienhonderd vijfenvijftig",
    "negentienachtenveertig",
    "tweeënzestig",
    "negentienhonderdtachtig",
    "eenenzeventig",
    "negentienhonderdvijfennegentig",
];

fn date(chance: &mut Chance, from: usize, years: usize) -> String {
    let (day, month, year) = (
        1 + chance.below(28),
        1 + chance.below(12),
        from + chance.below(years),
    );
    match chance.below(9) {
        0 | 1 => format!("{day:02}-{month:02}-{year}"),
        2 => format!("{day}/{month}/{year}"),
        3 => format!("{year}-{month:02}-{day:02}"),
        4 | 5 => format!("{day} {} {year}", MONTHS[month - 1]),
        6 => format!("{day:02}.{month:02}.{year}"),
        7 => format!("{day} {} {year}", &MONTHS[month - 1][..3]),
        _ => format!("{day}-{month}-'{:02}", year % 100),
    }
}

/// Letters for A, digits for 9, small letters for a.
fn shaped(shape: &str, chance: &mut Chance) -> String {
    const LETTERS: &[u8] = b"BCDFGHJKLMNPRSTVWXZ";
    let letters = shape.chars().map(|mark| match mark {
        'A' => char::from(*chance.pick(LETTERS)),
        'a' => char::from(chance.pick(LETTERS).to_ascii_lowercase()),
        '9' => char::from(b'0' + chance.below(10) as u8),
        'x' => char::from(*chance.pick(b"0123456789abcdef")),
        'k' => {
            char::from(*chance.pick(b"0123456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"))
        }
        other => other,
    });
    letters.collect()
}

#[expect(clippy::too_many_lines, reason = "a table of shapes")]
fn number(slot: &str, chance: &mut Chance) -> Option<(String, Option<&'static str>)> {
    let (shapes, label): (&[&str], _) = match slot {
        "cust" => (
            &[
                "99999999",
                "9999 9999",
                "A-99999",
                "AA/9999/999",
                "9999.99.999",
                "AAA-9999",
                "AAA-999",
                "9999-9999-9",
                "KL-99.99",
                "99-999.999",
                "9 9 9 9 9 9",
                "AA9999999",
                "9999 999 999",
                "AAA99A9",
                "9999999",
            ],
            "CUSTOMER_NUMBER",
        ),
        "track" => (
            &[
                "3SAAAA999999999",
                "AA999999999AA",
                "AA 999 999 999 AA",
                "9A 9999 9999 9999",
                "AAAA 9999 9999 9999",
                "99999999999999",
                "7SAAA9999999",
            ],
            "CUSTOMER_NUMBER",
        ),
        "pnr" => (&["A9AAAA", "AAA9AA", "A9AA9A", "AAAAAA"], "CUSTOMER_NUMBER"),
        "emp" => (
            &[
                "99999", "999999", "9999", "A9999", "M0999", "AA-9999", "P99999", "000999",
            ],
            "EMPLOYEE_NUMBER",
        ),
        "pat" => (
            &[
                "9999999",
                "P9999",
                "P-9999",
                "S-0999",
                "999-9999",
                "99999",
                "AA-AA-9999",
                "MDN 9999999",
                "999999",
            ],
            "PATIENT_NUMBER",
        ),
        "id" => (
            &[
                "AA9A9A9A9",
                "AA999999",
                "999999999",
                "9999999999",
                "99 999 999 999",
                "A99999999",
                "AAA999999",
                "99.99.99-999.99",
                "AA 99 99 99 A",
                "9999.999.999",
                "A9999999A",
            ],
            "ID_NUMBER",
        ),
        "dev" => (
            &[
                "AAA9A99999",
                "99999999999999",
                "AAA-AA9A9A9A",
                "AA9999999A",
                "A99AA9AAAA9A",
                "SN 99999-A",
                "AA-99999999",
                "xx:xx:xx:xx:xx:xx",
                "AAAA99999999",
                "9999 9999 9999 999",
            ],
            "DEVICE_ID",
        ),
        "plate" => (
            &[
                "A-999-AA", "99-AAA-9", "AA-999-A", "9-AAA-99", "AA-99-AA", "AA999A", "999-AA-9",
                "aa999a", "99aaa9",
            ],
            "LICENCE_PLATE",
        ),
        "fplate" => (
            &[
                "AA-A 9999",
                "AAA-AA 99",
                "AA AA 999",
                "9-AAA-999",
                "AA-999-AA",
                "AA99 AAA",
                "99 AAA 999",
                "AA 9999 AA",
                "9999 AAA",
                "AAA 9999A",
                "AA 9A999",
                "AAA-A 999",
            ],
            "LICENCE_PLATE",
        ),
        "pin" => (&["9999", "99999"], "API_KEY"),
        "key" => (
            &[
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "sk_test_kkkkkkkkkkkkkkkkkkkkkkkk",
                "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
                "aaa_kkkkkkkkkkkkkkkkkkkkkkkkkk",
                "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx",
                "AAA-kkkk-kkkk-kkkk",
                "kkkkkkkkkkkkkkkkkkkk-us14",
            ],
            "API_KEY",
        ),
        "ip" => (
            &[
                "84.1.9.99",
                "145.99.9.19",
                "2a02:a44f:1c8b:c:fd89:e02:e4c5:688d",
                "10.4.9.9",
            ],
            "IP",
        ),
        "phone" => (
            &[
                "06-99999999",
                "06 99 99 99 99",
                "0699999999",
                "+31 6 9999 9999",
                "010-4999999",
                "0612 999 999",
                "+49 151 9999 9999",
                "06 9999 9999",
            ],
            "PHONE",
        ),
        "bsn" => return Some((bsn(chance), Some("BSN"))),
        "card" => return Some((card(chance), Some("CREDIT_CARD"))),
        "iban" => return Some((iban(chance), Some("IBAN"))),
        "dob" => return Some((date(chance, 1930, 92), Some("DATE_OF_BIRTH"))),
        "dobwords" => {
            let value = format!(
                "{} {} {}",
                NUMBERS[chance.below(NUMBERS.len() - 2)],
                chance.pick(MONTHS),
                chance.pick(YEARS)
            );
            return Some((value, Some("DATE_OF_BIRTH")));
        }
        _ => return None,
    };
    Some((shaped(chance.pick::<&str>(shapes), chance), Some(label)))
}

fn bsn(chance: &mut Chance) -> String {
    loop {
        let digits: Vec<i32> = (0..9)
            .map(|place| i32::try_from(chance.below(9) + usize::from(place == 0)).unwrap_or(1))
            .collect();
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
        let sum: i32 = digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum();
        if sum % 11 == 0 {
            return digits.iter().map(ToString::to_string).collect();
        }
    }
}

fn card(chance: &mut Chance) -> String {
    let mut digits: Vec<usize> = shaped("400000999999999", chance)
        .bytes()
        .map(|byte| usize::from(byte - b'0'))
        .collect();
    let sum: usize = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            if place % 2 == 0 {
                digit * 2 / 10 + digit * 2 % 10
            } else {
                *digit
            }
        })
        .sum();
    digits.push((10 - sum % 10) % 10);
    let text: String = digits.iter().map(ToString::to_string).collect();
    format!(
        "{} {} {} {}",
        &text[..4],
        &text[4..8],
        &text[8..12],
        &text[12..]
    )
}

fn iban(chance: &mut Chance) -> String {
    let bank = chance.pick(&["INGB", "RABO", "ABNA", "SNSB", "TRIO", "BUNQ"]);
    let account = shaped("0999999999", chance);
    let number: String = format!("{bank}{account}NL00")
        .chars()
        .map(|letter| letter.to_digit(36).unwrap_or(0).to_string())
        .collect();
    let rest = number.bytes().fold(0_u32, |rest, byte| {
        (rest * 10 + u32::from(byte - b'0')) % 97
    });
    format!(
        "NL{:02} {bank} {} {} {}",
        98 - rest,
        &account[..4],
        &account[4..8],
        &account[8..]
    )
}

/// Logins, passwords, mail and web addresses.
fn account(
    slot: &str,
    group: &Group,
    chance: &mut Chance,
) -> Option<(String, Option<&'static str>)> {
    let bare = |name: String| -> String {
        name.to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect()
    };
    let (given, family) = (bare(first(group, chance)), bare(last(group, chance)));
    let n = chance.below(100);
    let letter = &given[..given.len().min(1)];
    let words = [
        "kaas",
        "fiets",
        "zwaluw",
        "Poes",
        "tomaat",
        "Hagelslag",
        "winter",
        "Herfst",
        "kip",
        "regen",
        "Banaan",
        "Kwartel",
        "Vuurtoren",
    ];
    let (one, two) = (*chance.pick(&words), *chance.pick(&words));
    let (value, label) = match slot {
        "user" => {
            let value = match chance.below(14) {
                0 => format!("{letter}{family}"),
                1 => format!("{given}.{family}"),
                2 => format!("{given}_{n}"),
                3 => format!("{letter}.{family}"),
                4 => format!("{given}{n}"),
                5 => format!("@{given}.{family}"),
                6 => format!("{one}_{two}{n}"),
                7 => format!("{family}{letter}{n}"),
                8 => format!("adm-{letter}{family}"),
                9 => format!("ext_{letter}{family}"),
                10 => format!("xX_{one}{two}_Xx"),
                11 => format!("{one}{n}_nl"),
                12 => format!("{one}#{:04}", chance.below(10_000)),
                _ => format!("support_{given}"),
            };
            (value, "USERNAME")
        }
        "pass" => {
            let value = match chance.below(8) {
                0 => format!("{one}!{n}"),
                1 => format!("{one}-{two}_{n}"),
                2 => format!("{one}20{n:02}!"),
                3 => format!("{one}{two}{n}"),
                4 => format!("{one}&{two}{n}"),
                5 => format!("{one}!{two}"),
                6 => shaped("kkkk!kkkk9", chance),
                _ => format!("{one}#{n}"),
            };
            (value, "API_KEY")
        }
        "email" => (
            format!(
                "{given}.{family}@{}",
                chance.pick(&["gmail.com", "ziggo.nl", "example.nl", "hotmail.com"])
            ),
            "EMAIL",
        ),
        "url" => {
            let value = match chance.below(5) {
                0 => format!("https://www.linkedin.com/in/{given}-{family}-{n}b"),
                1 => format!("www.{given}{family}.nl"),
                2 => format!("https://{family}{one}.nl/over-mij"),
                3 => format!("https://github.com/{letter}{family}"),
                _ => format!("instagram.com/{given}.{family}"),
            };
            (value, "URL_PERSONAL")
        }
        _ => return None,
    };
    Some((value, Some(label)))
}

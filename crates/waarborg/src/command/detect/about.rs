//! What more is known of a finding, for programs and for people.

use serde_json::{Map, Value, json};
use waarborg_detect::{About, Whose};

/// Adds what is known to an answer for programs.
pub(super) fn insert(answer: &mut Map<String, Value>, about: &About) {
    if let Some(subkind) = &about.subkind {
        answer.insert("subkind".to_owned(), subkind.as_ref().into());
    }
    if about.whose != Whose::Unknown {
        answer.insert("whose".to_owned(), about.whose.code().into());
    }
    if let Some(age) = about.age {
        answer.insert("age".to_owned(), age.code().into());
    }
    if let Some(group) = &about.group {
        answer.insert(
            "group".to_owned(),
            json!({ "people": group.people, "instead": group.instead, "then": group.then }),
        );
    }
}

/// What is known in a few words, with a tab before it; empty where nothing is.
pub(super) fn words(about: &About) -> String {
    let mut said = Vec::new();
    if about.whose != Whose::Unknown {
        said.push(about.whose.code().to_owned());
    }
    said.extend(about.age.map(|age| age.code().to_owned()));
    if let Some(group) = &about.group {
        said.push(match group.people {
            1 => "1 person fits".to_owned(),
            people => format!("about {people} people fit"),
        });
        if let Some(instead) = &group.instead {
            said.push(format!("write \"{instead}\" (then about {})", group.then));
        }
    }
    if said.is_empty() {
        String::new()
    } else {
        format!("\t{}", said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use waarborg_detect::{AgeGroup, Group};

    #[test]
    fn what_is_known_is_said_and_nothing_else() {
        let mut answer = Map::new();
        insert(&mut answer, &About::default());
        assert!(answer.is_empty() && words(&About::default()).is_empty());

        let about = About {
            whose: Whose::Speaker,
            age: Some(AgeGroup::Adult),
            group: Some(Group {
                people: 3,
                instead: Some("Flevoland".to_owned()),
                wider: None,
                then: 200,
            }),
            ..About::default()
        };
        insert(&mut answer, &about);
        assert_eq!(answer["group"]["people"], 3);
        assert_eq!(
            words(&about),
            "\tspeaker; adult; about 3 people fit; write \"Flevoland\" (then about 200)"
        );
    }
}

//! To which supervisory authorities a person can complain: that of the organisation, and those where they live and work.

use waarborg_domain::law::Authority;
use waarborg_usecase::Desk;

use super::country;
use crate::words::Words;

/// The authorities of a person who says in which countries they live and work, that of the organisation first
/// (article 77(1)).
pub(crate) fn authorities<'d>(desk: &'d Desk, countries: &[String]) -> Vec<&'d Authority> {
    let ours = &desk.register.default_controller().authority;
    let mut found: Vec<&Authority> = desk.law.authority(ours).into_iter().collect();
    for authority in desk.law.authorities() {
        let is_theirs = countries.contains(&authority.country);
        if is_theirs && authority.id != *ours {
            found.push(authority);
        }
    }
    found
}

/// The same in sentences, as every page and every letter says it.
pub(crate) fn ways(desk: &Desk, words: &Words, countries: &[String]) -> Vec<String> {
    let ours = &desk.register.default_controller().authority;
    let mut lines = Vec::new();
    for authority in authorities(desk, countries) {
        let name = authority.name.as_str();
        if authority.id == *ours {
            let reach = [
                Some(authority.url.clone()),
                authority.phone.clone(),
                authority.post.clone(),
            ];
            let reach = reach.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let said = [("name", name), ("reach", &reach)];
            lines.push(words.fill("letter-authority", &said));
        } else {
            let place = country(words, &authority.country);
            let said = [
                ("name", name),
                ("reach", &authority.url),
                ("country", &place),
            ];
            lines.push(words.fill("letter-authority-there", &said));
        }
    }
    if lines.len() < 2 {
        lines.push(words.say("letter-other-authority"));
    }
    lines
}

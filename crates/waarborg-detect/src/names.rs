//! Names of people by rules: titles, relations, initials, greetings, signatures and lists of names.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::places;
use crate::reading::{Hit, Reading};
use crate::role_in_place;
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;

/// Finds names that a rule is sure of. The tagger sees them and finds the others.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut place = 0;
    while place < reading.tokens.len() {
        let is_capital = reading.token(place).is_some_and(Token::has_capital);
        if !is_capital
            && !reading
                .cue(place)
                .is(role::TITLE | role::GREETING | role::CALLING | role::CLOSING)
        {
            place += 1;
            continue;
        }
        let found = after_title(reading, place)
            .or_else(|| greeted(reading, place))
            .or_else(|| called(reading, place))
            .or_else(|| signed(reading, place))
            .or_else(|| initials(reading, place))
            .or_else(|| listed(reading, place));
        let end = found.as_ref().map_or(0, |hit| hit.span.end);
        hits.extend(found);
        place += 1;
        while reading.token(place).is_some_and(|token| token.start < end) {
            place += 1;
        }
    }
}

/// Whether a capital word can be part of a name here.
fn is_name_word(reading: &Reading<'_>, place: usize) -> bool {
    let Some(token) = reading.token(place) else {
        return false;
    };
    let cue = reading.cue(place);
    let named = token.entry.first_name() > 1 || token.entry.surname() > 1;
    token.has_capital()
        && token.n_chars > 1
        && !cue.is(role::TITLE | role::MONTH | role::WEEKDAY | role::ORGANISATION | role::RELATION)
        && (token.entry.common() < 2 || named)
        && !(token.shape == Shape::Upper && token.n_chars < 4)
}

/// The last token of a surname that begins here: particles, then capital words with dashes.
fn surname(reading: &Reading<'_>, place: usize) -> Option<usize> {
    let mut at = place;
    for _ in 0..4 {
        let is_particle = reading.cue(at).is(role::PARTICLE)
            || (reading.is_mark(at, '\'')
                && reading
                    .token(at + 1)
                    .is_some_and(|token| token.n_chars == 1));
        if !is_particle || reading.is_line_end(at) {
            break;
        }
        at += 1;
        at += usize::from(reading.is_mark(at, '/') && reading.is_glued(at));
        at += usize::from(reading.is_mark(at, '\'') && reading.is_glued(at));
        at += usize::from(
            reading.is_mark(at, '.')
                && reading.is_glued(at)
                && reading
                    .token(at - 1)
                    .is_some_and(|token| token.n_chars <= 2),
        );
    }
    if !is_name_word(reading, at) {
        return None;
    }
    Some(double(reading, at))
}

/// "Bosscher-Mulder", "D'Hondt": parts joined to a name word.
fn double(reading: &Reading<'_>, place: usize) -> usize {
    let mut last = place;
    // Nobody has more parts; a longer chain is no name.
    while last < place + 8
        && reading.is_glued(last + 1)
        && (reading.is_mark(last + 1, '-') || reading.is_mark(last + 1, '\''))
        && reading.is_glued(last + 2)
    {
        if is_name_word(reading, last + 2)
            || reading
                .token(last + 2)
                .is_some_and(|token| token.has_capital() && token.n_chars > 1)
        {
            last += 2;
        } else if let Some(end) = surname(reading, last + 2).filter(|end| *end > last + 2) {
            last = end;
        } else {
            break;
        }
    }
    last
}

/// First names, initials and a surname that begin here; the last token.
fn whole(reading: &Reading<'_>, place: usize) -> Option<usize> {
    let mut at = place;
    let mut last = None;
    for _ in 0..6 {
        if let Some(after) = initial(reading, at) {
            at = after;
            continue;
        }
        if is_name_word(reading, at) {
            let end = double(reading, at);
            last = Some(end);
            at = end + 1;
        } else if let Some(end) = surname(reading, at) {
            // "Boersema aan de Hoofdstraat 211": behind a name a place may follow.
            if last.is_some_and(|last| leads_to_place(reading, last, at, end)) {
                break;
            }
            last = Some(end);
            at = end + 1;
        } else {
            break;
        }
        if reading.is_line_end(at) || reading.token(at).is_some_and(|token| !token.spaced) {
            break;
        }
    }
    last
}

/// Whether what a particle begins behind a name is a place: behind a surname, or where a house number follows a street.
fn leads_to_place(reading: &Reading<'_>, last: usize, particle: usize, end: usize) -> bool {
    let is_preposition = reading.is_one_of(
        particle,
        &[
            "aan", "op", "in", "uit", "bij", "voor", "over", "onder", "tot",
        ],
    );
    let is_first = reading
        .token(last)
        .is_some_and(|token| token.entry.first_name() > 1);
    (is_preposition && (!is_first || reading.is_number(end + 1))) || is_street(reading, end)
}

/// Whether a street ends here and its number follows.
fn is_street(reading: &Reading<'_>, end: usize) -> bool {
    reading.is_number(end + 1) && places::is_street(reading.word(end))
}

/// "A." or "Th.": the place behind it.
fn initial(reading: &Reading<'_>, place: usize) -> Option<usize> {
    let token = reading.token(place)?;
    let is_pair = token.n_chars == 2
        && matches!(
            reading.word(place),
            "Th" | "Ch" | "Ph" | "Tj" | "Sj" | "IJ" | "Fr" | "Jo" | "Jr" | "Gr" | "Kl" | "St"
        );
    let fits = token.is_word()
        && (token.n_chars == 1 || is_pair)
        && token.has_capital()
        && reading.is_mark(place + 1, '.')
        && reading.is_glued(place + 1);
    fits.then_some(place + 2)
}

/// "mevrouw Haddou", "dhr. A.J. Hoekstra", "fam. Zijlstra".
fn after_title(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if !reading.cue(place).is(role::TITLE)
        || reading.is_continued(place)
        || role_in_place::is_place_of(reading, place)
    {
        return None;
    }
    let begin = place + 1 + usize::from(reading.is_mark(place + 1, '.'));
    let last = whole(reading, begin).or_else(|| {
        let is_lower = reading
            .token(place)
            .is_some_and(|token| token.shape == Shape::Lower)
            // Programs that act by themselves are called so too.
            && reading.word(place) != "agent";
        in_lower_case(reading, begin).filter(|_| is_lower)
    })?;
    if is_street(reading, last) {
        return None;
    }
    hit(reading, begin, last, 0.8, Why::NameCue)
}

/// "Beste Kayra,", "hoi oyinkan": who is greeted by a word that is no ordinary one is somebody.
fn greeted(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if !reading.cue(place).is(role::GREETING) {
        return None;
    }
    let opens = place == 0
        || reading.is_line_end(place - 1)
        || reading.is_mark(place - 1, '"')
        || reading.is_mark(place - 1, ':');
    let token = reading.token(place + 1)?;
    let entry = token.entry;
    let is_name = if entry.first_name() > 1 {
        entry.common() < 3
    } else {
        entry.common() == 0
    };
    let closes = reading.is_mark(place + 2, ',') || reading.is_line_end(place + 2);
    let fits = opens
        && closes
        && token.spaced
        && token.is_word()
        && token.n_chars > 1
        && is_name
        && !reading
            .cue(place + 1)
            .is(role::TITLE | role::RELATION | role::GREETING | role::PERSON);
    fits.then(|| hit(reading, place + 1, place + 1, 0.7, Why::LetterForm))?
}

/// "Groetjes, Kim", "mvg\nW. Kuperus": who closes a letter is somebody.
fn signed(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if !reading.cue(place).is(role::CLOSING) || reading.is_continued(place) {
        return None;
    }
    let is_between = |at: usize| {
        [',', '.', '!', '-', '>']
            .iter()
            .any(|mark| reading.is_mark(at, *mark))
            || (reading.token(at)).is_some_and(|token| token.shape == Shape::LineEnd)
            || reading.is_one_of(at, &["van", "from"])
    };
    let begin = (place + 1..place + 7).find(|at| !is_between(*at))?;
    let token = reading.token(begin).filter(|token| token.is_word())?;
    let entry = token.entry;
    let is_name = entry.first_name() > 0 || entry.surname() > 0;
    if token.has_capital() {
        let fits = initial(reading, begin).is_some()
            || (is_name && !(entry.is_town() && entry.first_name() < 2));
        let last = whole(reading, begin).filter(|_| fits)?;
        return hit(reading, begin, last, 0.7, Why::LetterForm);
    }
    let closes = reading.is_line_end(begin + 1)
        || reading.is_mark(begin + 1, ',')
        || reading.is_mark(begin + 1, '(');
    let fits = closes && token.n_chars > 1 && entry.first_name() > 1 && entry.common() < 2;
    fits.then(|| hit(reading, begin, begin, 0.7, Why::LetterForm))?
}

/// "gisteren belde wiremu tāmati over": two words behind a call that are no ordinary ones are somebody.
fn called(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if !reading.cue(place).is(role::CALLING) {
        return None;
    }
    let (first, last) = (reading.token(place + 1)?, reading.token(place + 2)?);
    let is_name = |token: &Token| token.entry.first_name() > 0 || token.entry.surname() > 0;
    let may_be = |place: usize, token: &Token| {
        token.spaced
            && token.is_word()
            && token.n_chars > 1
            && token.entry.common() == 0
            && !reading.cue(place).is(role::PARTICLE | role::ORGANISATION)
    };
    let fits = first.shape == last.shape
        && may_be(place + 1, first)
        && may_be(place + 2, last)
        && (is_name(first) || is_name(last));
    fits.then(|| hit(reading, place + 1, place + 2, 0.55, Why::NameCue))?
}

/// "mevr ten hagen", "dhr j de wit": after a title a name needs no capitals.
fn in_lower_case(reading: &Reading<'_>, place: usize) -> Option<usize> {
    let is_lower = |at: usize| {
        reading
            .token(at)
            .is_some_and(|token| token.shape == Shape::Lower && token.spaced)
    };
    let mut at = place;
    for _ in 0..2 {
        let is_initial = is_lower(at)
            && reading
                .token(at)
                .is_some_and(|token| token.n_chars == 1 && reading.word(at) != "s")
            && is_lower(at + 1);
        at += usize::from(is_initial);
    }
    let begin = at;
    while at < begin + 3
        && is_lower(at)
        && reading.cue(at).is(role::PARTICLE)
        && (is_lower(at + 1) || reading.is_mark(at + 1, '/'))
    {
        at += 1;
        at += 2 * usize::from(reading.is_mark(at, '/') && reading.is_glued(at));
    }
    let token = reading
        .token(at)
        .filter(|token| token.shape == Shape::Lower && token.n_chars > 2)?;
    let entry = token.entry;
    let unknown = entry.common() == 0;
    let named = (entry.surname() > 1 || entry.first_name() > 1) && entry.common() < 2;
    (unknown || named || (at > begin && entry.surname() > 0 && entry.common() < 3)).then_some(at)
}

/// "A.J. Hoekstra", "Th.G. Spijkerman".
fn initials(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let mut at = initial(reading, place)?;
    if reading.is_continued(place) {
        return None;
    }
    for _ in 0..6 {
        at = initial(reading, at).unwrap_or(at);
    }
    let last = surname(reading, at)?;
    hit(reading, place, last, 0.75, Why::Initials)
}

/// How sure a common first name before a common surname is.
const LISTED: f32 = 0.6;

/// A known first name with a surname behind it.
fn listed(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let token = reading.token(place).filter(|token| {
        token.has_capital() && (token.shape != Shape::Upper || token.n_chars > 2)
    })?;
    if token.entry.first_name() < 2 || token.entry.common() > 1 || reading.is_continued(place) {
        return None;
    }
    let end = double(reading, place);
    let next = reading.token(end + 1).filter(|next| {
        next.spaced && next.start <= reading.token(end).map_or(0, |token| token.end) + 1
    })?;
    let last = surname(reading, end + 1)?;
    let ending: &Token = reading.token(last)?;
    let known = ending.entry.surname() > 0 || ending.entry.common() == 0;
    // "De Vries" is a name before it is a village.
    let is_town = ending.entry.is_town() && ending.entry.surname() < 3;
    let fits = known && ending.entry.common() < 2 && !is_town && next.is_word();
    let n_common = token.entry.common() + ending.entry.common();
    // Two names that are hardly ever words need no sentence around them.
    let is_sure = ending.entry.surname() >= 2 && n_common <= 1;
    let score = if is_sure { LISTED } else { Hit::HINT };
    fits.then(|| hit(reading, place, last, score, Why::NameList))?
}

/// Whether it is a first name that lists know and a surname, both written as such; neither is another word.
pub(crate) fn is_whole(reading: &Reading<'_>, hit: &Hit) -> bool {
    let mut words = (reading.within(&hit.span))
        .filter(|token| token.shape == Shape::Capital && token.n_chars > 1);
    let is_other = |token: &Token| token.entry.common() > 1;
    let opens =
        (words.next()).is_some_and(|token| token.entry.first_name() > 1 && !is_other(token));
    let closes = (words.last()).is_some_and(|token| {
        !is_other(token) && (token.entry.surname() > 0 || token.entry.common() == 0)
    });
    hit.kind == Kind::Person && opens && closes
}

fn hit(reading: &Reading<'_>, first: usize, last: usize, score: f32, why: Why) -> Option<Hit> {
    Some(Hit::new(
        reading.token(first)?.start..reading.token(last)?.end,
        Kind::Person,
        score,
        why,
    ))
}

/// "Otis en Junus", "Rudolf en Josje Addink": who is named in one breath with somebody is somebody too.
pub(crate) fn in_one_breath(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut taken: Vec<(usize, usize)> = (hits.iter())
        .map(|hit| (hit.span.start, hit.span.end))
        .collect();
    taken.sort_unstable();
    let is_free = |place: usize| {
        reading.token(place).is_some_and(|token| {
            let before = taken.partition_point(|(start, _)| *start < token.end);
            before
                .checked_sub(1)
                .and_then(|last| taken.get(last))
                .is_none_or(|(_, end)| *end <= token.start)
        })
    };
    let could_be = |place: usize| {
        is_name_word(reading, place)
            && is_free(place)
            && !reading.is_continued(place)
            && reading.token(place).is_some_and(|token| {
                let entry = token.entry;
                let is_name = entry.first_name() > 0 || entry.surname() > 0;
                token.shape == Shape::Capital && (is_name || entry.common() == 0)
            })
    };
    let joins = |place: usize| {
        let is_spaced = reading.token(place).is_some_and(|token| token.spaced);
        let next_is_spaced = reading.token(place + 1).is_some_and(|token| token.spaced);
        is_spaced && next_is_spaced && reading.is_one_of(place, &["en", "and", "und", "et"])
    };
    let mut found = Vec::new();
    for person in hits.iter().filter(|hit| hit.kind == Kind::Person) {
        let behind = reading
            .tokens
            .partition_point(|token| token.start < person.span.end);
        if joins(behind) && could_be(behind + 1) {
            let last = whole(reading, behind + 1).unwrap_or(behind + 1);
            found.extend(hit(reading, behind + 1, last, 0.55, Why::NameList));
        }
        let first = reading
            .tokens
            .partition_point(|token| token.end <= person.span.start);
        if let Some(before) = first.checked_sub(2)
            && joins(before + 1)
            && could_be(before)
        {
            found.extend(hit(reading, before, before, 0.55, Why::NameList));
        }
    }
    hits.extend(found);
}

//! First names by gender, and surnames, towns and streets put together from parts. What the word lists know is not taken.

use alloc::format;
use alloc::string::String;

use super::draw::Draw;
use crate::{lexicon, words};

/// What a first name says of gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Woman,
    Man,
    /// Either, or nobody knows.
    Any,
}

/// First names of women that are recognised, beside those that are drawn.
const WOMEN: &str = "Aaltje Agnieszka Aicha Aisha Alida Alice Amina Amy Anja Anke Ann Anna Anne Annelies Annemarie \
    Annemieke Anneke Annika Antje Aylin Ayse Barbara Beatrix Betty Bianca Birgit Brenda Brigitte Carla Carolina \
    Caroline Catharina Charlotte Chantal Christina Christine Claire Claudia Corrie Daniela Danielle Debora Denise Diana \
    Dorien Edith Elena Elif Elisabeth Elise Eliza Elizabeth Ellen Elly Els Elsa Emily Emine Emma Esther Eva Evelien \
    Fatima Fatma Fenna Femke Fleur Floor Frederike Geertruida Gerda Greet Gülsüm Hanna Hannah Hanneke Hannie Hatice Heidi \
    Heleen Helena Helga Henriette Hilde Iris Irene Ilse Ine Ineke Inge Ingrid Isa Isabel Isabella Jacqueline Jane \
    Janneke Janny Jasmijn Jeanette Jennifer Jessica Jet Johanna Jolanda Josephine Joyce Judith Julia Julie Karin Karen \
    Katja Katarzyna Kate Khadija Kirsten Klara Lara Laura Lena Leonie Lia Lieke Lies Liesbeth Lina Linda Lisa Lisanne \
    Lise Loes Lotte Louise Lucia Lucy Maaike Maartje Magda Maria Marianne Marie Marieke Marije Marijke Marina Marion \
    Marjan Marleen Marloes Martha Martine Mary Maud Melanie Mia Michelle Mieke Mila Miriam Moniek Monique Nadia Naima \
    Natalia Natasja Nathalie Nicole Nina Nora Nynke Olga Olivia Patricia Paula Petra Pien Priya Rachel Ria Rita Roos \
    Rosa Ruth Sabine Samira Sandra Sanne Sara Sarah Saskia Selma Silvia Simone Sofia Sofie Sophie Susan Susanne Suzanne \
    Sylvia Tamara Tessa Thea Tina Tineke Trudy Ursula Vera Veronica Victoria Wendy Wilhelmina Willemijn Wilma Yasmina \
    Yvonne Zeynep Zoe";

/// First names of men that are recognised, beside those that are drawn.
const MEN: &str = "Aad Aart Abdul Abdullah Achmed Adam Adriaan Ahmed Albert Aleksander Alexander Ali Amir Anders \
    Andreas Andrew André Anthonie Anthony Anton Antoine Arjan Arjen Arie Arnold Arthur Bart Bas Ben Benjamin Bernard \
    Bert Bilal Björn Bob Bram Brian Burak Carl Cees Charles Christiaan Christian Christoph Cor Daan Damian Dave David \
    Dennis Dick Diederik Dieter Dirk Eduard Edward Edwin Eelco Emre Eric Erik Ernst Erwin Fabian Felix Finn Frank Frans \
    Fred Frederik Freek Frits Gabriel Geert Georg George Gerard Gerrit Gert Gijs Giovanni Guido Guus Hakan Hamid Hans \
    Harm Harrie Harry Hassan Hendrik Henk Herman Hugo Ibrahim Ivo Jaap Jack Jacob James Jan Janek Jasper Jean Jelle \
    Jens Jeroen Jesse Jim Job Joep Johan Johannes John Jonas Jonathan Joost Jordy Joseph Juan Jürgen Kasper Karel Karim \
    Karl Kees Kevin Khalid Klaus Koen Krzysztof Lars Lex Luc Lucas Luuk Lukas Marc Marcel Marco Marcus Mark Markus Martijn \
    Martin Mats Matthijs Maurice Max Mehmet Michael Michel Michiel Milan Mohamed Mohammed Murat Mustafa Nick Nico \
    Nicolas Noah Omar Osman Patrick Paul Peter Philip Pierre Piet Pieter Pim Rachid Ralf Ralph Ramon Raymond René Richard \
    Rik Rob Robert Roel Rogier Roland Ron Ronald Roy Rudi Ruud Said Samuel Sebastiaan Sem Simon Stefan Stephan Steven \
    Stijn Sven Teun Theo Thijs Thomas Tim Timo Tom Ton Tomasz Vincent Walter Werner Wilco Willem William Wim Wolfgang \
    Youssef Yusuf";

/// First names of women that are drawn: no ordinary words, and rare enough that a model does not come up with them.
const DRAWN_WOMEN: &[&str] = &[
    "Adelheid",
    "Agathe",
    "Alwine",
    "Amalberga",
    "Annegret",
    "Aukje",
    "Beatrijs",
    "Berendina",
    "Bertine",
    "Cathelijne",
    "Cornelie",
    "Desiree",
    "Dieuwke",
    "Doortje",
    "Eefje",
    "Elfriede",
    "Emmeline",
    "Everdina",
    "Fabienne",
    "Fenneke",
    "Francisca",
    "Froukje",
    "Geesje",
    "Gerlinde",
    "Godelieve",
    "Griselda",
    "Hadewych",
    "Hendrikje",
    "Hermine",
    "Hiltje",
    "Idelette",
    "Irmgard",
    "Isolde",
    "Jacomijn",
    "Jedidja",
    "Jikke",
    "Jorinde",
    "Katelijn",
    "Klaartje",
    "Kunigunde",
    "Leentje",
    "Liduina",
    "Ludwina",
    "Lutgard",
    "Machteld",
    "Marijtje",
    "Mechteld",
    "Minke",
    "Nelleke",
    "Nienke",
    "Odilia",
    "Ottilie",
    "Petronella",
    "Philippine",
    "Quirine",
    "Reinhilde",
    "Richtje",
    "Rosalinde",
    "Seraphine",
    "Siebrig",
    "Sieglinde",
    "Theodora",
    "Tjitske",
    "Ulrike",
    "Ursine",
    "Valentine",
    "Veerle",
    "Walburga",
    "Wietske",
    "Wilhelma",
    "Xaveria",
    "Ymkje",
    "Yolente",
    "Zwenne",
];

/// First names of men that are drawn.
const DRAWN_MEN: &[&str] = &[
    "Alwin",
    "Ansgar",
    "Arnulf",
    "Auke",
    "Baldwin",
    "Berend",
    "Boudewijn",
    "Casimir",
    "Clemens",
    "Coenraad",
    "Diebrand",
    "Drikus",
    "Eberhard",
    "Egbert",
    "Engelbert",
    "Evert",
    "Ferdinand",
    "Folkert",
    "Gerbrand",
    "Gijsbert",
    "Godfried",
    "Harald",
    "Hartger",
    "Hildebrand",
    "Huibert",
    "Ignaas",
    "Isbrand",
    "Jelmer",
    "Joachim",
    "Jorrit",
    "Jurgen",
    "Karsten",
    "Klemens",
    "Koert",
    "Lambert",
    "Leendert",
    "Lieuwe",
    "Lodewijk",
    "Manfred",
    "Meindert",
    "Melchior",
    "Nanning",
    "Norbert",
    "Olivier",
    "Otmar",
    "Pankras",
    "Pepijn",
    "Quinten",
    "Quirijn",
    "Reinder",
    "Reinier",
    "Roderik",
    "Siebren",
    "Sjoerd",
    "Sverre",
    "Tjeerd",
    "Tobias",
    "Ubbo",
    "Ulrich",
    "Volkert",
    "Waldemar",
    "Wessel",
    "Wiebren",
    "Xaverius",
    "Ysbrand",
    "Yvo",
    "Zacharias",
    "Zeger",
];

/// First names of anybody that are drawn.
const DRAWN_ANY: &[&str] = &[
    "Adriel",
    "Alexis",
    "Ariel",
    "Benthe",
    "Corin",
    "Dominique",
    "Dorian",
    "Emery",
    "Florian",
    "Germaine",
    "Hadley",
    "Isidoor",
    "Ingmar",
    "Jocelyn",
    "Jorne",
    "Kersten",
    "Kilian",
    "Lorian",
    "Marijn",
    "Merijn",
    "Micha",
    "Nikola",
    "Oakley",
    "Perrin",
    "Quincy",
    "Sascha",
    "Sidney",
    "Tibor",
    "Tyrell",
    "Uriel",
    "Valere",
    "Vivian",
    "Wynne",
    "Xandri",
    "Yael",
    "Yorrick",
    "Zillah",
];

/// How names of places and people begin and end in these countries. Together most are nobody's; a few families do have such a
/// name.
const BEGINNINGS: &[&str] = &[
    "Brinke", "Velder", "Ooster", "Wester", "Hazel", "Duiven", "Heide", "Rozen", "Kolke", "Elzen",
    "Berken", "Linde", "Valker", "Zwanen", "Reiger", "Havik", "Eiken", "Olmen", "Zilver", "Koper",
    "Wolven", "Hagen", "Kraaien", "Merel", "Distel", "Varen", "Esker", "Ruiger", "Stenen",
    "Klaver", "Ganzen", "Otter", "Dassen", "Vinken", "Noorder", "Zuider", "Langen", "Diepen",
    "Hogen", "Marter", "Lijster", "Kievit", "Gruttel", "Spechten", "Uilen", "Braam",
];
const ENDINGS: &[&str] = &[
    "hof", "kamp", "waal", "stee", "broek", "voort", "laar", "horst", "dijk", "veld", "berg",
    "wold", "gaarde", "rade", "mond", "huis", "schans", "borg", "hoven", "drecht", "loo", "zijl",
    "donk", "weerd", "rijt", "stein", "kerke",
];

/// What a first name says of gender, as far as the lists know it.
pub(super) fn gender(name: &str) -> Gender {
    let is_in = |list: &str, drawn: &[&str]| {
        list.split_whitespace()
            .chain(drawn.iter().copied())
            .any(|known| known.to_lowercase() == name.to_lowercase())
    };
    match (is_in(WOMEN, DRAWN_WOMEN), is_in(MEN, DRAWN_MEN)) {
        (true, false) => Gender::Woman,
        (false, true) => Gender::Man,
        _ => Gender::Any,
    }
}

/// Whether a lone word is rather a first name than a surname.
pub(super) fn is_first_name(word: &str) -> bool {
    let known = lexicon::look_up(words::hash(word));
    gender(word) != Gender::Any || known.first_name() > known.surname()
}

/// A first name of this gender, if it can be with this initial.
pub(super) fn first_name(
    draw: &mut Draw,
    gender: Gender,
    initial: Option<char>,
) -> Option<&'static str> {
    let list = match gender {
        Gender::Woman => DRAWN_WOMEN,
        Gender::Man => DRAWN_MEN,
        Gender::Any => DRAWN_ANY,
    };
    let of_initial = |name: &&&str| initial.is_none_or(|initial| name.starts_with(initial));
    let n = list.iter().filter(of_initial).count();
    if n == 0 {
        return draw.one_of(list);
    }
    let place = draw.below(n);
    list.iter().filter(of_initial).nth(place).copied()
}

/// Initials that most lists have names for.
pub(super) const INITIALS: &[char] = &[
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S',
    'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
];

/// A name for a person, town or street that the lists do not know.
pub(super) fn invented(draw: &mut Draw) -> Option<String> {
    let name = format!("{}{}", draw.one_of(BEGINNINGS)?, draw.one_of(ENDINGS)?);
    let known = lexicon::look_up(words::hash(&name));
    let is_known =
        known.common() > 0 || known.surname() > 0 || known.is_town() || known.is_street();
    (!is_known).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    #[test]
    fn the_lists_are_apart_and_every_initial_has_a_name_of_each_gender() {
        let women: BTreeSet<&str> = DRAWN_WOMEN.iter().copied().collect();
        let men: BTreeSet<&str> = DRAWN_MEN.iter().copied().collect();
        assert!(women.is_disjoint(&men));
        for (list, gender) in [(DRAWN_WOMEN, Gender::Woman), (DRAWN_MEN, Gender::Man)] {
            for name in list {
                assert_eq!(super::gender(name), gender, "{name}");
            }
        }
        let drawn = [DRAWN_WOMEN, DRAWN_MEN, DRAWN_ANY].concat();
        let is_word = |name: &&str| lexicon::look_up(words::hash(name)).common() > 0;
        let as_words: Vec<&str> = drawn.into_iter().filter(is_word).collect();
        assert_eq!(as_words, Vec::<&str>::new(), "are words");
        for list in [DRAWN_WOMEN, DRAWN_MEN, DRAWN_ANY] {
            for initial in INITIALS {
                let has = list.iter().any(|name| name.starts_with(*initial));
                assert!(has || list == DRAWN_ANY, "{initial}");
            }
        }
        assert_eq!(super::gender("jan"), Gender::Man);
        assert_eq!(super::gender("FATIMA"), Gender::Woman);
        assert_eq!(super::gender("Robin"), Gender::Any);
    }
}

//! Names that everybody knows and that mean a public figure, a work, a shop or a museum.
//!
//! The list is general knowledge, written by hand, and short on purpose: in doubt a name is a person's.

use alloc::vec::Vec;

use crate::words;

/// One name per line, as several words or one that nobody else has.
const NAMES: &str = "\
Vincent van Gogh|Van Gogh|Rembrandt van Rijn|Rembrandt|Johannes Vermeer|Jan Vermeer|Jan Steen|Frans Hals|Piet Mondriaan|Jeroen Bosch|Escher|Karel Appel|Rubens|Picasso|Pablo Picasso|\
Leonardo da Vinci|Michelangelo|Claude Monet|Salvador Dalí|Andy Warhol|Banksy|Frida Kahlo|Johann Sebastian Bach|Mozart|Beethoven|Ludwig van Beethoven|Vivaldi|Chopin|Anne Frank|Multatuli|Harry Mulisch|\
Gerard Reve|Willem Frederik Hermans|Hella Haasse|Annie M.G. Schmidt|Annie Schmidt|Arnon Grunberg|Godfried Bomans|Louis Couperus|Joost van den Vondel|Vondel|Erasmus|Desiderius Erasmus|Spinoza|Baruch Spinoza|\
Shakespeare|William Shakespeare|Goethe|Franz Kafka|Dostojevski|Tolstoj|George Orwell|Jane Austen|Agatha Christie|J.K. Rowling|Harry Potter|Charles Dickens|Ernest Hemingway|Astrid Lindgren|\
Albert Einstein|Einstein|Isaac Newton|Newton|Marie Curie|Charles Darwin|Darwin|Galileo Galilei|Stephen Hawking|Alan Turing|Ada Lovelace|Nikola Tesla|Christiaan Huygens|Antoni van Leeuwenhoek|\
Aletta Jacobs|Johan Rudolph Thorbecke|Thorbecke|Willem Drees|Willem van Oranje|Willem de Zwijger|Michiel de Ruyter|Piet Hein|Johan van Oldenbarnevelt|Johan de Witt|Hugo de Groot|Jan Pieterszoon Coen|Tasman|Abel Tasman|\
Willem-Alexander|koning Willem-Alexander|koningin Máxima|Máxima|Amalia|prinses Beatrix|koningin Beatrix|Beatrix|Wilhelmina|koningin Wilhelmina|Juliana|koningin Juliana|prins Bernhard|Prins Bernhard|\
Mark Rutte|Rutte|Dick Schoof|Geert Wilders|Wilders|Frans Timmermans|Dilan Yeşilgöz|Pieter Omtzigt|Rob Jetten|Caroline van der Plas|Jesse Klaver|Sigrid Kaag|Wopke Hoekstra|Hugo de Jonge|Femke Halsema|Ahmed Aboutaleb|\
Job Cohen|Wim Kok|Jan Peter Balkenende|Balkenende|Ruud Lubbers|Lilianne Ploumen|Thierry Baudet|Pim Fortuyn|Theo van Gogh|Volkert van der Graaf|Bart De Wever|Alexander De Croo|Elio Di Rupo|koning Filip|\
Donald Trump|Trump|Joe Biden|Biden|Barack Obama|Obama|Kamala Harris|Hillary Clinton|Angela Merkel|Merkel|Olaf Scholz|Friedrich Merz|Robert Habeck|Annalena Baerbock|Emmanuel Macron|Macron|Marine Le Pen|Ursula von der Leyen|\
Vladimir Poetin|Poetin|Putin|Volodymyr Zelensky|Zelensky|Xi Jinping|Recep Tayyip Erdoğan|Erdogan|Boris Johnson|Keir Starmer|Rishi Sunak|King Charles|Winston Churchill|Churchill|Margaret Thatcher|Nelson Mandela|Mandela|\
Martin Luther King|Mahatma Gandhi|Gandhi|Napoleon|Napoleon Bonaparte|Julius Caesar|Caesar|Karel de Grote|Hitler|Adolf Hitler|Stalin|Lenin|Karl Marx|Sigmund Freud|Freud|Plato|Aristoteles|Socrates|Kant|Immanuel Kant|\
Nietzsche|Friedrich Nietzsche|Hannah Arendt|Maria Montessori|Montessori|Jezus|Jesus|Mohammed de profeet|Boeddha|Sinterklaas|Zwarte Piet|Kerstman|Sint Maarten|Sint-Maarten|Maria Magdalena|\
Johan Cruijff|Cruijff|Marco van Basten|Ruud Gullit|Louis van Gaal|Ronald Koeman|Virgil van Dijk|Memphis Depay|Max Verstappen|Verstappen|Sifan Hassan|Ireen Wüst|Sven Kramer|Mathieu van der Poel|Lionel Messi|Messi|Ronaldo|Cristiano Ronaldo|\
Carice van Houten|Rutger Hauer|Famke Janssen|Paul Verhoeven|André Rieu|Armin van Buuren|Tiësto|Marco Borsato|André Hazes|Ramses Shaffy|Herman van Veen|Doe Maar|Boudewijn de Groot|Youp van 't Hek|Freek de Jonge|\
Arjen Lubach|Eva Jinek|Linda de Mol|John de Mol|Wendy van Dijk|Matthijs van Nieuwkerk|Taylor Swift|Beyoncé|Michael Jackson|Madonna|Elvis Presley|The Beatles|David Bowie|Bob Dylan|Adele|Ed Sheeran|Jacques Brel|Brel|\
Elon Musk|Bill Gates|Steve Jobs|Mark Zuckerberg|Jeff Bezos|Sam Altman|Max Schrems|Schrems|Edward Snowden|Greta Thunberg|James Bond|Sherlock Holmes|Donald Duck|Mickey Mouse|Jip en Janneke|Nijntje|Dik Trom|Pippi Langkous|\
Albert Heijn|Jan Linders|Dirk van den Broek|Douwe Egberts|Van der Valk|Jan de Rijk|Van Lanschot|Van Dale|Johnson & Johnson|Marks & Spencer|Max Havelaar|Peter Pan|Winnie de Poeh|Vroom & Dreesmann|Van Mossel|Peek & Cloppenburg|\
Jan Modaal|Jan met de pet|Jan Jansen en alleman|Jan en alleman|Piet Paulusma|John Doe|Jane Doe|Max Mustermann|Erika Mustermann|Alice en Bob|Alice and Bob|Hercule Poirot|Romeo en Julia|Romeo and Juliet|Adam en Eva|Florence Nightingale|\
Joris Luyendijk|Rutger Bregman|Herman Koch|Saskia Noort|Tommy Wieringa|Kader Abdolah|Hans Teeuwen|Theo Maassen|Katja Schuurman|Halina Reijn|Michiel Huisman|Doutzen Kroes|Joop den Uyl|Dries van Agt|Jaap de Hoop Scheffer";

/// Hashes of the known names, sorted.
pub(crate) struct PublicNames {
    hashes: Vec<u64>,
}

impl PublicNames {
    pub(crate) fn new() -> PublicNames {
        let mut hashes: Vec<u64> = NAMES.split('|').map(key).collect();
        hashes.sort_unstable();
        PublicNames { hashes }
    }

    /// Whether a name is one of them, with or without a genitive.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let bare = name.trim_end_matches("'s").trim_end_matches('\'');
        self.hashes.binary_search(&key(bare)).is_ok()
    }
}

/// One hash for a name, from its letters alone.
fn key(name: &str) -> u64 {
    name.split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
        .fold(words::EMPTY, |hash, word| {
            words::combine(hash, words::hash(word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_names_are_known_whole() {
        let names = PublicNames::new();
        assert!(
            names.knows("Vincent van Gogh")
                && names.knows("Annie M.G. Schmidt")
                && names.knows("Einstein's")
        );
        assert!(!names.knows("Vincent") && !names.knows("Vincent van Dijk"));
    }
}

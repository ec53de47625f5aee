//! The numbers sorted by their length, so that only those of the right length are looked at.

use super::{ALL, LONGEST, Number};

/// The numbers of this length, in the order of [`ALL`].
pub(super) fn of(length: usize) -> &'static [&'static Number] {
    let (starts, numbers) = (&BY_LENGTH.starts, &BY_LENGTH.numbers);
    let (Some(first), Some(end)) = (starts.get(length), starts.get(length + 1)) else {
        return &[];
    };
    numbers.get(*first..*end).unwrap_or_default()
}

static BY_LENGTH: Sorted = Sorted::new();

/// How many numbers there are.
const N_NUMBERS: usize = {
    let mut n = 0;
    let mut list = 0;
    while list < ALL.len() {
        #[expect(clippy::indexing_slicing, reason = "the loop ends before the end")]
        {
            n += ALL[list].len();
        }
        list += 1;
    }
    n
};

struct Sorted {
    numbers: [&'static Number; N_NUMBERS],
    /// Per length: how many numbers are shorter.
    starts: [usize; LONGEST + 2],
}

impl Sorted {
    #[expect(
        clippy::indexing_slicing,
        reason = "it runs when the program is built, and a wrong place would stop that"
    )]
    const fn new() -> Sorted {
        let mut sorted = Sorted {
            numbers: [&ALL[0][0]; N_NUMBERS],
            starts: [0; LONGEST + 2],
        };
        let mut n = 0;
        let mut length = 0;
        while length <= LONGEST {
            sorted.starts[length] = n;
            let mut list = 0;
            while list < ALL.len() {
                let mut place = 0;
                while place < ALL[list].len() {
                    if ALL[list][place].shape.len() == length {
                        sorted.numbers[n] = &ALL[list][place];
                        n += 1;
                    }
                    place += 1;
                }
                list += 1;
            }
            length += 1;
        }
        sorted.starts[length] = n;
        assert!(n == N_NUMBERS, "a number is too long");
        sorted
    }
}

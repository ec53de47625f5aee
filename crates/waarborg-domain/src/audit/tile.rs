//! Tiles: the tree cut into squares of 256 hashes, named and packed as C2SP `tlog-tiles` says.

use super::hash::Hash;
use super::tree::root_of;

/// Levels of the tree in one tile.
pub const TILE_HEIGHT: u8 = 8;
/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;

/// One tile: the hashes `number·256 ..` of the tree's level `8·level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Level of the tile; the leaves are in level 0.
    pub level: u8,
    /// Which tile of that level, from the left.
    pub number: u64,
}

/// Why bytes are not a tile or an entry bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TileFault {
    /// Not a whole number of hashes, none, or more than 256.
    #[error("a tile has between 1 and 256 hashes of 32 bytes")]
    Width,
    /// An entry that does not fit in 16 bits of length.
    #[error("an entry is longer than 65535 bytes")]
    Entry,
}

impl Tile {
    /// Where the tile is published; `width` is 256 for a full tile.
    #[must_use]
    pub fn path(&self, width: u64) -> String {
        format!(
            "tile/{}/{}{}",
            self.level,
            groups(self.number),
            partial(width)
        )
    }

    /// The hashes of a tile.
    ///
    /// # Errors
    ///
    /// [`TileFault::Width`] if these are no hashes.
    pub fn hashes(bytes: &[u8]) -> Result<Vec<Hash>, TileFault> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.is_empty() || hashes.len() > 256 || !rest.is_empty() {
            return Err(TileFault::Width);
        }
        Ok(hashes.iter().copied().map(Hash).collect())
    }

    /// The root of a full tile: one hash of the next level of tiles.
    #[must_use]
    pub fn root(hashes: &[Hash]) -> Hash {
        root_of(hashes.iter().copied())
    }
}

/// Where the bundle of the entries `number·256 ..` is published.
#[must_use]
pub fn entries_path(number: u64, width: u64) -> String {
    format!("tile/entries/{}{}", groups(number), partial(width))
}

/// Packs entries: each after its length in 16 bits, big-endian.
///
/// # Errors
///
/// [`TileFault::Entry`] if an entry is too long.
pub fn entry_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TileFault> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| TileFault::Entry)?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Ok(bundle)
}

/// 1234067 becomes `x001/x234/067`.
fn groups(number: u64) -> String {
    let mut text = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

fn partial(width: u64) -> String {
    if width >= TILE_WIDTH {
        String::new()
    } else {
        format!(".p/{width}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(
            Tile {
                level: 0,
                number: 1_234_067
            }
            .path(256),
            "tile/0/x001/x234/067"
        );
        assert_eq!(
            Tile {
                level: 1,
                number: 0
            }
            .path(12),
            "tile/1/000.p/12"
        );
        assert_eq!(entries_path(273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn an_entry_bundle_has_lengths_in_two_bytes() {
        assert_eq!(
            entry_bundle([b"ab".as_slice(), b""]).unwrap(),
            [0, 2, b'a', b'b', 0, 0]
        );
        assert_eq!(
            entry_bundle([vec![0; 65_536].as_slice()]),
            Err(TileFault::Entry)
        );
    }

    #[test]
    fn a_tile_is_a_whole_number_of_hashes() {
        assert_eq!(Tile::hashes(&[0; 64]).unwrap().len(), 2);
        assert_eq!(Tile::hashes(&[0; 63]), Err(TileFault::Width));
        assert_eq!(Tile::hashes(&[]), Err(TileFault::Width));
    }
}

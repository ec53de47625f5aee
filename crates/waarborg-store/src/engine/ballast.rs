//! The reserve: a file that only takes room, given up so that erasures and audit entries fit on a full disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Room beyond the reserve that must be free before the reserve is taken again, so that a disk that is still full
/// does not look empty because the reserve was just released.
const MARGIN: u64 = 1 << 20;

/// A file of a fixed size that can be released and taken again.
#[derive(Debug)]
pub(crate) struct Ballast {
    file: PathBuf,
    n_bytes: u64,
}

impl Ballast {
    /// A reserve of `n_bytes` at `file`; nothing is written yet. Zero bytes is no reserve.
    pub(crate) fn new(file: PathBuf, n_bytes: u64) -> Self {
        Self { file, n_bytes }
    }

    /// Whether the reserve has its full size.
    pub(crate) fn is_there(&self) -> bool {
        self.n_bytes == 0
            || fs::metadata(&self.file).is_ok_and(|metadata| metadata.len() == self.n_bytes)
    }

    /// Gives the room back to the disk; says whether there was any.
    pub(crate) fn release(&self) -> bool {
        // Truncating frees the blocks even where the folder cannot be written.
        let had = fs::metadata(&self.file).is_ok_and(|metadata| metadata.len() > 0);
        let _ = OpenOptions::new()
            .write(true)
            .open(&self.file)
            .and_then(|file| file.set_len(0));
        had
    }

    /// Takes the room again.
    ///
    /// # Errors
    ///
    /// Whatever the disk says; then the room it took is given back.
    pub(crate) fn restore(&self) -> io::Result<()> {
        if self.is_there() {
            return Ok(());
        }
        let result = self.fill();
        if result.is_err() {
            self.release();
        }
        result
    }

    fn fill(&self) -> io::Result<()> {
        let mut file = File::create(&self.file)?;
        // Bytes that do not compress, so that the file takes what it says on every file system.
        let mut block = vec![0; 1 << 16];
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for bytes in block.as_chunks_mut::<8>().0 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *bytes = state.to_le_bytes();
        }
        let mut left = self.n_bytes + MARGIN;
        while left > 0 {
            let length = left.min(block.len() as u64);
            let part = usize::try_from(length)
                .ok()
                .and_then(|length| block.get(..length))
                .unwrap_or(&[]);
            file.write_all(part)?;
            left -= length;
        }
        file.set_len(self.n_bytes)?;
        file.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_released_and_taken_again() {
        let folder = tempfile::tempdir().unwrap();
        let ballast = Ballast::new(folder.path().join("reserve"), 100_000);
        assert!(!ballast.is_there());
        ballast.restore().unwrap();
        assert!(ballast.is_there());
        assert!(ballast.release());
        assert!(!ballast.is_there() && !ballast.release());
        ballast.restore().unwrap();
        assert!(ballast.is_there());
    }
}

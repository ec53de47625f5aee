//! The text of a file with its places, and how it is gathered.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::gap::{Gap, Gaps, Incomplete, Reason};
use crate::kind::FileKind;
use crate::limits::{Full, Limits};
use crate::picture::{self, Picture, PictureReader};
use crate::place::{Place, Spot};

/// What [`crate::read`] found in a file. The text comes out only together with what is missing from it.
#[must_use = "the text is inside, and so is what could not be read"]
pub struct FileText {
    kind: FileKind,
    text: PlacedText,
    gaps: Vec<Gap>,
    pictures: Vec<Picture>,
    limits: Limits,
}

impl FileText {
    /// What kind of file it is, by its content.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Has the letters read in every picture of the file. A picture that the reader cannot read stays a gap.
    pub fn read_pictures(&mut self, reader: &mut dyn PictureReader) {
        for picture in std::mem::take(&mut self.pictures) {
            let n_pixels = picture::n_pixels(&picture.bytes);
            let is_huge = n_pixels.is_some_and(|n| n > self.limits.pixels);
            let found = n_pixels
                .filter(|_| !is_huge)
                .and_then(|_| reader.letters(&picture.bytes));
            match found {
                Some(letters) => self.text.append(&picture.place, &letters),
                None => self.gaps.push(Gap {
                    place: picture.place,
                    reason: if is_huge {
                        Reason::TooMuch
                    } else {
                        Reason::Picture
                    },
                }),
            }
        }
    }

    /// The whole text.
    ///
    /// # Errors
    ///
    /// [`Incomplete`] when any part could not be read.
    pub fn whole(self) -> Result<PlacedText, Incomplete> {
        let (text, gaps) = self.with_gaps();
        if gaps.is_empty() {
            Ok(text)
        } else {
            Err(Incomplete(gaps))
        }
    }

    /// The text that could be read, together with what could not.
    pub fn with_gaps(self) -> (PlacedText, Gaps) {
        let mut gaps = self.gaps;
        gaps.extend(self.pictures.into_iter().map(|picture| Gap {
            place: picture.place,
            reason: Reason::Picture,
        }));
        (self.text, Gaps(gaps))
    }
}

/// A text of which every byte has a place in the file that it came from.
#[derive(Clone, Default, PartialEq)]
pub struct PlacedText {
    text: String,
    /// Rising starts; a mark counts until the next one.
    marks: Vec<Mark>,
}

#[derive(Clone, PartialEq)]
struct Mark {
    start: usize,
    place: Place,
}

/// Says how much there is, and nothing of what it says.
impl fmt::Debug for PlacedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PlacedText({} bytes, {} places)",
            self.text.len(),
            self.marks.len()
        )
    }
}

impl fmt::Debug for FileText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_gaps = self.gaps.len() + self.pictures.len();
        write!(f, "FileText({}, {:?}, {n_gaps} gaps)", self.kind, self.text)
    }
}

impl PlacedText {
    /// All of the text, parts separated by line ends.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The place of the text at a byte offset; a line number for plain text.
    #[must_use]
    pub fn place_at(&self, offset: usize) -> Option<Place> {
        let after = self.marks.partition_point(|mark| mark.start <= offset);
        let mark = self.marks.get(after.checked_sub(1)?)?;
        let mut place = mark.place.clone();
        if let Spot::Line(first) = place.spot {
            let before = self.text.get(mark.start..offset).unwrap_or_default();
            let n_lines = before.bytes().filter(|byte| *byte == b'\n').count();
            place.spot =
                Spot::Line(first.saturating_add(u32::try_from(n_lines).unwrap_or(u32::MAX)));
        }
        Some(place)
    }

    /// The parts in their order: each with its place and its bytes in the text.
    pub fn parts(&self) -> impl Iterator<Item = (&Place, Range<usize>)> {
        let ends = self
            .marks
            .iter()
            .skip(1)
            .map(|mark| mark.start)
            .chain(std::iter::once(self.text.len()));
        self.marks
            .iter()
            .zip(ends)
            .map(|(mark, end)| (&mark.place, mark.start..end))
    }

    fn append(&mut self, place: &Place, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.marks.push(Mark {
            start: self.text.len(),
            place: place.clone(),
        });
        self.text.push_str(text);
    }
}

/// What stands between a piece of text and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    /// Another subject.
    Apart,
    /// The next line.
    Line,
    /// The next cell.
    Tab,
}

/// Ten thousand times the same says no more than once; what counts is that there is one.
const MAX_GAPS: usize = 1_000;

/// How much was gathered at some moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SoFar {
    bytes: usize,
    marks: usize,
    pictures: usize,
    gaps: usize,
}

/// Gathers the text and keeps the bounds.
pub(crate) struct Collector {
    limits: Limits,
    text: PlacedText,
    gaps: Vec<Gap>,
    pictures: Vec<Picture>,
    path: Vec<Arc<str>>,
    shared_path: Arc<[Arc<str>]>,
    n_unpacked: usize,
    n_parts: usize,
    is_full: bool,
    kind: Option<FileKind>,
}

impl Collector {
    pub(crate) fn new(limits: &Limits) -> Collector {
        Collector {
            limits: *limits,
            text: PlacedText::default(),
            gaps: Vec::new(),
            pictures: Vec::new(),
            path: Vec::new(),
            shared_path: Arc::new([]),
            n_unpacked: 0,
            n_parts: 0,
            is_full: false,
            kind: None,
        }
    }

    /// What the file turned out to be; the outermost counts.
    pub(crate) fn is_a(&mut self, kind: FileKind) {
        if self.path.is_empty() {
            self.kind = Some(kind);
        }
    }

    pub(crate) fn finish(self) -> FileText {
        FileText {
            kind: self.kind.unwrap_or(FileKind::Unknown),
            text: self.text,
            gaps: self.gaps,
            pictures: self.pictures,
            limits: self.limits,
        }
    }

    /// The name of the outermost file; it is looked at like any text.
    pub(crate) fn file_name(&mut self, name: &str) {
        // A name alone cannot fill anything.
        let _ = self.put(Spot::FileName, Join::Apart, &readable_name(name));
    }

    /// Adds a text, or nothing when it is blank.
    pub(crate) fn put(&mut self, spot: Spot, join: Join, text: &str) -> Result<(), Full> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.put_always(spot, join, text)
    }

    /// Adds a text, also a blank one: an empty cell keeps the columns in order.
    pub(crate) fn put_always(&mut self, spot: Spot, join: Join, text: &str) -> Result<(), Full> {
        let separator = match join {
            _ if self.text.text.is_empty() => "",
            Join::Apart => "\n\n",
            Join::Line => "\n",
            Join::Tab => "\t",
        };
        let n_bytes = self.text.text.len() + separator.len() + text.len();
        if self.is_full
            || n_bytes > self.limits.text_bytes
            || self.text.marks.len() >= self.limits.places
        {
            return Err(self.full());
        }
        self.text.text.push_str(separator);
        let place = self.place(spot);
        self.text.marks.push(Mark {
            start: self.text.text.len(),
            place,
        });
        self.text.text.push_str(text);
        Ok(())
    }

    /// Says that a part was not read.
    pub(crate) fn gap(&mut self, spot: Spot, reason: Reason) {
        if self.gaps.len() < MAX_GAPS {
            let gap = Gap {
                place: self.place(spot),
                reason,
            };
            if self.gaps.last() != Some(&gap) {
                self.gaps.push(gap);
            }
        }
    }

    /// Keeps a picture for whoever can read its letters.
    pub(crate) fn picture(&mut self, spot: Spot, bytes: Vec<u8>) {
        let place = self.place(spot);
        self.pictures.push(Picture { place, bytes });
    }

    /// Counts bytes that unpacking made.
    pub(crate) fn unpacked(&mut self, n_bytes: usize) -> Result<(), Full> {
        self.n_unpacked = self.n_unpacked.saturating_add(n_bytes);
        if self.is_full || self.n_unpacked > self.limits.unpacked_bytes {
            return Err(self.full());
        }
        Ok(())
    }

    /// How many bytes unpacking may still make.
    pub(crate) fn room(&self) -> usize {
        self.limits.unpacked_bytes.saturating_sub(self.n_unpacked)
    }

    /// Counts a part.
    pub(crate) fn part(&mut self) -> Result<(), Full> {
        self.n_parts += 1;
        if self.is_full || self.n_parts > self.limits.parts {
            return Err(self.full());
        }
        Ok(())
    }

    /// Reads a file inside this one. `false` when it lies too deep.
    pub(crate) fn inside(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Collector) -> Result<(), Full>,
    ) -> Result<(), Full> {
        self.part()?;
        self.path.push(Arc::from(readable_name(name)));
        self.share_path();
        let done = if self.path.len() > self.limits.depth {
            self.gap(Spot::Whole, Reason::TooDeep);
            Ok(())
        } else {
            self.put(Spot::FileName, Join::Apart, &readable_name(name))
                .and_then(|()| read(self))
        };
        self.path.pop();
        self.share_path();
        done
    }

    /// How deep the file that is being read lies.
    pub(crate) fn depth(&self) -> usize {
        self.path.len()
    }

    /// Back to the file that was being read at this depth, after a breakdown inside it.
    pub(crate) fn back_to(&mut self, depth: usize) {
        self.path.truncate(depth);
        self.share_path();
    }

    /// How much was gathered, for [`Collector::take_since`].
    pub(crate) fn so_far(&self) -> SoFar {
        SoFar {
            bytes: self.text.text.len(),
            marks: self.text.marks.len(),
            pictures: self.pictures.len(),
            gaps: self.gaps.len(),
        }
    }

    /// Takes out again what was gathered since then; of the gaps only those that were there before.
    pub(crate) fn take_since(&mut self, before: SoFar) -> String {
        self.text.marks.truncate(before.marks);
        self.pictures.truncate(before.pictures);
        let later = self.gaps.split_off(before.gaps.min(self.gaps.len()));
        for gap in later {
            if !self.gaps.contains(&gap) && self.gaps.len() < MAX_GAPS {
                self.gaps.push(gap);
            }
        }
        self.text
            .text
            .split_off(before.bytes.min(self.text.text.len()))
    }

    /// The lines gathered so far.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.text.lines()
    }

    fn full(&mut self) -> Full {
        if !self.is_full {
            self.gap(Spot::Whole, Reason::TooMuch);
            self.is_full = true;
        }
        Full
    }

    fn place(&self, spot: Spot) -> Place {
        Place {
            path: Arc::clone(&self.shared_path),
            spot,
        }
    }

    fn share_path(&mut self) {
        self.shared_path = self.path.clone().into();
    }
}

/// A file name as one short line without control characters.
fn readable_name(name: &str) -> String {
    name.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny() -> Collector {
        Collector::new(&Limits {
            text_bytes: 20,
            places: 3,
            parts: 2,
            depth: 1,
            ..Limits::default()
        })
    }

    #[test]
    fn a_text_beyond_the_bound_is_a_gap() {
        let mut collector = tiny();
        assert_eq!(
            collector.put(Spot::Page(1), Join::Apart, "0123456789"),
            Ok(())
        );
        assert_eq!(
            collector.put(Spot::Page(2), Join::Apart, "0123456789"),
            Err(Full)
        );
        assert_eq!(collector.put(Spot::Page(3), Join::Apart, "0"), Err(Full));
        let (text, gaps) = collector.finish().with_gaps();
        assert_eq!(text.as_str(), "0123456789");
        assert_eq!(gaps.iter().count(), 1);
    }

    #[test]
    fn a_file_too_deep_is_a_gap_and_its_neighbour_is_read() {
        let mut collector = tiny();
        let read = collector.inside("a.zip", |inner| {
            inner.inside("b.zip", |_| unreachable!("too deep"))?;
            inner.put(Spot::Line(1), Join::Apart, "x")
        });
        assert_eq!(read, Ok(()));
        let (text, gaps) = collector.finish().with_gaps();
        assert!(text.as_str().ends_with('x'));
        assert!(gaps.iter().all(|gap| gap.reason == Reason::TooDeep));
        assert!(!gaps.is_empty());
    }

    #[test]
    fn a_line_is_counted_from_the_start_of_its_text() {
        let mut collector = Collector::new(&Limits::default());
        collector
            .put(Spot::Line(1), Join::Apart, "a\nb\nc")
            .unwrap();
        let (text, _) = collector.finish().with_gaps();
        assert_eq!(text.place_at(4).unwrap().spot, Spot::Line(3));
        assert_eq!(text.place_at(0).unwrap().spot, Spot::Line(1));
    }

    #[test]
    fn the_whole_text_is_refused_when_a_part_is_missing() {
        let mut collector = Collector::new(&Limits::default());
        collector.gap(Spot::Page(3), Reason::Damaged);
        assert!(collector.finish().whole().is_err());
    }
}

//! Draws a page without a pen: follows where text is put, and says which letters stand there, in lines and cells.

use std::collections::BTreeMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::font::Font;
use super::lexer::{Lexer, Operand};
use crate::limits::Full;
use crate::text::Collector;

/// The largest content of one page or form.
const CONTENT_BYTES: usize = 24 * 1024 * 1024;
/// How deep forms may be drawn in forms.
const NESTED_FORMS: usize = 12;
/// What drawing a form counts for, however small it is.
const FORM_BYTES: usize = 4 * 1024;
/// What reading a font counts for, besides its table.
const FONT_BYTES: usize = 4 * 1024;
/// How many graphics states may be set aside.
const NESTED_STATES: usize = 512;
/// The most steps of one page; a page drawn a billion times over is an attack.
const STEPS: usize = 4_000_000;
/// So many curves without any text may be letters that are drawn.
const CURVES_OF_LETTERS: usize = 60;

/// What a page holds.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    pub(super) n_undecodable: usize,
    /// Pictures by their object, in the order in which they are drawn.
    pub(super) pictures: Vec<ObjectId>,
    pub(super) n_inline_pictures: usize,
    pub(super) n_curves: usize,
    /// Something was too large, too deep or broken.
    pub(super) is_cut: bool,
}

impl Page {
    /// Curves and no text: the letters may be drawn.
    pub(super) fn may_be_drawn(&self) -> bool {
        self.text.trim().is_empty() && self.n_curves >= CURVES_OF_LETTERS
    }
}

/// A matrix of six numbers as PDF writes them.
type Matrix = [f64; 6];
const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `inner`, then `outer`.
fn product(inner: &Matrix, outer: &Matrix) -> Matrix {
    let [ax, ay, bx, by, cx, cy] = *inner;
    let [px, py, qx, qy, rx, ry] = *outer;
    [
        ax * px + ay * qx,
        ax * py + ay * qy,
        bx * px + by * qx,
        bx * py + by * qy,
        cx * px + cy * qx + rx,
        cx * py + cy * qy + ry,
    ]
}

#[derive(Clone)]
struct State {
    place: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

pub(super) struct Drawing<'d> {
    document: &'d Document,
    page: Page,
    state: State,
    saved: Vec<State>,
    text_place: Matrix,
    line_place: Matrix,
    /// Where the last letter ended, and how large it was.
    last: Option<(f64, f64, f64)>,
    fonts: BTreeMap<ObjectId, Rc<Font>>,
    /// The forms that are being drawn, outermost first.
    open_forms: Vec<ObjectId>,
    n_steps: usize,
}

impl<'d> Drawing<'d> {
    pub(super) fn new(document: &'d Document) -> Drawing<'d> {
        Drawing {
            document,
            page: Page::default(),
            state: State {
                place: SAME,
                font: None,
                size: 1.0,
                letter_space: 0.0,
                word_space: 0.0,
                stretch: 1.0,
                leading: 0.0,
                rise: 0.0,
            },
            saved: Vec::new(),
            text_place: SAME,
            line_place: SAME,
            last: None,
            fonts: BTreeMap::new(),
            open_forms: Vec::new(),
            n_steps: 0,
        }
    }

    /// What was drawn; the fonts stay for the next page.
    pub(super) fn take(&mut self) -> Page {
        let fonts = std::mem::take(&mut self.fonts);
        let done = std::mem::replace(self, Drawing::new(self.document));
        self.fonts = fonts;
        done.page
    }

    /// Draws a stream with the resources of its page or form.
    pub(super) fn draw(
        &mut self,
        content: &[u8],
        resources: &[&'d Dictionary],
        depth: usize,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        let mut lexer = Lexer::new(content);
        while let Some((word, operands)) = lexer.next() {
            self.n_steps += 1;
            if self.n_steps > STEPS {
                self.page.is_cut = true;
                return Ok(());
            }
            match word {
                b"Do" => self.object(&operands, resources, depth, collector)?,
                b"ID" => {
                    lexer.skip_picture();
                    self.page.n_inline_pictures += usize::from(is_large(&operands));
                }
                b"Tf" => self.choose_font(&operands, resources, collector)?,
                b"BDC" | b"DP" => self.marked(&operands, resources),
                b"c" | b"v" | b"y" => self.page.n_curves += 1,
                _ => self.step(word, &operands),
            }
        }
        Ok(())
    }

    fn step(&mut self, word: &[u8], operands: &[Operand]) {
        let numbers: Vec<f64> = operands
            .iter()
            .filter_map(|operand| match operand {
                Operand::Number(number) => Some(*number),
                _ => None,
            })
            .take(6)
            .collect();
        let first = numbers.first().copied().unwrap_or(0.0);
        match word {
            b"q" if self.saved.len() < NESTED_STATES => self.saved.push(self.state.clone()),
            b"Q" => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            b"cm" => {
                if let Ok(matrix) = <Matrix>::try_from(numbers.as_slice()) {
                    self.state.place = product(&matrix, &self.state.place);
                }
            }
            b"BT" => self.set_line(SAME),
            b"Tm" => {
                if let Ok(matrix) = <Matrix>::try_from(numbers.as_slice()) {
                    self.set_line(matrix);
                }
            }
            b"Td" => self.move_line(first, numbers.get(1).copied().unwrap_or(0.0)),
            b"TD" => {
                let down = numbers.get(1).copied().unwrap_or(0.0);
                self.state.leading = -down;
                self.move_line(first, down);
            }
            b"T*" => self.move_line(0.0, -self.state.leading),
            b"Tc" => self.state.letter_space = first,
            b"Tw" => self.state.word_space = first,
            b"Tz" => self.state.stretch = first / 100.0,
            b"TL" => self.state.leading = first,
            b"Ts" => self.state.rise = first,
            b"Tj" | b"TJ" => self.show(operands),
            b"'" => {
                self.move_line(0.0, -self.state.leading);
                self.show(operands);
            }
            b"\"" => {
                self.state.word_space = first;
                self.state.letter_space = numbers.get(1).copied().unwrap_or(0.0);
                self.move_line(0.0, -self.state.leading);
                let text: Vec<Operand> = operands
                    .iter()
                    .filter(|operand| matches!(operand, Operand::Text(_)))
                    .cloned()
                    .collect();
                self.show(&text);
            }
            _ => {}
        }
    }

    fn set_line(&mut self, matrix: Matrix) {
        self.line_place = matrix;
        self.text_place = matrix;
    }

    fn move_line(&mut self, across: f64, down: f64) {
        let moved = product(&[1.0, 0.0, 0.0, 1.0, across, down], &self.line_place);
        self.set_line(moved);
    }

    fn choose_font(
        &mut self,
        operands: &[Operand],
        resources: &[&'d Dictionary],
        collector: &mut Collector,
    ) -> Result<(), Full> {
        let [.., Operand::Name(name), Operand::Number(size)] = operands else {
            return Ok(());
        };
        self.state.size = *size;
        let Some((id, font)) = self.resource(b"Font", name, resources) else {
            self.state.font = None;
            return Ok(());
        };
        let Ok(font) = font.as_dict() else {
            return Ok(());
        };
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            self.state.font = Some(Rc::clone(known));
            return Ok(());
        }
        // A font that stands in the page itself is read again whenever it is chosen.
        collector.unpacked(FONT_BYTES)?;
        let font = Rc::new(Font::read(font, self.document));
        // Making a table costs more than unpacking it.
        collector.unpacked(font.n_table_bytes.saturating_mul(8))?;
        if let Some(id) = id.filter(|_| self.fonts.len() < 2_000) {
            self.fonts.insert(id, Rc::clone(&font));
        }
        self.state.font = Some(font);
        Ok(())
    }

    /// A named thing in the resources: its object and itself.
    fn resource(
        &self,
        kind: &[u8],
        name: &[u8],
        resources: &[&'d Dictionary],
    ) -> Option<(Option<ObjectId>, &'d Object)> {
        resources.iter().find_map(|resources| {
            let things = resources
                .get_deref(kind, self.document)
                .ok()?
                .as_dict()
                .ok()?;
            self.document.dereference(things.get(name).ok()?).ok()
        })
    }

    fn object(
        &mut self,
        operands: &[Operand],
        resources: &[&'d Dictionary],
        depth: usize,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        let Some(Operand::Name(name)) = operands.last() else {
            return Ok(());
        };
        let Some((id, object)) = self.resource(b"XObject", name, resources) else {
            return Ok(());
        };
        let Ok(stream) = object.as_stream() else {
            return Ok(());
        };
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => {
                if let Some(id) = id.filter(|id| !self.page.pictures.contains(id)) {
                    self.page.pictures.push(id);
                }
            }
            Ok(b"Form") => {
                let id = id.unwrap_or_default();
                if depth >= NESTED_FORMS || self.open_forms.contains(&id) {
                    self.page.is_cut = true;
                    return Ok(());
                }
                // A form that draws nothing a million times costs all the same.
                collector.unpacked(FORM_BYTES)?;
                self.open_forms.push(id);
                self.form(stream, resources, depth, collector)?;
                self.open_forms.pop();
            }
            _ => {}
        }
        Ok(())
    }

    /// Draws a form; it may draw others.
    pub(super) fn form(
        &mut self,
        stream: &'d lopdf::Stream,
        resources: &[&'d Dictionary],
        depth: usize,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        let Some(content) = content(stream, collector)? else {
            self.page.is_cut = true;
            return Ok(());
        };
        let own = stream
            .dict
            .get_deref(b"Resources", self.document)
            .ok()
            .and_then(|object| object.as_dict().ok());
        let resources: Vec<&Dictionary> = own
            .into_iter()
            .chain(resources.iter().copied())
            .take(NESTED_FORMS)
            .collect();
        let matrix: Vec<f64> = stream
            .dict
            .get_deref(b"Matrix", self.document)
            .ok()
            .and_then(|object| object.as_array().ok())
            .into_iter()
            .flatten()
            .filter_map(|number| number.as_float().ok().map(f64::from))
            .collect();
        let outer = (self.state.clone(), std::mem::take(&mut self.saved));
        if let Ok(matrix) = <Matrix>::try_from(matrix.as_slice()) {
            self.state.place = product(&matrix, &self.state.place);
        }
        self.draw(&content, &resources, depth + 1, collector)?;
        (self.state, self.saved) = outer;
        Ok(())
    }

    /// A mark may say what its letters mean to somebody who cannot see them.
    fn marked(&mut self, operands: &[Operand], resources: &[&'d Dictionary]) {
        let mut previous: Option<&[u8]> = None;
        for operand in operands {
            match operand {
                Operand::Text(text) if matches!(previous, Some(b"ActualText" | b"Alt" | b"E")) => {
                    self.meaning(&super::words(text));
                }
                _ => {}
            }
            previous = match operand {
                Operand::Name(name) => Some(name),
                _ => None,
            };
        }
        let [_, Operand::Name(name)] = operands else {
            return;
        };
        let said: Vec<String> = self
            .resource(b"Properties", name, resources)
            .and_then(|(_, object)| object.as_dict().ok())
            .into_iter()
            .flat_map(|properties| {
                [&b"ActualText"[..], b"Alt", b"E"].map(|key| properties.get(key))
            })
            .filter_map(|object| object.ok()?.as_str().ok())
            .map(super::words)
            .collect();
        for meaning in said {
            self.meaning(&meaning);
        }
    }

    fn meaning(&mut self, meaning: &str) {
        if !meaning.trim().is_empty() {
            self.page.text.push('\n');
            self.page.text.push_str(meaning);
            self.page.text.push('\n');
            self.last = None;
        }
    }

    fn show(&mut self, operands: &[Operand]) {
        for operand in operands {
            match operand {
                Operand::Number(number) => {
                    let across = -number / 1000.0 * self.state.size * self.state.stretch;
                    self.text_place = product(&[1.0, 0.0, 0.0, 1.0, across, 0.0], &self.text_place);
                }
                Operand::Text(text) => self.letters(text),
                _ => {}
            }
        }
    }

    fn letters(&mut self, text: &[u8]) {
        let Some(font) = self.state.font.clone() else {
            self.page.n_undecodable += text.len();
            return;
        };
        for shown in font.show(text) {
            match &shown.letters {
                Some(letters) => {
                    self.separate(letters);
                    self.page.text.push_str(letters);
                }
                None => self.page.n_undecodable += 1,
            }
            let space = self.state.letter_space
                + if shown.is_space {
                    self.state.word_space
                } else {
                    0.0
                };
            let across = (shown.width / 1000.0 * self.state.size + space) * self.state.stretch;
            self.text_place = product(&[1.0, 0.0, 0.0, 1.0, across, 0.0], &self.text_place);
            if shown.letters.is_some() {
                let (x, y, size) = self.pen();
                self.last = Some((x, y, size));
            }
        }
    }

    /// Where the next letter stands on the page, and how large it is.
    fn pen(&self) -> (f64, f64, f64) {
        let place = product(&self.text_place, &self.state.place);
        let [ax, ay, bx, by, ..] = place;
        let [_, _, _, _, x, y] = product(&[1.0, 0.0, 0.0, 1.0, 0.0, self.state.rise], &place);
        let height = bx.hypot(by);
        let height = if height > 0.0 { height } else { ax.hypot(ay) };
        (x, y, (height * self.state.size).abs().max(0.01))
    }

    /// A gap before a letter is a space, a wide one the next cell, another height the next line.
    fn separate(&mut self, letters: &str) {
        let Some((last_x, last_y, last_size)) = self.last else {
            return;
        };
        let (x, y, size) = self.pen();
        let [ax, ay, ..] = product(&self.text_place, &self.state.place);
        let length = ax.hypot(ay);
        let (along_x, along_y) = if length > 0.0 {
            (ax / length, ay / length)
        } else {
            (1.0, 0.0)
        };
        let (dx, dy) = (x - last_x, y - last_y);
        let along = dx * along_x + dy * along_y;
        let aside = (dy * along_x - dx * along_y).abs();
        let size = size.max(last_size);
        let mark = if aside > size * 0.45 || along < -size * 1.5 {
            '\n'
        } else if along > size * 1.8 {
            '\t'
        } else if along > size * 0.17 {
            ' '
        } else {
            return;
        };
        let ends_open = self.page.text.ends_with([' ', '\n', '\t']);
        if mark == '\n' || !(ends_open || letters.starts_with(' ')) {
            self.page.text.push(mark);
        }
    }
}

/// Whether a picture inside a stream can hold letters.
fn is_large(operands: &[Operand]) -> bool {
    let side = |names: [&[u8]; 2]| {
        operands.windows(2).find_map(|pair| match pair {
            [Operand::Name(name), Operand::Number(number)] if names.contains(&name.as_slice()) => {
                Some(*number)
            }
            _ => None,
        })
    };
    let sides = [side([b"W", b"Width"]), side([b"H", b"Height"])];
    sides.iter().all(|side| side.is_none_or(|side| side >= 8.0))
}

/// The content of a stream; `None` when it is too large or cannot be unpacked.
pub(super) fn content(
    stream: &lopdf::Stream,
    collector: &mut Collector,
) -> Result<Option<Vec<u8>>, Full> {
    let limit = CONTENT_BYTES.min(collector.room());
    let Ok(content) = stream.get_plain_content_with_limit(limit) else {
        // It cost as much as it was allowed to.
        collector.unpacked(limit.min(stream.content.len().saturating_mul(1_000)))?;
        return Ok(None);
    };
    collector.unpacked(content.len())?;
    Ok(Some(content))
}

//! The model itself, in ONNX Runtime.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ort::environment::Environment;
use ort::session::Session;
use ort::value::Tensor;
use waarborg_detect::{Kind, Said};

use crate::entities::{Entities, Tag, spans};
use crate::fault::{ModelFault, NoAnswer};
use crate::folder::Folder;
use crate::pieces::{Habits, Vocabulary, Word};
use crate::windows::windows;

/// Which model is asked, and what its answers stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The folder with `model.onnx`, `vocab.txt` and `config.json`.
    pub folder: PathBuf,
    /// The file of ONNX Runtime; without it the one that the system finds.
    pub library: Option<PathBuf>,
    /// How sure the model must be, from 0 to 1.
    pub from: f32,
    /// What each entity of the model is here; nothing for what is no personal data.
    pub labels: BTreeMap<String, Option<Kind>>,
}

/// A model that is ready to be asked.
pub struct Classifier {
    /// One text after the other: the runtime itself spreads one over the cores.
    session: Mutex<Session>,
    /// The runtime ends with its last owner.
    _runtime: Environment,
    inputs: Vec<Input>,
    vocabulary: Vocabulary,
    habits: Habits,
    entities: Entities,
    room: usize,
    from: f32,
}

/// What a model of this family can want to know of a text.
#[derive(Debug, Clone, Copy)]
enum Input {
    Pieces,
    Attention,
    Sentences,
}

impl Classifier {
    /// Reads the folder, loads the runtime and the model, and asks it one word to see that it answers.
    ///
    /// # Errors
    ///
    /// [`ModelFault`], with what to do.
    pub fn open(choice: &Choice) -> Result<Self, ModelFault> {
        let folder = Folder::read(&choice.folder)?;
        let entities = Entities::new(&folder.classes, &choice.labels)?;
        let runtime = runtime(choice.library.as_deref())?;
        let session = load(&runtime, &folder.network)?;
        let inputs = session
            .inputs()
            .iter()
            .map(|input| match input.name() {
                "input_ids" => Ok(Input::Pieces),
                "attention_mask" => Ok(Input::Attention),
                "token_type_ids" => Ok(Input::Sentences),
                other => Err(ModelFault::Unfit(format!("wants to know `{other}`"))),
            })
            .collect::<Result<_, _>>()?;
        let classifier = Self {
            session: Mutex::new(session),
            _runtime: runtime,
            inputs,
            vocabulary: folder.vocabulary,
            habits: folder.habits,
            entities,
            // Two pieces mark the beginning and the end.
            room: folder.most_pieces - 2,
            from: choice.from,
        };
        classifier.find("een").map_err(|NoAnswer| {
            ModelFault::Unfit(
                "does not answer with one row of numbers per piece, one number per label"
                    .to_owned(),
            )
        })?;
        Ok(classifier)
    }

    /// What the model takes for personal data in a text, in the order of the text.
    ///
    /// Takes time in proportion to the length of the text.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`] when the model breaks down on it.
    pub fn find(&self, text: &str) -> Result<Vec<Said>, NoAnswer> {
        let words = self.vocabulary.cut(text, self.habits);
        let pieces: Vec<usize> = words.iter().map(|word| word.pieces.len()).collect();
        let mut tags = Vec::with_capacity(words.len());
        for window in windows(&pieces, self.room) {
            let read = words.get(window.read.clone()).ok_or(NoAnswer)?;
            let said = self.ask(read)?;
            let before = window.kept.start - window.read.start;
            tags.extend(said.into_iter().skip(before).take(window.kept.len()));
        }
        if tags.len() != words.len() {
            return Err(NoAnswer);
        }
        Ok(spans(&words, &tags))
    }

    /// What the model says of each of these words; of a word in pieces the first speaks, as these models are taught.
    fn ask(&self, words: &[Word]) -> Result<Vec<Option<Tag>>, NoAnswer> {
        let mut pieces = vec![self.vocabulary.start];
        let mut firsts = Vec::with_capacity(words.len());
        for word in words {
            firsts.push(pieces.len());
            // A word of more pieces than the model reads is read as far as it goes.
            pieces.extend(word.pieces.iter().take(self.room));
        }
        pieces.push(self.vocabulary.end);

        let inputs = self
            .inputs
            .iter()
            .map(|input| {
                let (name, numbers) = match input {
                    Input::Pieces => ("input_ids", pieces.clone()),
                    Input::Attention => ("attention_mask", vec![1; pieces.len()]),
                    Input::Sentences => ("token_type_ids", vec![0; pieces.len()]),
                };
                let tensor = Tensor::from_array(([1, pieces.len()], numbers));
                tensor.map(|tensor| (name, tensor)).map_err(|_| NoAnswer)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut session = self.session.lock().map_err(|_| NoAnswer)?;
        let answers = session.run(inputs).map_err(|_| NoAnswer)?;
        let answer = answers.values().next().ok_or(NoAnswer)?;
        let (shape, numbers) = answer.try_extract_tensor::<f32>().map_err(|_| NoAnswer)?;
        let expected = [1, pieces.len(), self.entities.len()];
        let is_fit = shape.len() == expected.len()
            && shape
                .iter()
                .zip(expected)
                .all(|(one, other)| usize::try_from(*one) == Ok(other));
        if !is_fit || numbers.iter().any(|number| number.is_nan()) {
            return Err(NoAnswer);
        }
        firsts
            .into_iter()
            .map(|first| {
                let start = first * self.entities.len();
                let row = numbers.get(start..start + self.entities.len());
                row.map(|row| self.entities.tag(row, self.from))
                    .ok_or(NoAnswer)
            })
            .collect()
    }
}

impl std::fmt::Debug for Classifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classifier").finish_non_exhaustive()
    }
}

/// ONNX Runtime, silent: what it would print may repeat a text.
fn runtime(library: Option<&Path>) -> Result<Environment, ModelFault> {
    let name = format!(
        "{}onnxruntime{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let library = library.unwrap_or(Path::new(&name));
    ort::init_from(library)
        .map_err(|error| ModelFault::Runtime(error.to_string()))?
        .with_name("waarborg")
        .with_telemetry(false)
        .with_logger(Arc::new(|_, _, _, _, _| {}))
        .build()
        .map_err(|error| ModelFault::Runtime(error.to_string()))
}

fn load(runtime: &Environment, network: &Path) -> Result<Session, ModelFault> {
    // Threads that wait for the next text without sleeping would keep the machine busy.
    Session::builder(runtime)
        .and_then(|builder| Ok(builder.with_intra_op_spinning(false)?))
        .and_then(|mut builder| builder.commit_from_file(network))
        .map_err(|error| ModelFault::Refused {
            file: network.to_owned(),
            cause: error.to_string(),
        })
}

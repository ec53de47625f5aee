//! The folder of a model: what its files say about how to ask it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::fault::ModelFault;
use crate::pieces::{Habits, Vocabulary};

/// What the files of a folder say.
pub(crate) struct Folder {
    /// The network itself, not read yet.
    pub(crate) network: PathBuf,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) habits: Habits,
    /// What each number of an answer stands for.
    pub(crate) classes: Vec<String>,
    /// How many pieces it reads at once.
    pub(crate) most_pieces: usize,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    id2label: BTreeMap<String, String>,
    #[serde(default = "usual_length")]
    max_position_embeddings: usize,
}

/// Everything in it may be absent; the defaults are those of the family.
#[derive(Deserialize)]
struct TokenizerConfig {
    #[serde(default = "yes")]
    do_lower_case: bool,
    #[serde(default)]
    strip_accents: Option<bool>,
    #[serde(default = "yes")]
    tokenize_chinese_chars: bool,
}

const fn yes() -> bool {
    true
}

const fn usual_length() -> usize {
    512
}

/// Fewer pieces than this leave no room for a sentence.
const FEWEST_PIECES: usize = 16;

impl Folder {
    pub(crate) fn read(folder: &Path) -> Result<Self, ModelFault> {
        let network = folder.join("model.onnx");
        fs::metadata(&network).map_err(|cause| ModelFault::Unreadable {
            file: network.clone(),
            cause,
        })?;

        let file = folder.join("vocab.txt");
        let vocabulary = Vocabulary::parse(&text(&file)?)
            .map_err(|name| malformed(&file, format!("has no line {name}")))?;

        let file = folder.join("config.json");
        let config: Config = parsed(&file)?;
        let classes = classes(&config.id2label)
            .ok_or_else(|| malformed(&file, "has no id2label numbered from 0".to_owned()))?;
        if config.max_position_embeddings < FEWEST_PIECES {
            let what = "has a max_position_embeddings that leaves no room for a sentence";
            return Err(malformed(&file, what.to_owned()));
        }

        let file = folder.join("tokenizer_config.json");
        let told: TokenizerConfig = if file.exists() {
            parsed(&file)?
        } else {
            TokenizerConfig {
                do_lower_case: true,
                strip_accents: None,
                tokenize_chinese_chars: true,
            }
        };
        Ok(Self {
            network,
            vocabulary,
            habits: Habits {
                lower_case: told.do_lower_case,
                strip_accents: told.strip_accents.unwrap_or(told.do_lower_case),
                split_ideographs: told.tokenize_chinese_chars,
            },
            classes,
            most_pieces: config.max_position_embeddings,
        })
    }
}

fn classes(numbered: &BTreeMap<String, String>) -> Option<Vec<String>> {
    let classes: Option<Vec<String>> = (0..numbered.len())
        .map(|number| numbered.get(&number.to_string()).cloned())
        .collect();
    classes.filter(|classes| !classes.is_empty())
}

fn text(file: &Path) -> Result<String, ModelFault> {
    fs::read_to_string(file).map_err(|cause| ModelFault::Unreadable {
        file: file.to_owned(),
        cause,
    })
}

fn parsed<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<T, ModelFault> {
    serde_json::from_str(&text(file)?)
        .map_err(|error| malformed(file, format!("is wrong: {error}")))
}

fn malformed(file: &Path, what: String) -> ModelFault {
    ModelFault::Malformed {
        file: file.to_owned(),
        what,
    }
}

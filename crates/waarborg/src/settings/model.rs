//! `[model]` in `recognisers.toml`: a token classifier of the organisation's own, asked beside detection.

use std::path::{Path, PathBuf};

use waarborg_detect::Kind;
use waarborg_domain::register::{Fault, Severity};
use waarborg_model::{Choice, Classifier};

use super::reader::{Faults, Table};

/// How sure a model must be where nothing else is written, in percent.
const USUALLY_SURE: u64 = 50;

/// A model that was chosen, and where.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    choice: Choice,
    file: String,
    line: usize,
}

impl Chosen {
    /// Reads the table; paths are those beside the file.
    pub(super) fn read(mut table: Table<'_>, file: &str, faults: &mut Faults<'_>) -> Option<Self> {
        let place = table.span().clone();
        let folder = table.text("folder", faults);
        let library = table.text("library", faults);
        let sure = table.number("sure", 1..101, faults);
        let labels = table.table("labels", faults);
        table.finish(faults);

        let (Some(folder), Some(labels)) = (folder, labels) else {
            let message = "`model` has no folder or no labels".to_owned();
            let mend = "write folder = \"my-model\" and [model.labels] PER = \"PERSON\"".to_owned();
            faults.add("missing", &place, message, mend);
            return None;
        };
        let here = Path::new(file).parent().unwrap_or(Path::new(""));
        let mut takes = std::collections::BTreeMap::new();
        for (entity, label) in labels.every_text(faults) {
            let kind = Kind::parse(&label);
            if kind.is_none() && label != "none" {
                let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.label()).collect();
                faults.add(
                    "kind",
                    labels.span(),
                    format!("`model.labels.{entity}` names a kind that is not known"),
                    format!("use \"none\" or one of {}", known.join(", ")),
                );
            }
            takes.insert(entity, kind);
        }
        #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
        let from = sure.unwrap_or(USUALLY_SURE) as f32 / 100.0;
        Some(Self {
            line: faults.line(place.start),
            file: file.to_owned(),
            choice: Choice {
                folder: beside(here, &folder.value),
                library: library.map(|library| beside(here, &library.value)),
                from,
                labels: takes,
            },
        })
    }

    /// The model, ready to be asked.
    ///
    /// # Errors
    ///
    /// What is wrong with it, at the line that chose it.
    pub(super) fn open(&self) -> Result<Classifier, Fault> {
        Classifier::open(&self.choice).map_err(|fault| Fault {
            code: "model",
            file: self.file.clone(),
            line: self.line,
            column: 1,
            message: fault.to_string(),
            mend: fault.mend().to_owned(),
            severity: Severity::Error,
        })
    }
}

fn beside(here: &Path, named: &str) -> PathBuf {
    // An absolute path stays what it is.
    std::path::absolute(here.join(named)).unwrap_or_else(|_| here.join(named))
}

//! Data keeps the register under which it was collected: a purpose that came later does not reach it by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::{OldData, old_data_under};
use crate::register::Register;

/// A cell of the matrix: service, purpose, category.
type Cell = (String, String, String);

/// Which earlier data each cell opens. By default every cell opens everything.
#[derive(Debug, Clone, Default)]
pub struct Reach(Option<Arc<BTreeMap<Cell, BTreeSet<String>>>>);

impl Reach {
    /// Whether a cell opens data that was collected under a version of the register.
    #[must_use]
    pub fn opens(&self, service: &str, purpose: &str, category: &str, version: &str) -> bool {
        let Some(bounded) = &self.0 else {
            return true;
        };
        let cell = (service.to_owned(), purpose.to_owned(), category.to_owned());
        bounded
            .get(&cell)
            .is_none_or(|versions| versions.contains(digest_in(version)))
    }
}

impl Register {
    /// This register, in which no cell opens data that was collected before the cell was there.
    ///
    /// `earlier` are the digests of the files that were in force, each with [`cells_of`] it. A cell opens older data
    /// all the same where the law obliges to it, where it rests on consent (which is asked anew), and where the
    /// register records why the purposes go together (`compatibility`, article 6(4)).
    #[must_use]
    pub fn reaching<'e>(
        mut self,
        earlier: impl IntoIterator<Item = (&'e str, BTreeSet<(String, String, String)>)>,
    ) -> Self {
        let earlier: Vec<(&str, BTreeSet<Cell>)> = earlier.into_iter().collect();
        let own = digest_in(&self.head.version).to_owned();
        let mut bounded = BTreeMap::new();
        for processing in &self.parts.processings {
            if old_data_under(processing) != OldData::Closed {
                continue;
            }
            for category in &processing.categories {
                let cell: Cell = (
                    processing.service.to_string(),
                    processing.purpose.to_string(),
                    category.to_string(),
                );
                if earlier.iter().all(|(_, cells)| cells.contains(&cell)) {
                    continue;
                }
                let had = earlier.iter().filter(|(_, cells)| cells.contains(&cell));
                let versions: BTreeSet<String> = had
                    .map(|(digest, _)| digest_in(digest).to_owned())
                    .chain([own.clone()])
                    .collect();
                bounded.insert(cell, versions);
            }
        }
        self.reach = Reach((!bounded.is_empty()).then(|| Arc::new(bounded)));
        self
    }
}

/// The cells that a file declares, whatever else it says; none where it cannot be read.
#[must_use]
pub fn cells_of(source: &str) -> BTreeSet<(String, String, String)> {
    let (document, _) = DeTable::parse_recoverable(source);
    let Some(DeValue::Array(rows)) = document
        .get_ref()
        .get("processing")
        .map(toml::Spanned::get_ref)
    else {
        return BTreeSet::new();
    };
    let mut cells = BTreeSet::new();
    for row in rows {
        let DeValue::Table(row) = row.get_ref() else {
            continue;
        };
        let text = |key: &str| match row.get(key).map(toml::Spanned::get_ref) {
            Some(DeValue::String(text)) => Some(text.trim().to_owned()),
            _ => None,
        };
        let (Some(service), Some(purpose)) = (text("service"), text("purpose")) else {
            continue;
        };
        if let Some(DeValue::Array(categories)) = row.get("categories").map(toml::Spanned::get_ref)
        {
            for category in categories {
                if let DeValue::String(category) = category.get_ref() {
                    cells.insert((service.clone(), purpose.clone(), category.to_string()));
                }
            }
        }
    }
    cells
}

/// The first characters of a file's digest, of a whole digest or of a version.
fn digest_in(version: &str) -> &str {
    let digest = version
        .rsplit_once('+')
        .map_or(version, |(_, digest)| digest);
    digest.get(..8).unwrap_or(digest)
}

//! The fields of a document that a client writes for this house: all of them are known, and any other is refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use waarborg_usecase::Desk;

use super::super::error::Problem;
use super::super::names;
use super::fault::Fault;
use crate::protocol::may_be_said;
use crate::surfaces::FormFault;

/// The fields of a document, of which none is another than those that may stand there.
pub(super) struct Fields<'b>(BTreeMap<String, &'b RawValue>);

impl<'b> Fields<'b> {
    /// The fields of a body that was read strictly. No document at all lacks the first of them.
    ///
    /// # Errors
    ///
    /// [`Problem`] if it is no document, or has a field that is not `known`.
    pub(super) fn read(
        desk: &Desk,
        body: &'b [u8],
        known: &'static [&'static str],
    ) -> Result<Self, Problem> {
        let first = known.first().copied().unwrap_or_default();
        let no_document = |_| Problem::Form(FormFault::Field(first));
        let fields: BTreeMap<String, &'b RawValue> =
            serde_json::from_slice(body).map_err(no_document)?;
        match fields.keys().find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => {
                let finder = names(desk).finder;
                let name = may_be_said(finder, unknown).then(|| unknown.clone());
                Err(Fault::UnknownField { name, known }.into())
            }
            None => Ok(Self(fields)),
        }
    }

    /// A field as it is written.
    pub(super) fn raw(&self, name: &str) -> Option<&'b RawValue> {
        self.0.get(name).copied()
    }

    /// What a field says, if it is there and says anything.
    ///
    /// # Errors
    ///
    /// [`Problem`] names the field if it has another type.
    pub(super) fn said<T: Deserialize<'b>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Problem> {
        let wrong = |_| Problem::Form(FormFault::Field(name));
        match self.raw(name) {
            Some(raw) => serde_json::from_str(raw.get()).map_err(wrong),
            None => Ok(None),
        }
    }
}

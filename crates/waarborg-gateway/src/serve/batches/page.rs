//! A page of what providers keep for a key: each is asked about, so there are not many on it.

use futures_util::future::{BoxFuture, try_join_all};
use serde_json::Value;
use waarborg_usecase::batches;
use waarborg_usecase::ports::{KeptKind, KeptMap, KeptPart, ProviderError};

use super::super::error::Problem;
use super::Caller;
use super::fault;

/// So many are on a page at most.
const MOST: u32 = 20;

/// Which page is asked for.
pub(super) struct Page {
    pub(super) kind: KeptKind,
    pub(super) part: KeptPart,
    pub(super) limit: Option<u32>,
    /// Where the requests stand.
    pub(super) within: &'static str,
}

impl Page {
    /// What is on it, and whether there is more.
    pub(super) async fn kept(&self, caller: &Caller) -> Result<(Vec<KeptMap>, bool), Problem> {
        let n = self.limit.unwrap_or(MOST).clamp(1, MOST);
        let listing = batches::list(&caller.desk, &caller.key, self.kind, self.part, n + 1);
        let mut kept = listing
            .await
            .map_err(|error| fault::problem(error, self.within))?;
        let has_more = kept.len() > n as usize;
        if has_more {
            // The one too many is the farthest from where the page begins.
            match self.part {
                KeptPart::Before(_) => drop(kept.remove(0)),
                KeptPart::First | KeptPart::After(_) => kept.truncate(n as usize),
            }
        }
        Ok((kept, has_more))
    }
}

/// How each of them stands. What is gone at its provider is not shown as if it were not.
pub(super) async fn shown<'k>(
    kept: &'k [KeptMap],
    show: impl Fn(&'k KeptMap) -> BoxFuture<'k, Result<Vec<u8>, Problem>>,
) -> Result<Vec<Value>, Problem> {
    let showing = kept.iter().map(|kept| {
        let showing = show(kept);
        async move {
            match showing.await {
                Ok(document) => Ok(serde_json::from_slice::<Value>(&document).ok()),
                Err(Problem::Provider(ProviderError::Refused { status: 404, .. })) => Ok(None),
                Err(problem) => Err(problem),
            }
        }
    });
    let shown = try_join_all(showing).await?;
    Ok(shown.into_iter().flatten().collect())
}

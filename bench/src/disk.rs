//! What the disk can do: the floor under everything that must be kept before it is acknowledged.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::Trail;

use crate::Outcome;

/// Appends of 4 kB that each reached the disk, in a second.
pub(crate) fn syncs(folder: &Path, span: Duration) -> Outcome<f64> {
    let path = folder.join("waarborg-bench-sync");
    let mut file = File::create(&path)?;
    let page = [7_u8; 4096];
    let started_at = Instant::now();
    let mut n_syncs = 0_u32;
    while started_at.elapsed() < span {
        file.write_all(&page)?;
        file.sync_data()?;
        n_syncs += 1;
    }
    let rate = f64::from(n_syncs) / started_at.elapsed().as_secs_f64();
    std::fs::remove_file(&path)?;
    Ok(rate)
}

/// Audit entries that reached the disk, in a second: one after the other, and `crowd` at once.
pub(crate) async fn entries(folder: &Path, crowd: usize, span: Duration) -> Outcome<(f64, f64)> {
    let settings = Settings::in_folder(&folder.join("bench-archive"));
    let archive = Arc::new(tokio::task::spawn_blocking(move || Archive::open(settings)).await??);
    let alone = appends(&archive, 1, span).await?;
    let together = appends(&archive, crowd, span).await?;
    Ok((alone, together))
}

async fn appends(archive: &Arc<Archive>, writers: usize, span: Duration) -> Outcome<f64> {
    let started_at = Instant::now();
    let mut writing = tokio::task::JoinSet::new();
    for _ in 0..writers {
        let archive = Arc::clone(archive);
        writing.spawn(async move {
            let mut n_entries = 0_u32;
            while started_at.elapsed() < span {
                let at = std::time::SystemTime::now().try_into()?;
                archive
                    .record(Entry::new(at, Actor::House, Act::AuditVerified))
                    .await?;
                n_entries += 1;
            }
            Outcome::Ok(n_entries)
        });
    }
    let mut n_entries = 0.0;
    while let Some(written) = writing.join_next().await {
        n_entries += f64::from(written??);
    }
    Ok(n_entries / started_at.elapsed().as_secs_f64())
}

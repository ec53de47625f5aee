//! The contract of the store, run on SQLite and on a real PostgreSQL; and what only a disk can show.

#[cfg(test)]
mod canary;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod disk_full;
#[cfg(test)]
#[cfg(unix)]
mod every_step;
#[cfg(test)]
mod house;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod mirror;
#[cfg(test)]
mod orphans;
#[cfg(test)]
mod reconnect;
#[cfg(test)]
mod restore;
#[cfg(test)]
mod tamper;

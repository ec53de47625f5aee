//! The binary: settings, wiring, schedule, command line.

fn main() {}

//! An event stream reads the same however it is cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waarborg_gateway::sse::SseReader;

fuzz_target!(|input: (u8, &[u8])| {
    let (step, stream) = input;
    let mut whole = Vec::new();
    let at_once = SseReader::new(1 << 20).push(stream, &mut whole);

    let mut pieces = Vec::new();
    let mut reader = SseReader::new(1 << 20);
    let in_pieces = stream
        .chunks(usize::from(step).max(1))
        .try_for_each(|piece| reader.push(piece, &mut pieces));

    if at_once.is_ok() && in_pieces.is_ok() {
        assert!(whole == pieces);
    }
});

//! PDF: any objects, any content of a page, any font and table of letters.
#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;
#[path = "frame.rs"]
mod frame;

static FRAME: Once = Once::new();

fuzz_target!(|data: &[u8]| {
    FRAME.call_once(|| {
        let letters = b"begincmap 1 beginbfchar <0041> <0045> endbfchar endcmap";
        frame::is_read(&document(b"BT /F 12 Tf <0041> Tj ET", letters), "E");
    });
    let Some((which, data)) = data.split_first() else {
        return;
    };
    if which % 2 == 0 {
        return checked_file::check(&[HEAD, data].concat());
    }
    let mut pieces = data.splitn(2, |byte| *byte == 0xff);
    let (content, letters) = (pieces.next().unwrap_or_default(), pieces.next().unwrap_or_default());
    checked_file::check(&document(content, letters));
});

const HEAD: &[u8] = b"%PDF-1.7\n";

/// A page with this content, a font with this table of letters, and a form with the same bytes.
fn document(content: &[u8], letters: &[u8]) -> Vec<u8> {
    let mut file = HEAD.to_vec();
    let mut starts = Vec::new();
    let mut add = |file: &mut Vec<u8>, number: usize, object: &[&[u8]]| {
        starts.push((number, file.len()));
        file.extend(format!("{number} 0 obj\n").as_bytes());
        file.extend(object.concat());
        file.extend(b"\nendobj\n");
    };
    add(&mut file, 1, &[b"<</Type/Catalog/Pages 2 0 R>>"]);
    add(&mut file, 2, &[b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]);
    add(&mut file, 3, &[b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 7 0 R>>>>>>"]);
    for (number, kind, content) in [(4, "", content), (6, "", letters), (7, "/Subtype/Form", letters)] {
        let head = format!("<<{kind}/Length {}>>stream\n", content.len());
        add(&mut file, number, &[head.as_bytes(), content, b"\nendstream"]);
    }
    add(&mut file, 5, &[b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/ToUnicode 6 0 R>>"]);
    starts.sort_unstable();
    let table = file.len();
    file.extend(b"xref\n0 8\n0000000000 65535 f \n");
    for (_, start) in starts {
        file.extend(format!("{start:010} 00000 n \n").as_bytes());
    }
    file.extend(format!("trailer<</Root 1 0 R/Size 8>>\nstartxref\n{table}\n%%EOF").as_bytes());
    file
}

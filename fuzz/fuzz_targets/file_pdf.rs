//! PDF: any objects, any content of a page, any font and table of letters.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else {
        return;
    };
    let mut file = b"%PDF-1.7\n".to_vec();
    if which % 2 == 0 {
        file.extend(data);
    } else {
        let mut pieces = data.splitn(2, |byte| *byte == 0xff);
        let (content, letters) = (pieces.next().unwrap_or_default(), pieces.next().unwrap_or_default());
        file.extend(
            b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj \
              3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 7 0 R>>>>>>endobj \
              5 0 obj<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>endobj\n",
        );
        for (number, kind, content) in [(4, "", content), (6, "", letters), (7, "/Subtype/Form", letters)] {
            file.extend(format!("{number} 0 obj<<{kind}/Length {}>>stream\n", content.len()).as_bytes());
            file.extend(content);
            file.extend(b"\nendstream endobj\n");
        }
        file.extend(b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF");
    }
    checked_file::check(&file);
});

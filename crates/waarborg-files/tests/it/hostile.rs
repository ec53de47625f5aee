//! Files that want to hurt: each ends soon, with what it hides or with a gap.

use proptest::prelude::*;
use waarborg_files::{Limits, Reason, STACK_BYTES, read, strip_metadata};

use crate::builders::{docx, flate_stream, pdf, pdf_page, stream, zip, zlib};
use crate::look;

/// Checks that a file has a gap, and for one of these reasons.
fn check(file: &[u8], reasons: &[Reason]) {
    let found = look(file);
    assert!(
        found
            .gaps
            .iter()
            .any(|(_, reason)| reasons.contains(reason)),
        "{:?}",
        found.gaps
    );
}

#[test]
fn archives_that_swell_are_cut_off() {
    let zeros = vec![b' '; 80 * 1024 * 1024];
    check(&zip(&[("a.txt", &zeros)]), &[Reason::TooMuch]);
    let document = docx(&" ".repeat(70 * 1024 * 1024), &[]);
    check(&document, &[Reason::TooMuch]);
    let mut nested = b"Jan".to_vec();
    for _ in 0..9 {
        nested = zip(&[("a.zip", &nested), ("b.zip", &nested)]);
    }
    check(&nested, &[Reason::TooDeep]);
    let many: Vec<(String, &[u8])> = (0..20_000)
        .map(|number| (format!("f{number}"), &b""[..]))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, content)| (name.as_str(), *content))
        .collect();
    check(&zip(&many), &[Reason::TooMuch]);
}

#[test]
fn archives_that_lie_are_said() {
    let good = zip(&[("a.txt", b"Jan de Vries woont hier al lang")]);
    check(&good[..good.len() - 30], &[Reason::Damaged]);
    let mut wrong_checksum = good.clone();
    wrong_checksum[14] ^= 1;
    let at = wrong_checksum
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    wrong_checksum[at + 16] ^= 1;
    check(&wrong_checksum, &[Reason::Damaged]);
    let mut locked = good.clone();
    locked[at + 8] |= 1;
    check(&locked, &[Reason::Encrypted]);
    let mut unknown = good;
    unknown[at + 10] = 14;
    check(&unknown, &[Reason::Unsupported]);
}

#[test]
fn an_entry_that_the_list_does_not_name_is_said() {
    let hidden = zip(&[("geheim.txt", b"Karim")]);
    let end = hidden
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    let mut file = hidden[..end].to_vec();
    file.extend(zip(&[("a.txt", b"hoi")]));
    check(&file, &[Reason::Damaged]);
}

#[test]
fn an_entry_that_is_there_twice_is_read_twice() {
    let file = zip(&[
        ("word/document.xml", b"<w><p><t>veilig</t></p></w>"),
        ("word/document.xml", b"<w><p><t>Karim Vos</t></p></w>"),
    ]);
    let found = look(&file);
    assert!(found.text.as_str().contains("veilig") && found.text.as_str().contains("Karim Vos"));
}

#[test]
fn definitions_in_a_document_are_not_expanded() {
    let laughs =
        "<!DOCTYPE x [<!ENTITY a \"Jan de Vries\"><!ENTITY b \"&a;&a;\">]><w><p><t>&b;</t></p></w>";
    let file = zip(&[("word/document.xml", laughs.as_bytes())]);
    check(&file, &[Reason::Reference]);
    assert!(look(&file).text.as_str().contains("Jan de Vries"));
    check(&docx(&"<w:p>".repeat(60_000), &[]), &[Reason::TooDeep]);
}

#[test]
fn a_mail_of_mails_of_mails_ends() {
    let mut message = String::new();
    for _ in 0..50_000 {
        message.push_str("Content-Type: message/rfc822\r\nMIME-Version: 1.0\r\n\r\n");
    }
    check(message.as_bytes(), &[Reason::TooDeep]);
    let mut parts = "MIME-Version: 1.0\r\n".to_owned();
    for number in 0..5_000 {
        parts +=
            &format!("Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}\r\n");
    }
    check(parts.as_bytes(), &[Reason::TooDeep, Reason::Damaged]);
    let many = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned()
        + &"--b\r\n\r\nx\r\n".repeat(60_000);
    check(many.as_bytes(), &[Reason::TooMuch]);
    check(
        b"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIIB",
        &[Reason::Encrypted],
    );
}

#[test]
fn what_never_ends_takes_no_more_time_than_its_length() {
    let words = format!(
        "MIME-Version: 1.0\r\nFrom: a\r\nSubject: {}\r\n\r\nx",
        "=?a?q?b".repeat(100_000)
    );
    assert!(look(words.as_bytes()).text.as_str().ends_with('x'));

    let listed = "<sheet name='a' r:id='r'/>".repeat(20_000);
    let workbook = format!("<w xmlns:r='r'>{listed}</w>");
    let sheets = zip(&[
        ("xl/workbook.xml", workbook.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            b"<R><Relationship Id='r' Target='nowhere.xml'/></R>",
        ),
    ]);
    check(&sheets, &[Reason::TooMuch]);

    let table = "<01> <0041> ".repeat(40_000);
    let fonts = pdf_page(
        &b"/F2 1 Tf ".repeat(100_000),
        "/X 1>>/Resources<</Font<</F2<</Type/Font/Subtype/Type1/ToUnicode 7 0 R>>>>",
        &[flate_stream(
            "",
            format!("100 beginbfchar {table} endbfchar").as_bytes(),
        )],
    );
    check(&fonts, &[Reason::TooMuch]);
}

#[test]
fn a_pdf_that_swells_is_cut_off() {
    let zeros = vec![b'q'; 40 * 1024 * 1024];
    let bomb = flate_stream("", &zeros);
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_vec(),
        bomb,
    ];
    check(&pdf(&objects), &[Reason::TooMuch, Reason::Damaged]);
    objects[3] = stream("/Filter[/FlateDecode/FlateDecode]", &zlib(&zlib(&zeros)));
    check(&pdf(&objects), &[Reason::TooMuch, Reason::Damaged]);
    objects[3] = stream(
        &format!("/Filter[{}]", "/ASCIIHexDecode".repeat(200)),
        b"42>",
    );
    check(&pdf(&objects), &[Reason::TooMuch, Reason::Damaged]);
}

#[test]
fn a_pdf_that_draws_itself_ends() {
    let form = stream(
        "/Type/XObject/Subtype/Form/Resources<</XObject<</X 7 0 R>>>>",
        &b"/X Do ".repeat(50),
    );
    let file = pdf_page(b"/X Do", "/XObject<</X 7 0 R>>", &[form]);
    check(&file, &[Reason::TooMuch]);
}

#[test]
fn pdfs_in_circles_and_in_pieces_are_said() {
    check(
        b"%PDF-1.4\ntrailer<</Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
        &[Reason::Damaged],
    );
    check(b"%PDF-1.4\n1 0 obj<</Type/Catalog", &[Reason::Damaged]);
    let circle = pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>".to_vec(),
    ]);
    check(&circle, &[Reason::Damaged, Reason::TooMuch]);
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    let deep = pdf(&[format!("<</Type/Catalog/Pages 2 0 R/X {deep}>>").into_bytes()]);
    on_small_stack(move || check(&deep, &[Reason::Damaged, Reason::TooDeep]));
}

/// Half of what callers give it.
fn on_small_stack(look: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(STACK_BYTES / 2)
        .spawn(look)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn a_file_that_says_it_is_something_else_is_what_it_is() {
    let polyglot = [
        b"%PDF-1.4\n<script>".to_vec(),
        docx("<w:p><w:t>BSN 111222333</w:t></w:p>", &[]),
    ]
    .concat();
    let found = look(&polyglot);
    assert!(found.text.as_str().contains("111222333"));
    assert!(found.reasons().contains(&Reason::Damaged));
    check(
        &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 600]].concat(),
        &[Reason::Unsupported],
    );
    let name: Vec<u8> = "EncryptedPackage"
        .bytes()
        .flat_map(|byte| [byte, 0])
        .collect();
    check(
        &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), name].concat(),
        &[Reason::Encrypted],
    );
    check(
        &(0..=255).collect::<Vec<u8>>().repeat(8),
        &[Reason::Unsupported],
    );
}

#[test]
fn a_picture_of_ten_thousand_million_pixels_is_handed_to_nobody() {
    struct Nobody;
    impl waarborg_files::PictureReader for Nobody {
        fn letters(&mut self, _: &[u8]) -> Option<String> {
            panic!("too large to look at")
        }
    }
    let mut flood = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    flood.extend(100_000_u32.to_be_bytes().repeat(2));
    flood.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    let mut read = read(None, &flood, &Limits::default());
    read.read_pictures(&mut Nobody);
    let gaps = read.whole().unwrap_err().0;
    assert!(gaps.iter().all(|gap| gap.reason == Reason::TooMuch));
}

/// One small file of every kind, to be cut and bent.
fn samples() -> Vec<Vec<u8>> {
    let sheet = zip(&[
        (
            "xl/workbook.xml",
            b"<w xmlns:r='r'><sheet name='a' r:id='1'/></w>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            b"<w><row r='1'><c r='A1'><v>1</v></c></row></w>",
        ),
    ]);
    vec![
        docx("<w:p><w:r><w:t>Jan</w:t></w:r></w:p>", &[("word/comments.xml", "<c><t>a</t></c>")]),
        sheet,
        zip(&[("content.xml", b"<a><table name='x'><table-row><table-cell><p>x</p></table-cell></table-row></table></a>")]),
        pdf_page(b"BT /F1 12 Tf 50 700 Td (Jan) Tj ET", "", &[flate_stream("/Subtype/Form", b"BT (x) Tj ET")]),
        b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--".to_vec(),
        b"<!doctype html><p title=x>Jan<!-- a --><script>1</script><a href='data:text/plain;base64,SmFu'>".to_vec(),
        b"{\\rtf1{\\info{\\author Jan}}a\\'e9\\u233?{\\pict\\pngblip 89504e470d0a1a0a}}".to_vec(),
        b"GIF89a\x09\0\x09\0\0\0\0\x21\xfe\x03Jan\0\x3b".to_vec(),
        b"II*\0\x08\0\0\0\x01\0\x3b\x01\x02\0\x04\0\0\0Jan\0\0\0\0\0".to_vec(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_bent_file_breaks_nothing(
        which in 0..9_usize,
        cut in 0.0..1.0_f64,
        bends in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 0..6),
    ) {
        let mut file = samples()[which].clone();
        let length = file.len();
        for (at, byte) in bends {
            file[((length as f64) * at) as usize] = byte;
        }
        if cut > 0.7 {
            file.truncate(((length as f64) * cut) as usize);
        }
        let (text, gaps) = read(None, &file, &Limits::default()).with_gaps();
        prop_assert!(gaps.iter().all(|gap| gap.reason != Reason::Failed), "{:?}", gaps);
        for (_, range) in text.parts() {
            prop_assert!(text.as_str().get(range).is_some());
        }
        let _ = strip_metadata(&file);
    }
}

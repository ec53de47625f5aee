//! What is read of each kind, and where it stands.

use waarborg_files::{FileKind, Limits, PictureReader, Reason, read};

use crate::builders::{docx, flate_stream, pdf_page, stream, zip};
use crate::look;

#[test]
fn a_word_document_is_read_with_everything_around_its_body() {
    let file = docx(
        "<w:p><w:r><w:t>1112</w:t></w:r><w:r><w:t>22333</w:t></w:r></w:p>\
         <w:p><w:del w:author=\"Jan Jansen\"><w:r><w:delText>Karim weg</w:delText></w:r></w:del></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Naam</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>BSN</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>verborgen Els</w:t></w:r></w:p>",
        &[
            (
                "word/comments.xml",
                "<w:comments xmlns:w='w'><w:comment w:author='Piet Bos'><w:p><w:r><w:t>bel Mo</w:t></w:r></w:p></w:comment></w:comments>",
            ),
            (
                "word/footnotes.xml",
                "<w:footnotes xmlns:w='w'><w:footnote><w:p><w:r><w:t>noot Ali</w:t></w:r></w:p></w:footnote></w:footnotes>",
            ),
            (
                "word/header1.xml",
                "<w:hdr xmlns:w='w'><w:p><w:r><w:t>kop Eva</w:t></w:r></w:p></w:hdr>",
            ),
            (
                "docProps/core.xml",
                "<p><creator>Fatima Bakker</creator></p>",
            ),
            (
                "docProps/custom.xml",
                "<P><property name='Klant'><lpwstr>Dirk Vos</lpwstr></property></P>",
            ),
            (
                "word/_rels/document.xml.rels",
                "<R><Relationship Target='mailto:bea@example.org' TargetMode='External'/></R>",
            ),
            ("customXml/item1.xml", "<a><b>Cor Smit</b></a>"),
        ],
    );
    let found = look(&file);
    assert!(found.gaps.is_empty(), "{:?}", found.gaps);
    assert!(found.text.as_str().contains("Naam\tBSN"));
    for (text, place) in [
        ("111222333", "paragraph 1"),
        ("Karim weg", "deleted text"),
        ("Jan Jansen", "comment"),
        ("verborgen Els", "paragraph 4"),
        ("Piet Bos", "comment"),
        ("bel Mo", "comment"),
        ("noot Ali", "footnote"),
        ("kop Eva", "page header or footer"),
        ("Fatima Bakker", "property creator"),
        ("Dirk Vos", "property Klant"),
        ("mailto:bea", "link"),
        ("Cor Smit", "part customXml/item1.xml"),
    ] {
        assert_eq!(found.place(text), place, "{text}");
    }
}

#[test]
fn a_workbook_is_read_with_hidden_sheets_dates_and_columns_in_order() {
    let file = zip(&[
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r='r'><sheets><sheet name='Leden' sheetId='1' r:id='r1'/><sheet name='Geheim' state='veryHidden' r:id='r2'/></sheets>\
              <definedNames><definedName name='x'>\"Mo Aksoy\"</definedName></definedNames></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<R><Relationship Id='r1' Target='worksheets/sheet1.xml'/><Relationship Id='r2' Target='/xl/worksheets/sheet2.xml'/></R>",
        ),
        (
            "xl/sharedStrings.xml",
            b"<sst><si><t>Naam</t></si><si><r><t>Jan </t></r><r><t>Bos</t></r></si><si><t>Geboren</t></si></sst>",
        ),
        (
            "xl/styles.xml",
            b"<s><numFmts><numFmt numFmtId='170' formatCode='000000000'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/></cellXfs></s>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><cols><col min='4' max='4' hidden='1'/></cols><sheetData>\
              <row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>2</v></c><c r='D1' t='inlineStr'><is><t>BSN</t></is></c></row>\
              <row r='2'><c r='A2' t='s'><v>1</v></c><c r='C2' s='1'><v>29358</v></c><c r='D2' s='2'><v>10464554</v></c></row>\
              </sheetData><headerFooter><oddHeader>&amp;LLijst Visser</oddHeader></headerFooter></worksheet>",
        ),
        ("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row r='3'><c r='B3' t='str'><f>CONCAT(\"Piet\",\" Hein\")</f><v>Piet Hein</v></c></row></sheetData></worksheet>"),
        ("xl/comments1.xml", b"<c><authors><author>Els Bos</author></authors><commentList><comment><text><r><t>ziek</t></r></text></comment></commentList></c>"),
    ]);
    let found = look(&file);
    assert!(found.gaps.is_empty(), "{:?}", found.gaps);
    assert!(
        found
            .text
            .as_str()
            .contains("Naam\t\tGeboren\tBSN\nJan Bos\t\t17-05-1980\t010464554")
    );
    for (text, place) in [
        ("Jan Bos", "sheet Leden, cell A2"),
        ("010464554", "sheet Leden (hidden), cell D2"),
        ("Piet Hein", "sheet Geheim (hidden), cell B3"),
        ("Mo Aksoy", "part xl/workbook.xml"),
        ("Lijst Visser", "sheet Leden"),
        ("Els Bos", "comment"),
        ("ziek", "comment"),
    ] {
        assert_eq!(found.place(text), place, "{text}");
    }
}

#[test]
fn slides_and_their_notes_are_read() {
    let file = zip(&[
        ("ppt/slides/slide2.xml", b"<p><p:txBody xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>Klant Jan Bos</a:t></a:r></a:p></p:txBody></p>"),
        ("ppt/notesSlides/notesSlide2.xml", b"<p xmlns:a='a'><a:p><a:r><a:t>bel Els</a:t></a:r></a:p></p>"),
        ("ppt/media/image1.wmf", b"\xd7\xcd\xc6\x9a\0\0\0\0\0\0"),
    ]);
    let found = look(&file);
    assert_eq!(found.place("Jan Bos"), "slide 2");
    assert_eq!(found.place("bel Els"), "slide 2, notes");
    assert_eq!(found.reasons(), [Reason::Unsupported]);
}

#[test]
fn open_documents_are_read_with_comments_and_changes() {
    let file = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        (
            "content.xml",
            b"<o:d xmlns:o='o' xmlns:t='t' xmlns:x='x' xmlns:dc='dc'><t:tracked-changes><t:p>weg Karim</t:p></t:tracked-changes>\
              <t:p>Jan<t:s t:c='2'/>Bos<o:annotation><dc:creator>Els Vos</dc:creator><t:p>klopt dit?</t:p></o:annotation> en verder</t:p>\
              <x:table x:name='Leden'><x:table-row><x:table-cell><t:p>Naam</t:p></x:table-cell><x:table-cell x:number-columns-repeated='1000000'/></x:table-row>\
              <x:table-row x:number-rows-repeated='1000000'><x:table-cell><t:p>Mo Aksoy</t:p></x:table-cell><x:table-cell x:number-columns-repeated='2'/><x:table-cell><t:p>Almere</t:p></x:table-cell></x:table-row></x:table></o:d>",
        ),
        ("meta.xml", b"<m><initial-creator>Fatima Bakker</initial-creator></m>"),
    ]);
    let found = look(&file);
    assert!(found.gaps.is_empty(), "{:?}", found.gaps);
    for (text, place) in [
        ("weg Karim", "deleted text"),
        ("Els Vos", "comment"),
        ("klopt dit?", "comment"),
        ("en verder", "paragraph 2"),
        ("Mo Aksoy", "sheet Leden, cell A2"),
        ("Almere", "sheet Leden, cell D2"),
        ("Fatima Bakker", "property initial-creator"),
    ] {
        assert_eq!(found.place(text), place, "{text}");
    }
}

#[test]
fn a_locked_open_document_is_said() {
    let file = zip(&[
        ("META-INF/manifest.xml", b"<m><encryption-data/></m>"),
        ("content.xml", b"\x93\x81"),
    ]);
    assert!(look(&file).reasons().contains(&Reason::Encrypted));
}

#[test]
fn a_message_is_read_with_headers_parts_attachments_and_what_stands_between() {
    let inner = zip(&[("lijst.csv", b"naam;bsn\nMo Aksoy;111222333\n")]);
    let packed: String = inner.iter().fold(String::new(), |packed, byte| {
        packed + &format!("={byte:02X}")
    });
    let message = format!(
        "From: =?utf-8?q?Ren=C3=A9?= <r@example.org>\r\nSubject: hoi\r\n Jan\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\nvooraf Karim\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\nBSN 1112=\r\n22333 =E9\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
         --c\r\nContent-Type: text/html\r\n\r\n<p title='Els Bos'>J<b>a</b>n</p>\r\n--c--\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         To: piet@example.org\r\n\r\nbinnen Eva\r\n--b\r\nContent-Type: application/zip; name=x\r\nContent-Disposition: attachment; filename*=utf-8''cli%C3%ABnten.zip\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n{packed}\r\n--b--\r\nachteraf Dirk\r\n"
    );
    let found = look(message.as_bytes());
    assert!(found.gaps.is_empty(), "{:?}", found.gaps);
    for (text, place) in [
        ("René <r@example.org>", "header From"),
        ("hoi Jan", "header Subject"),
        ("vooraf Karim", "hidden text"),
        ("BSN 111222333 é", "line 1"),
        ("Els Bos", "attribute title"),
        ("piet@example.org", "message › header To"),
        ("binnen Eva", "message › line 1"),
        ("cliënten.zip", "cliënten.zip › the name of the file"),
        ("Mo Aksoy", "cliënten.zip › lijst.csv › line 2"),
        ("achteraf Dirk", "hidden text"),
    ] {
        assert_eq!(found.place(text), place, "{text}");
    }
}

#[test]
fn a_pdf_is_read_in_lines_and_cells_with_notes_properties_and_attachments() {
    let content = b"BT /F1 12 Tf 50 700 Td [(1112)-5(22333)] TJ 0 -20 Td (Ren\\351e) Tj ET \
                    BT /F1 12 Tf 50 600 Td (Naam) Tj 200 0 Td (IBAN) Tj ET BT 3 Tr 1 0 0 1 50 500 Tm (onzichtbaar Els) Tj ET";
    let file = pdf_page(
        content,
        "",
        &[
            flate_stream("/Type/EmbeddedFile", b"naam;bsn\nMo Aksoy;1\n"),
            b"<</Type/Annot/Subtype/Text/Contents(vraag Piet)/T(\xfe\xff\0E\0v\0a)>>".to_vec(),
            stream(
                "/Type/Metadata/Subtype/XML",
                b"<x><creator>Dirk Vos</creator></x>",
            ),
            flate_stream("", b"BT /F9 9 Tf 10 10 Td (pagina weg) Tj ET"),
        ],
    );
    let found = look(&file);
    assert!(
        found
            .text
            .as_str()
            .contains("111222333\nRenée\nNaam\tIBAN\nonzichtbaar Els"),
        "{}",
        found.text.as_str()
    );
    for (text, place) in [
        ("Renée", "page 1"),
        ("Fatima Bakker", "property Author"),
        ("Mo Aksoy", "attachment › line 2"),
        ("vraag Piet", "part document"),
        ("Eva", "part document"),
        ("Dirk Vos", "part object 9"),
    ] {
        assert_eq!(found.place(text), place, "{text}");
    }
    // A page that was taken out has no font left to say what its codes mean.
    assert_eq!(
        found.gaps,
        [("part object 10".to_owned(), Reason::Undecodable)]
    );
}

#[test]
fn letters_that_a_font_gives_no_meaning_are_said() {
    let file = pdf_page(
        b"BT /F2 12 Tf 50 700 Td <00030004> Tj ET",
        "/ProcSet[]",
        &[b"<<>>".to_vec()],
    );
    assert_eq!(look(&file).reasons(), [Reason::Undecodable]);
}

#[test]
fn a_scanned_page_is_a_picture_and_a_reader_of_pictures_reads_it() {
    struct Letters;
    impl PictureReader for Letters {
        fn letters(&mut self, picture: &[u8]) -> Option<String> {
            assert!(picture.starts_with(b"P5\n20 20\n255\n"));
            Some("BSN 111222333".to_owned())
        }
    }
    let picture = flate_stream(
        "/Type/XObject/Subtype/Image/Width 20/Height 20/BitsPerComponent 8/ColorSpace/DeviceGray",
        &[255; 400],
    );
    let file = pdf_page(
        b"q 500 0 0 700 0 0 cm /I1 Do Q",
        "/XObject<</I1 7 0 R>>",
        &[picture],
    );
    assert_eq!(look(&file).gaps, [("page 1".to_owned(), Reason::Picture)]);
    let mut read = read(None, &file, &Limits::default());
    read.read_pictures(&mut Letters);
    let text = read.whole().unwrap();
    let at = text.as_str().find("111222333").unwrap();
    assert_eq!(text.place_at(at).unwrap().to_string(), "page 1");
}

#[test]
fn what_a_document_was_before_it_was_saved_again_is_read() {
    let mut file = pdf_page(b"BT /F1 12 Tf 50 700 Td (oud: Karim Vos) Tj ET", "", &[]);
    let start = file.len();
    file.extend(b"4 0 obj\n");
    file.extend(stream("", b"BT /F1 12 Tf 50 700 Td (nieuw) Tj ET"));
    file.extend(b"\nendobj\n");
    let table = file.len();
    let previous = file
        .windows(4)
        .position(|window| window == b"xref")
        .unwrap();
    file.extend(
        format!("xref\n4 1\n{start:010} 00000 n \ntrailer<</Size 7/Root 1 0 R/Info 6 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n")
            .as_bytes(),
    );
    let found = look(&file);
    assert_eq!(found.place("nieuw"), "page 1");
    assert_eq!(found.place("Karim Vos"), "earlier version 1");
}

#[test]
fn what_is_written_about_a_picture_is_read() {
    let mut file = vec![0xff, 0xd8];
    let mut segment = |marker: u8, body: &[u8]| {
        file.extend([0xff, marker]);
        file.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        file.extend(body);
    };
    // One field: Artist, thirteen letters, behind the list.
    segment(
        0xe1,
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02\0\0\0\x0d\0\0\0\x1a\0\0\0\0Fatima Vos \0\0",
    );
    segment(
        0xe1,
        b"http://ns.adobe.com/xap/1.0/\0<x><creator>Els Bos</creator></x>",
    );
    segment(
        0xed,
        b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x50\0\x08Mo Aksoy",
    );
    segment(0xfe, b"foto van Jan");
    segment(0xc0, &[8, 0, 90, 0, 90, 1, 1, 0x11, 0]);
    file.extend([0xff, 0xda, 0, 2, 0xff, 0xd9]);
    let found = look(&file);
    for (text, place) in [
        ("Fatima Vos", "property Artist"),
        ("Els Bos", "property XMP"),
        ("Mo Aksoy", "property IPTC 80"),
        ("foto van Jan", "property comment"),
    ] {
        assert_eq!(found.place(text), place, "{text}");
    }
    assert_eq!(found.reasons(), [Reason::Picture]);
}

#[test]
fn the_name_is_read_and_does_not_decide() {
    let read = read(Some("ontslag Jan de Vries.pdf"), b"hoi", &Limits::default());
    assert_eq!(read.kind(), FileKind::Text);
    assert!(read.whole().unwrap().as_str().contains("Jan de Vries"));
}

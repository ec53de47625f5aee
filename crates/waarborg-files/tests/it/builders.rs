//! Makes small files of every kind.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

/// A ZIP archive of these entries, packed.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut list = Vec::new();
    for (name, content) in entries {
        let mut press = DeflateEncoder::new(Vec::new(), Compression::best());
        press.write_all(content).unwrap();
        let packed = press.finish().unwrap();
        let mut checksum = flate2::Crc::new();
        checksum.update(content);
        let sizes = [checksum.sum(), number(packed.len()), number(content.len())];
        let offset = number(file.len());
        file.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0");
        for size in sizes {
            file.extend(size.to_le_bytes());
        }
        file.extend(short(name.len()));
        file.extend([0, 0]);
        file.extend(name.as_bytes());
        file.extend(&packed);
        list.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
        for size in sizes {
            list.extend(size.to_le_bytes());
        }
        list.extend(short(name.len()));
        list.extend([0; 12]);
        list.extend(offset.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let offset = number(file.len());
    file.extend(&list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(short(entries.len()));
    file.extend(short(entries.len()));
    file.extend(number(list.len()).to_le_bytes());
    file.extend(offset.to_le_bytes());
    file.extend([0, 0]);
    file
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap()
}

fn short(n: usize) -> [u8; 2] {
    u16::try_from(n).unwrap().to_le_bytes()
}

/// A Word document with this body, and other parts.
pub(crate) fn docx(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"
    );
    let mut entries = vec![("word/document.xml", document.as_bytes())];
    entries.extend(
        others
            .iter()
            .map(|(name, content)| (*name, content.as_bytes())),
    );
    zip(&entries)
}

/// A PDF of objects numbered from one; the first is the catalogue.
pub(crate) fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", number + 1).as_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").as_bytes());
    }
    file.extend(
        format!(
            "trailer<</Size {}/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .as_bytes(),
    );
    file
}

/// A PDF of one page with this content; objects seven and on are yours.
pub(crate) fn pdf_page(content: &[u8], resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>{resources}>>>>"
        )
        .into_bytes(),
        stream("", content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
        b"<</Author(Fatima Bakker)>>".to_vec(),
    ];
    objects.extend(more.iter().cloned());
    pdf(&objects)
}

pub(crate) fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut object = format!("<</Length {}{dictionary}>>stream\n", content.len()).into_bytes();
    object.extend(content);
    object.extend(b"\nendstream");
    object
}

pub(crate) fn flate_stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    stream(&format!("/Filter/FlateDecode{dictionary}"), &zlib(content))
}

pub(crate) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut press = ZlibEncoder::new(Vec::new(), Compression::best());
    press.write_all(content).unwrap();
    press.finish().unwrap()
}

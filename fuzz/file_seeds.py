"""Seeds for the targets that read files: small, one construct or two each, with the choice of the target before them."""
import email.message
import io
import struct
import zipfile
import zlib

WORD = [
    "<w:document><w:body><w:p><w:r><w:t>Jan de Boer</w:t><w:tab/><w:t>06 12345678</w:t></w:r></w:p></w:body></w:document>",
    "<w:p><w:del><w:r><w:delText>Els</w:delText></w:r></w:del><w:ins><w:t>Eva</w:t></w:ins><w:noBreakHyphen/><w:br/></w:p>",
    "<w:tbl><w:tr><w:tc><w:p><w:t>naam</w:t></w:p></w:tc><w:tc><w:p><w:t>Ali</w:t></w:p></w:tc></w:tr></w:tbl>",
    "<w:p><w:r><w:instrText>HYPERLINK mailto:a@b.nl</w:instrText></w:r><w:hyperlink r:id='r1'><w:t>hier</w:t></w:hyperlink></w:p>",
    "<w:p><mc:AlternateContent><mc:Fallback><w:t>x</w:t></mc:Fallback></mc:AlternateContent><wp:docPr descr='Els' title='t'/></w:p>",
]
COMMENTS = "<w:comments><w:comment w:author='Els' w:initials='E' w:date='2026-01-01'><w:p><w:t>bel haar</w:t></w:p></w:comment></w:comments>"
CORE = "<cp:coreProperties><dc:creator>Els</dc:creator><cp:lastModifiedBy>Jan</cp:lastModifiedBy><dc:title>t</dc:title></cp:coreProperties>"
RELATIONS = "<Relationships><Relationship Id='r1' Target='mailto:els@x.nl' TargetMode='External'/></Relationships>"
SHEET = [
    "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1'><v>111222333</v></c></row></sheetData></worksheet>",
    "<row hidden='1'><c r='A2' t='inlineStr'><is><t>Els</t></is></c><c r='C2' t='str'><f>A2&amp;1</f><v>x</v></c></row>",
    "<cols><col min='1' max='2' hidden='1'/></cols><row><c s='1'><v>45000.5</v></c><c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c></row>",
    "<dataValidation promptTitle='p' prompt='q' error='e'><formula1>\"a,b\"</formula1></dataValidation><hyperlink display='d' location='l'/>",
]
STYLES = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd-mm-yyyy;@'/></numFmts><cellXfs><xf/><xf numFmtId='164'/></cellXfs></styleSheet>"
STRINGS = "<sst><si><t>Jan</t></si><si><r><t>de </t></r><r><t>Boer</t></r></si></sst>"
WORKBOOK = "<workbook><workbookPr date1904='1'/><sheets><sheet name='Geheim' state='veryHidden' r:id='r'/></sheets></workbook>"
SLIDE = "<p:sld><a:p><a:r><a:t>Els</a:t></a:r><a:br/></a:p><a:tbl><a:tr><a:tc><a:t>x</a:t></a:tc></a:tr></a:tbl></p:sld>"
OPEN = [
    "<office:text><text:p>Jan<text:s text:c='3'/>de<text:tab/>Boer<text:line-break/></text:p><text:h>kop</text:h></office:text>",
    "<table:table table:name='T' table:display='false'><table:table-row table:number-rows-repeated='3'>"
    "<table:table-cell table:number-columns-repeated='2' office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell>"
    "<table:covered-table-cell/></table:table-row></table:table>",
    "<office:annotation><dc:creator>Els</dc:creator><dc:date>2026</dc:date><text:p>let op</text:p></office:annotation>"
    "<text:tracked-changes><text:p>weg</text:p></text:tracked-changes>",
]
META = "<office:meta><dc:title>t</dc:title><meta:user-defined meta:name='n'>v</meta:user-defined></office:meta>"
PAGES = [
    b"BT /F 12 Tf 1 0 0 1 50 700 Tm (Jan de Boer) Tj 0 -14 Td [(B) -120 (SN) 30 <0041>] TJ T* (x) ' 1 2 (y) \" ET",
    b"q 1 0 0 1 0 0 cm /X Do Q BT 3 Tr /F 1 Tf 10 TL 2 Tc 1 Tw 90 Tz 4 Ts (weg) Tj ET",
    b"/Span <</ActualText (Els)/Alt <FEFF0045>>> BDC BT (E) Tj ET EMC BI /W 1 /H 1 ID \x00 EI",
]
LETTERS = [
    b"/CIDInit begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0041> <0045> endbfchar "
    b"2 beginbfrange <0042> <0044> <0061> <0050> <0051> [<0041> <0042>] endbfrange endcmap",
    b"BT (in een formulier) Tj ET",
]
DOCUMENTS = [
    b"1 0 obj<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 9 0 R>>/AcroForm<</Fields[8 0 R]>>>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[8 0 R]>>endobj 4 0 obj<</Length 16>>stream\nBT (Els) Tj ET \nendstream endobj "
    b"8 0 obj<</Subtype/Widget/FT/Tx/T(naam)/V(Els)/Contents(let op)/DA(/F 0 Tf)>>endobj 9 0 obj<</Names[(a.txt) 10 0 R]>>endobj "
    b"10 0 obj<</Type/Filespec/EF<</F 11 0 R>>>>endobj 11 0 obj<</Type/EmbeddedFile/Length 3>>stream\nEls\nendstream endobj "
    b"12 0 obj<</Author(Els)/Title<FEFF0045>>>endobj trailer<</Root 1 0 R/Info 12 0 R>>\nstartxref\n0\n%%EOF",
    b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 20>>stream\n" + zlib.compress(b"2 0 <</A 1>>") + b"\nendstream endobj",
]
PAGES_OF_THE_WEB = [
    "<html><head><title>t</title><script>x='<p>'</script><style>p{}</style></head><body hidden><p title='Els'>Jan&eacute;&#65;<br>x</p>"
    "<table><tr><td>a<td>b</table><img alt='Els' src='data:,x'><!-- weg --><input value='v' placeholder='p'></body>",
    "<template><p>t</p></template><noscript>n</noscript><svg><text>s</text></svg><a href='mailto:a@b.nl'>m</a>",
]
XML = "<!DOCTYPE a [<!ENTITY b 'c'>]><a b='c'>&b;<![CDATA[Els]]><?p i?><d xml:space='preserve'> x </d></a>"
RICH = "\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}}{\\info{\\author Els}{\\title t}}\\f0 Jan\\par\\tab \\'e9\\u8364?{\\*\\x weg}{\\pict\\pngblip 00ff}}"


def office():
    parts = {
        0: [[word, COMMENTS, CORE, RELATIONS] for word in WORD],
        1: [[sheet, STYLES, STRINGS, WORKBOOK] for sheet in SHEET],
        2: [[SLIDE, COMMENTS, "<item>Els</item>"]],
        3: [[text, META, "<style:header><text:p>kop</text:p></style:header>"] for text in OPEN],
    }
    for which, documents in parts.items():
        for pieces in documents:
            yield bytes([which]) + b"\xff".join(piece.encode() for piece in pieces)
            yield bytes([which]) + pieces[0].encode()


def pdf():
    for document in DOCUMENTS:
        yield b"\0" + document
    for page in PAGES:
        for letters in LETTERS:
            yield b"\1" + page + b"\xff" + letters


def mail():
    letter = email.message.EmailMessage()
    letter["From"] = "Els Bakker <els@example.nl>"
    letter["Subject"] = "Überweisung für Jörg"
    letter.set_content("Beste Jörg, bel 06 12345678")
    letter.add_alternative("<p>Beste <b>Jörg</b></p>", subtype="html")
    letter.add_attachment(b"naam,bsn\nEls,111222333\n", maintype="text", subtype="csv", filename="lijst ü.csv")
    inner = email.message.EmailMessage()
    inner["Subject"] = "doorgestuurd"
    inner.set_content("een brief in een brief")
    letter.add_attachment(inner)
    yield b"\1" + bytes(letter).split(b"\n", 1)[1]
    yield b"\0" + (
        b"Content-Type: text/plain; charset*=utf-8''iso-8859-1; name*0=a; name*1*=%20b\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nJ=F6rg =\r\nBakker\r\n--b\r\n"
        b"Content-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\nRWxz\r\n--b--\r\n"
    )
    yield b"\1Subject: =?utf-8?Q?J=C3=B6rg?= =?iso-8859-1?B?6Q==?=\r\n folded\r\nDate: x\r\n\r\nbegin 644 a\r\n#86)C\r\nend\r\n"


def markup():
    for page in PAGES_OF_THE_WEB:
        yield b"\0" + page.encode()
    yield b"\1" + XML.encode()
    yield b"\2" + RICH.encode()
    for encoding in ("utf-8-sig", "utf-16", "utf-16-be", "cp1252"):
        yield b"\3" + "naam;bsn\nJörg;111222333\n".encode(encoding)


def archive():
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for names in (["word/document.xml", "docProps/core.xml"], ["xl/workbook.xml"], ["content.xml", "mimetype"], ["a.txt", "b/c.eml"]):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", packing) as made:
                for name in names:
                    made.writestr(name, f"<a>{name}</a>")
            yield file.getvalue()[4:]


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def entry(tag, kind, count, value):
    return struct.pack("<HHI", tag, kind, count) + value


def tiff():
    """A camera's maker, an artist elsewhere in the file, and a place."""
    first = [entry(0x010F, 2, 4, b"Els\0"), entry(0x013B, 2, 10, struct.pack("<I", 120)), entry(0x8825, 4, 1, struct.pack("<I", 80))]
    place = [entry(1, 2, 2, b"N\0\0\0"), entry(2, 5, 3, struct.pack("<I", 132))]
    file = struct.pack("<I", 8) + struct.pack("<H", len(first)) + b"".join(first) + struct.pack("<I", 0)
    file = file.ljust(76, b"\0") + struct.pack("<H", len(place)) + b"".join(place) + struct.pack("<I", 0)
    return file.ljust(116, b"\0") + b"Jan Bakker\0\0" + struct.pack("<6I", 52, 1, 5, 1, 0, 1)


def picture():
    exif = b"Exif\0\0II*\0" + tiff()
    yield b"\0" + struct.pack(">H", len(exif) + 2) + exif + b"\xff\xdb\0\4xx\xff\xda\0\2scan\xff\xd9"
    yield b"\5" + b"\xff\xfe\0\5Els\xff\xe1\0\x21http://ns.adobe.com/xap/1.0/\0<x/>\xff\xd9"
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    for named in (b"tEXtAuthor\0Els", b"zTXtAuthor\0\0" + zlib.compress(b"Els"), b"iTXtXML\0\0\0nl\0t\0Els", b"eXIfII*\0" + tiff()):
        yield b"\1" + head + chunk(named[:4], named[4:]) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    yield b"\2" + b"\1\0\1\0\x80\0\0" + b"\0" * 6 + b"!\xfe\3Els\0!\xff\x0bXMP DataXMP<x/>\0," + b"\0" * 9 + b"\2\1\0\0;"
    webp = b"VP8X\x0a\0\0\0\x0c" + b"\0" * 9 + b"EXIF" + struct.pack("<I", len(tiff()) + 4) + b"II*\0" + tiff() + b"XMP \4\0\0\0<x/>"
    yield b"\3" + webp
    yield b"\4" + tiff()


SEEDS = {
    "file_office": office,
    "file_pdf": pdf,
    "file_mail": mail,
    "file_markup": markup,
    "file_archive": archive,
    "file_picture": picture,
}

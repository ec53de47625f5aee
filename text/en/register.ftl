# What changes between two registers.

diff-none = Nothing changes.
diff-class-editorial = Editorial: nothing is different for people.
diff-class-material = Material: something that people were told is different.
diff-class-new-purpose = New purpose: data that is there already gets a purpose that it did not have.
diff-title-editorial = Editorial
diff-title-material = Material
diff-title-new-purpose = New purpose
diff-comes = is added
diff-goes = ends
diff-changes = { $key } is different
diff-narrows = This only takes something away.
diff-procedure = What this asks
diff-at-once = It may count at once.
diff-announced = Publish it at least { $n } days before it takes effect.
diff-tells = Tell the persons concerned (articles 13(3) and 14(4) GDPR).
diff-second = A second person approves it.
diff-old-renewed-consent = Ask for consent again. Until somebody agrees, earlier data stays closed for this purpose.
diff-old-closed = Earlier data stays closed for this purpose, until the register records why the purposes go together (article 6(4) GDPR) or people consent.
diff-old-compatible = Earlier data may be used: the register records why the purposes go together (article 6(4) GDPR).
diff-old-legal-duty = Earlier data may be used: the law obliges to it.
diff-lacks = What the new register still lacks
diff-lack-same-version = It is another register with the same number. Give it a new version.
diff-lack-too-early = It takes effect too early. It may not before { $day }.
diff-lack-no-note = { $rule }: no consent is asked, and no note says why the purposes go together.

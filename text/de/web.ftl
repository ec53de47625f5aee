# Der Rahmen um die Datenschutzerklärung. Die anderen Seiten gibt es auf Niederländisch und auf Englisch.

skip-to-content = Zum Inhalt springen
nav-main = Hauptmenü
nav-language = Sprache
nav-foot = Unten auf der Seite
nav-chat = Chat
nav-privacy = Datenschutz
nav-rights = Ihre Rechte
foot-privacy = Datenschutzerklärung
foot-cookies = Cookies
foot-withdraw = Einwilligung widerrufen
foot-rights = Ihre Rechte
foot-recipients = Empfänger
foot-policy = Regeln für KI
foot-accessibility = Barrierefreiheit
foot-note = Diese Website lädt nichts von anderen Websites. Ohne Ihre Wahl gibt es nur notwendige Cookies.

banner-label = Bitte beachten
banner-test-clock = Testuhr: Für dieses System ist es jetzt der { $day }. Fristen stimmen hier nicht mit dem echten Datum überein.
banner-observe = Dieses System misst nur. Personenbezogene Daten werden weder ersetzt noch zurückgehalten.
banner-formats = Dieses System sucht nur Nummern, E-Mail-Adressen und Passwörter. Namen, Anschriften und was jemand über seine Gesundheit schreibt, werden nicht zurückgehalten.
banner-demo = Das ist ein Beispiel mit erfundenen Daten. Die Gemeinde gibt es nicht.

cookies-ask-label = Wahl der Cookies
cookies-ask = Wir möchten auch Cookies setzen, die nicht nötig sind. Dürfen wir das? Ohne sie funktioniert alles ebenso.
cookies-ask-which = Ansehen, welche das sind, und wählen
cookies-none-button = Alle ablehnen
cookies-all-button = Alle erlauben

notice-version = Fassung { $version }
notice-since = gilt ab dem

privacy-title = Datenschutzerklärung
privacy-contents = Auf dieser Seite
privacy-languages = Sprachen dieser Erklärung
privacy-layers = Wie viel Sie lesen
privacy-layer-short = In fünf Zeilen
privacy-layer-full = Ganz
privacy-layer-legal = Mit Artikeln und Regeln
privacy-other-title = Eine andere Fassung lesen
privacy-other = Wählen Sie einen Tag. Sie sehen die Erklärung, die an diesem Tag galt.
privacy-at = Tag
privacy-held-until = Diese Fassung gilt nicht mehr. Sie galt bis einschließlich { $day }.
privacy-announced = Diese Fassung ist angekündigt. Sie gilt noch nicht.
privacy-not-yet-kept = Von diesem Tag wurde keine Fassung aufbewahrt. Das ist die erste, die wir aufbewahrt haben.
privacy-now = Die Erklärung lesen, die jetzt gilt
privacy-previous = Fassung davor: { $version }, galt bis einschließlich { $day }
privacy-next = Fassung danach: { $version }, gilt ab dem { $day }
privacy-residence = Land, in dem Sie wohnen
privacy-show = Anzeigen

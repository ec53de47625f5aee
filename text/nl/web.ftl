# The people's side: frame, notice, consent, cookies, problems.

month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december

skip-to-content = Direct naar de inhoud
optional = (niet verplicht)
nav-main = Hoofdmenu
nav-language = Taal
nav-foot = Onderaan de pagina
nav-chat = Chat
nav-privacy = Privacy
nav-rights = Uw rechten
nav-overview = Overzicht
nav-requests = Verzoeken
nav-register = Register
nav-audit = Auditlog
nav-try = Proberen
foot-privacy = Privacyverklaring
foot-cookies = Cookies
foot-withdraw = Toestemming intrekken
foot-rights = Uw rechten
foot-accessibility = Toegankelijkheid
foot-note = Deze site gebruikt alleen noodzakelijke cookies en laadt niets van andere sites.

banner-label = Let op
banner-test-clock = Testklok: voor dit systeem is het nu { $day }. Termijnen kloppen hier niet met de echte datum.
banner-observe = Dit systeem meet alleen. Persoonsgegevens worden niet vervangen en niet tegengehouden.
banner-demo = Dit is een voorbeeld met verzonnen gegevens. De gemeente bestaat niet.

contact-phone = Bel
human-title = Liever een mens?
human-before = U hoeft deze chat niet te gebruiken. Een medewerker helpt u ook.
human-problem = Lukt het niet? Een medewerker helpt u verder.
human-rights = U kunt uw vraag ook aan een medewerker stellen, of een brief sturen.
human-chat = U kunt altijd met een medewerker praten. Dat kan hier:

notice-title = Voordat u begint
notice-lead = U praat hier met een computer (AI), niet met een mens. Lees eerst wat er met uw gegevens gebeurt.
notice-read-all = Lees de hele privacyverklaring
notice-acknowledge = Ik heb dit gelezen en wil beginnen
notice-acknowledge-means = Met deze knop geeft u geen toestemming. We onthouden dat u dit hebt gezien.
notice-version = Versie { $version }
notice-since = geldt sinds
notice-was-refused = Uw bericht is niet ontvangen. Lees eerst deze uitleg. Daarna kunt u het opnieuw sturen.
notice-has-changed = Deze uitleg is veranderd. Lees de nieuwe tekst voordat u verdergaat.

consent-legend = Mogen we ook het volgende?
consent-hint = U hoeft niets aan te vinken. De chat werkt ook zonder.
consent-for = Dit geldt alleen voor { $entity }.
consent-title = Uw toestemming
consent-lead = Hier ziet u waar u toestemming voor gaf. Intrekken is even makkelijk als geven.
consent-none = Deze chat vraagt u nergens toestemming voor. Er is dus niets om in te trekken.
consent-given = Gegeven op { $day }
consent-not-given = Niet gegeven
consent-give = Toestemming geven
consent-withdraw = Toestemming intrekken
consent-changed = Uw keuze is opgeslagen en geldt vanaf nu.
consent-proof = Trekt u toestemming in? Dan stoppen we meteen. Wat eerder met uw toestemming gebeurde, blijft geldig. We bewaren wel het bewijs dat u toestemming gaf.

cookies-title = Cookies
cookies-lead = Een cookie is een klein bestand in uw browser. We gebruiken alleen cookies die nodig zijn. Daarom vragen we er geen toestemming voor.
cookies-list = Alle cookies van deze site
cookies-name = Naam
cookies-aim = Waarvoor
cookies-provider = Van wie
cookies-lifetime = Hoe lang
cookies-category = Soort
cookies-session = Tot u de browser sluit
cookies-without-title = Liever geen cookies?
cookies-without = Blokkeert u cookies? Dan kunt u alles lezen en een verzoek sturen. Alleen chatten lukt dan niet: zonder cookie weten we niet welk gesprek van u is.
cookies-signal-title = Signaal van uw browser
cookies-signal = Stuurt uw browser het signaal ‘Global Privacy Control’ mee? We delen en verkopen uw gegevens niet voor reclame, met of zonder dat signaal.

privacy-title = Privacyverklaring
privacy-contents = Op deze pagina
privacy-other-title = Een andere versie lezen
privacy-other = Kies een dag. U ziet dan de verklaring die op die dag gold.
privacy-at = Dag
privacy-residence = Land waar u woont
privacy-show = Laat zien

accessibility-title = Toegankelijkheid
accessibility-lead = Iedereen moet deze site kunnen gebruiken.
accessibility-aim = We volgen de richtlijn WCAG 2.2, niveau AA. Elke pagina is met een programma getest. Een onafhankelijk onderzoek is nog niet gedaan.
accessibility-works-title = Dit werkt
accessibility-works-1 = U kunt alles met het toetsenbord doen. Met Escape stopt u een antwoord.
accessibility-works-2 = Een schermlezer leest een antwoord per zin voor, niet per woord.
accessibility-works-3 = Zonder JavaScript kunt u lezen, chatten en een verzoek sturen.
accessibility-works-4 = De site past op een smal scherm en volgt uw instelling voor donker, contrast en beweging.
accessibility-trouble-title = Werkt iets niet?
accessibility-trouble = Vertel het ons. Dan lossen we het op of helpen we u op een andere manier.

problem-to-start = Naar de chat
problem-to-rights = Naar uw rechten
problem-form-title = Er klopt iets niet in wat u stuurde
problem-form = We konden het niet lezen. Er is niets bewaard. Ga terug en probeer het opnieuw.
problem-forbidden-title = Dit mag hier niet
problem-forbidden = U hebt geen toegang tot deze pagina, of de pagina stond te lang open. Ga terug, laad de pagina opnieuw en probeer het nog eens.
problem-missing-title = Deze pagina is er niet
problem-missing = Misschien is het adres verkeerd, of is wat u zoekt gewist.
problem-large-title = Uw bericht is te groot
problem-large = We hebben het niet ontvangen. Maak het korter en stuur het opnieuw.
problem-notice-title = Lees eerst de uitleg
problem-notice = We nemen pas iets aan als u de uitleg over uw gegevens hebt gezien. Er is niets bewaard.
problem-many-title = Even wachten
problem-many = U stuurde veel berichten achter elkaar. Wacht een minuut en probeer het dan opnieuw.
problem-away-title = Dit lukt nu niet
problem-away = Een onderdeel werkt even niet. Uw bericht is niet verstuurd. Probeer het over een paar minuten opnieuw.
problem-ours-title = Er ging bij ons iets mis
problem-ours = Dit is onze fout, niet die van u. Probeer het later opnieuw.

cookie-necessary = Noodzakelijk
cookie-functional = Functioneel
cookie-performance = Meten
cookie-advertising = Reclame

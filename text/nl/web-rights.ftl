# The rights desk and a person's own data.

rights-title = Uw rechten
rights-lead = Uw gegevens zijn van u. Hier vraagt u wat u wilt weten of veranderen. Het kost niets.
rights-own-title = Gegevens uit deze chat
rights-own = Wat u in deze browser met de chat deelde, kunt u meteen zelf bekijken, meenemen en wissen.
rights-own-see = Mijn gegevens bekijken
rights-own-erase = Mijn gegevens wissen
rights-which = Wat wilt u?
rights-question = Uw vraag in eigen woorden
rights-question-hint = Vertel kort waar het over gaat. Schrijf hier liever geen burgerservicenummer of gezondheid op.
rights-reply-to = E-mailadres of postadres voor het antwoord
rights-reply-to-hint = We gebruiken dit alleen om u te antwoorden. Laat u het leeg? Dan leest u het antwoord hier, met uw code.
rights-by-mail = Antwoord mij per e-mail
rights-by-mail-text = We mailen eerst een code, zodat we zeker weten dat het adres van u is. Vul die code daarna in. Zonder code loopt uw verzoek gewoon door.
rights-wrong = Klopt er iets niet? Schrijf het precies zoals het er staat
rights-wrong-hint = Kiest u voor verbeteren? Dan gebruiken we alles waar dit in staat niet, tot een medewerker heeft gekeken.
rights-countries = Woont of werkt u in een ander land?
rights-countries-hint = U hoeft dit niet te zeggen. Zegt u het? Dan staat in ons antwoord bij welke toezichthouder u daar een klacht kunt doen.
rights-lives = Hier woon ik
rights-works = Hier werk ik
rights-country-none = dat zeg ik niet
own-part-countries = In welke landen u woont en werkt
rights-send = Verzoek versturen
rights-send-means = U krijgt meteen een nummer en een datum.
rights-status-title = Hebt u al een verzoek gedaan?
rights-status = Open het adres van uw verzoek en vul uw code in. U kreeg die toen u het verzoek deed.
rights-fault-right = Kies wat u wilt.
rights-fault-question = Maak uw vraag korter: hooguit 4.000 tekens.
rights-fault-reply-to = Controleer het adres voor het antwoord.
form-faults = Kijk dit nog na
request-unreadable = Wij konden dit verzoek niet lezen en bewaarden er niets van. Stuur een JSON-document met alleen de velden die hier staan: zie /openapi.json.

right-access = Mijn gegevens inzien
right-access-text = U krijgt een kopie, en leest waarom we de gegevens hebben en hoe lang.
right-erasure = Mijn gegevens laten wissen
right-erasure-text = We wissen wat weg mag. We vertellen wat blijft en waarom.
right-rectification = Mijn gegevens laten verbeteren
right-rectification-text = Klopt iets niet of ontbreekt er iets? Dan passen we het aan.
right-restriction = Het gebruik tijdelijk laten stoppen
right-restriction-text = We bewaren de gegevens, maar gebruiken ze niet zolang er iets wordt uitgezocht.
right-portability = Mijn gegevens meenemen
right-portability-text = U krijgt wat u ons gaf in een bestand dat een computer kan lezen.
right-objection = Bezwaar maken
right-objection-text = U wilt niet dat we uw gegevens ergens voor gebruiken.
right-human-review = Een mens laten kijken
right-human-review-text = Een medewerker bekijkt een beslissing die door een computer is genomen.
right-withdrawal = Toestemming intrekken
right-withdrawal-text = U gaf toestemming en wilt dat niet meer.
right-information = Uitleg krijgen
right-information-text = U wilt weten hoe we met gegevens omgaan.
right-recipients = Weten wie bericht kreeg
right-recipients-text = U liet iets verbeteren, wissen of stoppen, en wilt weten aan wie we dat vertelden.
right-complaint = Een klacht doorgeven
right-complaint-text = U bent het niet eens met wat we doen.

receipt-title = Uw verzoek is ontvangen
receipt-lead = U krijgt uiterlijk { $day } antwoord.
receipt-reference = Nummer
receipt-code = Uw code
receipt-code-hint = Bewaar deze code. U ziet hem maar één keer. Met de code leest u hoe het met uw verzoek staat.
receipt-right = Wat u vroeg
receipt-received = Ontvangen op
receipt-aim = Antwoord verwacht op
receipt-latest = Uiterste datum volgens de wet
receipt-next-title = Wat gebeurt er nu?
receipt-next-1 = Een medewerker leest uw verzoek.
receipt-next-2 = Soms moeten we weten wie u bent. We vragen dan zo weinig mogelijk, en nooit een kopie van uw paspoort.
receipt-next-3 = We zoeken op wat we van u hebben en beslissen.
receipt-next-4 = U krijgt antwoord. Zeggen we nee? Dan leest u waarom en waar u een klacht kunt doen.
receipt-to-status = Bekijk hoe het met uw verzoek staat
receipt-joined = Dit vroeg u al. We behandelen het als één verzoek. De dag van uw eerste verzoek telt, en beide codes werken.
receipt-code-mailed = We hebben een code gestuurd naar het adres dat u opgaf. Vul die in, dan antwoorden we u per e-mail.
receipt-to-confirm = De code uit de e-mail invullen

status-title = Hoe staat het met uw verzoek?
status-lead = Vul de code in die u kreeg bij uw verzoek.
status-code = Uw code
status-code-hint = De code stond bij de bevestiging van uw verzoek.
status-show = Laat zien
status-refused = Bij dit nummer en deze code vinden we niets. Controleer de code.
status-by-mail = Wilt u antwoord per e-mail? We sturen een code naar het adres van uw verzoek.
status-by-mail-do = Stuur mij een code
sure-title = De code uit de e-mail
sure-lead = Vul de code in die wij naar het adres van het verzoek stuurden.
sure-sent = Hoort er een e-mailadres bij dit verzoek? Dan is er een code naar onderweg. Dat kan een paar minuten duren.
sure-code = Code uit de e-mail
sure-code-hint = Acht cijfers. De code werkt één keer en maar korte tijd.
sure-do = Bevestigen
sure-wrong = Deze code klopt niet, of telt niet meer. Controleer de code, of vraag een nieuwe.
sure-right = Het adres is bevestigd. We tellen het mee bij uw verzoek.
sure-no-click = Vult u geen code in? Dan loopt uw verzoek gewoon door. U leest het antwoord met de code van uw verzoek.
answer-title = Er is een antwoord
answer-lead = Druk op de knop om het antwoord te lezen. Deze link werkt één keer.
answer-do = Lees het antwoord
answer-used = Deze link is al gebruikt of telt niet meer.
answer-otherwise = Met het nummer en de code van uw verzoek kunt u het antwoord nog steeds lezen. Hebt u die niet meer? Vraag het ons dan.
status-of = Verzoek { $reference }
stage-received = We hebben uw verzoek ontvangen. Een medewerker gaat ermee aan de slag.
stage-identifying = We moeten nog weten wie u bent. U hebt daarover bericht gekregen.
stage-working = We zoeken uw gegevens op.
stage-deciding = Een medewerker beslist over uw verzoek.
stage-extended = We hebben meer tijd nodig. U hebt de reden gekregen.
stage-answered = Uw verzoek is beantwoord.
stage-partly-answered = Een deel van uw verzoek is uitgevoerd. U hebt de reden van de rest gekregen.
stage-refused = We hebben uw verzoek afgewezen. U hebt de reden gekregen.
stage-taken-back = U hebt uw verzoek ingetrokken.
stage-joined = We behandelen dit samen met een eerder verzoek van u. De dag van het eerste verzoek telt.

own-title = Mijn gegevens
own-lead = { $n ->
    [0] We bewaren niets van u in deze chat.
    [one] We bewaren 1 gegeven van u in deze chat.
   *[other] We bewaren { $n } gegevens van u in deze chat.
}
own-download = Downloaden als JSON
own-erase = Alles wissen
own-purposes = Waarom
own-source = Waar het vandaan komt
own-period = Hoe lang
own-records = { $n ->
    [one] 1 gegeven bekijken
   *[other] { $n } gegevens bekijken
}
own-gone = weg op { $day }
own-dispute = Dit klopt niet
own-disputed = U zegt dat dit niet klopt. We gebruiken het niet tot een medewerker heeft gekeken.
own-right = Klopt het nog?
own-right-again = Het is een tijd geleden dat u naar uw gegevens keek. Kijkt u of ze nog kloppen?
own-right-since = U zei op { $day } dat het klopt.
own-right-text = Kijk of wat hierboven staat nog klopt. Klopt iets niet? Zeg het daar, of vraag ons om het te verbeteren.
own-right-do = Alles klopt
disputed-title = We gebruiken dit even niet
disputed-lead = Een medewerker kijkt of het klopt. U krijgt uiterlijk { $day } antwoord. Tot dan gebruiken we dit gegeven niet. Al het andere blijft gewoon werken.
own-recipients = Wie krijgt gegevens
own-visit-title = Uw bezoek
own-visit = Wij kennen uw browser sinds { $since } aan een nummer. Dat nummer vergeten wij op { $until }, tenzij u eerder terugkomt. U las versie { $version } van de privacyverklaring.
own-not-shown = { $n ->
    [one] Eén gegeven kunnen wij hier niet laten zien. Vraag ons ernaar.
   *[other] { $n } gegevens kunnen wij hier niet laten zien. Vraag ons ernaar.
}
own-consents = Uw keuzes
own-none = Niets.
own-rights-title = Wat u nog meer kunt vragen
own-rights = U kunt gegevens laten verbeteren, het gebruik laten stoppen of bezwaar maken.
own-rights-link = Naar uw rechten
own-made = Dit overzicht is van { $day }.

erase-title = Mijn gegevens wissen
erase-lead = { $n ->
    [0] U wist alles wat we in deze chat van u bewaren.
    [one] U wist 1 gesprek en alles wat daarbij hoort.
   *[other] U wist { $n } gesprekken en alles wat daarbij hoort.
}
erase-warning = Dit kan niet worden teruggedraaid. Wilt u een kopie? Download die dan eerst.
erase-stays = Dit blijft, en waarom
erase-sure = Ja, ik wil mijn gegevens wissen
erase-do = Wis mijn gegevens
erase-not = Toch niet
erased-title = Uw gegevens zijn gewist
erased-lead = { $n ->
    [0] Er was niets om te wissen.
    [one] We hebben 1 gegeven gewist. Niemand kan het nog lezen, ook niet in reservekopieën.
   *[other] We hebben { $n } gegevens gewist. Niemand kan ze nog lezen, ook niet in reservekopieën.
}
erased-nothing-stays = Er blijft niets leesbaars van u over.

# Words of the register.

since-created = na het ontstaan
since-first-message = na het eerste bericht
since-last-activity = na uw laatste bericht
since-session-ended = na het einde van uw bezoek
since-account-deleted = nadat uw account is verwijderd
since-consent-withdrawn = nadat u uw toestemming introk
since-case-closed = nadat uw verzoek is afgehandeld
since-relationship-ended = na het einde van de relatie
since-calendar-year-end = na het einde van het jaar
since-fiscal-year-end = na het einde van het boekjaar
since-process-ended = alleen zolang het nodig is voor het antwoord
since-delivered = alleen zolang het nodig is voor het antwoord
basis-contract = overeenkomst
basis-consent = toestemming
basis-legal-duty = wettelijke plicht
basis-legit = gerechtvaardigd belang
basis-vital = vitaal belang
basis-public-task = taak van algemeen belang
basis-authority = openbaar gezag
source-person = Van uzelf
source-automatic = Vanzelf ontstaan bij het gebruik
source-third-party = Van anderen
source-organisation = Van ons
period-minutes = { $n ->
    [one] 1 minuut
   *[other] { $n } minuten
}
period-hours = { $n ->
    [one] 1 uur
   *[other] { $n } uur
}
period-days = { $n ->
    [one] 1 dag
   *[other] { $n } dagen
}
period-months = { $n ->
    [one] 1 maand
   *[other] { $n } maanden
}
period-years = { $n ->
    [one] 1 jaar
   *[other] { $n } jaar
}
country-nl = Nederland
country-be = België
country-de = Duitsland
country-fr = Frankrijk
country-ie = Ierland
country-se = Zweden
country-us = de Verenigde Staten
country-gb = het Verenigd Koninkrijk
country-ch = Zwitserland
country-at = Oostenrijk
country-bg = Bulgarije
country-cy = Cyprus
country-cz = Tsjechië
country-dk = Denemarken
country-ee = Estland
country-es = Spanje
country-fi = Finland
country-gr = Griekenland
country-hr = Kroatië
country-hu = Hongarije
country-is = IJsland
country-it = Italië
country-li = Liechtenstein
country-lt = Litouwen
country-lu = Luxemburg
country-lv = Letland
country-mt = Malta
country-no = Noorwegen
country-pl = Polen
country-pt = Portugal
country-ro = Roemenië
country-si = Slovenië
country-sk = Slowakije
moment = { $day }, { $time } uur
own-part-said = U schreef
own-part-answered = Antwoord van de assistent
own-part-case = Uw verzoek
own-part-contact = Hoe we u bereiken
own-part-words = Uw verzoek in eigen woorden
own-part-outcome = Antwoord op uw verzoek
own-part-link = Aan wie het verzoek is gekoppeld
own-part-sure = Dat het adres bij het verzoek van u is
own-part-proposal = Voorstel voor een besluit
own-part-returned = Waarom een voorstel terugkwam
own-part-decision = Besluit op uw verzoek
own-part-extension = Waarom uw verzoek langer duurt
own-part-doubt = Waarom wij twijfelden of u het was
own-part-known = Sinds wanneer wij weten dat u het bent
own-part-statement = Verklaring bij uw gegevens
own-part-seen = Waar uw gegevens in vragen stonden
own-part-withheld = Wat wij in antwoorden over u verbeteren of weglaten
own-part-mail = Een e-mail aan u die wacht op verzending
own-part-disclosure = Gegeven aan een ander, of voorgesteld om te geven
own-given = Aan wie wij in een enkel geval gegevens gaven
rights-answers = Zegt een antwoord iets over u dat niet klopt, ook als u hier nooit was? Vraag dan om verbetering. Schrijf wat er stond, wat er moet staan en waaraan men u herkent. Kan het niet beter, dan laten wij het weg uit antwoorden.
own-part-certificate = Bewijs van wissen
own-consent-given = { $purpose }: toestemming gegeven op { $day }
own-consent-refused = { $purpose }: geen toestemming gegeven op { $day }
own-consent-withdrawn = { $purpose }: toestemming ingetrokken op { $day }
rights-elsewhere = Ook een ander is verantwoordelijk
purpose-cookies_functional = cookies die uw keuzes onthouden
purpose-cookies_performance = cookies die meten
purpose-cookies_advertising = cookies voor reclame
own-requests = Uw verzoeken
own-trail = { $n ->
    [one] Het auditlog heeft 1 regel over u. Die staat in de download.
   *[other] Het auditlog heeft { $n } regels over u. Die staan in de download.
}
stays = { $category } blijft { $until }. Reden: { $why }.
stays-in-mirror = Wat u schreef is gewist. Een tweede schijf met sleutels is nu niet bereikbaar. Daar wissen wij ze zodra dat kan. Tot dan is uw verzoek niet klaar.
stays-until = tot { $day }
stays-until-event = zolang de wet het vraagt

# What a person takes along, and stops.

own-viewed = Wie uw gegevens bekeek
viewed-officer = Een privacymedewerker
viewed-auditor = Een auditor
viewed-operator = Een beheerder
own-disclosed = { $n ->
    [one] Eén keer ging iets naar een ontvanger. Dat staat in de download.
   *[other] { $n } keer ging iets naar een ontvanger. Dat staat in de download.
}
own-take = Meenemen
own-take-text = Dit is wat u ons zelf gaf op grond van uw toestemming of een overeenkomst. Een ander programma kan het lezen. Uw gesprekken kunt u ook als tekst meenemen.
own-transfer = Direct naar een andere organisatie
own-transfer-hint = Schrijf op wie de gegevens mag hebben. U krijgt een link en een code voor die organisatie. Wij sturen zelf niets.
own-transfer-do = Maak een link
transfer-title = Geef dit door
transfer-lead = Hiermee haalt { $to } één keer op wat u ons gaf. Het werkt tot { $until }.
transfer-link = Link
transfer-code = Code
transfer-code-hint = Geef de code apart door, bijvoorbeeld aan de telefoon. U ziet hem maar één keer.
transfer-noted = Wordt de link gebruikt? Dan leest u bij uw gegevens wie wat kreeg, en wanneer.
receive-title = Gegevens ophalen
receive-lead = Iemand geeft u de eigen gegevens door. Vul de code in die u van die persoon kreeg. Het bestand is één keer op te halen.
receive-code = Code
receive-do = Haal het bestand op
receive-wrong = De link en de code horen niet bij elkaar, of ze zijn al gebruikt.
training-title = Gegevens om modellen te verbeteren
training-lead = Deze gegevens gebruiken wij om modellen beter te maken. Dit staat zo in ons register.
training-none = Wij gebruiken geen gegevens van u om modellen beter te maken. Dit staat zo in ons register.
training-basis = Grondslag: { $basis }.
training-consent = Dit doen wij alleen als u toestemming gaf. Die kunt u altijd intrekken.
training-object = U kunt hiertegen bezwaar maken.
training-others = Wie dat doet met wat wij sturen
training-no-others = Niemand die gegevens van ons krijgt, mag er modellen mee verbeteren.
training-choices = Wat u kunt kiezen
training-anybody = Iedereen kan bezwaar maken, ook wie hier nooit was. Denkt u dat gegevens over u van het internet zijn gebruikt? Dan kan het ook. U hebt geen account nodig.
training-do = Bezwaar maken
training-notice = Naar de privacyverklaring
given-by-transfer = { $day }: aan { $to }, omdat u dat vroeg. Wat u ons gaf is rechtstreeks doorgegeven.
own-part-transfer = Aan wie u uw gegevens laat doorgeven
own-take-json = Meenemen als JSON
own-take-csv = Meenemen als CSV
take-conversations = Mijn gesprekken
own-stop = Stoppen
own-stop-text = U kunt het gebruik van uw gegevens meteen laten stoppen. U kunt ook bezwaar maken tegen een doel.
stopped-title = Het gebruik van uw gegevens is gestopt
stopped-lead = Wij bewaren uw gegevens, maar gebruiken ze niet. Chatten kan nu niet.
resume-text = Wilt u weer verder? Dan mogen wij uw gegevens weer gebruiken zoals eerder.
resume-do = Gebruik mijn gegevens weer
objected-stopped = U maakte bezwaar. Wij gebruiken uw gegevens niet meer voor deze chat.
withdrawn-stopped = U gaf hiervoor geen toestemming, of u trok die in. Daarom kan dit nu niet.
object-title = Bezwaar maken
object-lead = Kies waarvoor wij uw gegevens niet meer mogen gebruiken. Wij stoppen meteen.
object-none = Wij gebruiken uw gegevens nergens voor waartegen u bezwaar kunt maken.
object-made = U maakte hier al bezwaar tegen.
object-marketing = Dit is reclame. Uw bezwaar geldt altijd.
object-judged = Een medewerker kijkt daarna of het zo blijft. U krijgt daar bericht van.
object-do = Maak bezwaar
objected-title = Uw bezwaar geldt vanaf nu
objected-lead = Wij gebruiken uw gegevens hier niet meer voor.
no-mail-title = Geen reclame meer
no-mail-lead = Wilt u geen reclame meer? Vul het adres in waarop u die krijgt. Wij stoppen meteen. U hoeft niet te zeggen waarom of wie u bent.
no-mail-address = E-mailadres of telefoonnummer
no-mail-hint = Wij bewaren het adres zelf niet, alleen een code die eruit is berekend. Zo weten wij dat wij niets mogen sturen.
no-mail-do = Stop reclame
no-mail-done = Naar dit adres sturen wij geen reclame meer.
no-mail-fault = Dit is geen e-mailadres of telefoonnummer. Kijk het nog eens na.
status-copy-json = Kopie als JSON
status-copy-csv = Kopie als CSV
certificate-text = Met uw nummer en uw code krijgt u een ondertekend bewijs. Iedereen kan het controleren met ‘waarborg erasure verify’, zonder ons.
certificate-do = Download het bewijs

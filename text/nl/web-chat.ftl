# The chat page.

chat-title = Chat
chat-about = U praat met de AI-assistent van { $organisation }.
chat-log = Gesprek
chat-you = U
chat-assistant = Assistent (AI)
chat-script = Vaste tekst, geen AI
chat-stopped = Afgebroken
chat-earlier = Eerdere gesprekken
chat-earlier-none = U hebt nog geen bewaarde gesprekken.
chat-new = Nieuw gesprek
chat-own-data = Mijn gegevens
chat-delete = Gesprek wissen
chat-delete-sure = Dit gesprek verdwijnt voorgoed, ook uit onze reservekopieën. Dat kan niet worden teruggedraaid.
chat-delete-do = Ja, wis dit gesprek
chat-welcome = Waarmee kan ik u helpen?
chat-welcome-1 = Persoonsgegevens in uw bericht vervangen we voordat het AI-model iets krijgt.
chat-welcome-2 = Terwijl u typt, ziet u wat we vervangen.
chat-welcome-3 = Vraag gerust: ‘welke gegevens hebt u van mij?’ of ‘verwijder mijn gegevens’.
chat-accuracy = Dit is AI. Een antwoord kan fout zijn. Controleer wat belangrijk is.
chat-human = Liever een mens?

label-model = Model
label-place = Plaats
label-kept = Bewaren
label-masked = uw gegevens vervangen
place-own = bij ons zelf
place-eu = in de EU
place-outside = buiten de EU
kept-on = aan
kept-off = uit
kept-until = weg op { $day }

history-legend = Dit gesprek bewaren?
history-on = Ja, bewaar het
history-on-text = U vindt het terug bij uw eerdere gesprekken, in deze browser. Het verdwijnt na { $period }.
history-off = Nee, bewaar het niet
history-off-text = Het komt niet in uw lijst. We wissen het { $period } na het eerste bericht.

composer-label = Uw bericht
composer-placeholder = Typ uw vraag
composer-send = Versturen
composer-stop = Stoppen
found-label = Gevonden in uw bericht

refused-title = Dit bericht is niet verstuurd
refused-ways = Dit kunt u doen:

sides-open = Wat zag het model?
sides-you = Dit ziet u
sides-model = Dit zag het model

js-writing = De assistent schrijft.
js-done = Het antwoord is klaar.
js-failed = Het versturen is niet gelukt. Uw tekst staat nog in het vak.
js-offline = Er is geen verbinding. Uw tekst staat nog in het vak.
js-copy = Kopiëren
js-copied = Gekopieerd
js-strike = Dit is geen persoonsgegeven
js-unstrike = Toch een persoonsgegeven
js-verdict-replace = wordt vervangen
js-verdict-widen = gaat ruimer mee
js-verdict-remove = wordt weggehaald
js-verdict-warn = let op
js-verdict-block = mag niet worden verstuurd
js-verdict-allow = blijft staan

# Kinds of data, and why they were found.

kind-person = naam
kind-email = e-mailadres
kind-phone = telefoonnummer
kind-bsn = burgerservicenummer
kind-iban = rekeningnummer
kind-credit-card = kaartnummer
kind-address = adres
kind-postcode = postcode
kind-city = woonplaats
kind-date-of-birth = geboortedatum
kind-licence-plate = kenteken
kind-customer-number = klantnummer
kind-employee-number = personeelsnummer
kind-patient-number = patiëntnummer
kind-id-number = nummer van een identiteitsbewijs
kind-ip = IP-adres
kind-device-id = nummer van een apparaat
kind-username = gebruikersnaam
kind-url-personal = persoonlijk webadres
kind-api-key = wachtwoord of sleutel
kind-health = gezondheid
kind-religion = geloof
kind-ethnicity = afkomst
kind-political = politieke mening
kind-union = vakbond
kind-sexual-orientation = seksuele gerichtheid
kind-criminal = strafbaar feit
kind-biometric-genetic = lichaamskenmerk of DNA
kind-quasi = kenmerk dat naar iemand wijst
kind-organisation = organisatie
kind-location = plaats
kind-date = datum
why-eleven-test = de elfproef klopt
why-mod-97 = het controlegetal klopt
why-luhn = het controlecijfer van kaarten klopt
why-check-digit = het controlecijfer klopt
why-format = het heeft die vorm
why-after-label = een woord ervoor zegt het
why-column = de kolom of sleutel zegt het
why-key-prefix = het begint als een bekende sleutel
why-random-text = het is zo willekeurig als een sleutel
why-name-cue = een aanspreekvorm staat ernaast
why-name-list = het staat op een lijst met namen
why-initials = er staan voorletters voor
why-own-recogniser = het past bij een herkenner van deze organisatie
why-letter-form = het staat waar een brief een naam heeft
why-found-before = het is eerder in de tekst gevonden
why-street-and-number = straat met huisnummer
why-residence = de tekst zegt dat iemand daar woont
why-special-word = een woord voor een gevoelig gegeven
why-description = de beschrijving wijst naar iemand
why-model = het lerende deel herkent het

# What screening says.

chat-untitled = Gesprek
found-blocked = Dit mag niet worden verstuurd
found-replaced = { $n ->
    [one] 1 gegeven wordt vervangen
   *[other] { $n } gegevens worden vervangen
}
refused-direct-identifier = In uw bericht staan gegevens van een persoon, zoals een naam of adres. Die mogen niet naar dit model.
refused-indirect-identifier = In uw bericht staan gegevens die samen naar één persoon wijzen. Die mogen niet naar dit model.
refused-bulk-list = Uw bericht gaat over veel personen tegelijk. Zo’n lijst mag niet naar dit model.
refused-national-number = In uw bericht staat een burgerservicenummer of een nummer van een identiteitsbewijs. Dat mag nooit naar een AI-model.
refused-special-category = In uw bericht staat iets gevoeligs over iemand, zoals gezondheid, geloof of een strafbaar feit. Dat mag niet naar dit model.
refused-credential = In uw bericht staat een wachtwoord, sleutel of kaartnummer. Dat mag nooit naar een AI-model.
refused-not-personal = Dit bericht mag niet naar dit model.
refused-by-choice = De organisatie heeft hiervoor gekozen, met deze reden: { $why }
refused-send-anyway = Toch versturen
second-waits = Dit bericht mag pas mee als iemand anders in de organisatie dat goedvindt. De vraag staat klaar, met nummer { $reference } en zonder de tekst. Bewaar het bericht zelf. Stuur na een ja precies hetzelfde bericht opnieuw, vóór { $until }.
second-no = Iemand anders in de organisatie heeft hiernaar gekeken en nee gezegd. Het nummer is { $reference }.
second-nobody = Dit bericht mag pas mee als iemand anders in de organisatie dat goedvindt. Dat kan hier nu niet worden gevraagd.
second-why = Waarvoor is dit nodig? Kies wat het beste past:
second-reason-care = om iemand te helpen of te behandelen
second-reason-duty = omdat een wet of taak het vraagt
second-reason-contract = voor een overeenkomst met die persoon
second-reason-claim = voor een klacht, bezwaar of rechtszaak
second-reason-safety = voor iemands veiligheid
way-without = Haal de gemarkeerde woorden weg en stuur het bericht opnieuw.
way-new = Dit staat eerder in het gesprek, misschien in een antwoord. Begin een nieuw gesprek.
way-fewer = Stuur gegevens van minder personen, of geen.
way-template = Vraag het zonder gegevens: ‘Wat moet iemand doen die …?’
way-own-model = Begin een nieuw gesprek met het eigen model ‘{ $model }’.
way-strike = Is een gemarkeerd woord geen persoonsgegeven? Streep het door en stuur het opnieuw.
way-human = Vraag het een medewerker.

stream-no-longer = Het antwoord is gestopt: u trok toestemming in, maakte bezwaar of wiste het gesprek.
stream-broken = Het antwoord brak af. Wat er al was, is bewaard.
stream-not-kept = Het antwoord kon niet worden bewaard.
stream-unanswered = Het model geeft nu geen antwoord. Uw bericht staat wel in het gesprek. Probeer het over een paar minuten opnieuw.

step-access = U kunt meteen zien wat wij van u bewaren, waarom en hoe lang.
step-erase = Wij kunnen alles wissen wat wij in deze chat van u bewaren.
step-withdraw = Toestemming trekt u zelf in, meteen en zonder reden.
step-other = Wij kunnen hiervan een verzoek maken. U krijgt meteen een nummer en een datum.
step-look-first = Bekijk eerst uw gegevens
step-to-model = Nee, stuur mijn bericht gewoon

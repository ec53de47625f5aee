# The console for staff.

console-title = Overzicht
console-door-title = Naar de console
console-door-lead = Deze link werkt één keer. Druk op de knop om hem te gebruiken.
console-door-no-link = De console opent met een eenmalige link. Het programma toont die bij het starten.
console-door-refused = Deze link is al gebruikt of te oud. Vraag een nieuwe aan wie het systeem beheert.
console-door-enter = Open de console
console-leave = Uitloggen
console-health = Gezondheid
console-egress = Verbindingen naar buiten
console-egress-none = Geen. Dit systeem kan met niets buiten deze machine verbinding maken.
console-egress-only = Alleen deze verbindingen bestaan. Al het andere wordt geweigerd.
console-host = Adres
console-recipient = Ontvanger
console-ground = Land en grondslag
console-versions = Waarborg { $program }, register { $register }
console-open-requests = { $n ->
    [0] Geen open verzoeken.
    [one] 1 open verzoek.
   *[other] { $n } open verzoeken.
}
console-near-requests = { $n ->
    [0] Niets komt dicht bij de datum.
    [one] 1 daarvan moet binnen 7 dagen klaar zijn.
   *[other] { $n } daarvan moeten binnen 7 dagen klaar zijn.
}
health-good = Werkt
health-attention = Kijk hiernaar
health-bad = Werkt niet
role-officer = Ingelogd als privacymedewerker
role-auditor = Ingelogd als auditor
role-operator = Ingelogd als beheerder

live-title = Live: wat er over de gateway gaat
live-lead = Hier staan aantallen, en niets van wat mensen schrijven. Het zijn de verzoeken van toepassingen aan dit ene programma. Draaien er meer programma's op dezelfde opslag, dan telt elk zijn eigen verzoeken.
live-again = Ververs
live-stop = Zet stil
live-go = Ga weer door
live-goes = De pagina ververst zichzelf elke vijf seconden.
live-stands = De pagina staat stil.
live-away = De cijfers komen niet door. De pagina probeert het opnieuw. Log opnieuw in als dit zo blijft.
live-now = Nu
live-at = Gelezen op { $at }
live-in-flight = Verzoeken die op antwoord wachten
live-recent = Beantwoord in de laatste vijf minuten
live-recent-stopped = Daarvan tegengehouden
live-in-all = Sinds de start
live-since = Geteld sinds { $since }
live-answers = Beantwoorde verzoeken
live-screened = Op persoonsgegevens bekeken
live-stopped = Tegengehouden
live-half = De helft van de antwoorden begon
live-most = 95 van de 100 antwoorden begonnen
live-within = binnen { $ms } ms
live-after = na meer dan { $ms } ms
live-unknown = nog niet bekend
live-tokens = Tokens
live-cost = Kosten in centen
live-no-price = geen prijs ingesteld
live-unpriced = { $n ->
    [one] Van 1 ontvanger is geen prijs ingesteld. Wat die kost, telt niet mee.
   *[other] Van { $n } ontvangers is geen prijs ingesteld. Wat die kosten, telt niet mee.
}
live-verdicts = Besluiten van het beleid
live-verdict = Besluit
live-number = Aantal
live-verdict-allow = Gaat ongewijzigd mee
live-verdict-warn = Gaat pas mee na een ja
live-verdict-generalise = Gaat mee in ruimere woorden
live-verdict-pseudonymise = Gaat mee met vervangende namen en nummers
live-verdict-redact = Gaat mee zonder wat is weggehaald
live-verdict-second-person = Gaat pas mee na het ja van een tweede mens
live-verdict-route = Mag alleen naar een eigen model
live-verdict-block = Mag niet mee
live-findings = Gevonden persoonsgegevens
live-recipients = AI-modellen
live-state = Stand
live-works = werkt
live-rests = rust na te veel fouten
live-asked = Keer gevraagd
live-failed = Keer geen antwoord
live-tokens-in = Tokens gelezen
live-tokens-out = Tokens geschreven
live-estimated = Bij ‘keer gevraagd’ telt ook de chat op deze site mee. Tokens en kosten zijn die van toepassingen. Telt een ontvanger de tokens niet, dan zijn ze geschat.
live-statuses = Antwoorden naar status
live-status = Status (HTTP)
live-none = Nog geen.

requests-title = Verzoeken
requests-lead = De streefdatum is veilig gekozen. De uiterste datum is de grens van de wet.
requests-none = Er zijn geen verzoeken.
requests-reference = Nummer
requests-right = Recht
requests-stage = Stand
requests-received = Ontvangen
requests-aim = Streefdatum
requests-latest = Uiterste datum
requests-in-no-backup = De inhoud staat in geen enkele reservekopie. Vraag het de persoon opnieuw.
requests-left = { $n ->
    [0] vandaag
    [one] nog 1 dag
   *[other] nog { $n } dagen
}
requests-late = { $n ->
    [one] 1 dag te laat
   *[other] { $n } dagen te laat
}

register-title = Register
register-lead = Dit register stuurt wat het systeem doet en wat mensen lezen. Versie { $version }.
register-notice = Lees de privacyverklaring die hieruit volgt
register-warnings = Let hierop
register-processings = Verwerkingen
register-recipients = Ontvangers
register-service = Dienst
register-purpose = Doel
register-basis = Grondslag
register-categories = Soorten gegevens
register-period = Hoe lang
register-country = Land
register-valid = Geldig tot

audit-title = Auditlog
audit-lead = Elke handeling staat in het log, zonder inhoud. Een controle rekent alle regels na.
audit-entries = Regels
audit-head = Kop van het log
audit-verify = Controleer het log
audit-whole = { $n ->
    [0] Het log is heel: er staat nog niets in.
    [one] Het log is heel: de ene regel klopt.
   *[other] Het log is heel: alle { $n } regels kloppen.
}
audit-broken = Het log klopt niet.

try-title = Herkenning proberen
try-lead = Plak een tekst en zie wat we erin vinden en waarom. Er wordt niets bewaard en niets verstuurd.
try-text = Tekst
try-do = Zoek persoonsgegevens
try-found = { $n ->
    [0] Niets gevonden
    [one] 1 gevonden
   *[other] { $n } gevonden
}
try-value = Gevonden
try-kind = Soort
try-score = Zekerheid
try-why = Waarom
try-about = Wat we nog weten
whose-speaker = van wie hier spreekt
whose-third-person = van iemand anders
whose-public-role = van iemand in een openbare rol
whose-business = zakelijk contact
age-child = een kind
age-adult = een volwassene
group-people = { $n ->
    [one] dit past op 1 mens
   *[other] dit past op ongeveer { $n } mensen
}
group-instead = schrijf liever
try-verdict = Wat er gebeurt

part-store = Opslag
part-policy = Beleid
part-clock = Klok
part-register-warnings = { $n ->
    [0] Geen waarschuwingen
    [one] 1 waarschuwing
   *[other] { $n } waarschuwingen
}
register-model = AI-model
audit-latest = Regels, de nieuwste eerst
audit-older = Oudere regels
audit-position = Regel
audit-at = Wanneer
audit-act = Wat
audit-routed = naar een eigen model geleid
audit-confirmed = de schrijver zei ja tegen een waarschuwing
audit-erased = Gewist met de persoon
register-ground = Grond voor doorgifte
destination-own = bij ons zelf
destination-eu = in de EU, met overeenkomst
destination-outside-eu = buiten de EU, met overeenkomst
destination-public = openbare dienst, zonder overeenkomst

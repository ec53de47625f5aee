# De regels voor het gebruik van AI, en de lijst van ontvangers.

policy-title = Regels voor het gebruik van AI bij { $organisation }
policy-line-screened = Elk bericht aan een AI-model wordt eerst nagekeken.
policy-line-changed = Wat niet mee mag, wordt vervangen of houdt het bericht tegen.
policy-line-doubt = Bij twijfel geldt iets als een persoonsgegeven.
policy-line-formats = Er wordt alleen gezocht naar nummers, mailadressen en wachtwoorden. Namen en adressen gaan mee zoals ze er staan.
policy-line-observe = Nu wordt alleen gemeten: er wordt niets vervangen of tegengehouden.
policy-matrix = Wat mag waarheen
policy-matrix-lead = In deze tabel staat wat er met gegevens gebeurt. De kolommen zijn de plaatsen waar een model staat.
policy-class = Gegevens
policy-changes = Wat hier anders is
policy-change-group = Voor { $group }: { $what }, op weg naar { $place }: { $cell }. { $why }
policy-change = { $what }, op weg naar { $place }: { $cell }. { $why }
policy-tools = Wat een hulpmiddel krijgt
policy-tools-lead = Een model kan vragen om een hulpmiddel van de toepassing, zoals een programma dat een klant opzoekt. Dat hulpmiddel krijgt terug wat is ingevuld: { $what }. Wat hier niet staat, blijft daar vervangen.
policy-tool = { $tool }: alleen { $what }. { $why }
policy-tool-nothing = { $tool }: niets, alles blijft vervangen. { $why }
policy-models = De modellen
policy-model = { $model }: { $place }.
policy-no-models = Er is geen AI-model aangesloten.
policy-duties = Wat steeds opnieuw gebeurt
policy-duty = { $duty }: opnieuw na { $period }.
policy-breaches = Als er iets misgaat
policy-list = Van { $n } personen of meer in één bericht geldt het als een lijst.

place-own = bij ons zelf
place-eu = in de EU, met overeenkomst
place-outside-eu = buiten de EU, met overeenkomst
place-public = openbare dienst, zonder overeenkomst

class-direct-identifier = wie iemand is, zoals een naam of adres
class-indirect-identifier = wat samen naar iemand wijst
class-bulk-list = een lijst met veel personen
class-national-number = een nummer van de overheid, zoals het burgerservicenummer
class-special-category = gevoelige gegevens, zoals gezondheid of geloof
class-credential = een wachtwoord, sleutel of kaartnummer
class-not-personal = wat niet over een persoon gaat

cell-allow = mag mee
cell-warn = mag mee na een ja van wie het schrijft
cell-generalise = gaat mee in ruimere woorden, zoals het jaar in plaats van de dag; zonder ruimere woorden wordt het vervangen
cell-pseudonymise = wordt vervangen en komt terug in het antwoord
cell-redact = wordt weggehaald
cell-second-person = wacht op een tweede persoon
cell-route = mag niet mee; een model van onszelf krijgt het als dat mag
cell-block = mag niet mee
cell-with-ground = mag alleen mee met een grond in de wet en een beoordeling vooraf
cell-if-pseudonymised = mag alleen mee als niemand meer te herkennen is

receives-title = Wie gegevens krijgt van { $organisation }
receives-processors = Wie voor ons werkt
receives-others = Wie zelf verantwoordelijk is
receives-transfers = Wat buiten Europa gaat
receives-none = Niemand.
receives-name = Wie
receives-country = Land
receives-purposes = Waarvoor
receives-fields = Welke gegevens
receives-keeps = Bewaart
receives-contract = Overeenkomst
receives-instrument = Op welke grond
receives-until = Geldig tot en met
receives-keeps-nothing = niets
receives-keeps-something = ja

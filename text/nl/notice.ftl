# The privacy notice. Level B1: short sentences, plain words, no article numbers.
# notice-je.ftl has the lines that differ for an organisation that says je.

title = Wat { $organisation } met uw gegevens doet
open = nog in te vullen
and = en
or = of
colon = { $name }: { $value }
takes-effect = Deze tekst geldt vanaf { $date }.
day = { $day } { $month } { $year }
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

period-hours = { $n } uur
period-days = { $n ->
    [1] 1 dag
   *[other] { $n } dagen
}
period-months = { $n ->
    [1] 1 maand
   *[other] { $n } maanden
}
period-years = { $n } jaar

section-who = Wie is verantwoordelijk?
section-what = Welke gegevens gebruiken wij?
section-why = Waarom gebruiken wij uw gegevens?
section-recipients = Wie krijgt uw gegevens?
section-transfers = Gaan uw gegevens naar het buitenland?
section-retention = Hoe lang bewaren wij uw gegevens?
section-rights = Wat zijn uw rechten?
section-complaint = Hebt u een klacht?
section-decisions = Beslist een computer over u?
section-ai = U praat met een computer
section-cookies = Welke cookies gebruiken wij?
section-security = Wat houden wij bij in logboeken?
section-changes = Verandert deze tekst?
section-intro = In het kort

question-who = Wie
question-what = Wat
question-where = Waar
question-when = Hoe lang
question-why = Waarom
question-shared = Met wie
question-rights = Uw rechten

who-controller = { $name } is verantwoordelijk voor uw gegevens.
who-address = Adres: { $address }, { $country }.
who-privacy = Vragen over privacy? Neem contact op met { $name }: { $ways }.
who-officer = Onze functionaris gegevensbescherming houdt toezicht. U bereikt deze persoon zo: { $ways }.
who-representative = In de EU vertegenwoordigt { $name } ons: { $ways }.
who-human = Liever een mens? { $name } helpt u: { $ways }.
who-processor = Voor { $service } werken wij in opdracht van een andere organisatie. Die is dan verantwoordelijk.

what-category = { $category }: { $fields }.
what-source-person = Dit krijgen wij van u zelf.
what-source-automatic = Dit ontstaat vanzelf als u de dienst gebruikt.
what-source-third_party = Dit krijgen wij van een ander.
what-source-third_party-named = Dit krijgen wij van een ander: { $source }.
what-source-organisation = Dit maken wij zelf.
what-special-forbidden = Wij vragen bij { $service } niet naar gezondheid, geloof, afkomst, politiek, seksuele voorkeur of strafbare feiten. Schrijf daar niet over.
what-special-conditions = Bij { $service } gebruiken wij ook gevoelige gegevens. Dat mag alleen om deze reden: { $ground }. Vooraf onderzochten wij de risico's.

why-head-purpose = Waarvoor
why-head-categories = Welke gegevens
why-head-basis = Waarom dat mag
why-basis-consent = U gaf toestemming. U mag die altijd intrekken.
why-basis-contract = Dit is nodig voor onze afspraak met u ({ $evidence }).
why-basis-legal_duty = De wet verplicht ons ({ $evidence }).
why-basis-legit = Wij hebben hier een goede reden voor: { $interest }. U kunt bezwaar maken.
why-basis-vital = Dit is nodig om iemands leven of gezondheid te beschermen ({ $evidence }).
why-basis-public_task = Dit hoort bij onze publieke taak ({ $evidence }). U kunt bezwaar maken.
why-basis-authority = Dit hoort bij ons openbaar gezag ({ $evidence }). U kunt bezwaar maken.
why-obligatory = Zonder deze gegevens kunnen wij u niet helpen.
why-voluntary = U hoeft deze gegevens niet te geven.

recipients-none = Wij geven uw gegevens aan niemand.
recipients-row = { $name } werkt in { $country }.
recipients-own = Dit is van onszelf. Niets gaat naar buiten.
recipients-eu = Deze partij werkt voor ons, met een contract, in de EU.
recipients-outside-eu = Deze partij werkt voor ons, met een contract, buiten de EU.
recipients-public = Dit is een openbare dienst. Wij hebben daar geen contract mee.
recipients-keeps = De ontvanger bewaart de gegevens nog { $period }.
recipients-keeps-not = De ontvanger bewaart niets.
recipients-trains = De ontvanger mag de gegevens gebruiken om modellen te trainen.
recipients-trains-not = De ontvanger traint er geen modellen mee.

transfers-none = Nee. Wij sturen uw gegevens niet naar landen buiten de Europese Economische Ruimte.
transfers-row = { $name } werkt in { $country }. Dat is buiten de Europese Economische Ruimte. Dat mag door { $mechanism }.
transfers-until = Dit is geldig tot en met { $date }. Daarna sturen wij niets meer, tenzij het is verlengd.
transfers-stopped = Op deze dag is dat niet geldig. Wij sturen er dan niets naartoe.
transfers-copy = U kunt bij ons een kopie van de afspraken vragen.
mechanism-adequacy = een besluit van de Europese Commissie dat dit land gegevens goed genoeg beschermt
mechanism-dpf = de afspraken tussen de EU en de VS, waarvoor deze partij een certificaat heeft
mechanism-scc = de modelcontracten van de Europese Commissie
mechanism-bcr = de goedgekeurde regels van het concern
mechanism-code_of_conduct = een goedgekeurde gedragscode
mechanism-certification = een goedgekeurd certificaat
mechanism-explicit_consent = de toestemming die u daarvoor gaf
mechanism-derogation = een uitzondering in de wet

retention-head-category = Welke gegevens
retention-head-purpose = Waarvoor
retention-head-period = Hoe lang
retention-memory = Dit bewaren wij niet. Het staat alleen even in het geheugen van de computer.
retention-at_most = Wij bewaren dit hooguit tot { $period } { $event }.
retention-exactly = Wij bewaren dit tot { $period } { $event }.
retention-not_before = Wij bewaren dit ten minste tot { $period } { $event }.
retention-at-once = Wij bewaren dit niet langer { $event }.
retention-anonymise = Daarna is niet meer te zien om wie het gaat.
retention-aggregate = Daarna houden wij alleen aantallen over.
retention-history-on = Bewaart u het gesprek?
retention-history-off = Bewaart u het gesprek niet?
retention-consent = Gaf u hiervoor toestemming?
retention-yourself = U kunt een gesprek altijd eerder zelf wissen.
retention-copies = Dat geldt ook voor kopieën en back-ups.
event-delivered = na de levering
event-evaluated = na het maken van de cijfers
event-created = nadat het is opgeslagen
event-first_message = na uw eerste bericht
event-last_activity = nadat u dit voor het laatst gebruikte
event-session_ended = na het einde van het bezoek
event-account_deleted = nadat het account is verwijderd
event-licence_expired = nadat de licentie is verlopen
event-licence_ended = nadat de licentie is beëindigd
event-trial_ended = na de proefperiode
event-consent_withdrawn = nadat u de toestemming introk
event-consent_expired = nadat de toestemming is verlopen
event-last_basis_ended = nadat de laatste reden is vervallen
event-first_request = nadat u erom vraagt
event-service_unused = nadat u met de dienst stopt
event-relationship_ended = nadat ons contact is geëindigd
event-removed_by_role = nadat een bevoegde medewerker het verwijdert
event-fiscal_year_end = na het einde van het boekjaar
event-calendar_year_end = na het einde van het kalenderjaar
event-case_closed = nadat de zaak is gesloten
event-process_ended = na de verwerking
event-per_cookie = nadat de cookie is gezet

rights-access = U mag vragen welke gegevens wij van u hebben. U krijgt een kopie.
rights-rectification = U mag fouten laten verbeteren.
rights-erasure = U mag gegevens laten wissen. Soms moeten wij iets bewaren. Dan zeggen wij wat en waarom.
rights-restriction = U mag vragen om uw gegevens tijdelijk niet te gebruiken.
rights-objection = U mag bezwaar maken. Dan stoppen wij, tenzij er een heel zwaarwegende reden is.
rights-objection-marketing = Tegen reclame mag u altijd bezwaar maken. Dan stoppen wij meteen.
rights-portability = U mag uw gegevens meenemen in een bestand dat een computer kan lezen.
rights-human_review = U mag vragen om een beslissing door een mens.
rights-withdrawal = U mag toestemming altijd intrekken. Dat is even makkelijk als geven. Het werkt niet met terugwerkende kracht.
rights-how = Vraag het in het gesprek, op de pagina Uw rechten (/rights), of neem contact met ons op: { $ways }.
rights-answer = U krijgt antwoord binnen { $period }.
rights-extension = Is het ingewikkeld, dan mag het { $period } langer duren. Dat hoort u dan op tijd, met de reden.
rights-free = Het kost niets.

complaint-first = Vertel het ons gerust eerst: { $ways }.
complaint-authority = U mag ook een klacht indienen bij de toezichthouder: { $name } ({ $url }).
complaint-own = Woont of werkt u in { $country }? Dan mag u ook naar { $name } ({ $url }).
complaint-court = U mag ook naar de rechter.

decisions-none = Bij { $service } neemt een computer geen besluiten over u.
decisions-human_review = Bij { $service } doet een computer soms een voorstel. Een mens beslist.
decisions-art22 = Bij { $service } neemt een computer besluiten over u. U mag vragen dat een mens ernaar kijkt, uw mening geven en het besluit aanvechten.

ai-talks = Bij { $service } antwoordt een computer (AI), geen mens. Een antwoord kan fout zijn. Controleer wat belangrijk is.
ai-masked = Wij zoeken persoonsgegevens in uw bericht voordat het naar een taalmodel gaat, en vervangen ze of houden het bericht tegen.

cookies-none = Wij gebruiken geen cookies.
cookies-head-name = Naam
cookies-head-why = Waarvoor
cookies-head-age = Hoe lang
cookies-session = tot u de browser sluit
cookies-necessary = Deze cookies zijn nodig. Daarom vragen wij er geen toestemming voor.
cookies-consent = Andere cookies zetten wij alleen als u daarvoor kiest.

security-log = Logboek { $name }: { $reason } Wij bewaren het { $period }.
security-personal = Daarin staan ook persoonsgegevens: { $fields }.
security-none = Daarin staan geen persoonsgegevens.

changes-version = Dit is versie { $version }.
changes-effective = Deze versie geldt vanaf { $date }.
changes-published = Deze versie staat hier sinds { $date }.
changes-previous = De vorige versie kunt u hier lezen: { $url }
changes-how = Verandert er iets belangrijks, dan laten wij dat zien voordat u verdergaat.

first-who = { $name }. Vragen? { $ways }.
first-what = { $categories }.
first-where = Bij ons in { $country }.
first-where-recipient = { $name }: in { $country }.
first-why = { $purpose }.
first-shared = { $name }.
first-shared-none = Niemand.
first-rights = U mag uw gegevens altijd bekijken, laten verbeteren, laten wissen of meenemen, en bezwaar maken. Vraag het gewoon in het gesprek.

five-who = { $name } is verantwoordelijk voor uw gegevens.
five-what = Wij gebruiken: { $categories }.
five-why = Waarvoor: { $purposes }.
five-shared = Gedeeld met: { $names }.
five-shared-none = Wij delen uw gegevens met niemand.
five-rights = U kunt alles bekijken en laten wissen: vraag het in het gesprek, of via { $ways }.

purpose-provide = de dienst leveren
purpose-answer_questions = vragen beantwoorden
purpose-authenticate = controleren wie u bent
purpose-support = u helpen als iets niet lukt
purpose-communicate = u iets laten weten
purpose-service_updates = u vertellen over veranderingen in de dienst
purpose-marketing = reclame
purpose-newsletter = de nieuwsbrief sturen
purpose-personalise = de dienst aan u aanpassen
purpose-improve = de dienst beter maken
purpose-train = modellen trainen
purpose-analyse = zien hoe de dienst wordt gebruikt
purpose-security = de dienst veilig houden
purpose-prevent_fraud = fraude voorkomen
purpose-legal_duty = doen wat de wet van ons vraagt
purpose-legal_claims = rechten verdedigen bij een geschil
purpose-bookkeeping = de boekhouding
purpose-payment = betalingen afhandelen
purpose-answer_requests = verzoeken over uw rechten behandelen
purpose-accountability = kunnen laten zien wat wij deden
purpose-administer = het systeem beheren
purpose-inspect = persoonsgegevens tegenhouden voordat iets naar een taalmodel gaat
purpose-licences = licenties bijhouden
purpose-survey = uw mening vragen
purpose-display = de pagina's tonen
purpose-train_staff = medewerkers opleiden
purpose-incidents = incidenten afhandelen

ground-explicit_consent = u gaf daar uitdrukkelijk toestemming voor
ground-employment = de wet over werk en sociale zekerheid vraagt het
ground-vital = iemands leven is in gevaar
ground-association = u bent lid van onze vereniging
ground-made_public = u maakte het zelf openbaar
ground-legal_claims = het is nodig voor een rechtszaak
ground-public_interest = een wet vraagt het om een zwaarwegend algemeen belang
ground-care = het is nodig voor zorg
ground-public_health = het is nodig voor de volksgezondheid
ground-research = het is nodig voor onderzoek of het archief

field-prompt = uw bericht
field-upload = bestanden
field-answer = het antwoord
field-feedback = uw oordeel over het antwoord
field-name = naam
field-mail = e-mailadres
field-phone = telefoonnummer
field-address = adres
field-message = uw vraag
field-session_id = een nummer van uw bezoek
field-notice_version = welke uitleg u zag
field-visit_times = tijden
field-consent_purpose = waarvoor u toestemming gaf
field-consent_text_version = welke tekst u las
field-consent_answer = uw antwoord
field-consent_time = wanneer
field-right = wat u vraagt
field-request_words = uw eigen woorden
field-outcome = de uitkomst
field-actor = wie iets deed
field-act = wat er gebeurde
field-act_time = wanneer
field-purpose = waarvoor
field-staff_role = de rol van de medewerker
field-consultation_note = het verslag van het gesprek

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
js-verdict-remove = wordt weggehaald
js-verdict-warn = let op
js-verdict-block = mag niet worden verstuurd
js-verdict-allow = blijft staan

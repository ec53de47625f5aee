# Wat er tussen twee registers verandert.

diff-none = Er verandert niets.
diff-class-editorial = Redactioneel: voor mensen verandert er niets.
diff-class-material = Inhoudelijk: iets wat mensen is verteld, wordt anders.
diff-class-new-purpose = Nieuw doel: gegevens die er al zijn, krijgen een doel dat zij niet hadden.
diff-title-editorial = Redactioneel
diff-title-material = Inhoudelijk
diff-title-new-purpose = Nieuw doel
diff-comes = komt erbij
diff-goes = vervalt
diff-changes = { $key } wordt anders
diff-narrows = Dit neemt alleen iets weg.
diff-procedure = Wat dit vraagt
diff-at-once = Het mag meteen ingaan.
diff-announced = Maak het bekend, ten minste { $n } dagen voordat het ingaat.
diff-tells = Vertel het aan de mensen om wie het gaat (artikel 13 lid 3 en artikel 14 lid 4 AVG).
diff-second = Een tweede persoon keurt het goed.
diff-old-renewed-consent = Vraag opnieuw toestemming. Tot iemand ja zegt, blijven eerdere gegevens dicht voor dit doel.
diff-old-closed = Eerdere gegevens blijven dicht voor dit doel, tot het register vastlegt waarom de doelen bij elkaar passen (artikel 6 lid 4 AVG) of tot mensen toestemming geven.
diff-old-compatible = Eerdere gegevens mogen worden gebruikt: het register legt vast waarom de doelen bij elkaar passen (artikel 6 lid 4 AVG).
diff-old-legal-duty = Eerdere gegevens mogen worden gebruikt: de wet verplicht ertoe.
diff-lacks = Wat het nieuwe register nog mist
diff-lack-same-version = Het is een ander register met hetzelfde nummer. Geef het een nieuwe versie.
diff-lack-too-early = Het gaat te vroeg in. Het mag niet eerder dan { $day }.
diff-lack-no-note = { $rule }: er is geen toestemming en geen toets waarom de doelen bij elkaar passen.

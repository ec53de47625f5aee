# What the built-in demonstration model says. It is no AI and says so.
demo-who = Dit is het demonstratiemodel van Waarborg. Ik ben geen AI: ik ben een klein vast programma dat laat zien wat een model van uw bericht te zien krijgt.
demo-greeting = Goedendag { $person }.
demo-seen-none = In uw bericht zag ik geen vervangen gegevens.
demo-seen = Ik kreeg uw gegevens niet te zien, alleen vervangers. Waarborg vult ze op de terugweg weer in. Daarom leest u hier uw eigen woorden: { $list }.
demo-genitive = { $person }'s bericht is ontvangen.
demo-repeat = Ook als een model de vervangers slordig overschrijft, komen ze goed terug: { $list }.
demo-topic-passport = Een paspoort of identiteitskaart vraagt u aan bij de balie. Neem uw oude document en een pasfoto mee. Na vijf werkdagen ligt het klaar.
demo-topic-moving = Een verhuizing geeft u door vanaf vier weken vóór tot vijf dagen na de verhuisdag.
demo-topic-waste = Grofvuil laat u ophalen op afspraak, of u brengt het gratis naar de milieustraat.
demo-topic-parking = Een parkeervergunning vraagt u aan met uw adres en uw kenteken. U krijgt binnen acht weken bericht.
demo-topic-tax = Tegen een aanslag kunt u binnen zes weken bezwaar maken.
demo-topic-benefit = Voor bijzondere bijstand maakt u een afspraak met een medewerker. Die kijkt samen met u wat er kan.
demo-topic-other = Voor een echt antwoord koppelt de beheerder een model aan Waarborg. Een medewerker van de gemeente helpt u ook.
demo-tool-result = Het hulpmiddel antwoordde: { $result }
demo-variant = Dit is antwoord { $number }.

# Ramen runt integritetspolicyn. De andra sidorna finns på nederländska och engelska.

skip-to-content = Gå till innehållet
nav-main = Huvudmeny
nav-language = Språk
nav-foot = Längst ner på sidan
nav-chat = Chatt
nav-privacy = Integritet
nav-rights = Dina rättigheter
foot-privacy = Integritetspolicy
foot-cookies = Kakor
foot-withdraw = Återkalla samtycke
foot-rights = Dina rättigheter
foot-recipients = Mottagare
foot-policy = Regler för AI
foot-accessibility = Tillgänglighet
foot-note = Den här webbplatsen laddar ingenting från andra webbplatser. Utan ditt val finns det bara nödvändiga kakor.

banner-label = Observera
banner-test-clock = Testklocka: för det här systemet är det nu { $day }. Tidsfrister här stämmer inte med det riktiga datumet.
banner-observe = Det här systemet mäter bara. Personuppgifter varken ersätts eller hålls tillbaka.
banner-formats = Det här systemet söker bara efter nummer, e-postadresser och lösenord. Namn, adresser och det som någon skriver om sin hälsa hålls inte tillbaka.
banner-demo = Det här är ett exempel med påhittade uppgifter. Kommunen finns inte.

cookies-ask-label = Val av kakor
cookies-ask = Vi vill också sätta kakor som inte behövs. Får vi det? Allt fungerar även utan dem.
cookies-ask-which = Se vilka, och välj
cookies-none-button = Neka alla
cookies-all-button = Tillåt alla

notice-version = Version { $version }
notice-since = gäller från och med

privacy-title = Integritetspolicy
privacy-contents = På den här sidan
privacy-languages = Språk för den här texten
privacy-layers = Hur mycket du läser
privacy-layer-short = På fem rader
privacy-layer-full = Hela texten
privacy-layer-legal = Med artiklar och regler
privacy-other-title = Läs en annan version
privacy-other = Välj en dag. Du ser den text som gällde den dagen.
privacy-at = Dag
privacy-held-until = Den här versionen gäller inte längre. Den gällde till och med { $day }.
privacy-announced = Den här versionen är aviserad. Den gäller inte än.
privacy-not-yet-kept = Ingen version från den dagen har sparats. Det här är den första som vi sparade.
privacy-now = Läs den text som gäller nu
privacy-previous = Föregående version: { $version }, gällde till och med { $day }
privacy-next = Nästa version: { $version }, gäller från och med { $day }
privacy-residence = Landet där du bor
privacy-show = Visa

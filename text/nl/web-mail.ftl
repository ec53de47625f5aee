# Mails, and the page on which somebody says that they want no more of them.

mail-foot-from = Dit bericht komt van { $organisation }.
mail-foot-privacy = Zo gaan wij met uw gegevens om: { $link }
mail-foot-stop = Wilt u dit soort berichten niet meer? Meld u hier af, zonder wachtwoord: { $link }
mail-foot-consents = Bekijk waarvoor toestemming is gegeven, of trek die in, zonder wachtwoord: { $link }

mail-change-subject = Onze privacyverklaring verandert op { $day }
mail-change-lead = Vanaf { $day } gaan wij anders met uw gegevens om.
mail-change-added = Dit staat er dan in onze privacyverklaring:
mail-change-removed = Dit staat er dan niet meer in:
mail-change-whole = De hele verklaring leest u hier: { $link }
mail-change-rights = Bent u het er niet mee eens? U kunt bezwaar maken, of uw gegevens laten wissen: { $link }

mail-stop-title = Geen berichten meer van deze soort
mail-stop-lead = Druk op de knop. Dan sturen wij u geen berichten van deze soort meer. U hoeft niet te zeggen waarom.
mail-stop-do = Afmelden
mail-stop-done = U bent afgemeld. Wij sturen u geen berichten van deze soort meer.
mail-stop-rest = Berichten die bij de dienst horen of die wij moeten sturen, blijven komen.
mail-stop-unknown = Deze link werkt niet. Misschien is een stuk weggevallen. Open de link uit het bericht nog eens, of vul uw adres in.
mail-consents-lead = Hiervoor is toestemming gegeven. Druk op een knop om die in te trekken. Dat geldt meteen.
mail-consents-none = Wij kennen geen toestemming die nu geldt.

mail-code-subject = Uw code voor verzoek { $reference }
mail-code-code = Uw code is { $code }. Vul hem in op { $link } of noem hem aan onze medewerker. Hij werkt één keer, tot { $until }.
mail-code-rest = Hebt u niets gevraagd? Dan hoeft u niets te doen.

mail-received-subject = We hebben verzoek { $reference } ontvangen
mail-received-what = Op { $received } ontvingen wij uw verzoek { $reference }: { $right }.
mail-received-when = We willen het op { $aim } beantwoord hebben. De uiterste datum volgens de wet is { $latest }.
mail-received-rest = Hoe het ermee staat, leest u met de code van uw verzoek op { $link }. U kunt ook altijd een klacht doen bij de toezichthouder. In onze privacyverklaring staat welke dat is.

mail-extended-subject = Verzoek { $reference } duurt langer

mail-answered-subject = Er is een antwoord op verzoek { $reference }
mail-answered-what = Er is een antwoord op uw verzoek { $reference }: { $right }. Het staat niet in deze e-mail, want onderweg kunnen anderen meelezen.
mail-answered-link = Lees het hier, één keer en tot { $until }: { $link }
mail-answered-rest = Daarna leest u het met de code van uw verzoek op { $here }. In het antwoord staat ook waar u een klacht kunt doen en hoe u naar de rechter gaat.

# Le cadre autour de la déclaration de confidentialité. Les autres pages existent en néerlandais et en anglais.

skip-to-content = Aller au contenu
nav-main = Menu principal
nav-language = Langue
nav-foot = En bas de la page
nav-chat = Chat
nav-privacy = Vie privée
nav-rights = Vos droits
foot-privacy = Déclaration de confidentialité
foot-cookies = Cookies
foot-withdraw = Retirer un consentement
foot-rights = Vos droits
foot-recipients = Destinataires
foot-policy = Règles pour l’IA
foot-accessibility = Accessibilité
foot-note = Ce site ne charge rien d’autres sites. Sans votre choix, il n’y a que les cookies nécessaires.

banner-label = À noter
banner-test-clock = Horloge de test : pour ce système, nous sommes le { $day }. Les délais ne correspondent pas à la vraie date.
banner-observe = Ce système ne fait que mesurer. Les données personnelles ne sont ni remplacées ni retenues.
banner-formats = Ce système cherche seulement les numéros, les adresses e-mail et les mots de passe. Les noms, les adresses et ce que quelqu’un écrit sur sa santé ne sont pas retenus.
banner-demo = Ceci est un exemple avec des données inventées. La commune n’existe pas.

cookies-ask-label = Choix des cookies
cookies-ask = Nous aimerions aussi placer des cookies qui ne sont pas nécessaires. Êtes-vous d’accord ? Sans eux, tout fonctionne aussi.
cookies-ask-which = Voir lesquels, et choisir
cookies-none-button = Tout refuser
cookies-all-button = Tout accepter

notice-version = Version { $version }
notice-since = valable à partir du

privacy-title = Déclaration de confidentialité
privacy-contents = Sur cette page
privacy-languages = Langues de cette déclaration
privacy-layers = Ce que vous lisez
privacy-layer-short = En cinq lignes
privacy-layer-full = En entier
privacy-layer-legal = Avec les articles et les règles
privacy-other-title = Lire une autre version
privacy-other = Choisissez un jour. Vous voyez la déclaration qui valait ce jour-là.
privacy-at = Jour
privacy-held-until = Cette version ne vaut plus. Elle a valu jusqu’au { $day } inclus.
privacy-announced = Cette version est annoncée. Elle ne vaut pas encore.
privacy-not-yet-kept = Aucune version de ce jour n’a été gardée. Voici la première que nous avons gardée.
privacy-now = Lire la déclaration qui vaut maintenant
privacy-previous = Version précédente : { $version }, valable jusqu’au { $day } inclus
privacy-next = Version suivante : { $version }, valable à partir du { $day }
privacy-residence = Pays où vous habitez
privacy-show = Afficher

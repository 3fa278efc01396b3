"""What secrets are called, and what only sounds like one, in four languages (lower case, without accents but “è”)."""


def _set(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


PASSWORDS = (
    *(
        "password",
        "passwords",
        "pass word",
        "passwd",
        "passphrase",
        "passcode",
        "wifi pass",
        "wi-fi pass",
        "pwd",
        "psw",
        "pswd",
    ),
    *("mot de passe", "mots de passe", "motdepasse", "mdp", "phrase secrete"),
    *("contrasena", "contrasenas", "contrasenya", "clave", "claves"),
    *("parola d'ordine", "parola chiave", "parola segreta"),
)
"""Words whose value can be anything at all."""

NETWORK_KEYS = (
    *("wifi key", "wi-fi key", "wpa key", "wpa2 key", "network key", "wireless key"),
    *("cle wifi", "cle wi-fi", "cle du wifi", "cle du wi-fi", "cle de wifi", "cle wpa", "cle wpa2", "cle reseau"),
    *("cle de securite", "clef wifi", "clef du wifi", "clave wifi", "llave del wifi"),
    *("chiave wifi", "chiave wi-fi", "chiave del wifi", "chiave del wi-fi", "chiave wpa", "chiave wpa2"),
    *("chiave di rete", "chiave della rete"),
)
"""Keys of a wireless network: values like a password's."""

SHORT = ("pass", "pw", "key", "cle", "clef", "chiave", "llave", "login", "credentials", "identifiants", "credenciales")
"""Words that mean a password only before a colon, and only when the value looks like one."""

CODES = (
    *("code", "codes", "pin", "pins", "pincode", "pin-code", "digicode", "keycode", "combination", "cvv", "cvc", "puk"),
    *("combinaison", "codigo", "codigos", "combinacion", "codice", "codici", "combinazione"),
)
"""Words whose value is made of digits."""

OWN_SECRET = frozenset({"pin", "pins", "pincode", "pin-code", "digicode", "keycode", "cvv", "cvc", "puk"})
"""Codes that are always secret, whatever they open."""

CARD_CHECKS = frozenset({"cvv", "cvc"})
"""The three digits on the back of a card."""

PLACES = _set("""
    alarm alarms door gate garage entry entrance access security disarm arm keypad safe lock lockbox keybox panel secret
    master user building lobby box front back pin house home intercom
    alarme porte portail entree acces securite coffre digicode secret cave immeuble boite maison interphone serrure
    alarma puerta cancela garaje portal entrada acceso seguridad desactivacion secreto casa cerradura caja teclado
    allarme antifurto porta cancello ingresso accesso sicurezza disattivazione segreto portone cassaforte serratura
    cassetta tastierino citofono portero
    """)
"""What a code opens: beside one of these a code is a secret even without “is”."""

HARMLESS = _set("""
    error errors fault faults failure warning status event bug post postal zip postcode area country dialling dialing
    product promo promotional discount coupon voucher order serial customer client booking reservation article item
    tax model qr bar barcode source dress invoice tracking reference request ticket number phone telephone mobile call
    colour color version firmware diagnostic price cost
    erreur erreurs defaut panne avertissement produit remise commande serie facture suivi numero telephone reduction
    couleur demande dossier prix postale
    error errores fallo averia aviso producto descuento pedido cliente reserva articulo factura seguimiento referencia
    solicitud telefono numero color precio movil
    errore errori guasto anomalia avviso prodotto sconto ordine fiscale cliente prenotazione articolo fattura
    riferimento richiesta telefono colore prezzo cellulare tributo univoco avviamento cap
    """)
"""Beside one of these a code or a number is not a secret."""

STRONG = (":", "=", "->", "=>", "→")
"""Signs after which the value follows for certain."""

COPULAS = (
    *("is", "are", "was", "will be", "it's", "its", "is now", "changed to", "set to"),
    *("est", "sont", "c'est", "cest", "sera", "était", "etait"),
    *("es", "son", "sera", "era"),
    *("è", "e'", "sono", "sara", "era"),
)
"""“is”: a value may follow."""

LOOSE_COPULAS = {"it": ("e",), "fr": ("et",), "es": ("ez",)}
"""How “is” is misspelt by those who write that language; in another it is a different word."""

WEAK = ("to", "as", "with", "par", "pour", "en", "a", "por", "con", "in")
"""Words before a new value (“I changed the password to …”)."""

ADVERBS = (
    *("now", "currently", "still", "just", "simply", "always", "the following", "this", "this one"),
    *("maintenant", "toujours", "simplement", "desormais", "le suivant", "celui-ci", "actuellement"),
    *("ahora", "todavia", "siempre", "simplemente", "la siguiente", "el siguiente", "esta", "este"),
    *("adesso", "ora", "ancora", "sempre", "semplicemente", "la seguente", "il seguente", "questa", "questo"),
)
"""Words between “is” and the value."""

FILLERS = _set("""
    for of the my our your to on wifi wi-fi router box modem network alarm app account nas camera cameras admin new old
    de du des la le l les d pour mon ma notre nos reseau alarme compte routeur nouveau nouvelle
    del el mi mis nuestro nuestra para red alarma cuenta nueva nuevo router
    di della dello dell il lo per mia mio nostra nostro rete allarme antifurto conto nuova nuovo
    """)
"""Words that may stand between the name of a secret and a value that follows without “is”."""

OWNERS = (
    *("the", "my", "our", "your", "his", "her"),
    *("le", "la", "mon", "ma", "notre", "son", "sa"),
    *("el", "mi", "nuestra", "nuestro", "tu", "su"),
    *("il", "la mia", "il mio", "la nostra", "il nostro"),
)
"""Words before a secret's name when the value came first (“1234 is the alarm code”)."""

AND = _set("and or but y o e et ou ed mais ma pero thanks merci gracias grazie please svp")
"""Words that end a clause."""

SINCE = _set("in since from until by en depuis jusqu desde hasta nel dal dall fino")
"""Words that make the number after them a year."""

UNITS = _set("""
    minutes minute min hours hour seconds days times time characters character digits digit letters euro euros eur
    dollars percent people attempts months years
    fois heures heure jours secondes caracteres chiffres chiffre lettres essais mois ans
    veces horas hora dias segundos cifras digitos letras intentos meses anos
    volte ore ora giorni secondi caratteri cifre lettere tentativi mesi anni
    """)
"""Words that make the number before them a quantity."""

ORDINARY = _set("""
    a an the not no one none it its i we you he she they this that these those there here what which where who how why
    when on in at under behind inside near for from with without by of to too very so also again still never always
    wrong right correct incorrect invalid valid broken lost gone missing forgotten unknown known empty blank expired
    blocked locked reset changed required needed necessary refused rejected denied accepted safe secure weak strong
    short long same different new old default printed written stored saved hidden secret private public protected
    shown visible impossible possible fine good bad okay ready working strange weird complicated simple easy hard
    difficult useless important please thanks thank sorry help yes hello see ask call tell send mine yours ours his hers
    unchanged invisible obsolete outdated stolen compromised leaked disabled enabled unavailable available strange
    pending hacked everywhere nowhere somewhere somewhat only being been going asked your my our their and or but if
    password code wifi alarm forgot lose
    le la les un une des du de ce cette ca celui celle je tu il elle on nous vous ils ne pas plus sur dans sous derriere
    chez avec sans pour par trop tres aussi encore jamais toujours bien mal faux fausse vrai bon bonne mauvais mauvaise
    errone erronee incorrecte invalide valide perdu perdue oublie oubliee inconnu inconnue expire expiree bloque bloquee
    change changee refuse refusee rejete rejetee requis requise demande demandee necessaire obligatoire ecrit ecrite
    note notee affiche affichee cache cachee mieux vide court courte long longue identique different differente nouveau
    nouvelle ancien ancienne simple complique compliquee difficile facile impossible possible indisponible merci svp
    bonjour aide oui non voir appelez mon ma mes votre notre tout toute et ou mais si quoi lequel laquelle introuvable
    pareil meme visible
    el los las una uno unos unas lo eso esto ese esa yo ella nosotros ustedes se en bajo detras con sin para por muy
    tambien otra vez nunca siempre mal mala malo bien buena bueno incorrecta incorrecto correcta correcto erronea
    erroneo invalida invalido valida valido perdida perdido olvidada olvidado desconocida desconocido caducada caducado
    bloqueada bloqueado cambiada cambiado rechazada rechazado necesaria necesario obligatoria obligatorio escrita
    escrito guardada guardado vacia vacio corta corto larga largo igual diferente nueva nuevo antigua antiguo vieja
    sencilla dificil facil imposible posible gracias hola ayuda si ver llame mi su nuestra que cual donde misma mismo
    visible importante
    gli lo uno un' cio quella quello questa questo io lei noi voi loro non sul sulla nel nella sotto dietro con senza
    per molto anche ancora mai sempre sbagliata sbagliato giusta giusto corretta corretto errata errato scorretta valida
    valido persa perso dimenticata dimenticato sconosciuta sconosciuto scaduta scaduto bloccata bloccato cambiata
    cambiato rifiutata rifiutato richiesta richiesto necessaria necessario obbligatoria scritta scritto salvata salvato
    vuota vuoto corta corto lunga lungo uguale diversa diverso nuova nuovo vecchia vecchio semplice difficile facile
    impossibile possibile rotta rotto grazie ciao aiuto si vedi chiama mia mio sua suo nostra che quale dove stessa
    stesso da di del della dal dalla alla allo al dello a importante visibile
    """)
"""Plain words that are said about a password, and are none."""

ORDINARY_ENDINGS = ("ed", "ing", "able", "ible", "ado", "ada", "ato", "ata", "ito", "ita", "uto", "uta", "ido", "ida")
"""Endings of words that describe; a lower-case word with one of them is no password."""

"""The words of the domain, each explained in one plain sentence: on the page of words, and in place
where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import Message


@dataclass(frozen=True)
class Word:
    name: Message
    meaning: Message


GIVING: Mapping[str, Word] = {
    "gift": Word(
        Message("Gave"),
        Message(
            "En løsning, som et netværk har fundet og giver til de enheder, der kan bruge den."
        ),
    ),
    "network": Word(
        Message("Netværk"),
        Message(
            "En gruppe på tværs, der i en tid træder ud af driften for at finde en løsning på ét"
            " svært velfærdsproblem."
        ),
    ),
    "springboard": Word(
        Message("Springbræt"),
        Message("Det, der satte netværket i gang: en type sag, et tal eller et ønske."),
    ),
    "citizen_value": Word(
        Message("Hvad bliver bedre for borgeren?"),
        Message("Gavens mening i én sætning, som alle ser på igen ved hver opfølgning."),
    ),
    "handover": Word(
        Message("Overrækkelse"),
        Message("Én gave til én enhed; en gave til fem enheder er fem overrækkelser."),
    ),
    "giver": Word(
        Message("Giver"),
        Message("Netværkets side: dem, der giver gaven og hjælper enheden i gang."),
    ),
    "receiver": Word(
        Message("Modtager"),
        Message(
            "Den enhed, der får gaven; hovedmodtageren er den, gaven først og fremmest er til."
        ),
    ),
    "edition": Word(
        Message("Udgave"),
        Message("Gaven, som den ser ud efter en væsentlig ændring; hver udgave har sit nummer."),
    ),
    "request": Word(
        Message("Bed om gaven"),
        Message("En enhed har set en gave i gavekataloget og beder netværket om også at få den."),
    ),
}
ANSWERING: Mapping[str, Word] = {
    "receipt": Word(
        Message("Kvittering"),
        Message(
            "Set og modtaget: ét klik, der siger, at gaven er kommet frem, og ikke mere end det."
        ),
    ),
    "acceptance": Word(
        Message("Tage imod"),
        Message("Enheden overtager ansvaret for gaven, med en tovholder og en dato for det næste."),
    ),
    "owner": Word(
        Message("Tovholder"), Message("Den i enheden, der holder fast i gaven og følger op på den.")
    ),
    "read_back": Word(
        Message("Forstået sådan"),
        Message("Modtageren siger med egne ord, hvad enheden har fået."),
    ),
    "ripple": Word(
        Message("Hvad betyder det for andre?"),
        Message("Enheder, der ikke selv får gaven, men som kommer til at mærke den."),
    ),
    "substitute": Word(
        Message("Stedfortræder"),
        Message("Den, der kan svare for enheden i lederens sted; begge navne bliver stående."),
    ),
}
STATES: Mapping[str, Word] = {
    "draft": Word(
        Message("Kladde"),
        Message(
            "Gaven er ikke overrakt endnu; giveren gør den klar, eller enheden har bedt om den."
        ),
    ),
    "announced": Word(
        Message("Varslet"), Message("Enheden ved, at gaven kommer, men skal ikke gøre noget endnu.")
    ),
    "delivered": Word(
        Message("Overrakt"), Message("Gaven er givet til enheden, og den venter på enhedens svar.")
    ),
    "acknowledged": Word(
        Message("Kvitteret"), Message("Enheden har set og modtaget gaven, men ikke svaret endnu.")
    ),
    "accepted": Word(
        Message("Taget imod"),
        Message(
            "Enheden har sagt ja og pakket gaven ud, og den har en tovholder og en næste dato."
        ),
    ),
    "trial": Word(
        Message("Afprøves"),
        Message("Enheden prøver gaven af i en aftalt tid for at finde noget ud."),
    ),
    "in_use": Word(
        Message("I brug"), Message("Gaven er i drift: enheden gør noget anderledes end før.")
    ),
    "anchored": Word(
        Message("En del af hverdagen"),
        Message(
            "Gaven er forankret: et halvt år efter bruges den stadig, og den er stadig det værd."
        ),
    ),
    "returned": Word(
        Message("Sendt retur"), Message("Enheden har spurgt om noget, og giveren svarer.")
    ),
    "declined": Word(
        Message("Nej tak"), Message("Enheden tager ikke imod gaven, og har sagt hvorfor.")
    ),
    "passed_on": Word(
        Message("Givet videre"),
        Message("Gaven hører bedre til i en anden enhed, og giveren ved hvor."),
    ),
    "withdrawn": Word(
        Message("Trukket tilbage"),
        Message(
            "Giveren har taget gaven tilbage, eller enheden sit ønske om den, før den blev taget"
            " imod."
        ),
    ),
    "discontinued": Word(
        Message("Stoppet"),
        Message("Enheden bruger ikke gaven mere, og har skrevet, hvad den lærte af den."),
    ),
}
QUIET: Mapping[str, Word] = {
    "life": Word(
        Message("Livstegn"),
        Message(
            "Alt, hvad modtageren gør med gaven: svarer, følger op, aflægger besøg, taler med"
            " nogen eller skriver en bemærkning."
        ),
    ),
    "wrapped": Word(
        Message("I plastik"),
        Message("Før gaven er taget imod, har den stadig plastikken på; et ja pakker den ud."),
    ),
    "door": Word(
        Message("Ved døren"),
        Message(
            "Gaven er overrakt, og ingen har kvitteret for den inden for den tid, der er til det."
        ),
    ),
    "shelf": Word(
        Message("På hylden"),
        Message(
            "Gaven er modtaget, men der er ikke kommet noget livstegn, da det var tid til det."
        ),
    ),
    "forgotten": Word(
        Message("Glemt"), Message("Der har ikke været noget livstegn i et halvt år eller mere.")
    ),
    "pause": Word(
        Message("På pause"),
        Message(
            "Enheden har sat gaven på pause til en dag, den selv har valgt; til da spørger ingen."
        ),
    ),
    "follow_up": Word(
        Message("Opfølgning"),
        Message("En kort melding fra tovholderen om, hvordan det går, og hvornår næste gang er."),
    ),
}
TOGETHER: Mapping[str, Word] = {
    "secretariat": Word(
        Message("Sekretariatet for Netværksstrukturen"),
        Message("Dem, der opretter netværk og gaver og følger op på dem alle sammen."),
    ),
    "reference_leader": Word(
        Message("Referenceleder"),
        Message(
            "Den leder, der er netværkets bro til linjen og har medansvar for, at gaven bliver"
            " brugt."
        ),
    ),
}
CHAPTERS: Sequence[tuple[Message, Mapping[str, Word]]] = (
    (Message("At give"), GIVING),
    (Message("At svare"), ANSWERING),
    (Message("Vejen til hverdagen"), STATES),
    (Message("Når der bliver stille"), QUIET),
    (Message("Sammen om det"), TOGETHER),
)
GLOSSARY: Mapping[str, Word] = {key: word for _, words in CHAPTERS for key, word in words.items()}

"""Writes customers.csv, a made but realistic messy customer table, and customers_truth.csv.

    python examples/make_customers.py [FOLDER]

The same bytes on every machine: all chance comes from `random.Random.random`, which Python
keeps stable. Nobody in it exists: phone numbers are random and e-mail domains end in `.example`.
The errors are made here, not by the code that trains the encoder.
"""

from __future__ import annotations

import csv
import random
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

SEED = 20
PEOPLE = 820
RELATIVES = 40
# How many times a person registers again, and the share of people who do.
COPIES = ((0, 0.88), (1, 0.07), (2, 0.035), (3, 0.01), (4, 0.005))
MISSING = ("", "", "", "", "n/a", "NULL", "-")
HEADER = (
    "customer_no",
    "first_name",
    "last_name",
    "address",
    "city",
    "phone",
    "email",
    "date_of_birth",
    "signup_date",
    "newsletter",
    "notes",
)
NOTES = (
    "prefers to be called in the evening",
    "asked for an invoice by post",
    "complained about late delivery, refunded",
    "birthday voucher sent",
    "Leave parcels with the neighbour",
    "wholesale customer, net 30 days",
    "do not phone",
    "changed the delivery address twice",
)

Choice = TypeVar("Choice")


class Chance:
    """Random choices that come out the same on every Python."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311  no secret is made

    def happens(self, probability: float) -> bool:
        """True with that probability."""
        return self._random() < probability

    def below(self, bound: int) -> int:
        """An integer from 0, below the bound."""
        return int(self._random() * bound)

    def pick(self, choices: tuple[Choice, ...] | list[Choice]) -> Choice:
        """One of the choices, each as often."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: tuple[tuple[Choice, float], ...]) -> Choice:
        """One of the choices, each as often as its share of 1 says; the last takes the rest."""
        roll = self._random()
        for choice, share in choices:
            if roll < share:
                return choice
            roll -= share
        return choices[-1][0]

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(str(self.below(10)) for _ in range(count))

    def shuffled(self, items: list[Choice]) -> list[Choice]:
        """The items in another order."""
        return [item for _, _, item in sorted((self._random(), i, x) for i, x in enumerate(items))]


@dataclass(frozen=True)
class Country:
    """How people of one country are called and live.

    A name outside the Latin script is written `native=latin`; the e-mail address uses the latter.
    """

    share: float
    code: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    number_first: bool = False


def words(text: str) -> tuple[str, ...]:
    """What stands between spaces."""
    return tuple(text.replace("\n", " ").split())


def phrases(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in text.split(","))


COUNTRIES = (
    Country(
        0.4,
        "44",
        words(
            """William Elizabeth Robert Margaret James Katherine Thomas Susan John Sarah Michael
            Rebecca Christopher Jennifer Andrew Alexandra Daniel Victoria Benjamin Olivia Priya
            Mohammed Aisha Oluwaseun Chinedu Ngozi Siobhán Niamh Seán Rhys Angharad Gurpreet"""
        ),
        words(
            """Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White
            Thompson Evans Hughes Green Hall Lewis Clarke Khan Begum Singh Okafor Adeyemi O'Brien
            O'Connor MacDonald Campbell Fitzgerald Featherstonehaugh Llewellyn Hargreaves"""
        ),
        phrases(
            """High Street, Station Road, Church Lane, Victoria Road, Mill Lane, Kings Avenue,
            Park Road, Queens Drive, The Crescent, Albert Terrace, Manor Road, Springfield Close"""
        ),
        phrases("London, Leeds, Manchester, Bristol, Cardiff, Glasgow, Belfast, York, Norwich"),
        number_first=True,
    ),
    Country(
        0.14,
        "49",
        words(
            """Johannes Katharina Jürgen Sabine Wolfgang Elisabeth Günther Käthe Stefan Anneliese
            Björn Ayşe Mehmet Zeynep Matthias Friederike Jörg Uwe"""
        ),
        words(
            """Müller Schmidt Schneider Fischer Weber Schäfer Köhler Groß Weiß Jäger Böhm Yılmaz
            Öztürk Strauß Krüger Hofmann Lindemann Großmann"""
        ),
        phrases("Hauptstraße, Bahnhofstraße, Goethestraße, Gartenweg, Mühlenweg, Schloßallee"),
        phrases("Köln, München, Berlin, Düsseldorf, Nürnberg, Leipzig, Hamburg"),
    ),
    Country(
        0.1,
        "33",
        words("François Hélène Jean-Pierre Zoé Élodie Benoît Chloé Théo Amélie Gérard Noëlle"),
        words("Lefèvre Dubois Moreau Béranger D'Aubigné Gauthier Besançon Maréchal Noël Rousseau"),
        phrases("rue de la République, avenue Victor-Hugo, rue des Écoles, place de l'Église"),
        phrases("Paris, Orléans, Saint-Étienne, Besançon, Lyon, Nîmes"),
        number_first=True,
    ),
    Country(
        0.1,
        "34",
        words("José Francisco María Dolores Iñaki Begoña Jesús Concepción Andrés Lucía Joaquín"),
        words("García Martínez Núñez Ibáñez Muñoz Etxeberria Peña Castaño Domínguez Gutiérrez"),
        phrases("Calle Mayor, Avenida de la Constitución, Plaza de España, Calle del Príncipe"),
        phrases("Madrid, Málaga, A Coruña, León, Cádiz, Sevilla"),
    ),
    Country(
        0.08,
        "48",
        words("Wojciech Małgorzata Paweł Agnieszka Łukasz Grażyna Michał Świętosława Jiří"),
        words("Wiśniewski Kowalczyk Wójcik Łukaszewicz Szczepański Dąbrowski Dvořák Gołąb"),
        phrases("ul. Długa, ul. Świętego Jana, al. Niepodległości, ul. Kościelna"),
        phrases("Łódź, Kraków, Gdańsk, Poznań, Wrocław"),
    ),
    Country(
        0.06,
        "7",
        words(
            """Александр=aleksandr Екатерина=ekaterina Дмитрий=dmitri Мария=maria Владимир=vladimir
            Ольга=olga Наталья=natalia Сергей=sergei"""
        ),
        words(
            """Иванов=ivanov Кузнецов=kuznetsov Соловьёв=solovyov Лебедев=lebedev Морозов=morozov
            Васильев=vasiliev Щербаков=shcherbakov"""
        ),
        phrases("ул. Ленина, Невский проспект, ул. Садовая, пер. Тихий"),
        phrases("Москва, Санкт-Петербург, Казань, Новосибирск"),
    ),
    Country(
        0.05,
        "81",
        words("太郎=taro 花子=hanako 健一=kenichi 美咲=misaki 翔太=shota 陽子=yoko 直樹=naoki"),
        words("山田=yamada 佐藤=sato 鈴木=suzuki 高橋=takahashi 渡辺=watanabe 斎藤=saito"),
        phrases("本町, 栄町, 桜木町, 中央通り"),
        phrases("東京, 大阪, 札幌, 京都"),
    ),
    Country(
        0.04,
        "86",
        words("伟=wei 秀英=xiuying 建国=jianguo 丽=li 晓明=xiaoming 芳=fang"),
        words("王=wang 李=li 张=zhang 欧阳=ouyang 陈=chen 诸葛=zhuge"),
        phrases("人民路, 中山路, 解放大道, 南京西路"),
        phrases("北京, 上海, 广州, 成都"),
    ),
    Country(
        0.03,
        "20",
        words("محمد=mohamed فاطمة=fatma أحمد=ahmed ليلى=laila يوسف=youssef نور=nour"),
        words("حسن=hassan إبراهيم=ibrahim منصور=mansour السيد=elsayed عبدالله=abdallah"),
        phrases("شارع التحرير, شارع النيل, شارع الهرم"),
        phrases("القاهرة, الإسكندرية, الجيزة"),
    ),
)

NICKNAMES = dict(
    pair.split(":")
    for pair in words(
        """William:Bill Elizabeth:Liz Robert:Bob Margaret:Peggy James:Jim Katherine:Kate Thomas:Tom
        John:Jack Michael:Mike Rebecca:Becky Christopher:Chris Jennifer:Jenny Andrew:Andy
        Alexandra:Sandra Daniel:Danny Victoria:Vicky Benjamin:Ben Mohammed:Mo Johannes:Hans
        Katharina:Kathi Elisabeth:Elli Wolfgang:Wolfi José:Pepe Francisco:Paco Dolores:Lola
        Concepción:Concha Jean-Pierre:JP Małgorzata:Gosia Wojciech:Wojtek Александр:Саша
        Екатерина:Катя Владимир:Вова Мария:Маша Наталья:Наташа Дмитрий:Дима"""
    )
)
ABBREVIATIONS = dict(
    pair.split(":")
    for pair in words(
        """Street:St Road:Rd Lane:Ln Avenue:Ave Drive:Dr Close:Cl Terrace:Terr Crescent:Cres
        Calle:C/ Avenida:Avda. Plaza:Pza. rue:r. avenue:av. place:pl. ул.:улица"""
    )
)
ACCENTS = str.maketrans("áéèëêíñóöüçşıŁłśżźćąęńřôôîÉÖ", "aeeeeinooucsiLlszzcaenrooiEO")
NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "n": "m", "o": "p", "r": "t", "s": "d", "t": "y"}


@dataclass(frozen=True)
class Person:
    """One customer as the truth knows them."""

    number: int
    country: Country
    first: str
    last: str
    house: str
    street: str
    city: str
    phone: str
    email: str
    born: date
    signed_up: date


@dataclass
class Row:
    """One line of the table: what somebody typed."""

    person: int
    first: str
    last: str
    address: str
    city: str
    phone: str
    email: str
    born: str
    signed_up: str
    newsletter: str
    notes: str


def native(name: str) -> str:
    """The name in its own script."""
    return name.split("=", 1)[0]


def latin(name: str) -> str:
    """The name in Latin letters."""
    return name.rsplit("=", 1)[-1]


def make_person(chance: Chance, number: int) -> Person:
    """Somebody new."""
    country = chance.weighted(tuple((country, country.share) for country in COUNTRIES))
    first, last = chance.pick(country.given), chance.pick(country.family)
    return Person(
        number=number,
        country=country,
        first=first,
        last=last,
        house=str(1 + chance.below(180)),
        street=chance.pick(country.streets),
        city=chance.pick(country.cities),
        phone=str(1 + chance.below(9)) + chance.digits(8),
        email=make_email(chance, first, last),
        born=date(1938, 1, 1) + timedelta(days=chance.below(24_000)),
        signed_up=date(2016, 1, 1) + timedelta(days=chance.below(3_000)),
    )


def make_email(chance: Chance, first: str, last: str) -> str:
    """An address that the name suggests."""
    given, family = (
        latin(name).lower().translate(ACCENTS).replace("'", "").replace("ß", "ss")
        for name in (first, last)
    )
    user = chance.pick(
        (f"{given}.{family}", f"{given[0]}.{family}", f"{given}{family[0]}", f"{family}_{given}")
    )
    extra = chance.digits(2) if chance.happens(0.6) else ""
    ascii_user = user.encode("ascii", "ignore").decode()
    return f"{ascii_user}{extra}@{chance.pick(('mail', 'post', 'inbox', 'web', 'office'))}.example"


def make_relative(chance: Chance, person: Person, number: int) -> Person:
    """Somebody else in the same house: same name, address and telephone, not the same person."""
    first = chance.pick(tuple(name for name in person.country.given if name != person.first))
    return replace(
        person,
        number=number,
        first=first,
        email=make_email(chance, first, person.last),
        born=person.born + timedelta(days=400 + chance.below(9_000)),
        signed_up=person.signed_up + timedelta(days=chance.below(300)),
    )


def write_phone(chance: Chance, person: Person) -> str:
    """The number in one of the forms that people use."""
    code, number = person.country.code, person.phone
    return chance.pick(
        (
            f"0{number}",
            f"+{code} {number[:3]} {number[3:]}",
            f"+{code}{number}",
            f"0{number[:3]}-{number[3:6]}-{number[6:]}",
            f"(0{number[:2]}) {number[2:5]} {number[5:]}",
            f"00{code} {number[:4]} {number[4:]}",
        )
    )


def write_birth(chance: Chance, born: date) -> str:
    """ISO as the web shop stores it, or day first as people type it."""
    return born.isoformat() if chance.happens(0.6) else f"{born:%d/%m/%Y}"


def write_address(person: Person) -> str:
    """Street and house in the order of the country."""
    if person.country.code in {"81", "86"}:
        return f"{person.street}{person.house}号"
    if person.country.number_first:
        return f"{person.house} {person.street}"
    return f"{person.street} {person.house}"


def write_row(chance: Chance, person: Person) -> Row:
    """The person as a clean row."""
    return Row(
        person=person.number,
        first=native(person.first),
        last=native(person.last),
        address=write_address(person),
        city=person.city,
        phone=write_phone(chance, person),
        email=person.email,
        born=write_birth(chance, person.born),
        signed_up=person.signed_up.isoformat(),
        newsletter=chance.pick(("yes", "no")),
        notes=chance.pick(NOTES) if chance.happens(0.15) else "",
    )


def typo(chance: Chance, text: str) -> str:
    """One slip of the fingers: letters swapped, one dropped, doubled, or its neighbour hit."""
    if len(text) < 3:
        return text
    at = 1 + chance.below(len(text) - 2)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    return chance.pick(
        (
            f"{before}{after[0]}{letter}{after[1:]}",
            f"{before}{after}",
            f"{before}{letter}{letter}{after}",
            f"{before}{NEIGHBOURS.get(letter, letter)}{after}",
        )
    )


def registered_again(chance: Chance, person: Person) -> Person:
    """The same person, some time later: moved, married, or with a new e-mail address."""
    later = replace(person, signed_up=person.signed_up + timedelta(days=20 + chance.below(900)))
    event = chance.below(10)
    if event == 0:
        return replace(
            later,
            house=str(1 + chance.below(180)),
            street=chance.pick(person.country.streets),
            city=chance.pick(person.country.cities),
        )
    if event == 1:
        return replace(later, last=chance.pick(person.country.family))
    if event in {2, 3}:
        return replace(later, email=make_email(chance, person.first, person.last))
    return later


def spoil(chance: Chance, row: Row, person: Person) -> Row:
    """One to three of the things that go wrong when a row is typed."""
    row = replace(row)
    for _ in range(1 + chance.below(3)):
        mistake = chance.below(9)
        if mistake == 0:
            row.first = NICKNAMES.get(row.first, f"{row.first[0]}.")
        elif mistake == 1:
            row.first, row.last = row.last, row.first
        elif mistake == 2:
            row.first, row.last = row.first.translate(ACCENTS), row.last.translate(ACCENTS)
        elif mistake == 3:
            row.last, row.city = row.last.upper(), row.city.upper()
        elif mistake == 4:
            row.first, row.last = latin(person.first).title(), latin(person.last).title()
        elif mistake == 5:
            row.address = " ".join(ABBREVIATIONS.get(word, word) for word in row.address.split())
        else:
            name = chance.pick(("first", "last", "address", "email"))
            setattr(row, name, typo(chance, getattr(row, name)))
    return row


def lose_values(chance: Chance, row: Row, share: float) -> Row:
    """The row with some cells left empty, or filled with a word for nothing."""
    row = replace(row)
    for name in ("first", "address", "city", "phone", "email", "born"):
        if chance.happens(share):
            setattr(row, name, chance.pick(MISSING))
    return row


def make_rows(chance: Chance) -> list[Row]:
    """Everybody, as often as they registered, in no order."""
    people = [make_person(chance, number) for number in range(PEOPLE)]
    for number in range(PEOPLE, PEOPLE + RELATIVES):
        people.append(make_relative(chance, chance.pick(people), number))
    rows = []
    for person in people:
        rows.append(lose_values(chance, write_row(chance, person), 0.06))
        for _ in range(chance.weighted(COPIES)):
            again = registered_again(chance, person)
            row = write_row(chance, again)
            if chance.happens(0.9):  # the others typed the same as before
                row = spoil(chance, row, again)
            rows.append(lose_values(chance, row, 0.1))
    return chance.shuffled(rows)


def write_table(path: Path, header: tuple[str, ...], rows: list[list[str]]) -> None:
    """One CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write both files into the folder."""
    rows = make_rows(Chance(SEED))
    table = []
    for position, row in enumerate(rows):
        number = f"C{10_000 + position}"
        name = [row.first, row.last, row.address, row.city, row.phone, row.email]
        table.append([number, *name, row.born, row.signed_up, row.newsletter, row.notes])
    write_table(folder / "customers.csv", HEADER, table)
    truth = [[line[0], str(row.person)] for line, row in zip(table, rows, strict=True)]
    write_table(folder / "customers_truth.csv", ("customer_no", "person"), truth)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)

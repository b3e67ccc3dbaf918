"""Names for made persons: common ones listed, rare ones composed, drawn with a long tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Text = npt.NDArray[np.str_]

__all__ = ["CITIES", "GIVEN", "NICKNAMES", "STREETS", "SURNAMES", "draw", "vocabulary"]


def _words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


GIVEN = _words("""
James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard
Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Nancy Daniel Lisa Matthew Betty
Anthony Margaret Mark Sandra Donald Ashley Steven Kimberly Paul Emily Andrew Donna Joshua Michelle
Kenneth Dorothy Kevin Carol Brian Amanda George Melissa Edward Deborah Ronald Stephanie Timothy
Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia Jacob Kathleen Gary Amy Nicholas Shirley Eric
Angela Jonathan Helen Stephen Anna Larry Brenda Justin Pamela Scott Nicole Brandon Emma Benjamin
Samantha Samuel Katherine Gregory Christine Frank Debra Alexander Rachel Raymond Catherine Patrick
Carolyn Jack Janet Dennis Ruth Oliver Olivia Amelia Isla Ava Muhammad Noah Leo Freya Poppy
Mohammed Fatima Aisha Priya Arjun Ananya Wei Mei Chen Yuki Hiroshi José María Juan Sofía Zoë
François Chloé Jürgen Anneliese Søren Astrid Łukasz Agnieszka Dmitri Svetlana Ahmed Leila Omar
Yasmin Siobhán Seán Niamh Rhys Cerys Ewan Ailsa Tunde Ngozi Kwame Abena
""")

SURNAMES = _words("""
Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker
White Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose
Davis Rodríguez Hill Scott Cooper Morris Ward Moore Clark Harrison Baker Harris Allen Young King
Lee Edwards Turner Parker Cook McDonald Morgan Bell Kelly Bailey Watson Murphy Carter Bennett Gray
Hughes Shaw Simpson Ali Begum Ahmed Hussain Singh Kaur Chen Wang Li Zhang Nguyen Tran O'Brien
O'Connor Murray Reid Stewart Campbell Anderson Ross Henderson Paterson Graham Hamilton Fraser
Grant Marshall Lloyd Price Griffiths Rees Owen Pritchard Powell Ellis Chapman Foster Knight Webb
Hunt Palmer Holmes Mills Dixon Fox Stevens Gordon Hunter Barnes Fisher Butler Pearson Andrews
Harvey Lawson Russell Armstrong Elliott Cole Gibson Ford García Martínez López Müller Schmidt
Schneider Fischer Weber Meyer Wagner Becker Kowalski Nowak Wójcik Rossi Ferrari Bianchi Silva
Santos Oliveira Jansen Vries Berg Andersen Hansen Larsen Nilsson Virtanen Ivanov Petrov Kim Park
Choi Tanaka Suzuki Sato Yamamoto Okafor Adeyemi Mensah Diallo Haddad Cohen Levy Katz Papadopoulos
Yılmaz Kaya
""")

CITIES = _words("""
London Birmingham Manchester Leeds Liverpool Sheffield Bristol Glasgow Edinburgh Cardiff Leicester
Coventry Bradford Nottingham Hull Newcastle Stoke Southampton Derby Portsmouth Brighton Plymouth
Wolverhampton Reading Aberdeen Swansea Sunderland Luton Warrington York Bolton Bournemouth
Peterborough Norwich Swindon Dundee Oxford Cambridge Ipswich Exeter Gloucester Blackpool
Middlesbrough Huddersfield Poole Telford Slough Worthing Rochdale Basingstoke
""")

STREETS = _words("""
High Station Church Park Victoria Green Manor Kings Queens New Grange North South West East
Springfield George Alexandra York Mill London Stanley Albert Windsor Chester Richmond School Broad
Grove Cross Bridge Castle Market Orchard Meadow Elm Oak Ash Beech Cedar Willow Maple Chestnut
Hawthorn Rowan Birch Poplar Laurel Holly Ivy Rose
""")

NICKNAMES = {
    "James": "Jim", "Robert": "Bob", "William": "Bill", "Richard": "Dick", "Joseph": "Joe",
    "Thomas": "Tom", "Charles": "Charlie", "Christopher": "Chris", "Daniel": "Dan",
    "Matthew": "Matt", "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy", "Joshua": "Josh",
    "Kenneth": "Ken", "Edward": "Ted", "Ronald": "Ron", "Timothy": "Tim", "Nicholas": "Nick",
    "Jonathan": "Jon", "Stephen": "Steve", "Benjamin": "Ben", "Samuel": "Sam", "Gregory": "Greg",
    "Alexander": "Alex", "Patrick": "Paddy", "Michael": "Mike", "Elizabeth": "Liz",
    "Jennifer": "Jenny", "Margaret": "Maggie", "Susan": "Sue", "Jessica": "Jess",
    "Patricia": "Pat", "Barbara": "Barb", "Kimberly": "Kim", "Deborah": "Debbie",
    "Rebecca": "Becky", "Katherine": "Kate", "Catherine": "Cathy", "Christine": "Chris",
    "Samantha": "Sam", "Rachel": "Rach", "Amanda": "Mandy", "Stephanie": "Steph", "Melissa": "Mel",
    "Pamela": "Pam", "Cynthia": "Cindy",
}  # fmt: skip

ONSETS = _words("b br c ch d dr f g gr h k kl l m n p pr r s sh st t tr v w z al el or is an")
VOWELS = _words("a e i o u ai ee ea oa ia")
CODAS = _words("n r l s m t nd rt ck x ss ll")


def vocabulary(common: list[str], size: int, endings: str, seed: int) -> Text:
    """`size` distinct words: the common ones first, then composed ones (two or three syllables).

    Args:
        common: words that come first, in this order.
        size: how many words in all.
        endings: last syllables of the composed ones, separated by blanks.
        seed: two calls with the same arguments give the same words.
    """
    rng = np.random.default_rng(seed)
    words = dict.fromkeys(common)
    while len(words) < size:
        made = _composed(4 * size, endings.split(), rng)
        words |= dict.fromkeys(made.tolist())
    return np.array(list(words)[:size])


def _composed(count: int, endings: list[str], rng: np.random.Generator) -> Text:
    """`count` words of an onset, vowels, codas and an ending; not all distinct."""

    def pick(parts: list[str]) -> Text:
        return rng.choice(np.array(parts), count)

    middle = np.where(rng.random(count) < 0.4, np.char.add(pick(ONSETS), pick(VOWELS)), "")
    word = np.char.add(np.char.add(pick(ONSETS), pick(VOWELS)), middle)
    return np.char.capitalize(np.char.add(np.char.add(word, pick(CODAS)), pick(endings)))


def draw(words: Text, count: int, rng: np.random.Generator, *, power: float = 1.0) -> Text:
    """`count` words; the one at rank r with probability proportional to 1 / (r + 10)^power.

    Mandelbrot's form of Zipf's law: the head is flattened, so that the commonest name is held
    by one or two per cent, and the tail is long.
    """
    weight = 1.0 / (np.arange(len(words)) + 10.0) ** power
    bounds = np.cumsum(weight / weight.sum())
    places = np.searchsorted(bounds, rng.random(count))
    return words[np.minimum(places, len(words) - 1)]

"""The search in the help: forgiving of å ä ö, of endings and of half words; titles count most, then questions."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from store.foundation.text import fold, without_rings
from store.help.articles import Article, Help

MOST_WORDS = 60
"""So many words of a query are looked for; what is pasted may be long."""
LEAST_PREFIX = 3
"""Letters of a half word from which it finds whole ones."""
LEAST_PART = 5
"""Letters of a word from which it is found inside a longer one, as Swedish puts words together."""
TITLE, ASKED, TEXT = 9.0, 6.0, 1.0
"""How much a word counts in the title, among the questions and search words, and in the text."""
SAME, SAME_STEM, BEGINS, INSIDE = 1.0, 0.9, 0.6, 0.3
"""How well a word is met: by itself, with another ending, as a beginning, inside a longer one."""
LEAST_SHARE = 0.25
"""Articles that score less than this of the best one are left out: they share a common word or two with the query."""


@dataclass(frozen=True)
class Hit:
    """An article that was found, with how well; only to be compared within one search."""

    article: Article
    score: float


def search(articles: Help, query: str) -> tuple[Hit, ...]:
    """Return the articles that a query is about, the best first; none for no word."""
    index = _index(articles)
    words = list(dict.fromkeys(_words(query)))[:MOST_WORDS]
    whole = " ".join(_words(query))
    asked = [(index.rarity(word), index.alike(word)) for word in words]
    hits = [Hit(page.article, _score(page, asked) + _exactly(page, whole)) for page in index.pages]
    best = max((hit.score for hit in hits), default=0.0)
    kept = [hit for hit in hits if hit.score > 0 and hit.score >= LEAST_SHARE * best]
    return tuple(sorted(kept, key=lambda hit: (-hit.score, hit.article.title.casefold())))


@dataclass(frozen=True)
class _Page:
    """What of an article is searched: its words with what they count, and its title and questions as they stand."""

    article: Article
    weights: Mapping[str, float]
    sayings: tuple[str, ...]


@dataclass(frozen=True)
class _Index:
    pages: tuple[_Page, ...]
    known: frozenset[str]
    """All words of all articles."""
    found_in: Mapping[str, int]
    """In how many articles a word's stem stands: the rarer, the more it says."""

    def rarity(self, word: str) -> float:
        """Return how much a word says."""
        return math.log(1 + len(self.pages) / self.found_in.get(stem(word), 1))

    def alike(self, word: str) -> dict[str, float]:
        """Return the words of all articles by which a word is met, and how well."""
        each = ((known, _alike(word, known)) for known in self.known)
        return {known: likeness for known, likeness in each if likeness}


@lru_cache(maxsize=4)
def _index(articles: Help) -> _Index:
    pages = tuple(_page(article) for article in articles.articles)
    found_in = Counter(one for page in pages for one in {stem(word) for word in page.weights})
    return _Index(pages, frozenset(word for page in pages for word in page.weights), found_in)


def _page(article: Article) -> _Page:
    weights: dict[str, float] = {}
    asked = (*article.questions, *article.words, article.id)
    for texts, weight in (((article.text, *article.commands), TEXT), (asked, ASKED), ((article.title,), TITLE)):
        weights |= {word: weight for text in texts for word in _words(text)}
    sayings = tuple(" ".join(_words(saying)) for saying in (article.title, *article.questions, *article.words))
    return _Page(article, weights, sayings)


def _score(page: _Page, asked: Sequence[tuple[float, Mapping[str, float]]]) -> float:
    """Return how well an article meets words: each by how rare it is, and by the place and the way it is met best."""
    return sum(rarity * _met(page.weights, alike) for rarity, alike in asked)


def _met(weights: Mapping[str, float], alike: Mapping[str, float]) -> float:
    return max((weights[known] * likeness for known, likeness in alike.items() if known in weights), default=0.0)


def _alike(word: str, known: str) -> float:
    if word == known:
        return SAME
    if stem(word) == stem(known):
        return SAME_STEM
    if len(word) >= LEAST_PREFIX and known.startswith(word):
        return BEGINS
    return INSIDE if len(word) >= LEAST_PART and stem(word) in known else 0.0


def _exactly(page: _Page, whole: str) -> float:
    """Return what is added where the query is a title, a question or a fault's text, or a part of one as it stands.

    So a text that is copied from a screen leads to its page, whatever stands around it.
    """
    if " " not in whole:
        return 0.0
    about = (saying for saying in page.sayings if " " in saying and (saying in whole or whole in saying))
    return max((TITLE * saying.count(" ") for saying in about), default=0.0)


_WORDS = re.compile(r"[^\W_]+|[\u2190-\u2bff]")
"""Words, and the marks of the lists."""


def _words(text: str) -> Iterable[str]:
    """Return a text's words in small letters, without the rings and dots that a keyboard may lack."""
    return _WORDS.findall(without_rings(fold(text)))


_ENDINGS = sorted(
    (
        *("arna", "erna", "orna", "aren", "aret", "arens", "ningarna", "ningar", "ningen", "ning", "ingar", "ingen"),
        *("ing", "heten", "heter", "heterna", "het", "ades", "ade", "ande", "at", "ats", "ad", "as", "ar", "er", "or"),
        *("en", "et", "na", "ens", "ets", "a", "e", "n", "s", "r"),
    ),
    key=len,
    reverse=True,
)
LEAST_STEM = 4


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word without its commonest Swedish ending; a short word stays as it is."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            return word.removesuffix(ending)
    return word

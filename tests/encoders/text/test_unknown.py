"""Words that a vocabulary lacks: alike by their letters, not by being unknown."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from simsearch.encoders.text.encoder import TextEncoder
from simsearch.encoders.text.static import StaticBody
from simsearch.encoders.text.unknown import UnknownWords, letter_vectors

UNRELATED = [
    "ሰላም ለዓለም ዛሬ ጥሩ ቀን ነው",
    "መጽሐፉ በጠረጴዛ ላይ ነው",
    "ខ្ញុំចង់ទៅផ្សារ",
    "ថ្ងៃនេះមេឃស្រឡះ",
    "😀😃",
    "🚗🚗🚗",
    "今天天气很好",
    "图书馆在城市中心",
    "книга лежит на столе",
    "сегодня хорошая погода",
]
WORDS = ["the", "cat", "dog", "a", "##a", "b", "##b", "м", "##м", "##и", "с", "##с", "天", "[UNK]"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    vocabulary = {word: place for place, word in enumerate(WORDS)}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


@pytest.fixture(scope="module")
def encoder(tokenizer: Tokenizer) -> TextEncoder:
    table = np.random.default_rng(0).standard_normal((len(WORDS), 256)).astype(np.float32)
    return TextEncoder(StaticBody(tokenizer.to_str().encode(), {"table": table}))


def cosine(encoder: TextEncoder, left: str, right: str) -> float:
    one, other = encoder.encode_text([left, right])
    return float(one @ other)


def test_unrelated_texts_in_unknown_scripts_are_not_alike(encoder: TextEncoder) -> None:
    vectors = encoder.encode_text(UNRELATED)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert max(vectors[i] @ vectors[j] for i, j in combinations(range(len(UNRELATED)), 2)) < 0.4


def test_unknown_words_are_alike_where_they_share_letters(encoder: TextEncoder) -> None:
    assert cosine(encoder, "图书馆在城市中心", "图书馆在市中心。") > 0.6
    assert cosine(encoder, "КНИГА на столе", "книга на столе") == pytest.approx(1, abs=1e-5)


def test_known_words_count_by_their_share(encoder: TextEncoder) -> None:
    assert cosine(encoder, "the cat 😀", "the cat 🍕") > 0.9
    assert cosine(encoder, "the cat 😀😀😀😀😀😀😀😀", "the cat 🍕🍕🍕🍕🍕🍕🍕🍕") < 0.5


def test_texts_of_known_words_stay_as_they_are(encoder: TextEncoder) -> None:
    texts = ["the cat", "a dog", "abb"]
    plain = TextEncoder(encoder.body, letters=False)
    np.testing.assert_array_equal(encoder.encode_text(texts), plain.encode_text(texts))
    assert plain.fingerprint != encoder.fingerprint


def test_a_word_known_by_its_letters_alone_is_unknown(tokenizer: Tokenizer) -> None:
    unknown = UnknownWords(tokenizer)
    assert unknown.share(["мис сим"]) == 1  # three letters of a token each; сим has none
    assert unknown.share(["abb the cat"]) == 0
    assert unknown.share(["天", ""]) == 0
    assert unknown.share(["天地"]) == 1  # written as one word


def test_words_that_a_unigram_model_lacks_are_unknown() -> None:
    """As multilingual models have them: it shows what has no token as it is written."""
    pieces = [("<unk>", 0.0), ("▁", -2.0), ("▁red", -1.0), ("▁house", -1.0), ("e", -3.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, 0, False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    unknown = UnknownWords(tokenizer)
    assert unknown.share(["red house"]) == 0.0
    assert unknown.share(["ሰላም ነው"]) == 1.0
    assert unknown.share(["สวัสดีครับ"]) == 1.0
    assert unknown.share(["red ሰላም"]) == 0.5


def test_share_of_letters(encoder: TextEncoder) -> None:
    assert encoder.unknown_share(["the cat", None, "ሰላም cat"]) == pytest.approx(3 / 12)


def test_a_tokenizer_that_knows_all_has_no_unknown_words() -> None:
    whole = Tokenizer(models.BPE({"a": 0}, []))
    vectors = np.zeros((1, 8), np.float32)
    assert UnknownWords(whole).mended(["ሰላም"], vectors) is vectors


def test_saved_encoders_tell_whether_they_compare_letters(encoder: TextEncoder, tmp_path) -> None:
    from simsearch.kinds.loading import load_encoder

    for letters in (True, False):
        made = TextEncoder(encoder.body, letters=letters)
        made.save(tmp_path / str(letters))
        found = load_encoder(tmp_path / str(letters))
        assert found.fingerprint == made.fingerprint
        np.testing.assert_array_equal(found.encode_text(UNRELATED), made.encode_text(UNRELATED))


@given(st.lists(st.lists(st.text("abαβ", min_size=1, max_size=5), max_size=4), min_size=1))
def test_letter_vectors_are_sums_over_runs_of_letters(texts: list[list[str]]) -> None:
    found = letter_vectors(texts, 512)
    for row, words in enumerate(texts):
        alone = [letter_vectors([[word]], 512)[0] * np.sqrt(squared(word)) for word in words]
        total = np.sum(alone, axis=0) if words else np.zeros(512)
        length = np.linalg.norm(total) or 1
        np.testing.assert_allclose(found[row], total / length, atol=1e-4)


def squared(word: str) -> float:
    """The squared length of a word's sum, by brute force from one vector a run."""
    padded = f" {word} "
    runs = [padded[i : i + n] for n in (2, 3) for i in range(len(padded) - n + 1)]
    return float(sum(float(direction(a) @ direction(b)) for a in runs for b in runs))


def direction(run: str) -> np.ndarray:
    from simsearch.encoders.text.letter_grams import _grams, directions

    codes = np.array([ord(letter) for letter in run], np.uint64)
    hashes, _ = _grams(codes, len(run))
    return directions(hashes, 512)[0] if len(hashes) else np.zeros(512, np.float32)

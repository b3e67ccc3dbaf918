"""Items as vectors: by an encoder, cut short, or as they are."""

import numpy as np
import pyarrow as pa
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.kinds.encoding import Encoding, served_dimension
from tests.made_items import LetterEncoder

TEXTS = pa.table({"text": ["anna", "banana", "zoe"]})


def test_an_encoder_says_how_its_vectors_are_compared() -> None:
    encoder = LetterEncoder()
    encoding = Encoding.by(encoder)
    assert (encoding.metric, encoding.dimension) == (encoder.metric, 26)
    assert encoding.reading == encoder.reading
    np.testing.assert_array_equal(encoding(TEXTS), encoder.encode_table(TEXTS))


def test_short_embeddings_are_the_first_numbers_at_unit_length() -> None:
    encoder = LetterEncoder(dims=(4, 8))
    found = Encoding.by(encoder, dimension=4)(TEXTS)
    whole = encoder.encode_table(TEXTS)[:, :4]
    for row, cut in zip(found, whole, strict=True):
        length = np.sqrt(sum(float(number) ** 2 for number in cut))
        np.testing.assert_allclose(row, cut / (length or 1), atol=1e-6)


def test_lengths_that_it_was_not_trained_for_are_refused() -> None:
    encoder = LetterEncoder(dims=(8, 4))
    assert [served_dimension(encoder, each) for each in (None, 26, 8, 4)] == [26, 26, 8, 4]
    with pytest.raises(OptionError, match="good at these lengths: 4, 8, 26; not at 5"):
        Encoding.by(encoder, dimension=5)


def test_numbers_are_not_compared_as_bits() -> None:
    with pytest.raises(OptionError, match="hamming compares bits, and texts become numbers"):
        Encoding.by(LetterEncoder(), Metric.HAMMING)


def test_given_vectors_stay_as_they_are() -> None:
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 3)
    encoding = Encoding(None, Metric.EUCLIDEAN, 3)
    np.testing.assert_array_equal(encoding(pa.table({"vector": column})), vectors)
    assert encoding.reading == {}

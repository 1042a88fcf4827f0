"""lunr's weights, computed at once for many postings and checked against lunr itself.

The browser computes them from the postings of a query's terms; here they are computed
for a sample at every build, so that a change in either is noticed before a release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from lunr.builder import Builder

from pipeline.errors import ReleaseRefused
from pipeline.public.search import text
from pipeline.public.search.document import FIELDS
from pipeline.public.search.postings import Postings, collect

K1, B = 1.2, 0.75  # lunr's defaults
_DIGITS = 3  # lunr rounds its weights; a tie may fall either way


def weights(postings: Postings) -> npt.NDArray[np.float64]:
    """The weight lunr gives each posting, in their order.

    idf(t) = ln(1 + |(N - n + 0.5) / (n + 0.5)|), n summed over fields;
    weight = idf·(k1 + 1)·tf / (k1·(1 - b + b·len/avg) + tf)·boost, rounded to 3 digits.
    """
    size = postings.lengths.shape[1]
    _, inverse, found = np.unique(postings.terms, return_inverse=True, return_counts=True)
    idf = np.log(1 + np.abs((size - found + 0.5) / (found + 0.5)))[inverse]
    averages = postings.lengths.mean(axis=1)
    boosts = np.array([field.boost for field in FIELDS])
    lengths = postings.lengths[postings.fields, postings.documents]
    shorter = K1 * (1 - B + B * lengths / averages[postings.fields])
    counts = postings.counts
    raw = idf * ((K1 + 1) * counts) / (shorter + counts) * boosts[postings.fields]
    rounded: npt.NDArray[np.float64] = np.round(raw, _DIGITS)
    return rounded


def lunr_builder(documents: Sequence[Mapping[str, str]]) -> Builder:
    """A lunr builder that has taken in ``documents``: our terms, our fields and boosts.

    lunr's own trimmer and stemmer are left out; the trimmer would delete Chinese.
    """
    builder = Builder()
    builder.ref("id")
    builder.k1(K1)
    builder.b(B)
    for field in FIELDS:
        builder.field(field.name, boost=field.boost)
    for at, document in enumerate(documents):
        found = {field.name: text.terms(document.get(field.name, "")) for field in FIELDS}
        builder.add({"id": str(at), **found})
    return builder


def check(documents: Sequence[Mapping[str, str]]) -> int:
    """Compare these documents with lunr.py; the number of weights compared.

    Raises :class:`ReleaseRefused` when terms or weights differ.
    """
    if not documents:
        return 0
    ours, theirs = _ours(documents), _theirs(documents)
    near = 1.1 * 10**-_DIGITS
    wrong = sum(abs(theirs.get(key, 0) - weight) > near for key, weight in ours.items())
    wrong += len(theirs.keys() - ours.keys())
    if wrong:
        told = f"检索索引与 lunr 的计算不一致（{len(ours)} 个权重中有 {wrong} 个不同）"
        raise ReleaseRefused([f"{told}，不予发布；请检查 lunr 的版本和 pipeline/public/search。"])
    return len(ours)


def _ours(sample: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], float]:
    postings = collect(sample)
    places = zip(postings.fields.tolist(), postings.documents.tolist(), strict=True)
    found = zip(places, postings.texts(postings.terms), weights(postings).tolist(), strict=True)
    return {(f"{FIELDS[f].name}/{d}", term): weight for (f, d), term, weight in found}


def _theirs(sample: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], float]:
    builder = lunr_builder(sample)
    builder.build()
    terms = {posting["_index"]: term for term, posting in builder.inverted_index.items()}
    found = {}
    for place, vector in builder.field_vectors.items():
        elements = vector.elements
        for at in range(0, len(elements), 2):
            found[place, terms[elements[at]]] = elements[at + 1]
    return found

"""The address of a decision, made from what it is: both sides of the wall can name it.

``theme/static/search/slug.js`` does the same, so that the search index need not hold it.
"""

from __future__ import annotations

import hashlib
import re

from pipeline.model import Kind

# Consonants only: a slug holds no digit (it can never look like an identity or
# telephone number to the audit) and spells no word.
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")

#: 〔2024〕第012号 is 〔2024〕12号: what one system writes another leaves out.
_ORDINAL = re.compile(r"(?<=〕)第?0*(?=[1-9])")


def slug(agency: str, kind: Kind, number: str) -> str:
    """The stable address of a decision, e.g. ``shihao-penalty-`` and 14 consonants (56 bits).

    ``number`` is the normalised 决定书文号. Nothing of the number can be read from it,
    so a number that holds a name does not leak through the address.
    """
    identity = "\n".join((agency, kind.value, _ORDINAL.sub("", number))).encode()
    digest = hashlib.blake2b(identity, digest_size=7).hexdigest()
    return f"{agency}-{kind.value}-{digest.translate(_LETTERS)}"

"""A table to decisions: what each row says, or why it is not taken over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from pipeline.fields import Field, dictionary, label_key
from pipeline.model import Kind
from pipeline.restricted.raw import Origin, RawDecision, Rejection, Secret
from pipeline.restricted.read.authority import Authorities, UnknownAuthority
from pipeline.restricted.read.coerce import convert_column, converter, free_text
from pipeline.restricted.read.header import Column, Header, is_heading
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.number import normalise_number
from pipeline.restricted.read.party import party_type_of
from pipeline.restricted.read.table import Table

#: A column nobody declared is named up to this many characters.
NAME_LENGTH = 30

_LONG_NUMBER = re.compile(r"\d{6,}")
_JOINED = frozenset({"text", "party", "person", "id"})

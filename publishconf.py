"""Pelican settings for a release: the public store must be there."""

import gc
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from pelicanconf import *
from pipeline import leash

leash.follow()
gc.disable()  # nothing a build makes is garbage before it ends: looking for some took a tenth

OUTPUT_PATH = "build/site"
GONGSHI_STORE_REQUIRED = True

"""Taking down what is due from a released site, with neither private data nor the store.

A web server can do this every night by itself, should the office's own run fail: every
page, list entry, feed entry, download row and search document carries its last day.
"""

from pipeline.public.sweep.sweep import Swept, sweep

__all__ = ["Swept", "sweep"]

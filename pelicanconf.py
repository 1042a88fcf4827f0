"""Pelican settings for looking at the site: ``pelican content -s pelicanconf.py``.

What this builds goes to preview/. output/ holds released sites only: they are built
from publishconf.py by ``python -m pipeline publish``, which audits every byte first.
"""

import os
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

root = Path(__file__).resolve().parent
sys.path.insert(0, str(root))  # the `pelican` command does not look for modules here

from pipeline.public import site, theme  # noqa: E402

PATH = "content"
OUTPUT_PATH = "preview"
THEME = "theme"
PLUGINS = [site]
# What the output folder holds, from one build to the next: only what changed is written.
GONGSHI_PROOF = os.environ.get("GONGSHI_PROOF", "")
DELETE_OUTPUT_DIRECTORY = not GONGSHI_PROOF  # a page that is gone must not linger

SITENAME = "行政执法信息公示"
SITEURL = ""  # empty: https:// and the domain of content/site.toml
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-cn"
LOCALE = ["C"]

JINJA_ENVIRONMENT = theme.OPTIONS

# Pelican's own pages are off: every page is made by the plugin.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None

# The office's own store; until there is one, what `python3 tasks.py site` left behind.
stores = (root / "private" / "public" / "store.db", root / "private" / "demo/public/store.db")
GONGSHI_STORE = os.environ.get("GONGSHI_STORE") or str(
    next((path for path in stores if path.is_file()), stores[0])
)
GONGSHI_STORE_REQUIRED = False
# The site last released: the base of its search index is kept while little has changed.
GONGSHI_PREVIOUS = os.environ.get("GONGSHI_PREVIOUS", "")
# Home, decisions, lists, feeds and sitemap only: for measuring beside others.
GONGSHI_BARE = bool(os.environ.get("GONGSHI_BARE"))
#: The day to show where no store says it.
GONGSHI_TODAY = datetime.now(ZoneInfo(TIMEZONE)).date().isoformat()
GONGSHI_PAGE_SIZE = 20
GONGSHI_FEED_SIZE = 50

"""Redaction past one machine: on Dask, rows out and redacted rows back.

What Dask gets to hold, keep or print is sealed with a key of this run (:mod:`sealed`), so
that no value stands in its logs, events, dashboards or files; a worker gets the key when it
has the same engine and is reached over TLS or on this machine (:mod:`worker`,
:mod:`engine`). A worker that is lost loses nothing: its rows are redacted by another, to
the same bytes. Dask is imported only when it is asked for (``pip install .[cluster]``).
"""

"""Setting type once: what a decision shows is rendered when it enters the public store.

A page is its template's frame, rendered once with its parts left open (``frame``), and the
parts of its decision (``parts``), kept in the store beside it (``shelf``). A build joins
them (``sheets``, ``runs``) and writes what changed since the build before (``proof``).
"""

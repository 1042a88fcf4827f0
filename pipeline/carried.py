"""What a run takes over from the release before it: the store's history and unchanged files.

The next store begins as a copy of the released one, so that its change sequence goes on; the
staging folder begins as links to the released files. Both only while the released site is, to
the byte, what the last run left: after a sweep, a restored backup or a stray hand everything
is built anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline import build, fresh
from pipeline.public.released import release
from pipeline.public.released.naming import Names
from pipeline.public.released.reading import Reading, read
from pipeline.state import StateFolder


class Carried:
    """The takeover of one run.

    ``digests``: SHA-256 of the linked files, by inode; ``files``: of all released ones, by
    path, once :meth:`is_current` has verified them; ``store``: the next store;
    ``reading``: of the released files, once :meth:`link` has read them.
    """

    def __init__(self, state: StateFolder, output: Path) -> None:
        self._state, self._output = state, output
        folder = state.store.parent
        self._proof, self.proof = folder / "site.proof", folder / "next.proof"
        self._release = folder / "site.release"
        self.store = state.next_store
        self.digests: Mapping[int, str] = {}
        self.files: Mapping[str, str] = {}
        self.reading = Reading({}, {})

    def begin(self) -> None:
        """Let the next store go on where the released one stands."""
        self.store.unlink(missing_ok=True)
        self.store.with_name("next.db-journal").unlink(missing_ok=True)
        if self._state.store.is_file():
            shutil.copyfile(self._state.store, self.store)

    def is_current(self, content: Path) -> bool:
        """Whether a build would give just the site that is released, and it is untouched."""
        stamp = fresh.stamp(content, self.store, build.THEME, build.SETTINGS)
        manifest = release.read_manifest(self._output)
        if not fresh.is_current(self._proof, stamp) or not self._is_ours() or not manifest:
            return False
        self.files = manifest.files
        return not release.verify(self._output)

    def link(self, staging: Path, names: Names) -> None:
        """Fill ``staging`` with what a build may leave as it is, or leave it empty.

        The released files are read for it, and ``names`` looked for in them.
        """
        fresh.forget(self.proof)
        self.proof.unlink(missing_ok=True)
        ours = self._is_ours() and self._proof.is_file()
        if ours or names:
            self.reading = read(self._output, names=names)
        if ours:
            self.digests = release.carry(self._output, staging, self.reading.digests)
        if self.digests:
            shutil.copyfile(self._proof, self.proof)

    def keep(self) -> None:
        """The release stands: the next run may begin from it.

        The hash of its manifest comes last: until then the next run carries nothing.
        """
        self.store.replace(self._state.store)
        if self.proof.is_file():
            self.proof.replace(self._proof)
            fresh.move(self.proof, self._proof)
            self._release.write_text(release.manifest_hash(self._output))

    def _is_ours(self) -> bool:
        """Whether the released site is the one that the last run of this state folder left."""
        try:
            return self._release.read_text() == release.manifest_hash(self._output)
        except OSError:
            return False

"""Runs a command; prints its seconds by the clock and of the processor, and its peak megabytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

if __name__ == "__main__":
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(sys.argv[1:], stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        said.seek(0)
        sys.stderr.write(said.read().decode(errors="replace"))
    print(json.dumps([wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
    sys.exit(os.waitstatus_to_exitcode(status))

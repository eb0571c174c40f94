"""The lab with plain boto3 and nothing of hol: what hol is measured against.

One description of the calls, run in two ways. `sequential` makes one call after the other, as a script does.
`floor` makes the same calls with the highest concurrency that is safe on AWS: what depends on nothing starts at once,
calls that change one REST API go one at a time (API Gateway refuses concurrent modifications), uploads come after the
deployment. Neither looks before it writes, neither checks whose a resource is, neither waits out an error.
`again` makes the reads that compare every facet of the lab; it compares nothing.

    python -m bench.plain floor up http://127.0.0.1:4599
"""

from __future__ import annotations

import sys

from bench.plain_again import again
from bench.plain_down import down
from bench.plain_up import up
from bench.script import Script

if __name__ == "__main__":
    mode, verb, url = sys.argv[1:]
    {"up": up, "again": again, "down": down}[verb](Script(url, mode == "floor"))

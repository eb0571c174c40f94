"""Fetch the published NSMC and lay it out as `scripts/train.py --data DIR` takes it: `python scripts/nsmc.py DIR`.

The Naver sentiment movie corpus (https://github.com/e9t/nsmc, CC0 1.0) publishes 150,000 training rows; the last
10,000 of them become dev.tsv.gz, the others train.tsv.gz. Its 50,000 test rows are left alone. The file is
checked against the SHA-256 that the public dataset index lists before anything is written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
import urllib.request
from pathlib import Path

URL = "https://raw.githubusercontent.com/e9t/nsmc/master/ratings_train.txt"
SHA256 = "e03b7d14e9e41be8d464a28057cd25d7396c53e67aa7fd5f7e552c59b0ee2940"
DEV_ROWS = 10_000


def fetch(url: str = URL, sha256: str = SHA256) -> bytes:
    """The published file. Exits with a message when it is not the one that the checksum names."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        data: bytes = answer.read()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{url} is not the published file: SHA-256 {found}, expected {sha256}; nothing was written")
    return data


def split(data: bytes, folder: Path) -> None:
    """Write train.tsv.gz and dev.tsv.gz, each with the heading line."""
    heading, *rows = data.decode("utf-8").rstrip("\n").split("\n")
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in (("train", rows[:-DEV_ROWS]), ("dev", rows[-DEV_ROWS:])):
        with gzip.open(folder / f"{name}.tsv.gz", "wt", encoding="utf-8", newline="\n") as file:
            file.write("\n".join([heading, *part]) + "\n")


def main() -> None:
    """Fetch, check, split."""
    parser = argparse.ArgumentParser(description="Fetch the published NSMC for scripts/train.py")
    parser.add_argument("folder", type=Path)
    split(fetch(), parser.parse_args().folder)


if __name__ == "__main__":
    main()

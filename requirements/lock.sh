#!/bin/sh
# Resolves pyproject.toml for every supported Python and system, with hashes and without an index address.
set -eu
cd "$(dirname "$0")/.."
lock() {
    out=$1
    shift
    "${UV:-uv}" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
        "$@" pyproject.toml requirements/build.in -o "requirements/$out"
}
lock demo.txt --extra demo --extra keys
lock dev.txt --extra demo --extra keys --extra dev
"${UV:-uv}" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
    requirements/fuzz.in -o requirements/fuzz.txt

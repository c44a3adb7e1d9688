#!/bin/sh
# run.sh PROGRAM [--missed]: the coverage of the grammar by every program of the repository.
set -eu
program=$1
shift
cd "$(dirname "$0")/../.."
exec "$program" "$@" $(find examples stdlib tests -name '*.nrd' | LC_ALL=C sort)

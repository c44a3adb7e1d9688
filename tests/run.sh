#!/bin/sh
# Builds Narada and runs every test: as users get it, then under AddressSanitizer and UndefinedBehaviorSanitizer. With clang here, it must build
# without a warning too. `sh tests/run.sh release` runs one of the builds only.
set -eu
cd "$(dirname "$0")/.."
sh .ci/packages.sh --tests
for preset in ${1:-release asan}; do
  echo "== $preset"
  cmake --preset "$preset" >build.log 2>&1 || { cat build.log; rm -f build.log; exit 1; }
  rm -f build.log
  cmake --build --preset "$preset"
  ctest --preset "$preset" -j "$(getconf _NPROCESSORS_ONLN)"
  sh tests/grammar/run.sh "$PWD/build/$preset/bin/grammar_coverage"
done
if [ $# -eq 0 ]; then
  if command -v clang >/dev/null 2>&1; then
    echo "== clang"
    cmake -S . -B build/clang -G Ninja -DCMAKE_C_COMPILER=clang >/dev/null
    cmake --build build/clang
  else
    echo "== clang: skipped, clang is not installed"
  fi
fi

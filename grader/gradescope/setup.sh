#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: a Python for the grader, and what the grader needs.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"

python=""
for version in 3.13 3.12 3.11; do
  if command -v "python$version" >/dev/null && "python$version" -c "import ensurepip"; then
    python="python$version"
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update
  for version in 3.13 3.12 3.11; do # Ubuntu 22.04 has 3.11, and 24.04 has 3.12
    if apt-get install --yes --no-install-recommends "python$version" "python$version-venv"; then
      python="python$version"
      break
    fi
  done
fi
if [ -z "$python" ]; then
  echo "This image has no Python 3.11 or later to install. Choose a newer base image in Gradescope." >&2
  exit 1
fi
"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --quiet --requirement "$root/source/course/requirements.lock"
cd "$root/source/course"
"$root/venv/bin/python" -m grader doctor

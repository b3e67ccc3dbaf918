#!/bin/sh
# Makes .venv-peers with the peers that cannot share our environment (recordlinkage needs pandas < 3).
#   sh benchmarks/peers/setup.sh [PYTHON]
set -eu
cd "$(dirname "$0")/../.."
"${1:-python3}" -m venv .venv-peers
.venv-peers/bin/python -m pip --disable-pip-version-check install --quiet \
    recordlinkage==0.16 'pandas<3' numpy==2.4.6 scikit-learn==1.9.1

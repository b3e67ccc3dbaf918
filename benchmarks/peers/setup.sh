#!/bin/sh
# Makes environments for the peers that cannot share ours: .venv-peers (recordlinkage needs pandas < 3)
# and .venv-goldenmatch.
#   sh benchmarks/peers/setup.sh [PYTHON]
set -eu
cd "$(dirname "$0")/../.."
"${1:-python3}" -m venv .venv-peers
.venv-peers/bin/python -m pip --disable-pip-version-check install --quiet \
    recordlinkage==0.16 'pandas<3' numpy==2.4.6 scikit-learn==1.9.1
"${1:-python3}" -m venv .venv-goldenmatch
.venv-goldenmatch/bin/python -m pip --disable-pip-version-check install --quiet \
    goldenmatch==3.22.0 polars==2.1.0 numpy==2.4.6 scikit-learn==1.9.1

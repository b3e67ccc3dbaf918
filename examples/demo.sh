#!/bin/sh
# What `make demo` runs: each command is shown as you would type it.
# BIN is the folder of the simsearch command; nothing when it is on the PATH. DEMO is where the results go.
set -eu
cd "$(dirname "$0")/.."
[ -z "${BIN:-}" ] || PATH="$PWD/$BIN:$PATH"
DEMO=${DEMO:-demo}
export SIMSEARCH_INDEXES="$DEMO/indexes"
rm -rf "$DEMO"
mkdir "$DEMO"

bold=''
plain=''
if [ -t 1 ]; then
    bold=$(printf '\033[1m')
    plain=$(printf '\033[0m')
fi

step() {
    printf '\n%s# %s%s\n$ %s\n' "$bold" "$1" "$plain" "$2"
    eval "$2"
}

step "Which customers are there twice?" \
    "simsearch dedupe examples/customers.csv --id customer_no -o $DEMO/customers_deduped.csv --unique $DEMO/customers_unique.csv --pairs $DEMO/customers_pairs.csv"
step "Every row came out, with its group:" \
    "head -n 4 $DEMO/customers_deduped.csv"
step "Why: the surest pairs and their evidence (log-odds by column)" \
    "head -n 4 $DEMO/customers_pairs.csv"
step "Keep the customers where they can be asked" \
    "simsearch index examples/customers.csv -n customers --id customer_no"
step "Who is like this one, typing errors and all?" \
    "simsearch query customers --record '{\"first_name\": \"Siobhan\", \"last_name\": \"Lewelyn\", \"city\": \"Manchester\"}' -k 3"
step "The same in plain words" \
    "simsearch query customers '山田 札幌' -k 3"
step "Which are as close as 0.6 to one that is there?" \
    "simsearch query customers --like C10009 --within 0.6"
step "How is the index searched?" \
    "simsearch info customers"

step "Which photos are copies of each other?" \
    "simsearch dedupe examples/photos --pairs $DEMO/photos_pairs.csv"
step "Which sentences are near copies, and what differs?" \
    "simsearch dedupe examples/sentences.txt --quiet --pairs $DEMO/sentences_pairs.csv"
step "Orders, months and negations are kept apart:" \
    "cat $DEMO/sentences_pairs.csv"

printf '\nThe files are in %s/. Now yours: .venv/bin/simsearch dedupe YOUR.csv\n' "$DEMO"

#!/usr/bin/env bash
# What happens to those who are served when three times as many ask as can be served. See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

seconds=10 callers=64 check=''
while [ $# -gt 0 ]; do
    case $1 in
        --seconds) seconds=${2:?--seconds N}; shift 2 ;;
        --callers) callers=${2:?--callers N}; shift 2 ;;
        --check) check=--check; shift ;;
        *) echo "bench/overload.sh [--seconds 10] [--callers 64] [--check]: p99 of the accepted at the rate that so many callers get, and at three times that rate. ARTIFACTS, NO_BUILD: as in bench/run.sh."
           [ "$1" = --help ] || [ "$1" = -h ]; exit ;;
    esac
done

make_work
build PrintCraft.Api PrintCraft.Worker
start_postgres
start_redis
migrate printcraft
start_api printcraft

export PRINTCRAFT_KEY=$development_key
driver() { node "$repo/bench/overload.mjs" --url "http://127.0.0.1:${port[api]}" --api "${pids[api]}" --seconds "$seconds" --callers "$callers" "$@"; }

driver --users
# Credits for every order of the run, as a gift would give them.
sql printcraft "
    UPDATE accounts SET available = available + 1000000;
    WITH journal AS (INSERT INTO journals (id, kind, business_id, created_at) SELECT gen_random_uuid(), 'grant', 'overload:' || user_id, now() FROM accounts WHERE user_id <> '00000000-0000-0000-0000-000000000000' RETURNING id, business_id)
    INSERT INTO journal_entries (journal_id, user_id, account, amount)
    SELECT id, '00000000-0000-0000-0000-000000000000'::uuid, 'promo', -1000000 FROM journal
    UNION ALL SELECT id, split_part(business_id, ':', 2)::uuid, 'available', 1000000 FROM journal"
driver $check

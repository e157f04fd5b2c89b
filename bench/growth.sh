#!/usr/bin/env bash
# Does an operation cost more when the tables are full? See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

usage() {
    cat <<USAGE
PEER=/path/to/peer-node bench/growth.sh [option...]

  --small N     10000    finished generations in one database
  --large N     1000000  and in the other (needs about 4 GB of disk and some minutes)
  --rounds N    3        rounds, each over both databases
  --n N         2000     jobs of each create and drain
  --warmup N    2000
  --size N      1024     pixels of either side of an image
  --json FILE            writes everything measured there
  --check                ends with 1 when the difference is larger than 15 %

The peer is used for its load driver only. ARTIFACTS, NO_BUILD, PEER_MODULES, KEEP: as in bench/run.sh.
USAGE
}

small=10000 large=1000000 rounds=3 n=2000 warmup=2000 size=1024 json='' check=''
while [ $# -gt 0 ]; do
    case $1 in
        --small|--large|--rounds|--n|--warmup|--size|--json)
            [ $# -gt 1 ] || { usage >&2; exit 2; }
            declare "${1#--}=$2"; shift 2 ;;
        --check) check=--check; shift ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
[ -z "$json" ] || json=$(realpath -m "$json")

# fill DATABASE GENERATIONS: users have a hundred jobs each, but there are always the 50 of the driver
fill() {
    local users=$(($2 / 100 < 50 ? 50 : $2 / 100))
    say "fills $1 with $2 generations of $users users"
    migrate "$1"
    "$pgbin/psql" -X -q -h 127.0.0.1 -p "${port[postgres]}" -U postgres -d "$1" -v generations="$2" -v users="$users" -f "$repo/bench/sql/fill.sql" > "$work/log/fill" 2>&1 \
        || { tail -5 "$work/log/fill" >&2; die "The tables could not be filled."; }
    sql "$1" 'VACUUM (ANALYZE)'
    say "$1: $(sql "$1" "SELECT pg_size_pretty(pg_database_size('$1'))")"
}

measure() {
    local database=$1 round=$2
    start_api "$database"
    start_worker "$database"
    sql "$database" CHECKPOINT
    drive printcraft "$database" "$database $round" --n "$n" --warmup "$warmup" --scenarios drain
    drained "$database"
    kill -STOP "${pids[worker]}"
    drive printcraft "$database" "$database $round" --n "$n" --warmup $((n < 200 ? n : 200)) --no-settle --scenarios create
    kill -CONT "${pids[worker]}"
    drained "$database"
    stop api
    stop worker
}

make_work
build PrintCraft.Api PrintCraft.Worker PrintCraft.ReplicateSimulator
# What is compared is the cost of an operation, not which of the two databases autovacuum happens to visit.
PG_OPTIONS='-c autovacuum=off' start_postgres
start_redis
start_rabbitmq
start_simulator
prepare_peer
export PRINTCRAFT_USERS=seed-
fill small_seed "$small"
fill large "$large"
touch "$work/lines"

for round in $(seq "$rounds"); do
    say "round $round"
    # The small one anew each time, or it would have grown by its own measurements.
    sql postgres "DROP DATABASE IF EXISTS small"
    sql postgres "CREATE DATABASE small TEMPLATE small_seed"
    if [ $((round % 2)) = 1 ]; then measure small "$round"; measure large "$round"; else measure large "$round"; measure small "$round"; fi
done

node "$repo/bench/growth.mjs" --small "$small" --large "$large" $check ${json:+--json "$json"} < "$work/lines"

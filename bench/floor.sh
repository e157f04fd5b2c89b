#!/usr/bin/env bash
# What this machine can do at best: durable commits of Postgres, confirmed messages of RabbitMQ. See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

seconds=10 clients=32 messages=20000
while [ $# -gt 0 ]; do
    case $1 in
        --seconds|--clients|--messages) [ $# -gt 1 ] || { echo "$1 needs a number" >&2; exit 2; }; declare "${1#--}=$2"; shift 2 ;;
        *) echo "bench/floor.sh [--seconds 10] [--clients 32] [--messages 20000]. ARTIFACTS, NO_BUILD: as in bench/run.sh."; [ "$1" = --help ] || [ "$1" = -h ]; exit ;;
    esac
done

# CPU seconds of a process, of its children, and of those that have ended
cpu_of() {
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v root="$1" '{ sub(/\(.*\)/, "x"); if ($1 == root) s += $14 + $15 + $16 + $17; else if ($4 == root) s += $14 + $15 } END { print s / 100 }'
}

make_work
build bench/Floor
start_postgres
start_rabbitmq
sql postgres 'CREATE DATABASE floor'
sql floor "
    CREATE TABLE note (id bigserial PRIMARY KEY, body text NOT NULL);
    CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
    CREATE TABLE entry (id bigserial PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL, job bigint NOT NULL);
    CREATE TABLE job (id bigserial PRIMARY KEY, account int NOT NULL, prompt text NOT NULL, created_at timestamptz NOT NULL);
    CREATE TABLE message (id bigserial PRIMARY KEY, body jsonb NOT NULL, created_at timestamptz NOT NULL);
    INSERT INTO account SELECT n, 1000000000 FROM generate_series(1, 1000) AS n;"
cat > "$work/row.sql" <<'SQL'
INSERT INTO note (body) VALUES ('a row that is to be there after a power cut');
SQL
cat > "$work/order.sql" <<'SQL'
\set account random(1, 1000)
WITH paid AS (UPDATE account SET balance = balance - 4 WHERE id = :account AND balance >= 4 RETURNING id),
    made AS (INSERT INTO job (account, prompt, created_at) SELECT id, 'A beautiful sunset over the mountains', now() FROM paid RETURNING id),
    entries AS (INSERT INTO entry (account, amount, job) SELECT :account, amount, made.id FROM made, (VALUES (-4), (4)) AS side (amount))
INSERT INTO message (body, created_at) SELECT jsonb_build_object('job', id), now() FROM made;
SQL
for one in 'row one row, one commit' 'order balance, 2 ledger rows, generation and outbox row, one commit'; do
    read -r script title <<< "$one"
    before=$(cpu_of "${pids[postgres]}")
    "$pgbin/pgbench" -h 127.0.0.1 -p "${port[postgres]}" -U postgres -M prepared -n -c "$clients" -j 2 -T "$seconds" -f "$work/$script.sql" floor > "$work/pgbench" 2>&1 \
        || { tail -5 "$work/pgbench" >&2; die "pgbench failed."; }
    sleep 0.3
    awk -v title="$title" -v cpu="$(awk -v a="$before" -v b="$(cpu_of "${pids[postgres]}")" 'BEGIN { print b - a }')" -v clients="$clients" '
        /transactions actually processed/ { done = $NF; sub(/.*\//, "", done); done += 0 } /^tps/ { tps = $3 } /latency average/ { ms = $4 }
        END { printf "postgres  %-72s %7.0f /s  %6.2f ms each, %d callers  CPU %.3f ms\n", title, tps, ms, clients, 1000 * cpu / done }' "$work/pgbench"
done
dotnet "$(ls "$bin/Floor/release/Floor.dll")" "amqp://guest:guest@127.0.0.1:${port[rabbitmq]}" "$messages"

#!/usr/bin/env bash
# How much of an authenticated read's CPU is authentication, authorization and limits. See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

seconds=5 size=512 # pixels, of which nothing here depends
case ${1:-} in
    '') ;;
    --seconds) seconds=${2:?--seconds N} ;;
    *) echo "PEER=/path/to/peer-node bench/share.sh [--seconds N]: stacks of the api during reads by id, by what they belong to. ARTIFACTS, NO_BUILD, PEER_MODULES: as in bench/run.sh."; [ "$1" = --help ] || [ "$1" = -h ]; exit ;;
esac
need perf linux-perf

succeeded() { sql printcraft "SELECT count(*) FROM generations WHERE status = 'succeeded'"; }

make_work
build PrintCraft.Api PrintCraft.Worker PrintCraft.ReplicateSimulator
start_postgres
start_redis
start_rabbitmq
start_simulator
prepare_peer
migrate printcraft
# Names of compiled methods for perf, which finds them only where code has one address.
export DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0
start_api printcraft
unset DOTNET_PerfMapEnabled DOTNET_EnableWriteXorExecute
start_worker printcraft
say "warms up"
drive printcraft printcraft warm --warmup 1000 --seconds 3 --scenarios read
before=$(succeeded)
: > "$work/lines"
drive printcraft printcraft share --warmup 0 --seconds $((seconds + 2)) --scenarios read &
driver=$!
until [ "$(succeeded)" -ge $((before + 200)) ]; do sleep 0.1; done
sleep 1.5
say "samples for $seconds s"
perf record -q -F 1999 -g -p "${pids[api]}" -o "$work/perf.data" -- sleep "$seconds" > "$work/log/perf" 2>&1
wait "$driver"
perf script -i "$work/perf.data" -F ip,sym 2>> "$work/log/perf" | node "$repo/bench/share.mjs" "$work/lines"
rm -f "/tmp/perf-${pids[api]}.map" "/tmp/perfinfo-${pids[api]}.map"

#!/usr/bin/env bash
# What clients that wait for events cost, and how late events come to them. See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

clients=500 subscribers=200 seconds=20 rate=10 rest=20
while [ $# -gt 0 ]; do
    case $1 in
        --clients|--subscribers|--seconds|--rate|--rest) [ $# -gt 1 ] || exit 2; declare "${1#--}=$2"; shift 2 ;;
        *) echo "bench/realtime.sh [--clients 500] [--rest 20] [--subscribers 200] [--seconds 20] [--rate 10]: memory of idle clients, latency of events. ARTIFACTS, NO_BUILD: as in bench/run.sh."
           [ "$1" = --help ] || [ "$1" = -h ]; exit ;;
    esac
done

driver() { PRINTCRAFT_KEY="$development_key" timeout 300 node --experimental-websocket "$repo/bench/realtime.mjs" "$@" --url "http://127.0.0.1:${port[api]}"; }

make_work
build PrintCraft.Api PrintCraft.Worker PrintCraft.ReplicateSimulator
start_postgres
start_redis
start_rabbitmq
start_simulator
migrate printcraft
# A process for each wire: what one was given it does not give back.
for wire in sse hub; do
    start_api printcraft
    driver memory --wire "$wire" --clients "$clients" --rest "$rest" --pid "${pids[api]}"
    stop api
done
start_api printcraft
start_worker printcraft
driver latency --subscribers "$subscribers" --seconds "$seconds" --rate "$rate"

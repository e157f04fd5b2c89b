#!/usr/bin/env bash
# What the api and the worker hold when nobody wants anything. See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

idle=30
case ${1:-} in
    '') ;;
    --idle) idle=${2:?--idle SECONDS} ;;
    *) echo "bench/memory.sh [--idle SECONDS]: resident memory after start and 30 seconds (or so many) of rest. ARTIFACTS, NO_BUILD: as in bench/run.sh."; [ "$1" = --help ] || [ "$1" = -h ]; exit ;;
esac

make_work
build PrintCraft.Api PrintCraft.Worker PrintCraft.ReplicateSimulator
start_postgres
start_redis
start_rabbitmq
start_simulator
migrate printcraft
start_api printcraft
start_worker printcraft
say "rests for $idle s"
sleep "$idle"
printf '%-8s %6s %8s %10s %8s\n' '' RSS limit anonymous peak
for one in 'api 150' 'worker 120'; do
    read -r name limit <<< "$one"
    awk -v name="$name" -v limit="$limit" '/^(VmRSS|RssAnon|VmHWM)/ { mb[$1] = $2 / 1024 }
        END { printf "%-8s %3.0f MB %5d MB %7.0f MB %5.0f MB  %s\n", name, mb["VmRSS:"], limit, mb["RssAnon:"], mb["VmHWM:"], mb["VmRSS:"] <= limit ? "met" : "NOT MET" }' \
        "/proc/${pids[$name]}/status"
done

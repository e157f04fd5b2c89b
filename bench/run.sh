#!/usr/bin/env bash
# PrintCraft against the Node peer: the same scenarios by the same driver, in turn, on the same servers. See bench/README.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

usage() {
    cat <<USAGE
PEER=/path/to/peer-node bench/run.sh [option...]

  --rounds N      3      rounds; each measures both systems, the order turns
  --n N           2000   jobs of each create and drain
  --warmup N      2000   jobs before each system's measurements in a round; five times as many before the first
  --latency-n N   200    sequential create to completion
  --seconds N     10     of each read
  --size N        1024   pixels of either side of an image
  --idle N        30     seconds of rest before memory is read; 0: not read
  --only SYSTEM          peer or printcraft
  --scenarios LIST       of create,drain,latency,read,list,stopped; all of them
  --json FILE            writes everything measured there
  --check                ends with 1 when a target is missed

  ARTIFACTS=folder       builds there (else in the temporary folder); NO_BUILD=1: what lies there is good
  PEER_MODULES=folder    an installed node_modules of the peer (else npm install)
  WEBHOOKS=1             PrintCraft asks for webhooks too
  REALTIME=hub           completion comes over the SignalR hub instead of server-sent events
  KEEP=1                 keeps the temporary folder
USAGE
}

rounds=3 n=2000 warmup=2000 latency_n=200 seconds=10 size=1024 idle=30 only='' json='' check='' scenarios=create,drain,latency,read,list,stopped
while [ $# -gt 0 ]; do
    case $1 in
        --rounds|--n|--warmup|--latency-n|--seconds|--size|--idle|--only|--json|--scenarios)
            [ $# -gt 1 ] || { usage >&2; exit 2; }
            name=${1#--}; declare "${name//-/_}=$2"; shift 2 ;;
        --check) check=--check; shift ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
[ -z "$json" ] || json=$(realpath -m "$json")

# Both stay up over all rounds, so that each is as warm as the other; the one whose turn it is not stands still.
processes() { if [ "$1" = peer ]; then echo peerapi peerworker; else echo api worker; fi; }
signal() { local name; for name in $(processes "$2"); do kill "-$1" "${pids[$name]}"; done; }

begin() {
    if [ "$1" = peer ]; then start_peer; else start_api printcraft; start_worker printcraft; fi
    say "warms $1 up"
    drive "$1" "$1" warm --n $((warmup * 2)) --warmup $((warmup * 3)) --scenarios create
    signal STOP "$1"
}

measure() {
    local system=$1 round=$2 worker
    worker=$(processes "$system"); worker=${worker#* }
    say "round $round: $system"
    signal CONT "$system"
    sql "$system" CHECKPOINT
    sleep 1
    local driven
    driven=$(echo "$scenarios" | tr , '\n' | grep -vx stopped | paste -sd, || true)
    [ -z "$driven" ] || drive "$system" "$system" "$round" --n "$n" --warmup "$warmup" --latency-n "$latency_n" --seconds "$seconds" --scenarios "$driven"
    drained "$system"
    case ,$scenarios, in *,stopped,*)
        # Nobody takes the jobs: what a create alone costs. The worker gets them afterwards.
        kill -STOP "${pids[$worker]}"
        drive "$system" "$system" "$round-stopped" --n "$n" --warmup $((n < 200 ? n : 200)) --no-settle --scenarios create
        kill -CONT "${pids[$worker]}"
        drained "$system" ;;
    esac
    signal STOP "$system"
    tail -n +"$((seen + 1))" "$work/lines" | node "$repo/bench/report.mjs" --progress >&2
    seen=$(wc -l < "$work/lines")
}

make_work
build PrintCraft.Api PrintCraft.Worker PrintCraft.ReplicateSimulator
say "servers start in $work"
start_postgres
start_redis
start_rabbitmq
start_simulator
prepare_peer
setup_peer
migrate printcraft
touch "$work/lines"
seen=0

if [ "$idle" -gt 0 ]; then
    start_api printcraft
    start_worker printcraft
    say "rests for $idle s, then memory is read"
    sleep "$idle"
    echo "{\"system\":\"printcraft\",\"scenario\":\"memory\",\"api\":$(rss "${pids[api]}"),\"worker\":$(rss "${pids[worker]}")}" >> "$work/lines"
    stop api
    stop worker
    if [ "$only" != printcraft ]; then
        start_peer
        sleep "$idle"
        echo "{\"system\":\"seed-node\",\"scenario\":\"memory\",\"api\":$(rss "${pids[peerapi]}"),\"worker\":$(rss "${pids[peerworker]}")}" >> "$work/lines"
        stop peerapi
        stop peerworker
    fi
    seen=$(wc -l < "$work/lines")
fi

for system in peer printcraft; do
    [ -n "$only" ] && [ "$only" != "$system" ] || begin "$system"
done
grep -v '"label":"warm"' "$work/lines" > "$work/lines.kept" || true
mv "$work/lines.kept" "$work/lines"
seen=$(wc -l < "$work/lines")

for round in $(seq "$rounds"); do
    order=(peer printcraft)
    [ $((round % 2)) = 1 ] || order=(printcraft peer)
    for system in "${order[@]}"; do
        [ -n "$only" ] && [ "$only" != "$system" ] || measure "$system" "$round"
    done
done

node "$repo/bench/report.mjs" $check ${json:+--json "$json"} < "$work/lines"

#!/usr/bin/env bash
# CPU of thumbnails: the simulator's pictures and one of noise, 1024 x 1024. See docs/decisions/images.md.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
source "$repo/bench/lib.sh"

count=120
case ${1:-} in
    '') ;;
    --count) count=${2:?--count PICTURES} ;;
    *) echo "bench/thumbnail.sh [--count 120]. ARTIFACTS, NO_BUILD: as in bench/run.sh."; [ "$1" = --help ] || [ "$1" = -h ]; exit ;;
esac

make_work
build PrintCraft.ReplicateSimulator bench/Floor
settings=(ASPNETCORE_URLS="http://127.0.0.1:${port[simulator]}" ASPNETCORE_ENVIRONMENT=Development)
run_dotnet simulator ReplicateSimulator
until_true simulator 30 curl -sf "http://127.0.0.1:${port[simulator]}/health"
for style in 'clean, simple, minimal design' 'watercolor painting style, artistic' 'photorealistic, high detail, 8k' 'cartoon style, vibrant colors'; do
    curl -sfG "http://127.0.0.1:${port[simulator]}/simulator/draw" --data-urlencode "prompt=a lake at sunset, $style" -d seed=7 -d width=1024 -d height=1024 -o "$work/${style%%[ ,]*}.png"
done
stop simulator
dotnet "$bin/Floor/release/Floor.dll" thumbnails "$count" "$work"/*.png

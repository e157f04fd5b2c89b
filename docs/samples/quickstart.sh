#!/usr/bin/env bash
# A prompt becomes a picture, with curl alone.
#   PRINTCRAFT_URL=http://localhost:5310 PRINTCRAFT_CREDENTIAL=pcdev_dev.… docs/samples/quickstart.sh "a fox in the snow" fox.png
set -euo pipefail
: "${PRINTCRAFT_URL:=http://localhost:5310}" "${PRINTCRAFT_CREDENTIAL:?the credential that the AppHost prints, or an API key}"
prompt=${1:-a lighthouse above a stormy sea} file=${2:-design.png}
api() { curl -sS --fail-with-body -H "Authorization: Bearer $PRINTCRAFT_CREDENTIAL" "$@"; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# The key makes a repeated request the same order; Prefer keeps the answer back until the picture is there, a minute at most.
generation=$(api "$PRINTCRAFT_URL/api/v1/generations" \
    -H 'Content-Type: application/json' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" -H 'Prefer: wait=60' \
    -d "{\"prompt\":\"$prompt\",\"style\":\"watercolor\",\"options\":{\"quality\":\"draft\"}}")
id=$(member id <<< "$generation")

# Not there yet: its events tell when, and the stream ends with the job.
[ "$(member status <<< "$generation")" = succeeded ] || api -N "$PRINTCRAFT_URL/api/v1/generations/$id/events" > /dev/null

generation=$(api "$PRINTCRAFT_URL/api/v1/generations/$id")
echo "$id $(member status <<< "$generation")"
# The address is signed and needs no credential; & comes as \u0026 in JSON.
curl -sS --fail -o "$file" "$(member imageUrl <<< "$generation" | sed 's/\\u0026/\&/g')"
echo "$file"

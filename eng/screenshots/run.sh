#!/usr/bin/env bash
# Takes the pictures of the README anew: starts the AppHost on free ports, makes designs through the API, photographs the dashboard
# with Debian's Chromium. Needs Node.js, npm and chromium (apt-get install -y --no-install-recommends chromium).
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v chromium >/dev/null || { echo "chromium is missing: apt-get install -y --no-install-recommends chromium" >&2; exit 1; }

work=$(mktemp -d)
app=
trap '[ -z "$app" ] || { kill -TERM "$app"; wait "$app" || true; }; rm -rf "$work"' EXIT
npm install --prefix "$work" --no-package-lock --no-audit --no-fund --silent playwright-core@1.56.1
cp eng/screenshots/take.mjs "$work/"

dotnet build PrintCraft.AppHost -v quiet -nologo
PRINTCRAFT_RANDOM_PORTS=1 dotnet run --no-build --project PrintCraft.AppHost > "$work/log" 2>&1 &
app=$!
for _ in $(seq 240); do grep -q 'curl -s' "$work/log" && break; kill -0 "$app" || { cat "$work/log"; exit 1; }; sleep 0.5; done

mkdir -p docs/images
node "$work/take.mjs" "$work/log" docs/images

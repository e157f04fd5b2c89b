# What the drivers of bench/ share: a private Postgres, Redis, RabbitMQ and simulator on free loopback ports in one temporary folder, and the two
# systems as plain processes. Everything ends and goes with the script. To be sourced by bash, with $repo set.

say() { printf '%s  %s\n' "$(date +%T)" "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || die "$1 is missing: apt-get install -y --no-install-recommends $2"; }

declare -A pids=()      # name -> pid of what runs
declare -A port=()

# --- ends and removes everything, however the script ends
finish() {
    local name
    trap '' INT TERM HUP # timeout(1) and terminals signal the whole group, so the same wish comes twice
    for name in "${!pids[@]}"; do kill -CONT "${pids[$name]}" 2>/dev/null || true; done
    for name in api worker peerapi peerworker simulator; do stop "$name"; done
    for name in "${!pids[@]}"; do stop "$name"; done
    [ -n "${KEEP:-}" ] && say "kept: $work" || rm -rf "$work"
}

make_work() {
    need redis-server redis-server; need epmd erlang-base; need setpriv util-linux; need node nodejs
    pgbin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    [ -n "$pgbin" ] || die "PostgreSQL is missing: apt-get install -y --no-install-recommends postgresql"
    rabbit=/usr/lib/rabbitmq/bin/rabbitmq-server
    [ -x "$rabbit" ] || die "RabbitMQ is missing: apt-get install -y --no-install-recommends rabbitmq-server"
    work=$(mktemp -d "${TMPDIR:-/tmp}/printcraft-bench.XXXXXX")
    chmod 755 "$work"
    mkdir "$work/log"
    trap finish EXIT
    trap 'exit 130' INT TERM HUP
    local names=(postgres redis rabbitmq dist epmd management simulator api worker peer) free i
    read -ra free <<< "$(node -e '
        const net = require("net"), servers = [];
        const next = () => servers.length < +process.argv[1]
            ? servers.push(net.createServer().listen(0, "127.0.0.1", next))
            : (console.log(servers.map(s => s.address().port).join(" ")), servers.forEach(s => s.close()));
        next();' "${#names[@]}")"
    for i in "${!names[@]}"; do port[${names[$i]}]=${free[$i]}; done
}

# stop NAME [SIGNAL]: asks, waits, insists
stop() {
    local pid=${pids[$1]:-} i
    [ -n "$pid" ] || return 0
    unset "pids[$1]"
    kill -CONT "$pid" 2>/dev/null || true
    kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
    for i in $(seq 150); do kill -0 "$pid" 2>/dev/null || { wait "$pid" 2>/dev/null || true; return 0; }; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# launch NAME ACCOUNT COMMAND...: in the background; as that account when there is a choice
launch() {
    local name=$1 account=$2
    shift 2
    if [ -n "$account" ] && [ "$(id -u)" = 0 ]; then
        set -- setpriv --reuid="$account" --regid="$account" --clear-groups "$@"
    fi
    "$@" >> "$work/log/$name" 2>&1 &
    pids[$name]=$!
}

own() { [ "$(id -u)" != 0 ] || chown -R "$1" "$2"; }

# until_true WHAT SECONDS COMMAND...: waits, or shows the log of WHAT and ends
until_true() {
    local name=$1 tries=$(($2 * 10))
    shift 2
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        if [ "$tries" -le 0 ] || { [ -n "${pids[$name]:-}" ] && ! kill -0 "${pids[$name]}" 2>/dev/null; }; then
            tail -20 "$work/log/$name" >&2
            die "$name does not answer."
        fi
        sleep 0.1
    done
}

# --- servers: durable, as their READMEs advise
start_postgres() {
    mkdir "$work/postgres"
    own postgres "$work/postgres"
    launch initdb postgres "$pgbin/initdb" -D "$work/postgres/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8
    wait "${pids[initdb]}" || die "initdb failed: $(tail -3 "$work/log/initdb")"
    unset 'pids[initdb]'
    launch postgres postgres "$pgbin/postgres" -D "$work/postgres/data" -p "${port[postgres]}" -k "$work/postgres" \
        -c listen_addresses=127.0.0.1 -c max_connections=200 ${PG_OPTIONS:-}
    until_true postgres 30 sql postgres 'SELECT 1'
}

# sql DATABASE STATEMENT: one value per line
sql() { "$pgbin/psql" -X -A -t -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "${port[postgres]}" -U postgres -d "$1" -c "$2"; }

start_redis() {
    mkdir "$work/redis"
    own redis "$work/redis"
    launch redis redis redis-server --port "${port[redis]}" --bind 127.0.0.1 --dir "$work/redis" \
        --save '' --appendonly yes --appendfsync everysec --maxmemory-policy noeviction
    until_true redis 20 redis-cli -p "${port[redis]}" ping
}

# A node of its own with an epmd of its own: the shared one would listen on all addresses and outlive us.
start_rabbitmq() {
    local home=$work/rabbitmq
    mkdir "$home"
    printf '[{rabbit, [{tcp_listeners, [{"127.0.0.1", %s}]}, {disk_free_limit, 50000000}, {log, [{file, [{file, false}]}, {console, [{enabled, true}]}]}]}].\n' \
        "${port[rabbitmq]}" > "$home/advanced.config"
    echo '[].' > "$home/enabled_plugins"
    own rabbitmq "$home"
    launch epmd rabbitmq epmd -port "${port[epmd]}" -address 127.0.0.1
    # RUNNING_UNDER_SYSTEMD: the script becomes the server instead of waiting for it.
    cd "$home"
    launch rabbitmq rabbitmq env -i PATH="$PATH" HOME="$home" LANG=C.UTF-8 RUNNING_UNDER_SYSTEMD=true \
        ERL_EPMD_PORT="${port[epmd]}" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME=bench@localhost RABBITMQ_DIST_PORT="${port[dist]}" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
        RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$home/none.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$home/advanced.config" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/log" \
        RABBITMQ_PID_FILE="$home/rabbitmq.pid" "$rabbit"
    cd "$repo"
    until_true rabbitmq 90 grep -q 'Server startup complete' "$work/log/rabbitmq"
}

# --- PrintCraft as built for Release
build() {
    bin=${ARTIFACTS:-$work/artifacts}/bin
    [ -n "${NO_BUILD:-}" ] && { [ -f "$(program Worker)" ] || die "$(program Worker) is missing: leave NO_BUILD out."; return; }
    local project
    for project in "$@"; do
        say "build $project"
        dotnet build "$repo/$project" -c Release "-p:ArtifactsPath=${ARTIFACTS:-$work/artifacts}" -p:RunAnalyzers=false -nodeReuse:false -v q -nologo \
            > "$work/log/build" 2>&1 || { cat "$work/log/build" >&2; die "The build failed."; }
    done
}

program() { echo "$bin/PrintCraft.$1/release/PrintCraft.$1.dll"; }

# run_dotnet NAME PROJECT [ARGUMENT...]: settings come from the environment, warnings and worse are logged, nothing is exported
run_dotnet() {
    local name=$1 dll
    dll=$(program "$2")
    shift 2
    cd "$(dirname "$dll")"
    launch "$name" "" env -u OTEL_EXPORTER_OTLP_ENDPOINT DOTNET_ENVIRONMENT=Testing ASPNETCORE_ENVIRONMENT=Testing DOTNET_NOLOGO=1 \
        Logging__LogLevel__Default=Warning "${settings[@]}" dotnet "$dll" "$@"
    cd "$repo"
}

start_simulator() {
    settings=(ASPNETCORE_URLS="http://127.0.0.1:${port[simulator]}" Simulator__Bench=true)
    run_dotnet simulator ReplicateSimulator
    until_true simulator 30 curl -sf "http://127.0.0.1:${port[simulator]}/health"
}

# As the AppHost would set them. Without WEBHOOKS=1 as with a token and no public address: the answer of Replicate itself says when an image is there.
printcraft_settings() {
    local database=$1
    settings=(
        ConnectionStrings__printcraftdb="Host=127.0.0.1;Port=${port[postgres]};Username=postgres;Database=$database${CONNECTION_EXTRA:-}"
        ConnectionStrings__redis="127.0.0.1:${port[redis]}"
        ConnectionStrings__rabbitmq="amqp://guest:guest@127.0.0.1:${port[rabbitmq]}"
        services__replicate__http__0="http://127.0.0.1:${port[simulator]}"
        Replicate__Token=r8_bench Replicate__DeliveryHosts__0=127.0.0.1
        Images__Folder="$work/images" Images__SigningKey=bench-bench-bench-bench-bench-bench
        Identity__DevelopmentKey="$development_key" Generations__MaxBacklog=1000000
        Thumbnails__Enabled="${THUMBNAILS:-false}"
        RateLimits__UserRequests=1000000000 RateLimits__IpRequests=1000000000 RateLimits__GenerationCredits=1000000000 RateLimits__JobsPerUser=1000000000
    )
    [ -z "${WEBHOOKS:-}" ] || settings+=(Replicate__WebhookBaseUrl="http://127.0.0.1:${port[api]}")
}

development_key=bench-only-development-key-0123456789

migrate() {
    sql postgres "CREATE DATABASE $1"
    printcraft_settings "$1"
    run_dotnet migrate Worker migrate
    wait "${pids[migrate]}" || { tail -5 "$work/log/migrate" >&2; die "The migration failed."; }
    unset 'pids[migrate]'
}

start_api() {
    printcraft_settings "$1"
    settings+=(ASPNETCORE_URLS="http://127.0.0.1:${port[api]}")
    run_dotnet api Api
    until_true api 60 curl -sf "http://127.0.0.1:${port[api]}/health"
}

start_worker() {
    printcraft_settings "$1"
    settings+=(ASPNETCORE_URLS="http://127.0.0.1:${port[worker]}")
    run_dotnet worker Worker
    until_true worker 60 curl -sf "http://127.0.0.1:${port[worker]}/health"
}

open_jobs() { sql "$1" "SELECT count(*) FROM generations WHERE completed_at IS NULL AND status <> 'failed'"; }

# drained DATABASE: until no job is open, two minutes at most
drained() {
    local i
    for i in $(seq 1200); do [ "$(open_jobs "$1")" = 0 ] && return; sleep 0.1; done
    die "$(open_jobs "$1") jobs of $1 are still open."
}

rss() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }

# --- the peer, in a copy: its folder is only read
prepare_peer() {
    [ -f "${PEER:-}/bench.mjs" ] || die "PEER must be the folder of the Node peer (with bench.mjs)."
    peer=$work/peer
    mkdir "$peer"
    cp -R "$PEER/." "$peer/"
    chmod -R u+w "$peer"
    if [ -n "${PEER_MODULES:-}" ]; then
        ln -s "$(cd "$PEER_MODULES" && pwd)" "$peer/node_modules"
    elif [ ! -d "$peer/node_modules" ]; then
        say "npm install (in a copy of the peer)"
        (cd "$peer" && npm install --no-audit --no-fund --silent > "$work/log/npm" 2>&1) || { tail -5 "$work/log/npm" >&2; die "npm install failed."; }
    fi
    # Its model names are made up; our simulator knows Replicate's. The same model for both, and the same size.
    sed -i "s/'sdxl-1.0'/'7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc'/" "$peer/src/replicate.js"
    sed -i "s/width: 1024, height: 1024/width: $size, height: $size/" "$peer/adapters/seed-node.mjs"
    cp "$repo/bench/printcraft-adapter.mjs" "$peer/adapters/"
    export NODE_ENV=production PG_HOST=127.0.0.1 PG_PORT="${port[postgres]}" PG_USER=postgres PG_PASSWORD= PG_DATABASE=peer REDIS_HOST=127.0.0.1 \
        REDIS_PORT="${port[redis]}" PROVIDER_URL="http://127.0.0.1:${port[simulator]}" REPLICATE_API_TOKEN=r8_bench RATE_LIMIT_MAX=1000000000 \
        STORAGE_DIR="$work/peer-images" IMAGE_SIZE="$size" PRINTCRAFT_KEY="$development_key"
}

setup_peer() {
    (cd "$peer" && node scripts/setup.js > "$work/log/peersetup" 2>&1) || { cat "$work/log/peersetup" >&2; die "The peer's tables could not be made."; }
}

start_peer() {
    cd "$peer"
    launch peerapi "" env PORT="${port[peer]}" node api.js
    launch peerworker "" node worker.js
    cd "$repo"
    until_true peerapi 30 grep -q listening "$work/log/peerapi"
    until_true peerworker 30 grep -q concurrency "$work/log/peerworker"
}

# drive SYSTEM DATABASE LABEL OPTION...: one run of the peer's driver against the one that runs; its lines go to $work/lines
drive() {
    local system=$1 database=$2 label=$3 url cpu
    shift 3
    cpu=pg=${pids[postgres]},redis=${pids[redis]},provider=${pids[simulator]}
    if [ "$system" = peer ]; then
        url=http://127.0.0.1:${port[peer]}
        cpu+=,api=${pids[peerapi]},worker=${pids[peerworker]}
        set -- --adapter ./adapters/seed-node.mjs "$@"
    else
        url=http://127.0.0.1:${port[api]}
        cpu+=,api=${pids[api]},worker=${pids[worker]},rabbitmq=${pids[rabbitmq]}
        set -- --adapter ./adapters/printcraft-adapter.mjs "$@"
    fi
    (cd "$peer" && PRINTCRAFT_DATABASE="$database" timeout 900 node bench.mjs --url "$url" --cpu "$cpu" --label "$label" "$@") \
        >> "$work/lines" 2> "$work/log/driver" || { tail -20 "$work/log/driver" >&2; die "The driver failed."; }
}

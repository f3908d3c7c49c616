# shellcheck shell=sh
# Looks after the server that the tests of a run share: starts it, and ends it when no test has been there for a while,
# or on SIGTERM. Every process that uses the server holds a shared lock on the file "users" while it lives.
#   shared.sh FOLDER PROGRAMS [COMMAND TO RUN AS ANOTHER USER...]
folder=$1 programs=$2
shift 2

exec 8>"$folder/supervisor"
flock --nonblock 8 || exit 1

"$@" "$programs/initdb" --no-sync --auth=trust --username=latchkey --encoding=UTF8 --locale=C.UTF-8 \
    --pgdata="$folder/home/data" 8>&- || exit 1
# Nothing here outlives a test: what a crash of the machine would lose needs no waiting for the disk.
"$@" "$programs/postgres" -D "$folder/home/data" -k "$folder/home" -c listen_addresses= -c fsync=off \
    -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_connections=300 -c shared_buffers=64MB \
    -c max_wal_size=2GB -c autovacuum=off -c log_min_messages=fatal 8>&- &
server=$!

stop() {
    kill -INT "$server"
    wait "$server"
    rm -rf "$folder/home/data"
    exit
}
trap stop TERM INT

idle=0
while kill -0 "$server"; do
    sleep 2 8>&- &
    wait $!
    if flock --nonblock --exclusive "$folder/users" true; then idle=$((idle + 1)); else idle=0; fi
    if [ $idle -ge 10 ]; then
        exec 9>>"$folder/users"
        # Whoever comes now waits until this one is gone.
        if flock --nonblock --exclusive 9; then stop; fi
        exec 9>&-
        idle=0
    fi
done

# Where things are. Everything that is built or downloaded lives in a cache outside the checkout,
# so that a fresh clone on the same machine is quick and `git clean` costs nothing.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/latchkey
TOOLS=$CACHE/tools

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
export PATH=$PATH:$TOOLS/bin

cd "$ROOT"

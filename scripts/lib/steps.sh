# Named steps: each says when it starts and how long it took; the first failure ends the run,
# and whatever the end, a table of the steps and one closing line are printed.

STEP_NAMES=()
STEP_SECONDS=()
STEP_CURRENT=
STEP_STARTED=0

# step NAME COMMAND [ARGUMENT...]
step() {
    STEP_CURRENT=$1
    STEP_STARTED=$SECONDS
    shift
    printf '\n=== %s\n' "$STEP_CURRENT"
    "$@"
    STEP_NAMES+=("$STEP_CURRENT")
    STEP_SECONDS+=($((SECONDS - STEP_STARTED)))
    printf '=== %s: done in %s\n' "$STEP_CURRENT" "$(minutes $((SECONDS - STEP_STARTED)))"
    STEP_CURRENT=
}

# minutes SECONDS: 75 as 1:15
minutes() {
    printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# Call as `trap steps_report EXIT`, once, before the first step.
steps_report() {
    local status=$? failed=0 i
    printf '\n'
    for i in "${!STEP_NAMES[@]}"; do
        printf '%7s  %s\n' "$(minutes "${STEP_SECONDS[i]}")" "${STEP_NAMES[i]}"
    done
    if [ "$status" -ne 0 ]; then
        failed=1
        printf '%7s  %s  FAILED\n' "$(minutes $((SECONDS - STEP_STARTED)))" "${STEP_CURRENT:-before the first step}"
    fi
    printf '%7s  in all\n\n' "$(minutes "$SECONDS")"
    printf 'Steps: %d passed, %d failed\n' "${#STEP_NAMES[@]}" "$failed"
}

# Nothing to check: our own commit, a merge, a rebase.
[ -z "$SMISTA_ACTIVE" ] || exit 0
[ ! -f "${1%/*}/MERGE_HEAD" ] && [ "${1##*/}" != MERGE_MSG ] || exit 0
[ ! -d "${1%/*}/rebase-merge" ] && [ ! -d "${1%/*}/rebase-apply" ] || exit 0

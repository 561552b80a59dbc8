# Nothing to ask: our own commit, a message that git or the person has given (-m, --amend, merge, pick), a rebase.
[ -z "$SMISTA_ACTIVE" ] || exit 0
case $2 in '' | template) ;; *) exit 0 ;; esac
[ ! -d "${1%/*}/rebase-merge" ] && [ ! -d "${1%/*}/rebase-apply" ] || exit 0

# Nothing to keep: our own commit, or one whose message prepare-commit-msg did not write.
[ -z "$SMISTA_ACTIVE" ] || exit 0
git_dir=${GIT_DIR:-.git}
[ -d "$git_dir" ] || git_dir=$(git rev-parse --git-dir) || exit 0
[ -f "$git_dir/smista-pending.json" ] || exit 0
[ ! -d "$git_dir/rebase-merge" ] && [ ! -d "$git_dir/rebase-apply" ] || exit 0

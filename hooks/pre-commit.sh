# Nothing to review: a merge or a rebase, whose parts were reviewed where they were made.
git_dir=${GIT_DIR:-.git}
[ -d "$git_dir" ] || git_dir=$(git rev-parse --git-dir) || exit 0
[ ! -f "$git_dir/MERGE_HEAD" ] || exit 0
[ ! -d "$git_dir/rebase-merge" ] && [ ! -d "$git_dir/rebase-apply" ] || exit 0

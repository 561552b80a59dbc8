# Git lists on stdin what it is about; both hooks read it.
input=$(cat)
feed() { [ -z "$input" ] || printf '%s\n' "$input"; }
if [ -x "$before" ]; then feed | "$before" "$@" || @OTHERWISE@; fi
[ -n "$input" ] || exit 0

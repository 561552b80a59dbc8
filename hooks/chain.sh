if [ -x "$before" ]; then "$before" "$@" || @OTHERWISE@; fi

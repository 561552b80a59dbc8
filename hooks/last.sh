smista=@PROGRAM@
[ -x "$smista" ] || smista=$(command -v git-smista) || smista=
status=127
if [ -n "$smista" ]; then @FEED@"$smista" hook run @NAME@ "$@"; status=$?; fi
case $status in
126 | 127)
  echo "smista: the program is gone, so @NAME@ does nothing; install smista-git again, or remove $0" >&2
  exit 0
  ;;
esac
exit $status

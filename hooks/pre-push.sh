# Git lists the refs on stdin; which commits are new is worked out there.

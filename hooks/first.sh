#!/bin/sh
# smista-hook: @NAME@
# Written by `git smista hook install`; `git smista hook uninstall` takes it away and puts back what was here.
before=${0%/*}/@NAME@.before-smista

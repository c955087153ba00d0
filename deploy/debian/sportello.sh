#!/bin/sh
# What people run: the program with the settings of /etc/default/sportello, which say where the data are.
set -a
[ ! -r /etc/default/sportello ] || . /etc/default/sportello
set +a
exec /usr/lib/sportello/sportello "$@"

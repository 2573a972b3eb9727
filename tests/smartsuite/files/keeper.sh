#!/bin/sh
# Keeps one machine: keeper.sh COMMAND... runs systemd-nspawn, in a control group and with a /run of its own.
#
# It ends when standard input does: when the test closes it, and when the test dies, however it dies. Then all
# that runs on the machine is killed, and nothing is left. If the keeper itself is killed, the machine is too.
# It is started in a mount namespace of its own.
set -e
mount -t tmpfs tmpfs /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
group=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
group=${group%/}/smartsuite-$$
mkdir "$group"
sh -c 'echo 0 >"$0/cgroup.procs" && exec setpriv --pdeathsig KILL "$@"' "$group" "$@" </dev/null &
cat >/dev/null
set +e
# systemd-nspawn was told to kill the machine when it is told to end itself; it waits for it, too.
kill -TERM "$!"
wait
while [ -d "$group" ]; do
    echo 1 >"$group/cgroup.kill"
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
done

#!/bin/sh
# Keeps one computer: keeper.sh NETWORK COMMAND... runs systemd-nspawn, in a control group and a process
# namespace, with a /run of its own, where the network is /run/network.
#
# It ends when standard input does: when the test closes it, and when the test dies, however it dies. Then all
# that runs on the computer is killed, and nothing is left. If the keeper itself is killed, the kernel kills the
# rest. It is started in a mount namespace of its own.
set -e
mount -t tmpfs tmpfs /run
touch /run/network
mount --bind "$1" /run/network
shift
mount -t tmpfs tmpfs /sys/fs/cgroup # for the kernel refuses cgroup2 over cgroup2
mount -t cgroup2 cgroup2 /sys/fs/cgroup
group=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
group=${group%/}/smartsuite-$$
mkdir "$group"
# shellcheck disable=SC2016 # the inner shell expands it: by then it is in its namespace
setpriv --pdeathsig KILL unshare --pid --fork --kill-child --mount-proc \
    sh -c 'echo 0 >"$0/cgroup.procs" && exec "$@"' "$group" "$@" </dev/null &
cat >/dev/null
set +e
echo 1 >"$group/cgroup.kill"
wait
while [ -d "$group" ]; do
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
done

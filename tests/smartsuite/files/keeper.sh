#!/bin/sh
# Keeps one machine: keeper.sh COMMAND...
#
# Runs the command in a control group and with a /run of its own until standard input ends, which it does when
# the test says so and when the test dies, however it dies. Then the kernel kills all that is in the group, and
# nothing is left. It is started in a mount namespace of its own.
set -e
mount -t tmpfs tmpfs /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
group=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
group=${group%/}/smartsuite-$$
mkdir "$group"
sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@" </dev/null &
cat >/dev/null
echo 1 >"$group/cgroup.kill"
wait || :
# The last of them may still be on their way out.
while [ -d "$group" ]; do
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
    sleep 0.01
done

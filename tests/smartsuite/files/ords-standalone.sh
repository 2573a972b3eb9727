#!/bin/sh
# Starts the stand-in for ORDS. It does first what a test asked for.
properties=/opt/oracle/ords/conf/ords/standalone/standalone.properties
echo ords >>/opt/stand-in/starts
fault=/opt/stand-in/ords
# shellcheck source=/dev/null
[ ! -e "$fault" ] || . "$fault"
cd /opt/oracle/ords || exit 1
exec java @java@ OrdsStandIn "$properties"

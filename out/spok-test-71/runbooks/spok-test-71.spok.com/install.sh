#!/bin/sh
# install.sh - put a certificate into service, prove it, or take everything back.
#
# As root: sh install.sh VERB [OPTION...]
#
#   check       look only: is what was brought right, and what is the state now?
#   apply       back up, install, restart, prove; any failure takes everything back
#   verify      is the new certificate served?
#   rollback    put back what was there before the last apply
#   status      where does this stand?
#
#   --passphrase-file FILE    read the passphrase of the key from FILE, instead of asking
#   --force                   rollback: even where somebody has changed the files since
#
# It ends with 0 (fine), 1 (failure) or 3 (called in another way). It may be killed at any instant:
# run apply again to go on, or rollback to go back.

# Made by sitecert from a reviewed file; do not edit it: the change document carries its digest.
#
# It was run with dash, bash, busybox, mksh, ksh93 and yash, with openssl 1.1.1, 3.0 and 3.5, on Debian 11 to 13,
# killed and cut from power at every change that it makes to the disk. Not proved: RHEL and its openssl 0.9.8 to
# 1.0.2 (only what these know is used), an enforcing SELinux. Access control lists are not kept.
# Between the renames of key and certificate the two on the disk differ for a moment. Running services do not
# read them then; a reboot in that moment would start them with a pair that does not match. Then: apply, or
# rollback.

# ---- The shell ----------------------------------------------------------------------------------

# A traced run would print the passphrase, a core file would hold the key; a name that was never set is a
# mistake; no pattern here means files; a reader of our output that goes away must not stop us half way.
set +x
set -uf
umask 077
# shellcheck disable=SC3045 # not in POSIX, but in every sh that is meant
ulimit -c 0
trap '' PIPE

PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
unset CDPATH

PACK=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1

# ---- The values of this site --------------------------------------------------------------------

# the site
SITE=spok-test-71
# where this runbook is run
SERVER=spok-test-71.spok.com
# the number of the key and its certificate
GENERATION=1
# what sitecert keeps here
STATE=/root/sitecert/spok-test-71
# this generation's key, backups and logs
FOLDER=/root/sitecert/spok-test-71/generation-1
# Apache's own program
HTTPD=/opt/amcom/apache/bin/httpd
# the live certificates
CRT_DIR=/opt/amcom/apache/conf/ssl.crt
# the live private keys
KEY_DIR=/opt/amcom/apache/conf/ssl.key
# where to knock, in this order
ADDRESSES='127.0.0.1 spok-test-71.spok.com'
# where Apache answers
HTTPS_PORT=443
# how long to wait for Apache
APACHE_SECONDS=60
# where ORDS answers
ORDS_PORT=8443
# how long to wait for ORDS
ORDS_SECONDS=120
# the names to prove
NAMES='spok-test-71.spok.com spokwb1-71.spok.com'
# the names, as openssl prints them
ALTERNATIVE_NAMES='DNS:spok-test-71.spok.com DNS:spokwb1-71.spok.com'
# SHA-256 of the new certificate (DER)
FINGERPRINT=a0fc8abddd70a9a14a2a310ba49ce7463efcdf79995cf3f754f8d11826be1df3
# SHA-256 of its public key (DER)
KEY_SPKI=30df4be163877f83591084ce1f8d8ea911aafc1da5c9915a3d2478fe3c67a075
# valid from (UTC)
NOT_BEFORE=20260101000000
# valid until (UTC)
NOT_AFTER=20450917235959
# SHA-256 of server.crt
SERVER_CRT=394ed708825d4ee6fe89606b667eb71884e326336aef57675c00f9ee7a845cbe
# SHA-256 of chain.crt
CHAIN_CRT=2864035816b26883375c41f82106864cf0251d490417173204835d23d0c6a657

# ---- Talk ---------------------------------------------------------------------------------------

LOG=

# say TEXT: to the person, and to the log once there is one.
say() {
    printf '%s\n' "$1"
    log "$1"
}

log() {
    [ -z "$LOG" ] || printf '%s %s\n' "$(date -u '+%Y-%m-%dT%H:%M:%SZ')" "$1" 2>/dev/null >>"$LOG" || :
}

complain() {
    printf '%s\n' "$1" >&2
    log "$1"
}

die() {
    complain "install.sh: $1"
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# equal FOUND WANTED: two digests that must be the same.
equal() {
    [ "$1" != "$2" ] || return 0
    complain "found '$1', wanted '$2'"
    return 1
}

need_root() {
    [ "$(id -u)" = 0 ] || die "run this as root"
}

need_tools() {
    for tool in cat chmod cp dirname id mkdir mv openssl rm sed sync awk chown date df du find grep ln mktemp sleep sort stat touch uname systemctl; do
        have "$tool" || die "this server has no $tool"
    done
}

# ---- Digests ------------------------------------------------------------------------------------

# `openssl pkey` came with 1.0.0.
case $(openssl version 2>/dev/null) in
'OpenSSL 0.'*) KEY_COMMAND=rsa ;;
*) KEY_COMMAND=pkey ;;
esac

# The SHA-256 of standard input, in lower-case hexadecimal.
sha256() {
    if have sha256sum; then
        sha256sum | sed 's/ .*//'
    else
        openssl dgst -sha256 | sed 's/.*= *//'
    fi
}

sha256_of() {
    sha256 <"$1"
}

# spki_sha256 PEM: the SHA-256 of a public key. Nothing in is nothing out, so that no two failures are equal.
spki_sha256() {
    [ -n "$1" ] || return 1
    printf '%s\n' "$1" | sed '/^-----/d' | openssl base64 -d | sha256
}

# The public key that belongs to the private key on standard input.
key_spki() {
    spki_sha256 "$(openssl "$KEY_COMMAND" -pubout 2>/dev/null)"
}

# The public key of the first certificate on standard input.
certificate_spki() {
    spki_sha256 "$(openssl x509 -noout -pubkey 2>/dev/null)"
}

# The fingerprint of the first certificate on standard input.
fingerprint() {
    certificate=$(openssl x509 2>/dev/null)
    [ -n "$certificate" ] || return 1
    printf '%s\n' "$certificate" | openssl x509 -outform DER | sha256
}

# der_to_pem FILE: a PKCS#8 key in DER as PEM. Every openssl reads it so; it goes to a pipe, not to a file.
der_to_pem() {
    openssl pkcs8 -inform DER -nocrypt -in "$1" 2>/dev/null
}

# ---- The passphrase -----------------------------------------------------------------------------
# It is never an argument, a variable of the environment, a file of ours or a line of the log.

unset PASSPHRASE # one of the environment would be handed on
PASSPHRASE=
PASSPHRASE_FILE=

# ask_passphrase PROMPT: ask the person, unless a file was named.
ask_passphrase() {
    if [ -n "$PASSPHRASE_FILE" ]; then
        [ -r "$PASSPHRASE_FILE" ] || die "cannot read $PASSPHRASE_FILE"
        return 0
    fi
    [ -t 0 ] || die "no terminal to ask for the passphrase: use --passphrase-file FILE"
    # A printf that is a program of its own would show the passphrase to every user, by ps.
    [ "$(command -v printf)" = printf ] || die "this shell has no printf of its own: use --passphrase-file FILE"
    terminal=$(stty -g)
    trap 'stty "$terminal"; exit 1' HUP INT TERM
    stty -echo
    printf '%s' "$1" >&2
    IFS= read -r PASSPHRASE
    stty "$terminal"
    trap - HUP INT TERM
    printf '\n' >&2
    [ -n "$PASSPHRASE" ] || die "an empty passphrase"
}

# The passphrase, into the pipe to openssl.
tell_passphrase() {
    if [ -n "$PASSPHRASE_FILE" ]; then
        cat "$PASSPHRASE_FILE"
    else
        printf '%s\n' "$PASSPHRASE"
    fi
}

# ---- The new key --------------------------------------------------------------------------------

KEY_FILE="$PACK/server.key"

# The new key without a passphrase: into a pipe, or into a file that only root can read.
open_key() {
    tell_passphrase | openssl pkcs8 -topk8 -nocrypt -in "$KEY_FILE" -passin stdin 2>/dev/null
}

need_key() {
    [ -f "$KEY_FILE" ] || die "no key: $KEY_FILE"
    if grep ENCRYPTED "$KEY_FILE" >/dev/null; then
        ask_passphrase "Passphrase of $KEY_FILE: "
    fi
}

# ---- What must be so before anything is touched -------------------------------------------------

# need_digest FILE SHA256: the file is the one that was approved.
need_digest() {
    [ -f "$1" ] || {
        complain "missing: $1"
        return 1
    }
    equal "$(sha256_of "$1")" "$2" || {
        complain "not the file that was approved: $1"
        return 1
    }
}

# need_place FILE: its directory is there and can be written; what is replaced is a file.
need_place() {
    if [ ! -d "${1%/*}" ] || [ ! -w "${1%/*}" ]; then
        complain "not a directory that can be written: ${1%/*}"
        return 1
    fi
    if [ -h "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }; then
        complain "a symbolic link, or no file: $1; make it a file first, or change what it leads to"
        return 1
    fi
}

# need_folder DIRECTORY: whoever may write there may replace the private key.
need_folder() {
    if [ -n "$(find "$1" -prune -perm -0002 2>/dev/null)" ]; then
        complain "every user of this server may write to $1: take that away first (chmod o-w $1)"
        return 1
    fi
}

# need_valid_now FROM UNTIL: the certificate's time, by this server's clock. Three times of one length are in
# order if sorting leaves them so; not every shell counts as far as they go.
need_valid_now() {
    now=$(date -u '+%Y%m%d%H%M%S')
    [ "$(printf '%s\n' "$1" "$now" "$2" | sort)" = "$(printf '%s\n' "$1" "$now" "$2")" ] || {
        complain "valid from $1 until $2, and it is $now (UTC): is the clock right?"
        return 1
    }
}

# need_room PATH...: twice what is backed up, and a megabyte.
need_room() {
    size=0
    for item in "$@"; do
        [ ! -e "$item" ] || size=$((size + $(du -skH "$item" | sed 's/[^0-9].*//')))
        folder=$item
        [ -d "$folder" ] || folder=${item%/*}
        has_room "$folder" 1024 || return 1
    done
    parent=$STATE
    while [ ! -d "$parent/" ]; do
        parent=${parent%/*}
    done
    has_room "$parent/" $((size * 2 + 1024))
}

has_room() {
    room=$(df -Pk "$1" | sed -n '2s/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\) .*/\1/p')
    [ "${room:-0}" -ge "$2" ] || {
        complain "$1 has ${room:-0} KB left, wanted $2"
        return 1
    }
}

# ---- Proof: what a TLS handshake shows ----------------------------------------------------------

FIRST_NAME=${NAMES%% *}
INTERRUPTED=

# Before 0.9.8f openssl cannot ask for a name.
case $(openssl s_client -help 2>&1) in
*servername*) CAN_NAME=1 ;;
*) CAN_NAME= ;;
esac

# limited SECONDS COMMAND...: the command, for so long and no longer.
limited() {
    seconds=$1
    shift
    if have timeout; then
        timeout "$seconds" "$@"
        return
    fi
    "$@" &
    child=$!
    (sleep "$seconds" && kill "$child") >/dev/null 2>&1 &
    watch=$!
    wait "$child"
    ended=$?
    kill "$watch" 2>/dev/null
    return "$ended"
}

# connect ADDRESS:PORT NAME: all that openssl prints.
connect() {
    if [ "$2" = - ] || [ -z "$CAN_NAME" ]; then
        limited 10 openssl s_client -connect "$1" -showcerts </dev/null 2>/dev/null
    else
        limited 10 openssl s_client -connect "$1" -servername "$2" -showcerts </dev/null 2>/dev/null
    fi
}

# handshake_with ADDRESS:PORT NAME: what openssl prints once the server has proved that it holds the key. A
# server with a wrong key shows its certificate too; then openssl breaks off with an exit code, and in TLS 1.2
# names no cipher (in TLS 1.3 it does).
handshake_with() {
    printed=$(connect "$1" "$2") || return 1
    case $printed in
    *'Cipher is (NONE)'*) return 1 ;;
    *'Cipher is '*) printf '%s\n' "$printed" ;;
    *) return 1 ;;
    esac
}

# handshake PORT NAME: with the first address that answers.
handshake() {
    for address in $ADDRESSES; do
        if handshake_with "$address:$1" "$2"; then
            return 0
        fi
    done
    return 1
}

# served PORT NAME: the fingerprint that is served; fails where nothing is.
served() {
    shown=$(handshake "$1" "$2") || return 1
    printf '%s\n' "$shown" | fingerprint
}

serves_new() {
    [ "$(served "$1" "$2")" = "$FINGERPRINT" ]
}

# until_or SECONDS COMMAND...: wait until the command says yes; fail after so long, or when told to stop.
until_or() {
    deadline=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ -z "$INTERRUPTED" ] && [ "$(date +%s)" -lt "$deadline" ] || return 1
        nap
    done
}

# A fifth of a second, where sleep knows parts of one.
nap() {
    sleep 0.2 2>/dev/null || sleep 1
}

# prove_served PORT SECONDS: every name shows the new certificate.
prove_served() {
    for name in $NAMES; do
        until_or "$2" serves_new "$1" "$name" || {
            complain "port $1, name $name: served '$(served "$1" "$name")', wanted '$FINGERPRINT'"
            return 1
        }
        printf '%s\n' "port $1, name $name: the new certificate is served"
    done
}

# state_of PORT FILE: none (no certificate was ever installed), down, expired or healthy.
state_of() {
    if [ ! -e "$2" ]; then
        echo none
    elif ! shown=$(handshake "$1" "$FIRST_NAME"); then
        echo down
    else
        case $(printf '%s\n' "$shown" | openssl x509 -noout -checkend 0) in
        *'will not expire'*) echo healthy ;;
        *) echo expired ;;
        esac
    fi
}

# report PORT: what is served for each name; fails unless it is the new certificate everywhere.
report() {
    answer=0
    for name in $NAMES; do
        shown=$(handshake "$1" "$name")
        found=$(printf '%s\n' "$shown" | fingerprint)
        sent=$(printf '%s\n' "$shown" | grep -c 'BEGIN CERTIFICATE')
        if [ "$found" = "$FINGERPRINT" ]; then
            say "  port $1, name $name: the new certificate"
            [ "$sent" -gt 1 ] || say "  port $1, name $name: BUT it is sent without its chain"
        else
            say "  port $1, name $name: NOT the new certificate (${found:-nothing is served})"
            answer=1
        fi
    done
    return "$answer"
}

# ---- What was brought, judged by this server's own openssl --------------------------------------

SCRATCH=
REHEARSAL=

# make_scratch: a folder for certificates that openssl wants as files. No key is ever in it.
make_scratch() {
    SCRATCH=$(mktemp -d /tmp/sitecert.XXXXXX) || die "cannot make a folder in /tmp"
    trap clear_scratch EXIT
    trap 'exit 1' HUP INT TERM
}

clear_scratch() {
    trap - EXIT HUP INT TERM
    [ -z "$REHEARSAL" ] || kill "$REHEARSAL" 2>/dev/null
    rm -rf -- "$SCRATCH"
}

# certificate_number NUMBER: that certificate of standard input.
certificate_number() {
    awk -v "wanted=$1" '/^-----BEGIN CERTIFICATE-----$/ { number++ } number == wanted'
}

count_certificates() {
    grep -c '^-----BEGIN CERTIFICATE-----$' "$1"
}

# need_canonical FILE SHA256: what openssl writes of each certificate is the file, byte for byte. So nothing
# else is in it, least of all a private key, which ORDS would refuse (kb39324 step 9).
need_canonical() {
    if grep 'PRIVATE KEY' "$1" >/dev/null; then
        complain "a private key is in $1"
        return 1
    fi
    count=$(count_certificates "$1")
    number=1
    while [ "$number" -le "$count" ]; do
        certificate_number "$number" <"$1" | openssl x509
        number=$((number + 1))
    done >"$SCRATCH/canonical"
    equal "$(sha256_of "$SCRATCH/canonical")" "$2" || {
        complain "not as openssl writes it: $1"
        return 1
    }
}

# need_names FILE NAMES: the first certificate answers for every name.
need_names() {
    carried=$(openssl x509 -noout -text -in "$1" | sed -n '/Subject Alternative Name/{n;s/IP Address:/IP:/g;s/ //g;p;}')
    for name in $2; do
        case ",$carried," in
        *",$name,"*) ;;
        *)
            complain "the certificate is not for $name, but for $carried"
            return 1
            ;;
        esac
    done
}

# Before 1.0.2 openssl cannot verify a certificate against one that is no root.
case $(openssl verify -help 2>&1) in
*partial_chain*) CAN_LINK=1 ;;
*) CAN_LINK= ;;
esac

# need_chain FILE: each certificate was signed by the one that follows it.
need_chain() {
    count=$(count_certificates "$1")
    number=1
    while [ "$number" -lt "$count" ]; do
        certificate_number "$number" <"$1" >"$SCRATCH/this"
        number=$((number + 1))
        certificate_number "$number" <"$1" >"$SCRATCH/next"
        need_link || {
            complain "certificate $((number - 1)) of $1 was not signed by the one after it"
            return 1
        }
    done
}

# need_link: what openssl prints counts; its exit code was seen to be 0 for a certificate of another issuer.
need_link() {
    equal "$(openssl x509 -noout -issuer_hash -in "$SCRATCH/this")" \
        "$(openssl x509 -noout -subject_hash -in "$SCRATCH/next")" || return 1
    [ -n "$CAN_LINK" ] || return 0
    found=$(openssl verify -partial_chain -CApath "$SCRATCH" -CAfile "$SCRATCH/next" "$SCRATCH/this" 2>&1)
    case $found in
    *': OK'*) ;;
    *)
        complain "$found"
        return 1
        ;;
    esac
}

# Before 1.1.0 s_server takes no address to listen on.
case $(openssl version) in
'OpenSSL 0.'* | 'OpenSSL 1.0.'*) LOOPBACK= ;;
*) LOOPBACK=127.0.0.1: ;;
esac

# rehearse CERTIFICATES: serve them and the key for a moment, on a port that nobody uses, and look.
rehearse() {
    port=$((20000 + $$ % 10000))
    last=$((port + 3))
    while [ "$port" -le "$last" ]; do
        if rehearse_on "$port" "$1"; then
            printf '%s\n' "a handshake on port $port of this host showed the new certificate"
            return 0
        fi
        port=$((port + 1))
    done
    complain "the new certificate and key do not make a TLS server:"
    complain "$(cat "$SCRATCH/rehearsal")"
    return 1
}

# rehearse_on PORT CERTIFICATES: the key stays encrypted on the disk. The server ends with the handshake,
# and by itself if this script is killed.
rehearse_on() {
    listening=$1
    set -- openssl s_server -accept "$LOOPBACK$1" -cert "$2" -key "$KEY_FILE" -pass stdin -www
    if have timeout; then
        set -- timeout 20 "$@"
    fi
    tell_passphrase | "$@" >"$SCRATCH/rehearsal" 2>&1 9>&- &
    REHEARSAL=$!
    have timeout || { (sleep 20 && kill "$REHEARSAL") >/dev/null 2>&1 9>&- & }
    until_or 5 rehearsed "$listening"
    kill "$REHEARSAL" 2>/dev/null
    wait "$REHEARSAL" 2>/dev/null
    REHEARSAL=
    rehearsed_well
}

# rehearsed PORT: a handshake came about, or the server gave up.
rehearsed() {
    shown=$(handshake_with "127.0.0.1:$1" "$FIRST_NAME") || grep 'rror' "$SCRATCH/rehearsal" >/dev/null
}

rehearsed_well() {
    [ "$(printf '%s\n' "$shown" | fingerprint)" = "$FINGERPRINT" ]
}

# ---- Placing files ------------------------------------------------------------------------------
# A file is written beside the live one, checked there, given the live one's owner, mode and SELinux label,
# brought to the disk and renamed: a reader finds the old file or the new one, never half of one.

NEW=.sitecert-new
OLD=.sitecert-old
NOT_PUT_BACK=

# durable PATH...: to the disk. A sync that knows no files (coreutils before 8.24) brings everything.
durable() {
    sync "$@"
}

# write_beside FILE: standard input into a fresh file that only root can read. It is never an old file, nor
# what a symbolic link leads to: noclobber creates it or fails.
write_beside() {
    rm -f -- "$1$NEW" || return 1
    (set -C && cat >"$1$NEW")
}

# put_in_place FILE LIKE MODE: rename what was written beside. Owner and mode are those of FILE; where there is
# none, those of LIKE; at a first installation the directory's owner, and MODE.
put_in_place() {
    if [ -f "$1" ]; then
        like=$1
    else
        like=$2
    fi
    if [ -f "$like" ]; then
        swap_in "$1" "$(stat -c %u:%g "$like")" "$(stat -c %a "$like")"
    else
        swap_in "$1" "$(stat -c %u:%g "${1%/*}")" "$3"
    fi
}

# swap_in FILE OWNER MODE
swap_in() {
    chown "$2" "$1$NEW" && chmod "$3" "$1$NEW" && label_like "$1" && durable "$1$NEW" &&
        keep_aside "$1" && mv -f "$1$NEW" "$1" && durable "${1%/*}"
}

# keep_aside FILE: the old file under a second name until the run is committed or undone, so that going back
# is one rename and needs no room. Where the file system has no second names, the backup does.
keep_aside() {
    [ -e "$1" ] && [ ! -e "$1$OLD" ] && ln "$1" "$1$OLD" && durable "${1%/*}"
    return 0
}

# forget_old FILE: what was kept aside, or left by a run that was killed.
forget_old() {
    if [ -e "$1$OLD" ] || [ -e "$1$NEW" ]; then
        rm -f -- "$1$OLD" "$1$NEW" && durable "${1%/*}"
    fi
}

# label_like FILE: what was written beside takes the SELinux label of the file that it replaces; where that is
# gone, the label that the backup recorded. Where there never was one it was born in the right directory, and
# has the label of files there.
label_like() {
    has_labels || return 0
    if [ -e "$1" ]; then
        chcon --reference="$1" "$1$NEW"
        return
    fi
    label=$(recorded_label "$1")
    [ -z "$label" ] || chcon "$label" "$1$NEW"
}

has_labels() {
    have selinuxenabled && selinuxenabled
}

# put_back FILE: as the backup has it, or gone if it was not there. (Where the old file was kept aside and not yet
# replaced, both names are one file, which mv would refuse.)
put_back() {
    restore "$1" || {
        NOT_PUT_BACK="$NOT_PUT_BACK $1"
        complain "NOT put back: $1. By hand, as root: cp -p $RUN/backup$1 $1"
        return 1
    }
}

restore() {
    backup_is_whole || return 1
    rm -f -- "$1$NEW"
    if [ ! -e "$RUN/backup$1" ]; then
        rm -f -- "$1" && durable "${1%/*}"
    elif is_the_old "$1$OLD" "$1" && ! is_the_old "$1" "$1"; then
        mv -f "$1$OLD" "$1" && durable "${1%/*}"
    elif ! is_the_old "$1" "$1"; then
        restore_from_backup "$1"
    fi && forget_old "$1"
}

# is_the_old PATH FILE: PATH is what the backup has of FILE, with its owner, mode and time.
is_the_old() {
    [ -f "$1" ] && [ "$(sha256_of "$1")" = "$(sha256_of "$RUN/backup$2")" ] &&
        [ "$(stat -c '%u %g %a %Y' "$1")" = "$(stat -c '%u %g %a %Y' "$RUN/backup$2")" ]
}

restore_from_backup() {
    write_beside "$1" <"$RUN/backup$1" || return 1
    equal "$(sha256_of "$1$NEW")" "$(sha256_of "$RUN/backup$1")" || return 1
    touch -r "$RUN/backup$1" "$1$NEW"
    swap_in "$1" "$(stat -c %u:%g "$RUN/backup$1")" "$(stat -c %a "$RUN/backup$1")"
}

# as_backed_up FILE: the live file is the one in the backup, or there is neither.
as_backed_up() {
    if [ -e "$RUN/backup$1" ]; then
        [ -f "$1" ] && [ "$(sha256_of "$1")" = "$(sha256_of "$RUN/backup$1")" ]
    else
        [ ! -e "$1" ]
    fi
}

# ---- A run: its backup, its journal, its log ----------------------------------------------------
# Each apply has a folder of its own, $RUN, with the time at which it began (UTC) in its name. $STATE/unfinished
# names the run that touched live files and has neither been committed nor undone, over a kill and over a loss of
# power.

RUN=
NOT_UNDONE=

not_undone() {
    NOT_UNDONE="$NOT_UNDONE $1"
}

# write_down FILE: standard input, whole or not at all.
write_down() {
    cat >"$1.part" && durable "$1.part" && mv -f "$1.part" "$1" && durable "${1%/*}"
}

# record LINE: into the journal, on the disk before anything else happens.
record() {
    printf '%s\n' "$1" >>"$RUN/journal" && durable "$RUN/journal" "$RUN"
}

# take_up: write on in the journal of a run that was left. A loss of power may have torn its last line; then
# the step that it names had not begun.
take_up() {
    LOG=$RUN/log
    printf '\n' >>"$RUN/journal"
}

recorded() {
    grep -qx "$1" "$RUN/journal" 2>/dev/null
}

# run_folder NUMBER: the folder of that run, if there is one.
run_folder() {
    set +f
    for folder in "$FOLDER/run-$1-"*; do
        [ ! -d "$folder" ] || printf '%s\n' "$folder"
    done
    set -f
}

# committed_run: the newest run that was committed and not taken back.
committed_run() {
    number=1
    newest=
    while
        RUN=$(run_folder "$number")
        [ -n "$RUN" ]
    do
        if recorded committed && ! recorded undone; then
            newest=$RUN
        fi
        number=$((number + 1))
    done
    [ -n "$newest" ] && printf '%s\n' "$newest"
}

unfinished_run() {
    cat "$STATE/unfinished" 2>/dev/null
}

# manifest PATH: the digest of every file in it.
manifest() {
    [ ! -e "$1" ] || find -H "$1" -type f | sort | while IFS= read -r file; do
        printf '%s  %s\n' "$(sha256_of "$file")" "${file#"$1"}"
    done
}

# back_up PATH...: copies with owner, mode and times. The backup has its name only once it is whole and on the
# disk.
back_up() {
    [ ! -d "$RUN/backup" ] || return 0
    rm -rf -- "$RUN/backup.part" || return 1
    for item in "$@"; do
        mkdir -p -- "$RUN/backup.part${item%/*}" || return 1
        if [ -e "$item" ]; then
            cp -pRH -- "$item" "$RUN/backup.part$item" || return 1
        fi
        equal "$(manifest "$RUN/backup.part$item")" "$(manifest "$item")" || return 1
    done
    record_labels "$@" || return 1
    manifest "$RUN/backup.part" | write_down "$RUN/manifest" || return 1
    make_durable "$RUN/backup.part" || return 1
    mv -- "$RUN/backup.part" "$RUN/backup" && make_path_durable "$RUN"
}

# make_durable FOLDER: everything below it, file by file, for only so does a disk that fails tell.
make_durable() {
    find "$1" -type f -exec sync {} + && find "$1" -type d -exec sync {} +
}

# make_path_durable FOLDER: that it is found again: its name and those of the folders that it lies in.
make_path_durable() {
    folder=$1
    while [ -n "$folder" ]; do
        durable "$folder" || return 1
        folder=${folder%/*}
    done
}

# record_labels PATH...: the SELinux label of every file below, a line each.
record_labels() {
    has_labels || return 0
    find -H "$@" -exec stat -c '%C %n' {} + | write_down "$RUN/labels"
}

# recorded_label FILE
recorded_label() {
    while read -r label path; do
        [ "$path" != "$1" ] || printf '%s\n' "$label"
    done 2>/dev/null <"$RUN/labels"
}

# backup_is_whole: its files are those of the manifest that was made with it.
backup_is_whole() {
    if [ -d "$RUN/backup" ] && [ "$(manifest "$RUN/backup")" = "$(cat "$RUN/manifest")" ]; then
        return 0
    fi
    complain "no backup, or a damaged one: $RUN/backup"
    return 1
}

# record_before SERVICE PORT FILE: the state, the fingerprint that is served and the file's own.
record_before() {
    [ ! -f "$RUN/before.$1" ] || return 0
    state=$(state_of "$2" "$3")
    old=$(served "$2" "$FIRST_NAME")
    filed=
    [ ! -e "$3" ] || filed=$(fingerprint <"$3")
    printf '%s\n' "$1 before: $state, served ${old:-nothing}, on the disk ${filed:-nothing}"
    printf '%s %s %s\n' "$state" "${old:--}" "${filed:--}" | write_down "$RUN/before.$1"
}

# serve_as_before SERVICE PORT SECONDS STEP COMMAND...: once the files are back. The service is left alone if STEP
# had not begun to restart it and it serves what it served. A server whose files had been replaced without a
# restart comes back with what lay on the disk: that is the state before, too.
serve_as_before() {
    service=$1 port=$2 limit=$3 step=$4
    shift 4
    if [ -n "$NOT_PUT_BACK" ]; then
        complain "$service is left as it is: not all files are back:$NOT_PUT_BACK"
        return 1
    fi
    [ -f "$RUN/before.$service" ] || return 0
    read -r state old filed <"$RUN/before.$service"
    if ! recorded "begin $step"; then
        [ "$old" != - ] || return 0
        if serves_old "$port"; then
            printf '%s\n' "$service was not restarted and serves what it served before"
            return 0
        fi
    fi
    "$@" || complain "failed: $*"
    if [ "$old" = - ]; then
        printf '%s\n' "$service served nothing before: there is nothing to prove"
        return 0
    fi
    until_or "$limit" serves_old "$port" || {
        complain "$service does NOT serve the certificate from before ($old). Its files are back; find out why"
        complain "it does not start, then, as root: $*"
        return 1
    }
    printf '%s\n' "$service serves the certificate from before again ($old)"
}

serves_old() {
    case $(served "$1" "$FIRST_NAME") in
    '') return 1 ;;
    "$old" | "$filed") return 0 ;;
    *) return 1 ;;
    esac
}

# mark_journal UNIT: where its messages end now, so that an old line is not taken for a new one.
mark_journal() {
    date '+%Y-%m-%d %H:%M:%S' >"$RUN/restarted"
    journalctl -u "$1" -n 1 --show-cursor 2>/dev/null | sed -n 's/^-- cursor: //p' >"$RUN/cursor"
}

has_said() {
    if [ -s "$RUN/cursor" ]; then
        journalctl -u "$1" --no-pager --after-cursor "$(cat "$RUN/cursor")" 2>/dev/null | grep -F "$2" >/dev/null
    else
        journalctl -u "$1" --no-pager --since "$(cat "$RUN/restarted")" 2>/dev/null | grep -F "$2" >/dev/null
    fi
}

ready_or_failed() {
    has_said "$1" "$2" || systemctl is-failed --quiet "$1"
}

# wait_ready UNIT TEXT PORT SECONDS: until the unit says that it is ready. It is a hint, not the proof: a unit
# that never says it but serves the new certificate will do.
wait_ready() {
    until_or "$4" ready_or_failed "$1" "$2"
    if has_said "$1" "$2" || serves_new "$3" "$FIRST_NAME"; then
        return 0
    fi
    complain "$1 is not ready"
    return 1
}

# ---- One run at a time --------------------------------------------------------------------------

# The kernel drops flock's lock when its holder dies, however it dies. Without flock, a file that names a process
# of this boot that is still there does; a second name for a file cannot be made twice. (9>&9 is for ksh, which
# keeps such a file to itself; exec by way of command, for a failure would end some shells.)
lock() {
    mkdir -p -- "$FOLDER" || die "cannot make $FOLDER"
    chmod 0700 "$STATE" "$FOLDER"
    if have flock; then
        command exec 9>"$STATE/lock" || die "cannot write $STATE/lock"
        flock -n 9 9>&9 || die "another run is under way (it holds $STATE/lock)"
        return
    fi
    refuse_holder
    rm -f -- "$STATE/holder"
    printf '%s %s\n' "$boot" "$$" >"$STATE/holder.$$" || die "cannot write $STATE/holder.$$"
    ln "$STATE/holder.$$" "$STATE/holder" || die "another run began at the same time"
    rm -f -- "$STATE/holder.$$"
}

refuse_holder() {
    boot=$(cat /proc/sys/kernel/random/boot_id)
    holder=$(cat "$STATE/holder" 2>/dev/null)
    case $holder in
    "$boot "*)
        if kill -0 "${holder#* }" 2>/dev/null; then
            die "another run is under way (process ${holder#* })"
        fi
        ;;
    *) ;;
    esac
}

# refuse_another_run: for who only looks, and makes no lock of its own.
refuse_another_run() {
    if ! have flock; then
        refuse_holder
    elif [ -e "$STATE/lock" ]; then
        flock -n "$STATE/lock" true || die "another run is under way (it holds $STATE/lock)"
    fi
}

# ---- ORDS ---------------------------------------------------------------------------------------

# note_ords: which key ORDS reads: server.der, or server.key in newer instructions. Both are made. Where its
# settings lie differs; up to 21.x they are standalone.properties, from 22.1 on settings.xml.
note_ords() {
    settings=$(limited 20 find /opt /etc/ords /u01 /home/oracle -name standalone.properties -o -name settings.xml 2>/dev/null)
    found=
    for file in $settings; do
        key=$(ords_key "$file")
        if [ -n "$key" ]; then
            found=1
            say "ORDS reads its key from $key (says $file)"
            case $key in
            "$KEY_DIR/server.der" | "$KEY_DIR/server.key") ;;
            *) say "  BUT this runbook makes $KEY_DIR/server.der and $KEY_DIR/server.key, and no other" ;;
            esac
        fi
    done
    [ -n "$found" ] || say "The settings of ORDS were not found. server.der and server.key are both made; it may read either."
}

# ords_key SETTINGS
ords_key() {
    sed -n -e 's/^[[:space:]]*ssl\.cert\.key[[:space:]]*[=:][[:space:]]*//p' \
        -e 's|.*key="standalone\.https\.cert\.key">\([^<]*\)<.*|\1|p' "$1" 2>/dev/null
}

# ords_can_read FILE: the user that ORDS runs as may read it; found out before the restart, not by it.
ords_can_read() {
    have setpriv && have systemctl || return 0
    user=$(systemctl show --property=User ords-standalone.service | sed 's/^User=//')
    group=$(id -g "${user:-root}") || return 0
    # shellcheck disable=SC2016 # it is the inner shell that expands it
    answer=$(setpriv --reuid "${user:-root}" --regid "$group" --init-groups -- \
        sh -c 'if test -r "$1"; then echo yes; else echo no; fi' sh "$1")
    [ "$answer" != no ] || {
        complain "ORDS runs as $user, which cannot read $1 ($(stat -c '%U:%G %a' "$1")). It has owner and mode of the file"
        complain "that it replaces, or of ${1%/*}: give that a group of $user's (chgrp), then apply again"
        return 1
    }
}

# ---- What is there before -----------------------------------------------------------------------

state_before() {
    say "This host is $(uname -n); the runbook is for $SERVER ($SITE, generation $GENERATION)."
    say "$(openssl version), $(uname -s) $(uname -r)"
    say_owner "$CRT_DIR/chain.crt"
    say_owner "$KEY_DIR/server.key"
    say_owner "$KEY_DIR/server.der"
    say_owner "$CRT_DIR/server.crt"
    say "Apache, port $HTTPS_PORT: $(state_of "$HTTPS_PORT" "$CRT_DIR/server.crt")"
    say "ORDS, port $ORDS_PORT: $(state_of "$ORDS_PORT" "$CRT_DIR/server.crt")"
    note_apache
    note_ords
}

# say_owner FILE: owner and mode, which the new file takes over.
say_owner() {
    if [ -e "$1" ]; then
        say "  $(stat -c '%U:%G %a %n' "$1")"
    else
        say "  there is no $1 yet; its directory: $(stat -c '%U:%G %a' "${1%/*}")"
    fi
}

# Apache older than 2.4.8 sends only the first certificate of server.crt.
note_apache() {
    version=$("$HTTPD" -v 2>/dev/null | sed -n 's|.*Apache/\([0-9.]*\).*|\1|p')
    case $version in
    2.4.[0-7] | 2.[0-3].* | 1.* | '') ;;
    *) return 0 ;;
    esac
    say "Apache is ${version:-of unknown version}; one older than 2.4.8 sends its chain only if its configuration says:"
    say "    SSLCertificateChainFile $CRT_DIR/chain.crt"
}

# What Apache says of its configuration. It is no proof: it says yes to a key that is not the certificate's.
note_apache_test() {
    [ -x "$HTTPD" ] || return 0
    said=$("$HTTPD" -t 2>&1)
    case $said in
    *'Syntax OK'*) say "Apache finds no mistake in its configuration (it does not look at keys)." ;;
    *)
        say "Apache finds a mistake in its configuration, and would not start again:"
        say "$said"
        ;;
    esac
}

# ---- The steps ----------------------------------------------------------------------------------
# The lines are those of the change document. Each must succeed for the next to be reached.

# Step 1 of 14: Check what was brought
step_check_pack_do() {
    need_place "$KEY_DIR/server.key" || return 1
    need_place "$KEY_DIR/server.der" || return 1
    need_place "$CRT_DIR/server.crt" || return 1
    need_place "$CRT_DIR/chain.crt" || return 1
    need_folder "$KEY_DIR" || return 1
    need_folder "$CRT_DIR" || return 1
    need_digest "$PACK/server.crt" "$SERVER_CRT" || return 1
    need_digest "$PACK/chain.crt" "$CHAIN_CRT" || return 1
    need_valid_now "$NOT_BEFORE" "$NOT_AFTER" || return 1
    need_room "$CRT_DIR" "$KEY_DIR" || return 1
}

step_check_pack_check() {
    need_canonical "$PACK/server.crt" "$SERVER_CRT" || return 1
    need_names "$PACK/server.crt" "$ALTERNATIVE_NAMES" || return 1
    need_chain "$PACK/server.crt" || return 1
    equal "$(certificate_spki <"$PACK/server.crt")" "$KEY_SPKI" || return 1
    equal "$(open_key | key_spki)" "$KEY_SPKI" || return 1
}

# Step 2 of 14: Rehearse
step_rehearse_do() {
    rehearse "$PACK/server.crt" || return 1
}

# Step 3 of 14: Back up both directories
step_back_up_do() {
    back_up "$CRT_DIR" "$KEY_DIR" || return 1
}

step_back_up_check() {
    backup_is_whole || return 1
}

# Step 4 of 14: Record what is served now
step_record_before_do() {
    record_before apache "$HTTPS_PORT" "$CRT_DIR/server.crt" || return 1
    record_before ords "$ORDS_PORT" "$CRT_DIR/server.crt" || return 1
}

step_record_before_undo() {
    serve_as_before apache "$HTTPS_PORT" "$APACHE_SECONDS" restart_apache systemctl restart amcom_httpd.service || not_undone record_before
    serve_as_before ords "$ORDS_PORT" "$ORDS_SECONDS" restart_ords systemctl restart ords-standalone.service || not_undone record_before
}

# Step 5 of 14: Place the chain
step_place_chain_do() {
    write_beside "$CRT_DIR/chain.crt" <"$PACK/chain.crt" || return 1
    equal "$(sha256_of "$CRT_DIR/chain.crt$NEW")" "$CHAIN_CRT" || return 1
    put_in_place "$CRT_DIR/chain.crt" "$CRT_DIR/server.crt" 0644 || return 1
}

step_place_chain_check() {
    equal "$(sha256_of "$CRT_DIR/chain.crt")" "$CHAIN_CRT" || return 1
}

step_place_chain_undo() {
    put_back "$CRT_DIR/chain.crt" || not_undone place_chain
}

# Step 6 of 14: Place the private key
step_place_key_do() {
    open_key | write_beside "$KEY_DIR/server.key" || return 1
    equal "$(key_spki <"$KEY_DIR/server.key$NEW")" "$KEY_SPKI" || return 1
    put_in_place "$KEY_DIR/server.key" "$KEY_DIR/server.key" 0640 || return 1
}

step_place_key_check() {
    equal "$(key_spki <"$KEY_DIR/server.key")" "$KEY_SPKI" || return 1
}

step_place_key_undo() {
    put_back "$KEY_DIR/server.key" || not_undone place_key
}

# Step 7 of 14: Place the key in the form that ORDS reads
step_place_der_do() {
    openssl pkcs8 -topk8 -inform PEM -outform DER -in "$KEY_DIR/server.key" -nocrypt | write_beside "$KEY_DIR/server.der" || return 1
    equal "$(der_to_pem "$KEY_DIR/server.der$NEW" | key_spki)" "$KEY_SPKI" || return 1
    put_in_place "$KEY_DIR/server.der" "$KEY_DIR/server.key" 0640 || return 1
}

step_place_der_check() {
    equal "$(der_to_pem "$KEY_DIR/server.der" | key_spki)" "$KEY_SPKI" || return 1
    ords_can_read "$KEY_DIR/server.der" || return 1
}

step_place_der_undo() {
    put_back "$KEY_DIR/server.der" || not_undone place_der
}

# Step 8 of 14: Place the certificate
step_place_certificate_do() {
    write_beside "$CRT_DIR/server.crt" <"$PACK/server.crt" || return 1
    equal "$(sha256_of "$CRT_DIR/server.crt$NEW")" "$SERVER_CRT" || return 1
    put_in_place "$CRT_DIR/server.crt" "$CRT_DIR/server.crt" 0644 || return 1
}

step_place_certificate_check() {
    equal "$(sha256_of "$CRT_DIR/server.crt")" "$SERVER_CRT" || return 1
    ords_can_read "$CRT_DIR/server.crt" || return 1
}

step_place_certificate_undo() {
    put_back "$CRT_DIR/server.crt" || not_undone place_certificate
}

# Step 9 of 14: Restart Apache
step_restart_apache_do() {
    systemctl restart amcom_httpd.service || return 1
}

# Step 10 of 14: Prove what Apache serves
step_prove_apache_do() {
    prove_served "$HTTPS_PORT" "$APACHE_SECONDS" || return 1
}

# Step 11 of 14: Restart ORDS
step_restart_ords_do() {
    mark_journal ords-standalone.service || return 1
    systemctl restart ords-standalone.service || return 1
}

# Step 12 of 14: Wait until ORDS is ready
step_wait_for_ords_do() {
    wait_ready ords-standalone.service "Ords Standalone is ready" "$ORDS_PORT" "$ORDS_SECONDS" || return 1
}

# Step 13 of 14: Prove what ORDS serves
step_prove_ords_do() {
    prove_served "$ORDS_PORT" "$ORDS_SECONDS" || return 1
}

# Step 14 of 14: Finish
step_finish_do() {
    equal "$(sha256_of "$CRT_DIR/server.crt")" "$SERVER_CRT" || return 1
    equal "$(key_spki <"$KEY_DIR/server.key")" "$KEY_SPKI" || return 1
    equal "$(der_to_pem "$KEY_DIR/server.der" | key_spki)" "$KEY_SPKI" || return 1
}

step_finish_check() {
    backup_is_whole || return 1
}

# ---- Beginning and ending a run -----------------------------------------------------------------

# has_ended: a kill may have come between the last line of the journal of $RUN and forgetting the run.
has_ended() {
    recorded undone || { recorded committed && ! recorded undoing; }
}

close_what_ended() {
    RUN=$(unfinished_run)
    ! has_ended || close_run
}

# open_run: go on with the run that was killed, or make a new one.
open_run() {
    RUN=$(unfinished_run)
    case $RUN in
    '') new_run ;;
    "$FOLDER"/*)
        take_up
        if recorded undoing; then
            say "A run was killed while it took everything back: first that."
            undo || exit 1
            new_run
        else
            say "Going on with the run that was killed: $RUN"
        fi
        ;;
    *) die "another generation's run is not finished; first: sh $RUN/install.sh rollback" ;;
    esac
}

# forget_all: what was kept aside of every file.
forget_all() {
    kept=
    forget_old "$CRT_DIR/chain.crt" || kept=1
    forget_old "$KEY_DIR/server.key" || kept=1
    forget_old "$KEY_DIR/server.der" || kept=1
    forget_old "$CRT_DIR/server.crt" || kept=1
    [ -z "$kept" ]
}

new_run() {
    forget_all || die "cannot remove what an earlier run left beside the live files"
    number=1
    while [ -n "$(run_folder "$number")" ]; do
        number=$((number + 1))
    done
    RUN=$FOLDER/run-$number-$(date -u '+%Y%m%dT%H%M%SZ')
    mkdir -- "$RUN" || die "cannot make $RUN"
    cp -- "$0" "$RUN/install.sh" || die "cannot write $RUN/install.sh"
    LOG=$RUN/log
    mark_unfinished
}

mark_unfinished() {
    printf '%s\n' "$RUN" | write_down "$STATE/unfinished" ||
        die "cannot write $STATE/unfinished. Mend the cause and run: sh $RUN/install.sh rollback"
}

# close_run: what was kept aside goes before the run is forgotten, so that a kill leaves none behind.
close_run() {
    forget_all && rm -f -- "$STATE/unfinished" && durable "$STATE"
}

# ---- The verbs ----------------------------------------------------------------------------------

COMMITTED=
FORCE=

# What the commands of a step print is caught in a file by descriptor 8, for the log, and for the person where it
# matters. A disk that is full or read-only must not keep a step from being undone: then the person alone sees
# it. (exec by way of command: a failure would end some shells.)
CAUGHT=

catch_output() {
    CAUGHT=
    if printf '' 2>/dev/null >"$RUN/output" && command exec 8>>"$RUN/output"; then
        CAUGHT=1
    else
        exec 8>&2
    fi
}

keep_output() {
    [ -z "$CAUGHT" ] || cat "$RUN/output" 2>/dev/null >>"$LOG"
}

show_output() {
    [ -z "$CAUGHT" ] || cat "$RUN/output"
}

# begin STEP TEXT: journalled before the step, so that whatever the step did can be undone.
begin() {
    say "$2"
    record "begin $1" || die "cannot write $RUN/journal"
    catch_output
}

done_or_fail() {
    keep_output
    if [ "$1" != 0 ]; then
        show_output >&2
        die "this step failed"
    fi
    [ -z "$INTERRUPTED" ] || die "stopped by $INTERRUPTED"
}

# Is every file in its place, and does every port serve it?
is_installed() {
    step_place_chain_check 2>/dev/null || return 1
    step_place_key_check 2>/dev/null || return 1
    step_place_der_check 2>/dev/null || return 1
    step_place_certificate_check 2>/dev/null || return 1
    prove_served "$HTTPS_PORT" 0 >/dev/null 2>&1 || return 1
    prove_served "$ORDS_PORT" 0 >/dev/null 2>&1 || return 1
}

# The steps that only look. They are run before every apply, and alone by check.
look() {
    make_scratch
    say 'Step 1 of 14: Check what was brought'
    { step_check_pack_do && step_check_pack_check; } || die "not as it must be; nothing was changed"
    say 'Step 2 of 14: Rehearse'
    step_rehearse_do || die "not as it must be; nothing was changed"
    clear_scratch
}

check() {
    need_tools
    need_root
    refuse_another_run
    need_key
    look
    unfinished=$(unfinished_run)
    [ -z "$unfinished" ] || say "A run is not finished: $unfinished. apply will go on with it or undo it."
    state_before
    note_apache_test
    say "What was brought is right. Nothing was changed."
}

# A signal is noted; the command that runs is waited for, and then everything is taken back.
apply() {
    need_tools
    need_root
    lock
    close_what_ended
    if [ -z "$(unfinished_run)" ] && is_installed; then
        say "The new certificate is installed and served: there is nothing to do."
        return 0
    fi
    need_key
    look
    open_run
    trap 'INTERRUPTED="the signal HUP"' HUP
    trap 'INTERRUPTED="the signal INT"' INT
    trap 'INTERRUPTED="the signal TERM"' TERM
    trap undo_unless_committed EXIT
    say "The log is $LOG"
    state_before

    begin back_up 'Step 3 of 14: Back up both directories'
    step_back_up_do >&8 2>&1 8>&- 9>&- &&
        step_back_up_check >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin record_before 'Step 4 of 14: Record what is served now'
    step_record_before_do >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin place_chain 'Step 5 of 14: Place the chain'
    step_place_chain_do >&8 2>&1 8>&- 9>&- &&
        step_place_chain_check >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin place_key 'Step 6 of 14: Place the private key'
    step_place_key_do >&8 2>&1 8>&- 9>&- &&
        step_place_key_check >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin place_der 'Step 7 of 14: Place the key in the form that ORDS reads'
    step_place_der_do >&8 2>&1 8>&- 9>&- &&
        step_place_der_check >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin place_certificate 'Step 8 of 14: Place the certificate'
    step_place_certificate_do >&8 2>&1 8>&- 9>&- &&
        step_place_certificate_check >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin restart_apache 'Step 9 of 14: Restart Apache'
    step_restart_apache_do >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin prove_apache 'Step 10 of 14: Prove what Apache serves'
    step_prove_apache_do >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin restart_ords 'Step 11 of 14: Restart ORDS'
    step_restart_ords_do >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin wait_for_ords 'Step 12 of 14: Wait until ORDS is ready'
    step_wait_for_ords_do >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin prove_ords 'Step 13 of 14: Prove what ORDS serves'
    step_prove_ords_do >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    begin finish 'Step 14 of 14: Finish'
    step_finish_do >&8 2>&1 8>&- 9>&- &&
        step_finish_check >&8 2>&1 8>&- 9>&-
    done_or_fail "$?"

    record committed || die "cannot write $RUN/journal"
    COMMITTED=1
    close_run || complain "What was kept aside is not gone for sure. Mend the cause and run: sh $RUN/install.sh apply"
    PASSPHRASE=
    verify || complain "It was proved a moment ago and does not hold now: look at the services."
    say "Done. To take it back: sh $RUN/install.sh rollback"
}

undo_unless_committed() {
    trap - EXIT
    trap : HUP INT TERM
    INTERRUPTED=
    [ -z "$COMMITTED" ] || exit 0
    undo
    exit 1
}

# undo: every step that was begun, the last one first. It may be run again and again.
undo() {
    say "Taking everything back."
    record undoing
    rm -rf -- "$RUN/backup.part"
    if recorded 'begin place_certificate'; then
        say 'Undo of step 8: Place the certificate'
        catch_output
        step_place_certificate_undo >&8 2>&1 8>&- 9>&-
        keep_output
        show_output
    fi
    if recorded 'begin place_der'; then
        say 'Undo of step 7: Place the key in the form that ORDS reads'
        catch_output
        step_place_der_undo >&8 2>&1 8>&- 9>&-
        keep_output
        show_output
    fi
    if recorded 'begin place_key'; then
        say 'Undo of step 6: Place the private key'
        catch_output
        step_place_key_undo >&8 2>&1 8>&- 9>&-
        keep_output
        show_output
    fi
    if recorded 'begin place_chain'; then
        say 'Undo of step 5: Place the chain'
        catch_output
        step_place_chain_undo >&8 2>&1 8>&- 9>&-
        keep_output
        show_output
    fi
    if recorded 'begin record_before'; then
        say 'Undo of step 4: Record what is served now'
        catch_output
        step_record_before_undo >&8 2>&1 8>&- 9>&-
        keep_output
        show_output
    fi
    if [ -n "$NOT_UNDONE" ]; then
        complain "NOT taken back:$NOT_UNDONE. Mend the cause and run: sh $RUN/install.sh rollback"
        complain "The files from before are in $RUN/backup, the log is $LOG"
        return 1
    fi
    if record undone && close_run; then
        say "Everything is as it was before. The log is $LOG"
    else
        complain "Everything is as it was before, but that could not be written down in $RUN."
        complain "Mend the cause and run: sh $RUN/install.sh rollback"
        return 1
    fi
}

verify() {
    answer_of_all=0
    say 'Apache:'
    report "$HTTPS_PORT" || answer_of_all=1
    say 'ORDS:'
    report "$ORDS_PORT" || answer_of_all=1
    return "$answer_of_all"
}

rollback() {
    need_tools
    need_root
    lock
    RUN=$(unfinished_run)
    [ -n "$RUN" ] || RUN=$(committed_run) || {
        say "There is no run of generation $GENERATION to take back."
        return 0
    }
    case $RUN in
    "$FOLDER"/*) ;;
    *) die "another generation's run is not finished; first: sh $RUN/install.sh rollback" ;;
    esac
    take_up
    if recorded undone; then
        close_run
        say "That was taken back already: $RUN"
        return 0
    fi
    if [ -d "$RUN/backup" ]; then
        backup_is_whole || die "nothing was changed"
        [ -n "$FORCE" ] || refuse_foreign_files
    fi
    mark_unfinished
    trap : HUP INT TERM
    undo || exit 1
}

# Files that are neither ours nor those of the backup belong to somebody who came later.
refuse_foreign_files() {
    foreign=
    step_place_chain_check 2>/dev/null || as_backed_up "$CRT_DIR/chain.crt" || foreign="$foreign ""$CRT_DIR/chain.crt"
    step_place_key_check 2>/dev/null || as_backed_up "$KEY_DIR/server.key" || foreign="$foreign ""$KEY_DIR/server.key"
    step_place_der_check 2>/dev/null || as_backed_up "$KEY_DIR/server.der" || foreign="$foreign ""$KEY_DIR/server.der"
    step_place_certificate_check 2>/dev/null || as_backed_up "$CRT_DIR/server.crt" || foreign="$foreign ""$CRT_DIR/server.crt"
    [ -z "$foreign" ] || die "changed since by somebody else:$foreign; to put back the old ones all the same: --force"
}

last_record() {
    sed '/^$/d' "$RUN/journal" 2>/dev/null | sed -n '$p'
}

status() {
    need_root
    RUN=$(unfinished_run)
    if [ -n "$RUN" ] && ! has_ended; then
        say "Not finished: $RUN, last in its journal: $(last_record)"
        say "Run apply to go on, or rollback to take it back."
    elif RUN=$(committed_run); then
        say "Applied: $RUN"
    else
        say "Generation $GENERATION is not applied here."
    fi
    verify || :
}

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    exit 3
}

# ---- Main ---------------------------------------------------------------------------------------

VERB=
while [ "$#" -gt 0 ]; do
    case $1 in
    check | apply | verify | rollback | status)
        [ -z "$VERB" ] || usage
        VERB=$1
        ;;
    --force) FORCE=1 ;;
    --passphrase-file)
        [ "$#" -gt 1 ] || usage
        PASSPHRASE_FILE=$2
        shift
        ;;
    *) usage ;;
    esac
    shift
done
case $VERB in
check) check ;;
apply) apply ;;
verify) verify ;;
rollback) rollback ;;
status) status ;;
*) usage ;;
esac

#!/bin/sh
# request.sh - make a key and a certificate request on this server, which the key never leaves.
#
#   sh request.sh make        make both, unless they are there already, and show the request
#   sh request.sh show        show the request
#   sh request.sh interim     make a self-signed certificate with the key, until the CA answers, and show it
#
#   --passphrase-file FILE    read the passphrase of the key from FILE, instead of asking
#
# The request, or the certificate, goes to standard output, talk to standard error. It ends with 0 (fine), 1 (failure) or
# 3 (called in another way).

# Made by sitecert from a reviewed file; do not edit it: the change document carries its digest.

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
SITE=example/legacy
# where this runbook is run
SERVER=spokwb.valley.example.net
# the number of the key and its certificate
GENERATION=1
# what sitecert keeps here
STATE=/root/sitecert/example/legacy
# this generation's key, backups and logs
FOLDER=/root/sitecert/example/legacy/generation-1
# the size of the RSA key
KEY_BITS=2048
# SHA-256 of openssl.cnf
OPENSSL_CNF=8a69a033895b6d69987b6bda1ffb92c0acd3650f9b488869ef9ec1710726b388

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
    complain "request.sh: $1"
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
    for tool in cat chmod cp dirname id mkdir mv openssl rm sed sync; do
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

# The public key of the request on standard input.
request_spki() {
    spki_sha256 "$(openssl req -noout -pubkey 2>/dev/null)"
}

# The public key of the certificate on standard input.
certificate_spki() {
    spki_sha256 "$(openssl x509 -noout -pubkey 2>/dev/null)"
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

# need_verified FILE: what openssl prints counts; it ends with 0 for a broken signature, too.
need_verified() {
    case $(openssl req -in "$1" -noout -verify 2>&1) in
    *'verify OK'*) ;;
    *)
        complain "openssl does not verify $1"
        return 1
        ;;
    esac
}

# durable PATH...: to the disk. A sync that knows no files (coreutils before 8.24) brings everything.
durable() {
    sync "$@"
}

# not_undone STEP: what could not be removed is named.
not_undone() {
    complain "NOT taken back: $1, see $FOLDER"
}

# ---- The steps ----------------------------------------------------------------------------------
# The lines are those of the change document. Each must succeed for the next to be reached.

# Step 1 of 7: Check what was brought
step_check_pack_do() {
    need_digest "$PACK/openssl.cnf" "$OPENSSL_CNF" || return 1
}

# Step 2 of 7: Make a folder that only root can enter
step_make_folder_do() {
    mkdir -p "$FOLDER" || return 1
    chmod 0700 "$STATE" "$FOLDER" || return 1
    cd "$FOLDER" || return 1
}

# Step 3 of 7: Make the key, protected by a passphrase
step_make_key_do() {
    tell_passphrase | openssl genrsa -des3 -passout stdin -out server.key.org "$KEY_BITS" || return 1
}

step_make_key_undo() {
    rm -f server.key.org || not_undone make_key
}

# Step 4 of 7: Make the request
step_make_request_do() {
    tell_passphrase | openssl req -new -config "$PACK/openssl.cnf" -key server.key.org -passin stdin -sha256 -out server.csr.new || return 1
}

step_make_request_undo() {
    rm -f server.csr.new || not_undone make_request
}

# Step 5 of 7: Remove the passphrase from the key
step_strip_passphrase_do() {
    tell_passphrase | openssl rsa -in server.key.org -passin stdin -out server.key.new || return 1
    rm -f server.key.org || return 1
}

step_strip_passphrase_undo() {
    rm -f server.key.new server.key.org || not_undone strip_passphrase
}

# Step 6 of 7: Check the request
step_check_request_do() {
    need_verified server.csr.new || return 1
    equal "$(request_spki <server.csr.new)" "$(key_spki <server.key.new)" || return 1
}

# Step 7 of 7: Keep key and request
step_keep_do() {
    chmod 0600 server.key.new || return 1
    durable server.key.new server.csr.new || return 1
    mv -f server.key.new server.key || return 1
    mv -f server.csr.new server.csr || return 1
    durable . || return 1
}

# ---- The verbs ----------------------------------------------------------------------------------

DONE=

make() {
    need_tools
    need_root
    if [ -f "$FOLDER/server.csr" ]; then
        show
        return 0
    fi
    [ ! -e "$FOLDER/server.key" ] || finish_the_last_time
    ask_passphrase "A passphrase for the key, of four characters or more: "
    trap take_back_unless_done EXIT
    trap 'exit 1' HUP INT TERM
    say 'Step 1 of 7: Check what was brought' >&2
    step_check_pack_do >&2 || die "this step failed"
    say 'Step 2 of 7: Make a folder that only root can enter' >&2
    step_make_folder_do >&2 || die "this step failed"
    say 'Step 3 of 7: Make the key, protected by a passphrase' >&2
    step_make_key_do >&2 || die "this step failed"
    say 'Step 4 of 7: Make the request' >&2
    step_make_request_do >&2 || die "this step failed"
    say 'Step 5 of 7: Remove the passphrase from the key' >&2
    step_strip_passphrase_do >&2 || die "this step failed"
    say 'Step 6 of 7: Check the request' >&2
    step_check_request_do >&2 || die "this step failed"
    say 'Step 7 of 7: Keep key and request' >&2
    step_keep_do >&2 || die "this step failed"
    DONE=1
    show
}

# The key was kept and the run was killed before its request was.
finish_the_last_time() {
    if [ "$(request_spki <"$FOLDER/server.csr.new")" = "$(key_spki <"$FOLDER/server.key")" ]; then
        mv -f "$FOLDER/server.csr.new" "$FOLDER/server.csr"
        durable "$FOLDER"
        show
        exit 0
    fi
    die "a key without a request lies in $FOLDER: move it away"
}

take_back_unless_done() {
    trap - EXIT
    trap : HUP INT TERM
    [ -z "$DONE" ] || exit 0
    if [ -d "$FOLDER" ] && cd "$FOLDER"; then
        step_strip_passphrase_undo
        step_make_request_undo
        step_make_key_undo
    fi
    complain "No key and no request were made."
    exit 1
}

show() {
    [ -f "$FOLDER/server.csr" ] || die "no request was made yet: sh request.sh make"
    say "The request of generation $GENERATION of $SITE, made for $SERVER: $FOLDER/server.csr" >&2
    say "Its SHA-256 is $(sha256_of "$FOLDER/server.csr"). Send it back; the key stays here." >&2
    cat "$FOLDER/server.csr"
}

# What the request asks for, signed with its own key: for 730 days, as in the article's alternate method, and
# with the key usage that browsers want. Never in the place of the CA's certificate: no runbook installs it.
interim() {
    need_tools
    need_root
    [ -f "$FOLDER/server.csr" ] || die "no key and no request were made yet: sh request.sh make"
    need_digest "$PACK/openssl.cnf" "$OPENSSL_CNF" || die "no certificate was made"
    cd "$FOLDER" || die "cannot enter $FOLDER"
    if [ ! -f interim.crt ]; then
        rm -f interim.cnf interim.crt.new
        make_interim >&2 || die "no certificate was made"
    fi
    say "The interim certificate of generation $GENERATION of $SITE: $FOLDER/interim.crt" >&2
    say "Its SHA-256 is $(openssl x509 -in interim.crt -outform DER | sha256). Who is to trust it needs it." >&2
    say "It stays here: it is not what is sent back as the CA's. Move it away to make another." >&2
    cat interim.crt
}

# The settings are the request's; what a certificate needs besides stands in a section of its own. What is
# half made has another name.
make_interim() {
    cat "$PACK/openssl.cnf" - >interim.cnf <<'END' || return 1

[interim]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = @alt_names
subjectKeyIdentifier = hash
END
    openssl req -x509 -new -config interim.cnf -extensions interim -key server.key -days 730 -sha256 \
        -out interim.crt.new || return 1
    equal "$(certificate_spki <interim.crt.new)" "$(key_spki <server.key)" || return 1
    case $(openssl x509 -in interim.crt.new -noout -text) in
    *'Digital Signature, Key Encipherment'*) ;;
    *)
        complain "openssl left the key usage out"
        return 1
        ;;
    esac
    rm -f interim.cnf
    durable interim.crt.new || return 1
    mv -f interim.crt.new interim.crt || return 1
    durable .
}

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    exit 3
}

# ---- Main ---------------------------------------------------------------------------------------

VERB=
while [ "$#" -gt 0 ]; do
    case $1 in
    make | show | interim)
        [ -z "$VERB" ] || usage
        VERB=$1
        ;;
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
make) make ;;
show) show ;;
interim) interim ;;
*) usage ;;
esac

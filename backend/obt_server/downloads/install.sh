#!/bin/sh
# Makes this machine a client of the OBT server that this script comes from. Run again, it upgrades.
# What it does, and every option: sh install.sh --help
# Nothing runs before the last line: a script that was cut off on its way does nothing.
set -u

SERVER='@SERVER@'
VERSION='@VERSION@'
# SHA-256 and name of all that is installed from the server; the requirements pin what may come from elsewhere.
PINS='@PINS@'
REQUIREMENTS=obt-client-requirements.txt

say() { printf '%s\n' "$*"; }
die() {
    printf 'obt-install: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

usage() {
    cat <<END
Makes this machine a client of the OBT server at $SERVER: puts obt-client $VERSION into a
private Python environment, enrols, installs a service, starts it. Run again (no token needed), it upgrades.

  sh install.sh [TOKEN] [--server URL] [--name NAME] [--user|--system] [--no-service]
  sh install.sh --uninstall [--user|--system]

  TOKEN         enrolment token, from the dashboard or from: obt-server token create
                (or in the environment: OBT_ENROL_TOKEN)
  --server URL  another address of the same server
  --name NAME   name shown for this machine, instead of its host name
  --user        for this user alone; what is usual unless root runs it
  --system      for the machine; what is usual when root runs it
  --no-service  install and enrol only: obt-client run is then started by hand
  --uninstall   remove the client, its service, its identity and its data

It needs Python 3.11 to 3.14, or uv, which can bring its own; and curl, wget or that Python to download.
Packages of others come from the server where it has them, else from the package index set up on this machine.
END
}

parse() {
    action=install server=$SERVER token=${OBT_ENROL_TOKEN-} name='' scope='' with_service=yes
    while [ $# -gt 0 ]; do
        case $1 in
            --server | --name)
                [ $# -ge 2 ] || die "$1 needs a value; see --help."
                if [ "$1" = --server ]; then server=${2%/}; else name=$2; fi
                shift
                ;;
            --user | --system) scope=$1 ;;
            --no-service) with_service=no ;;
            --uninstall) action=uninstall ;;
            -h | --help)
                usage
                exit 0
                ;;
            -*) die "there is no option $1; see --help." ;;
            *) token=$1 ;;
        esac
        shift
    done
    unset OBT_ENROL_TOKEN # it is for the client alone, not for pip and all that it runs
    case $server in
        http://?* | https://?*) ;;
        *) die "--server needs an address such as https://obt.example.net, not '$server'." ;;
    esac
    case $token in
        '') ;;
        *[!A-Za-z0-9_-]* | ? | ?? | ??? | ???? | ????? | ?????? | ???????)
            die "'$token' is no enrolment token: make one in the dashboard, or on the server with obt-server token create."
            ;;
    esac
}

# Where everything lies: as `obt-client service` has it.
places() {
    kernel=$(uname -s)
    case $kernel in
        Linux | Darwin) ;;
        *) die "this script is for Linux and macOS, and this is $kernel; for Windows there is $SERVER/install.ps1." ;;
    esac
    uid=$(id -u)
    [ -n "$scope" ] || if [ "$uid" = 0 ]; then scope=--system; else scope=--user; fi
    if [ "$scope" = --system ]; then
        [ "$uid" = 0 ] || die "--system needs root: put sudo before sh, or leave --system out."
        data=/var/lib/obt-client home=/opt/obt-client link=/usr/local/bin/obt-client parents=''
        [ "$kernel" = Linux ] || data='/Library/Application Support/obt-client'
    else
        [ -d "${HOME-}" ] || die "HOME is not set to a folder, and the client is to live in there; set it, or use --system."
        share=${XDG_DATA_HOME:-$HOME/.local/share}
        [ "$kernel" = Linux ] || share="$HOME/Library/Application Support"
        data=$share/obt-client home=$share/obt-client link=$HOME/.local/bin/obt-client
        config=${XDG_CONFIG_HOME:-$HOME/.config}
        parents="$HOME/.local/bin
$HOME/.local/share
$HOME/.local
$config/systemd/user
$config/systemd
$config"
    fi
    data=${OBT_CLIENT_DATA_DIR:-$data} venv=$home/venv new=$home/venv.new old=$home/venv.old
}

is_enrolled() { grep -q '"key":"' "$data/identity.json" 2>/dev/null; }

# client FOLDER ARGUMENT...: the client of one environment, without any .env of the folder that we were called in
client() {
    environment=$1
    shift
    (cd / && OBT_CLIENT_DATA_DIR=$data "$environment/bin/python" -P -m obt_client "$@")
}

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        found=$(command -v "$candidate") || continue
        # Without the developer tools, macOS's own python3 opens a window instead of running.
        if [ "$kernel:$found" = Darwin:/usr/bin/python3 ] && ! xcode-select -p >/dev/null 2>&1; then continue; fi
        if "$found" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1; then
            python=$found
            return
        fi
    done
}

check_tools() {
    python=''
    find_python
    [ -n "$python" ] || have uv || die "neither Python 3.11 to 3.14 (with its module venv) nor uv is on PATH; install one.
  Debian, Ubuntu: apt-get install python3    Fedora: dnf install python3.12    macOS: brew install python"
    [ -n "$python" ] || have curl || have wget || die "curl, wget or Python is needed to download; install curl."
}

# What the client is told of whom to believe holds for the downloads too: the key alone where only it is named.
trusted() {
    pin=${OBT_SERVER_PIN-} ca=${OBT_SERVER_CA-}
    [ -z "$pin$ca" ] || case $server in
        https://*) ;;
        *) die "OBT_SERVER_PIN and OBT_SERVER_CA need an https:// address, and the server's is $server." ;;
    esac
    [ -z "$pin" ] || have curl || die 'curl is needed to hold the server to OBT_SERVER_PIN; install it.'
    case $pin in '' | sha256//*) ;; *) die 'OBT_SERVER_PIN must begin with sha256//, as the server prints it.' ;; esac
}

# fetch URL FILE
fetch() {
    if have curl; then
        set -- "$1" -fsSL --connect-timeout 20 --retry 3 -o "$2"
        [ -z "$ca" ] || set -- "$@" --cacert "$ca"
        [ -z "$pin" ] || set -- "$@" --pinnedpubkey "$pin"
        [ -z "$pin" ] || [ -n "$ca" ] || set -- "$@" --insecure
        curl "$@"
    elif have wget; then
        wget -q ${ca:+"--ca-certificate=$ca"} -O "$2" "$1"
    else
        (
            [ -z "$ca" ] || export SSL_CERT_FILE="$ca"
            "$python" -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' "$1" "$2" 2>&1 | tail -n 1 >&2
        )
        [ -s "$2" ]
    fi
}

sha256() {
    if have sha256sum; then
        sha256sum "$1"
    elif have shasum; then
        shasum -a 256 "$1"
    else
        "$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
    fi | cut -d ' ' -f 1
}

download() {
    say "Downloading obt-client $VERSION from $server"
    while read -r pin file; do
        fetch "$server/downloads/$file" "$work/$file" ||
            die "$server/downloads/$file could not be downloaded: is the server reachable from this machine?"
        [ "$(sha256 "$work/$file")" = "$pin" ] ||
            die "$file is not what this script was made for (its SHA-256 differs): the download was cut off or changed on
  its way, or the server has another version by now. Copy the line from the dashboard again."
    done <<END
$PINS
END
    pip=$(basename "$work"/pip-*.whl)
}

# logged COMMAND...: its words are shown by whoever called, if at all
logged() { TMPDIR=$work "$@" >"$work/log" 2>&1; }
last_words() { grep -v '^ *$' "$work/log" | tail -n 4; }

make_with_uv() {
    installer=uv
    rm -rf "$new"
    if [ -n "$python" ]; then
        logged uv venv --no-cache --python "$python" "$new"
    else
        # Its Python goes inside, so that it goes away with the rest.
        logged uv python install --no-bin --install-dir "$new/python" 3.13 || return 1
        set -- "$new"/python/cpython-3.13*/bin/python3.13
        logged uv venv --no-cache --allow-existing --python "$1" "$new"
    fi
}

make_with_venv() {
    installer=pip
    [ -n "$python" ] || return 1
    rm -rf "$new"
    logged "$python" -m venv --without-pip "$new"
}

# put_in ARGUMENT...: what is to be installed, and from where. pip runs from its own wheel: Debian's Python comes without.
put_in() {
    set -- --no-deps --only-binary :all: "$@"
    if [ "$installer" = uv ]; then
        logged uv pip install --no-cache --python "$new/bin/python" "$@"
    else
        logged "$new/bin/python" "$work/$pip/pip" install --disable-pip-version-check --no-input --no-cache-dir \
            --root-user-action ignore --no-warn-script-location "$@"
    fi
}

# Whether the server has third-party wheels for any machine; if not for this one, the installer finds out at once.
server_has_wheels() {
    fetch "$server/downloads/" "$work/page" 2>/dev/null && grep '\.whl#' "$work/page" | grep -qv -e '"obt_' -e '"pip-'
}

third_party() {
    host=${server#*://}
    if server_has_wheels; then
        say 'Installing the packages that it needs, from the server'
        set -- --no-index --find-links "$server/downloads/" --require-hashes -r "$work/$REQUIREMENTS"
        [ "$installer" = uv ] || set -- --trusted-host "$host" "$@" # their hashes are checked
        if put_in "$@"; then return; fi
        say 'The server does not have all of them for this machine.'
    fi
    say "Installing the packages that it needs, from this machine's package index"
    put_in --require-hashes -r "$work/$REQUIREMENTS"
}

fill() { third_party && put_in --no-index "$work"/obt_core-*.whl "$work"/obt_client-*.whl; }

make_environment() {
    mkdir -p "$home" || die "$home cannot be made: above is why."
    [ "$scope" = --system ] || chmod 700 "$home" # the client's key and samples lie there, too
    if have uv && make_with_uv && fill; then return; fi
    if have uv && [ -n "$python" ]; then say 'uv could not do it; trying with venv and pip'; fi
    if make_with_venv && fill; then return; fi
    last_words >&2
    die "the private environment could not be made; above are the last words about it. If no package index can be
  reached from here: set PIP_INDEX_URL, or on the server run
  obt-server downloads fetch --platform $(platform) --python 3.11..3.14"
}

platform() {
    machine=$(uname -m)
    if [ "$kernel" = Darwin ]; then
        say "macos-$machine"
    elif ldd --version 2>&1 | grep -qi musl; then
        say "linux-musl-$machine"
    else
        say "linux-$machine"
    fi
}

# The environment was made beside its place: write its place into it, and into the one program that is used of it.
settle() {
    "$new/bin/python" - "$new" "$venv" <<'END' || die "the new environment in $new does not work."
import sys
from pathlib import Path

new, venv = map(Path, sys.argv[1:])
config = new / "pyvenv.cfg"
config.write_text(config.read_text().replace(str(new), str(venv)))
for program in (new / "bin").iterdir():
    if not program.name.startswith("python"):
        program.unlink()
    elif program.is_symlink() and program.readlink().is_relative_to(new):
        inside = program.readlink().relative_to(new)
        program.unlink()
        program.symlink_to(Path("..") / inside)
quoted = "'" + str(venv / "bin" / "python").replace("'", "'\\''") + "'"
stub = new / "bin" / "obt-client"
stub.write_text(f'#!/bin/sh\nexec {quoted} -P -m obt_client "$@"\n')
stub.chmod(0o755)
END
    installed=$(client "$new" --version) || die "the new client does not start: $installed"
    [ "$installed" = "obt-client $VERSION" ] || die "$installed was installed, not $VERSION; copy the line from the dashboard again."
}

check_identity() {
    if [ "$was_enrolled" = no ]; then
        [ -n "$token" ] || die "an enrolment token is needed the first time: make one in the dashboard, or on the
  server with obt-server token create, and put it behind the script's name."
        return
    fi
    known=$(sed -n 's/.*"server_url":"\([^"]*\)".*/\1/p' "$data/identity.json")
    [ -z "$token" ] || [ "$known" = "$server" ] || die "this machine is a client of $known already. To upgrade it, leave
  the token out; to move it to $server, run this with --uninstall first."
    [ -z "$name" ] || say 'It is enrolled already: its name stays as it is.'
}

enrol() {
    if [ "$was_enrolled" = yes ]; then return; fi
    say "Enrolling at $server"
    [ -z "$name" ] || set -- --name "$name"
    if ! told=$(OBT_ENROL_TOKEN=$token OBT_LOG_LEVEL=warning client "$new" enrol --server "$server" "$@" 2>&1); then
        die "this machine was not enrolled. $told"
    fi
    say "$told" | sed -e 's/ *Next: .*//' -e '/^$/d' # what is next is done here
    was_enrolled=yes
}

# What was made outside of the environment, for whoever removes it.
write_marker() {
    {
        say 'obt-install 1'
        say "link=$link"
        say "$made" | sed -n 's/^./made=&/p'
    } >"$new/.obt-install"
}

# Folders that an install makes: those of an earlier one, else those that are not there yet.
note_made() {
    if [ -f "$venv/.obt-install" ]; then
        made=$(sed -n 's/^made=//p' "$venv/.obt-install")
        return
    fi
    made=$(say "$parents" | while read -r folder; do [ -z "$folder" ] || [ -e "$folder" ] || say "$folder"; done)
}

remove_made() {
    say "$made" | while read -r folder; do [ -z "$folder" ] || rmdir "$folder" 2>/dev/null; done
}

swap() {
    had_service=no
    if [ -d "$venv" ]; then
        client "$venv" service status "$scope" >/dev/null 2>&1
        case $? in 0 | 3) had_service=yes ;; esac
        if [ "$had_service" = yes ]; then
            client "$venv" service stop "$scope" >/dev/null || die 'the running client cannot be stopped; above is why.'
            is_stopped=yes
        fi
        rm -rf "$old"
        mv "$venv" "$old" || die "$venv cannot be replaced: above is why."
    fi
    mv "$new" "$venv" || die "$venv cannot be made: above is why."
    is_placed=yes
}

make_link() {
    if [ -e "$link" ] && [ ! -L "$link" ]; then
        say "$link is something else, and stays; the client is $venv/bin/obt-client"
        return
    fi
    if mkdir -p "$(dirname "$link")" && ln -sfn "$venv/bin/obt-client" "$link"; then return; fi
    say "The client is $venv/bin/obt-client"
}

start_service() {
    if [ "$with_service" = no ] && [ "$had_service" = no ]; then
        where=''
        [ "$scope${OBT_CLIENT_DATA_DIR-}" = --user ] || where="OBT_CLIENT_DATA_DIR='$data' "
        say "Start it:  $where'$venv/bin/obt-client' run"
        say "Remove it: '$venv/bin/obt-client' service uninstall --purge $scope"
        return
    fi
    if client "$venv" service install "$scope"; then return; fi
    [ -d "$old" ] || die "the client is installed and enrolled, but its service does not run: above is why.
  Mend that, then: $venv/bin/obt-client service install $scope"
    rm -rf "$new" && mv "$venv" "$new" && mv "$old" "$venv"
    [ "$had_service" = no ] || client "$venv" service install "$scope" || true
    rm -rf "$new"
    die "the new version's service does not run (above is why), so the earlier version stays."
}

# On every way out: what is not whole is removed, and an earlier version put back.
cleanup() {
    status=$?
    trap - EXIT
    rm -rf "$work" "$new"
    if [ "$is_placed" = yes ]; then
        rm -rf "$old"
    else
        [ -e "$venv" ] || [ ! -d "$old" ] || mv "$old" "$venv"
        [ "$is_stopped" = no ] || client "$venv" service start "$scope"
    fi
    if [ "$was_enrolled" = no ]; then
        rm -f "$data/identity.json" "$data/client.lock"
        rmdir "$data" "$home" 2>/dev/null
        remove_made
    fi
    exit "$status"
}

install() {
    umask 022
    unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV VIRTUAL_ENV
    was_enrolled=no upgrade=no is_placed=no is_stopped=no
    [ -d "$venv" ] || [ ! -d "$old" ] || mv "$old" "$venv" # an earlier run was killed
    if is_enrolled; then was_enrolled=yes; fi
    if [ -d "$venv" ]; then upgrade=$was_enrolled; fi
    check_identity
    check_tools
    trusted
    note_made
    work=$(mktemp -d) || die 'no temporary folder can be made.'
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    download
    make_environment
    settle
    enrol
    write_marker
    swap
    make_link
    start_service
    if [ "$upgrade" = yes ]; then say "Upgraded to obt-client $VERSION."; else say "Installed obt-client $VERSION."; fi
}

uninstall() {
    if [ ! -d "$venv" ]; then
        say "There is no client in $home; nothing to remove. (For the other kind of install: --user or --system.)"
        return
    fi
    client "$venv" --version >/dev/null 2>&1 ||
        die "the client in $venv does not start, so it cannot remove its service; install it again, then remove it."
    note_made
    client "$venv" service uninstall --purge --yes "$scope" || die 'not all could be removed; above is why.'
    remove_made
    for left in "$venv" "$link" "$data"; do
        [ ! -e "$left" ] || die "$left is still there; remove it by hand if it is not needed."
    done
    say 'Removed the client, its service, its identity and its data.'
}

main() {
    parse "$@"
    places
    if [ "$action" = install ]; then install; else uninstall; fi
}

main "$@"

# What app/run and tests/run share: the list of packages, installing them, building. To be sourced by bash.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian and Ubuntu packages. "a|b": the first that this system knows.
build_packages=(
    g++ cmake ninja-build pkg-config
    qt6-base-dev "qt6-svg-dev|libqt6svg6-dev" libqcustomplot-dev
    libeigen3-dev libopenblas-dev libspectra-dev libfast-float-dev libzip-dev zlib1g-dev
    libmatio-dev libhdf5-dev libtiff-dev
    qt6-image-formats-plugins fonts-dejavu-core
)
fuzz_packages=(clang "libclang-rt-14-dev|libclang-rt-18-dev|libclang-rt-19-dev|libclang-rt-dev")
test_packages=(python3-numpy python3-sklearn "clang-format-14|clang-format")

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }
available() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'; }

# missing <packages…>: prints those that are not installed, each by the first name that this system knows.
missing() {
    local wanted name names known
    for wanted in "$@"; do
        IFS='|' read -ra names <<<"$wanted"
        known=
        for name in "${names[@]}"; do
            if installed "$name"; then continue 2; fi
            if [[ -z $known ]] && available "$name"; then known=$name; fi
        done
        printf '%s\n' "${known:-${names[0]}}"
    done
}

# as_root <command…>
as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

# install_missing <packages…>: asks first where somebody can answer.
install_missing() {
    if ! command -v apt-get >/dev/null; then
        if ! command -v cmake >/dev/null || ! command -v ninja >/dev/null; then
            fail "There is no apt-get here. Install what these Debian packages hold, then run this again: ${*//|/ or }"
        fi
        return
    fi
    local packages package answer
    mapfile -t packages < <(missing "$@")
    if [[ ${#packages[@]} == 0 ]]; then return; fi
    say "Partscope needs packages that are not installed: ${packages[*]}"
    if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
        fail "There is no sudo here. As root: apt-get install --no-install-recommends ${packages[*]}"
    fi
    if [[ ${CI:-} != true && -t 0 ]]; then
        read -rp "Install them now with apt-get? [y/n] " answer
        if [[ $answer != [yYjJ]* ]]; then fail "Nothing was installed, so Partscope cannot be built."; fi
    fi
    for package in "${packages[@]}"; do
        if ! available "$package"; then
            say "Fetching the list of packages."
            as_root apt-get -q update >&2 || fail "apt-get could not fetch the list of packages; is there a network?"
            mapfile -t packages < <(missing "$@")
            break
        fi
    done
    say "Installing them with apt-get."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${packages[@]}" >&2 ||
        { as_root apt-get -q update >&2 &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${packages[@]}" >&2; } ||
        fail "apt-get could not install what is missing; its message is above."
}

# build <preset> [targets…]: configures and builds into build/<preset>.
build() {
    local preset=$1 folder=$root/build/$1 jobs target targets=()
    shift
    for target in "$@"; do targets+=(--target "$target"); done
    jobs=$(nproc 2>/dev/null || echo 2)
    # A checkout that was moved or copied brings a cache that names its old place.
    if [[ -f $folder/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
        rm -rf "$folder"
    fi
    local headers=()
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    elif [[ $preset == release ]]; then
        # Without ccache, which cannot keep what precompiled headers are in, those save half the time.
        headers=(-DCMAKE_DISABLE_PRECOMPILE_HEADERS=OFF)
    fi
    say "Building Partscope ($preset) in $folder."
    (cd "$root" && cmake --preset "$preset" -Wno-dev "${headers[@]}" >&2) ||
        fail "Partscope could not be configured; the message above names what is missing or too old."
    cmake --build "$folder" -j "$jobs" "${targets[@]}" >&2 || fail "Partscope could not be built; the message is above."
}

# Sourced by the start scripts of the samples, with the module's name in `module`: builds it when it is not built, or
# when its sources are newer, and sets java, classpath and jvm_options. Only Maven's failure is ever printed.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$root/samples/$module/target
built=$target/built.stamp

java=java
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
fi
if ! command -v "$java" >/dev/null; then
    echo "There is no $java: install a JDK 17 or newer, or set JAVA_HOME." >&2
    exit 1
fi

up_to_date() {
    local newer
    [ -e "$built" ] || return 1
    newer=$(find "$root/pom.xml" "$root"/sdk-core/{pom.xml,src/main} "$root"/sdk-reactive/{pom.xml,src/main} \
        "$root"/sdk-metrics/{pom.xml,src/main} \
        "$root/samples/pom.xml" "$root/samples/$module"/{pom.xml,src/main} -newer "$built" -print -quit) || return 1
    [ -z "$newer" ]
}

compile() {
    mvn -B -q "$@" -f "$root/pom.xml" -pl "samples/$module" -am process-classes
}

build() {
    if ! command -v mvn >/dev/null; then
        echo "Building needs Maven 3.8 or newer, and there is no mvn here." >&2
        return 1
    fi
    # The time of the stamp is that of the start, so that what is edited meanwhile is built the next time.
    touch "$target/started.stamp"
    # Offline first: a start must not depend on the network. What fails offline is tried again with it.
    compile -o >"$target/build.log" 2>&1 || compile >&2 || return 1
    mv "$target/started.stamp" "$built"
}

if ! up_to_date; then
    mkdir -p "$target"
    if [ -t 2 ]; then echo "Building samples/$module ..." >&2; fi
    # Two starts at once build once.
    if command -v flock >/dev/null; then
        exec 9>"$target/build.lock"
        flock 9
    fi
    if ! up_to_date; then build || exit 1; fi
    exec 9>&-
fi

classpath=$target/classes:$(cat "$target/classpath.txt")

# Newer JVMs warn about the native code and the memory access of Netty unless it is allowed by name.
jvm_options=()
java_home=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")
major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null || true)
if [ "${major:-17}" -ge 24 ]; then
    jvm_options+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
fi

# Sourced by benchmarks/run and benchmarks/jmh: compiles the modules and sets root, java and classpath.
root=$(dirname "$here")
java=java
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
fi
build() {
    mvn -B -q "$@" -f "$root/pom.xml" -pl benchmarks -am process-classes
}
mkdir -p "$here/target"
# Offline first: a second run must not depend on the network. What fails offline is tried again with it.
if ! build -o >"$here/target/build.log" 2>&1; then
    build
fi
classpath=$here/target/classes:$(cat "$here/target/classpath.txt")

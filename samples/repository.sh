# Sourced by scripts that take Weir as its users do. Defines
#
#   deploy_weir           puts Weir's artifacts into target/repository, unless they are there and newer than the sources
#   consumer ARGUMENT...  Maven that takes Weir from there and everything else from the user's local repository
#
# Of Weir nothing is put into the user's local repository: the one of `consumer`, target/consumer-m2, has links to what is there,
# but for io.weir.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repository=$root/target/repository
modules=(sdk-bom sdk-core sdk-reactive sdk-metrics sdk-test sdk-spring)

deploy_weir() {
    local stamp=$root/target/repository.stamp sources=("$root/pom.xml" "$root/LICENSE") module
    for module in "${modules[@]}"; do
        sources+=("$root/$module/pom.xml")
        if [ -d "$root/$module/src/main" ]; then sources+=("$root/$module/src/main"); fi
    done
    if [ -e "$stamp" ] && [ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]; then return; fi
    rm -rf "$repository" "$stamp"
    mkdir -p "$root/target"
    touch "$stamp.begun"
    mvn -B -q -f "$root/pom.xml" -pl "$(IFS=,; echo "${modules[*]}")" -am deploy -Dmaven.test.skip=true \
        -Dspotless.check.skip=true -Dmaven.install.skip=true -DaltDeploymentRepository="weir::file://$repository" || return
    mv "$stamp.begun" "$stamp"
}

consumer() {
    local own=$root/target/consumer-m2 users
    users=$(sed -n 's:.*<localRepository>\(.*\)</localRepository>.*:\1:p' "$HOME/.m2/settings.xml" 2>/dev/null || true)
    users=${users:-$HOME/.m2/repository}
    rm -rf "$own"
    mkdir -p "$own/io" "$users/io"
    find "$users" -mindepth 1 -maxdepth 1 ! -name io -exec ln -s -t "$own" {} +
    find "$users/io" -mindepth 1 -maxdepth 1 ! -name weir -exec ln -s -t "$own/io" {} +
    mvn -B -Dstyle.color=never -Dmaven.repo.local="$own" -Dweir.repository="file://$repository" "$@"
}

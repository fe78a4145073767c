#!/usr/bin/env bash
# The Amazon Corretto Crypto Provider 2.5.0 is gone for the life of a JVM if its class is first used on one of Reactor's
# non-blocking threads while BlockHound watches them: its initialiser starts java.util.logging, which reads a file, and a class
# whose initialiser has failed is never initialised again.
#
# What happens: a cipher of the provider is made, on a thread of Schedulers.parallel() and then on the main thread, and in
# another JVM the same the other way round.
# Expected: the first use fails as BlockHound wants it, and the second, on a thread that may block, works. Seen (BlockHound
# 1.0.17.RELEASE, Reactor 3.8.6, JDK 17 and 25):
#
#   parallel first:
#     parallel thread: BlockingOperationError: Blocking call! java.io.FileInputStream#readBytes
#     main thread: NoClassDefFoundError: Could not initialize class
#       com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider
#   main first:
#     main thread: AmazonCorrettoCryptoProvider
#     parallel thread: AmazonCorrettoCryptoProvider
#
# Ends with 0 while it is so, with 1 when the behaviour has changed, with 2 where it cannot be tried.
# Needs a JDK 17 or newer and Maven; writes into a temporary folder only. For Linux on x86-64.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

dependency() { echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version>${4:-}</dependency>"; }
cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    $(dependency io.projectreactor reactor-core 3.8.6)
    $(dependency io.projectreactor.tools blockhound 1.0.17.RELEASE)
    $(dependency software.amazon.cryptools AmazonCorrettoCryptoProvider 2.5.0 '<classifier>linux-x86_64</classifier>')
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import javax.crypto.Cipher;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class Finding {
    public static void main(String[] args) {
        BlockHound.install();
        boolean parallelFirst = args[0].equals("parallel");
        use(parallelFirst);
        use(!parallelFirst);
        System.exit(0);
    }

    private static void use(boolean parallel) {
        Mono<String> use = Mono.fromCallable(
                () -> Cipher.getInstance("AES/GCM/NoPadding", AmazonCorrettoCryptoProvider.INSTANCE).getProvider().getName());
        String seen;
        try {
            seen = (parallel ? use.subscribeOn(Schedulers.parallel()) : use).block();
        } catch (Throwable e) {
            Throwable error = e instanceof Error || e.getCause() == null ? e : e.getCause();
            seen = error.getClass().getSimpleName() + ": " + error.getMessage();
        }
        System.out.println((parallel ? "parallel" : "main") + " thread: " + seen);
    }
}
JAVA

run() {
    java -XX:+EnableDynamicAgentLoading -XX:+AllowRedefinitionToAddDeleteMethods -cp 'jars/*' Finding.java "$1" 2>/dev/null \
        | grep ' thread: '
}
parallel=$(run parallel)
main=$(run main)
printf 'parallel first:\n%s\nmain first:\n%s\n' "$parallel" "$main"
[[ $main == "main thread: AmazonCorrettoCryptoProvider"* ]] || { echo "The provider does not load here."; exit 2; }
[[ $main == *"parallel thread: AmazonCorrettoCryptoProvider"* ]] || { echo CHANGED; exit 1; }
[[ $parallel == *"parallel thread: BlockingOperationError"* && $parallel == *"main thread: NoClassDefFoundError"* ]] || { echo CHANGED; exit 1; }

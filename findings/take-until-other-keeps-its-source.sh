#!/usr/bin/env bash
# takeUntilOther leaves its source subscribed to when the other publisher fails.
#
# What happens: a Flux that never ends is taken until another publisher completes, and until another one fails.
# Expected: the subscriber hears the end, and the source is cancelled, both times.
# Seen (reactor-core 3.8.6, JDK 17):
#
#   other completes: onComplete, source cancelled
#   other fails: onError, source not cancelled
#
# So a hot source keeps a subscriber that nobody hears, for as long as it lives. Completing by the other and failing behind it
# (concatWith) cancels the source.
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a JDK 17 or newer and Maven; writes into a
# temporary folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.projectreactor</groupId><artifactId>reactor-core</artifactId><version>3.8.6</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

public class Finding {
    public static void main(String[] args) {
        Sinks.Empty<Void> completing = Sinks.empty();
        Sinks.Empty<Void> failing = Sinks.empty();
        show("other completes", completing, () -> completing.tryEmitEmpty().orThrow());
        show("other fails", failing, () -> failing.tryEmitError(new IllegalStateException("over")).orThrow());
    }

    private static void show(String name, Sinks.Empty<Void> other, Runnable end) {
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicReference<String> heard = new AtomicReference<>("nothing");
        Flux.never()
                .doOnCancel(() -> cancelled.set(true))
                .takeUntilOther(other.asMono())
                .subscribe(e -> {}, e -> heard.set("onError"), () -> heard.set("onComplete"));
        end.run();
        System.out.println(name + ": " + heard + ", source " + (cancelled.get() ? "" : "not ") + "cancelled");
    }
}
JAVA
seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[ "$seen" = "other completes: onComplete, source cancelled
other fails: onError, source not cancelled" ]

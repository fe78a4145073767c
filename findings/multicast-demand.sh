#!/usr/bin/env bash
# A Flux behind share() or publish() asks its source one by one, however much its subscribers want.
#
# What happens: a source of 600 elements has one subscriber with unbounded demand, through share(), publish() and replay(1).
# Expected: as publishOn and flatMap do, a prefetch of 256 that is topped up in batches, of 192 say; and of replay(1), which keeps
# one element, as much as the subscribers ask for.
# Seen (reactor-core 3.8.6, JDK 17), the calls of request that reach the source:
#
#   publishOn: 4 calls, 256 192 192 192
#   share: 601 calls, 256 1 1
#   publish: 601 calls, 256 1 1
#   replay(1): 601 calls, 1 1 1
#   share behind limitRate(256): 4 calls, 256 192 192 192
#
# Where each call costs, as where demand becomes credit on a wire, a limitRate between the source and share() makes batches again.
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

public class Finding {
    public static void main(String[] args) {
        show("publishOn", source -> source.publishOn(Schedulers.immediate()));
        show("share", Flux::share);
        show("publish", source -> source.publish().autoConnect());
        show("replay(1)", source -> source.replay(1).autoConnect());
        show("share behind limitRate(256)", source -> source.limitRate(256).share());
    }

    private static void show(String name, UnaryOperator<Flux<Integer>> operator) {
        List<Long> asked = new ArrayList<>();
        Flux<Integer> source = Flux.range(0, 600).hide().doOnRequest(asked::add);
        operator.apply(source).blockLast();
        StringBuilder first = new StringBuilder();
        asked.stream().limit(asked.size() > 4 ? 3 : 4).forEach(n -> first.append(' ').append(n));
        System.out.println(name + ": " + asked.size() + " calls," + first);
    }
}
JAVA
seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
[ "$seen" = "publishOn: 4 calls, 256 192 192 192
share: 601 calls, 256 1 1
publish: 601 calls, 256 1 1
replay(1): 601 calls, 1 1 1
share behind limitRate(256): 4 calls, 256 192 192 192" ]

#!/usr/bin/env bash
# The subscribers of the Reactive Streams TCK 1.0.4 keep what they are signalled in a queue with a lock. BlockHound lets no
# non-blocking thread wait for it: a signal that comes just while the test looks into the queue fails with an Error at the
# publisher, and is lost. A publisher that is right, and signals on a thread of Reactor's, then fails a verification now and
# then: "Did not receive expected stream completion within ... ms".
#
# What happens: a subscriber of the TCK is signalled 2 on a thread of Schedulers.parallel() while another thread looks through
# what it has heard, once without and once with BlockHound. To be seen each time, the look lasts until the signal waits or is over.
# Expected: the signal waits for some instructions, and comes, both times. Seen (reactive-streams-tck 1.0.4, BlockHound
# 1.0.17.RELEASE, Reactor 3.8.6, JDK 17 and 25):
#
#   not watched: heard 1 2
#   watched: heard 1, BlockingOperationError: Blocking call! jdk.internal.misc.Unsafe#park
#
# Whoever runs both in one JVM allows blocking calls inside TestEnvironment$Receptacle's add and complete, and
# TestEnvironment$Promise's complete and completeImmediatly.
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a JDK 17 or newer and Maven; writes into a
# temporary folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

dependency() { echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version></dependency>"; }
cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    $(dependency io.projectreactor reactor-core 3.8.6)
    $(dependency io.projectreactor.tools blockhound 1.0.17.RELEASE)
    $(dependency org.reactivestreams reactive-streams-tck 1.0.4)
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import java.lang.reflect.Field;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.TestEnvironment.ManualSubscriber;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class Finding {
    private static volatile Thread signalling;
    private static volatile CompletableFuture<Void> signalled;

    public static void main(String[] args) throws Exception {
        boolean watched = args[0].equals("watched");
        if (watched) {
            BlockHound.install();
        }
        ManualSubscriber<Integer> subscriber = new ManualSubscriber<>(new TestEnvironment(100, 100));
        subscriber.onNext(1);
        Object received = of(ManualSubscriber.class, "received", subscriber);
        ArrayBlockingQueue<?> heard = (ArrayBlockingQueue<?>) of(received.getClass(), "abq", received);
        heard.forEach(first -> { // under the lock, as the test's own look at what comes next
            signalled = Mono.<Void>fromRunnable(() -> {
                        signalling = Thread.currentThread();
                        subscriber.onNext(2);
                    })
                    .subscribeOn(Schedulers.parallel())
                    .toFuture();
            while (!signalled.isDone() && (signalling == null || signalling.getState() != Thread.State.WAITING)) {
                Thread.onSpinWait();
            }
        });
        String lost = signalled.handle((none, e) -> e == null ? "" : ", " + e.getClass().getSimpleName() + ": " + e.getMessage())
                .get();
        StringBuilder all = new StringBuilder();
        for (int left = heard.size(); left > 0; left--) {
            all.append(' ').append(subscriber.nextElement());
        }
        System.out.println(args[0] + ": heard" + all + lost);
        System.exit(0);
    }

    private static Object of(Class<?> type, String name, Object owner) throws Exception {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
JAVA

run() { java -XX:+EnableDynamicAgentLoading -XX:+AllowRedefinitionToAddDeleteMethods -cp 'jars/*' Finding.java "$1" 2>/dev/null; }
seen=$(run 'not watched'; run watched)
echo "$seen"
[ "$seen" = "not watched: heard 1 2
watched: heard 1, BlockingOperationError: Blocking call! jdk.internal.misc.Unsafe#park" ] || { echo CHANGED; exit 1; }

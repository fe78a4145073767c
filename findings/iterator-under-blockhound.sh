#!/usr/bin/env bash
# Reactor's toIterable and toStream take a lock in onNext, on whichever thread emits. While BlockHound watches, an emitting
# thread that may not block and finds the lock taken gets an Error from BlockHound out of onNext: the element's signal is lost,
# and the iterator, which nobody tells, waits for ever.
#
# What happens: 2,000 times a thread reads 200 elements by toIterable(16) from a source that emits them, on demand, on a
# non-blocking thread, and drops what a subscriber throws, as Reactive Streams leaves it to do.
# Expected: every reader gets its 200 elements. Seen (Reactor 3.8.6, BlockHound 1.0.17.RELEASE, JDK 17 and 25): without BlockHound
# all do; with it some wait for ever, each after "Blocking call! jdk.internal.misc.Unsafe#park"; with
# allowBlockingCallsInside("reactor.core.publisher.BlockingIterable$SubscriberIterator", "signalConsumer") all do again.
#
# Ends with 0 while it is so, with 1 when the behaviour has changed, with 2 where it cannot be tried.
# Needs a JDK 17 or newer and Maven; writes into a temporary folder only.
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
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.blockhound.BlockHound;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class Finding {
    static final int READERS = 2_000;
    static final int ELEMENTS = 200;
    static final AtomicInteger THROWN = new AtomicInteger();

    public static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "plain" -> {}
            case "watched" -> BlockHound.install();
            default -> BlockHound.builder().loadIntegrations().allowBlockingCallsInside(
                    "reactor.core.publisher.BlockingIterable$SubscriberIterator", "signalConsumer").install();
        }
        ExecutorService readers = Executors.newFixedThreadPool(64, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        CountDownLatch done = new CountDownLatch(READERS);
        for (int i = 0; i < READERS; i++) {
            readers.execute(() -> {
                int n = 0;
                for (Integer each : new Source().toIterable(16)) {
                    n++;
                }
                if (n == ELEMENTS) {
                    done.countDown();
                }
            });
        }
        boolean all = done.await(20, TimeUnit.SECONDS);
        System.out.println(args[0] + ": " + (all ? "all have read everything" : "some wait for ever") + ", thrown: "
                + (THROWN.get() > 0));
        System.exit(0);
    }

    /** Emits what is asked for on a thread of Schedulers.parallel(). */
    static final class Source extends Flux<Integer> {
        @Override
        public void subscribe(CoreSubscriber<? super Integer> actual) {
            Scheduler.Worker worker = Schedulers.parallel().createWorker();
            AtomicLong left = new AtomicLong(ELEMENTS);
            actual.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {
                    worker.schedule(() -> {
                        for (long i = 0; i < n && left.getAndDecrement() > 0; i++) {
                            try {
                                actual.onNext(1);
                                if (left.get() == 0) {
                                    actual.onComplete();
                                }
                            } catch (Throwable e) {
                                THROWN.incrementAndGet();
                                left.set(0);
                            }
                        }
                    });
                }

                @Override
                public void cancel() {
                    worker.dispose();
                }
            });
        }
    }
}
JAVA

run() {
    java -XX:+EnableDynamicAgentLoading -XX:+AllowRedefinitionToAddDeleteMethods -cp 'jars/*' Finding.java "$1" 2>/dev/null \
        | grep ', thrown: '
}
plain=$(run plain)
watched=$(run watched)
allowed=$(run allowed)
printf '%s\n%s\n%s\n' "$plain" "$watched" "$allowed"
[[ $plain == *"all have read everything"* ]] || { echo "The readers do not get through here."; exit 2; }
[[ $watched == *"some wait for ever, thrown: true" && $allowed == *"all have read everything"* ]] || { echo CHANGED; exit 1; }

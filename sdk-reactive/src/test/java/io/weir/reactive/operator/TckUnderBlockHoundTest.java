package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment.ManualSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The subscribers of the Reactive Streams TCK take a lock when they are signalled. BlockHound, which watches over the threads that signal,
 * has to let them wait for it: what it throws there is lost, and the signal with it.
 */
class TckUnderBlockHoundTest {

    private final ManualSubscriber<Integer> subscriber = new ManualSubscriber<>(Tck.environment());
    private final AtomicReference<Thread> signalling = new AtomicReference<>();

    @Test
    void aSignalThatFindsTheLockOfTheSubscriberTakenComesAllTheSame() throws Exception {
        subscriber.onNext(1);
        AtomicReference<CompletableFuture<Void>> signalled = new AtomicReference<>();

        heard().forEach(
                        first -> { // under the lock
                            signalled.set(signal(2));
                            awaitWaiting(signalled.get());
                        });

        signalled.get().get(10, TimeUnit.SECONDS);
        assertThat(subscriber.nextElement()).isEqualTo(1);
        assertThat(subscriber.nextElement()).isEqualTo(2);
    }

    private CompletableFuture<Void> signal(int element) {
        return Mono.<Void>fromRunnable(() -> {
                    signalling.set(Thread.currentThread());
                    subscriber.onNext(element);
                })
                .subscribeOn(Schedulers.parallel())
                .toFuture();
    }

    private void awaitWaiting(CompletableFuture<Void> signalled) {
        while (!signalled.isDone() && !isWaiting(signalling.get())) {
            Thread.yield();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread != null && thread.getState() == Thread.State.WAITING;
    }

    /** What the subscriber has heard and not told: as long as somebody looks through it, its lock is taken. */
    private ArrayBlockingQueue<?> heard() throws ReflectiveOperationException {
        Object received = field(ManualSubscriber.class, "received").get(subscriber);
        return (ArrayBlockingQueue<?>)
                Objects.requireNonNull(field(received.getClass(), "abq").get(received));
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}

package io.weir.reactive.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.session.WarningLog;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObserversTest {

    private static final NodeObserver.Dial DIAL = new NodeObserver.Dial(1, PeerAddress.memory("x"), 7, null);

    private static final NodeObserver.RequestsDone REQUESTS = proxy(NodeObserver.RequestsDone.class, () -> {});

    private final WarningLog log = new WarningLog();
    private final List<String> heard = new ArrayList<>();
    private long now;
    private int random;

    @Test
    void areNoneWhereNobodyObserves() {
        assertThat(Observers.of(List.of())).isNull();
    }

    @Test
    void eachHearsInOrder() {
        of(named("a"), named("b")).onDial(DIAL);
        assertThat(heard).containsExactly("a", "b");
    }

    /** So that none is forgotten in a hand-written list of methods. */
    @Test
    void passOnEveryMethodWithItsArgumentsWhateverTheOneBeforeThrows() throws ReflectiveOperationException {
        List<List<@Nullable Object>> calls = new ArrayList<>();
        NodeObserver thrower = (NodeObserver) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {NodeObserver.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("test");
                });
        NodeObserver recorder = (NodeObserver) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {NodeObserver.class}, (proxy, method, arguments) -> {
                    List<@Nullable Object> call = new ArrayList<>(Arrays.asList(arguments));
                    call.add(0, method.getName());
                    calls.add(call);
                    return null;
                });
        NodeObserver observers = of(thrower, recorder);
        List<String> names = new ArrayList<>();
        for (Method method : NodeObserver.class.getDeclaredMethods()) {
            if (method.isDefault()) {
                names.add(method.getName());
                @Nullable
                Object[] arguments = Arrays.stream(method.getParameterTypes())
                        .map(ObserversTest::argument)
                        .toArray();
                method.invoke(observers, arguments);
                List<@Nullable Object> expected = new ArrayList<>(Arrays.asList(arguments));
                expected.add(0, method.getName());
                assertThat(calls).last().isEqualTo(expected);
            }
        }
        assertThat(names).hasSizeGreaterThan(10);
        assertThat(calls).hasSameSizeAs(names);
    }

    private static @Nullable Object argument(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        return type == long.class ? (Object) 5L : type == int.class ? (Object) 6 : null;
    }

    @Test
    void whatOneThrowsHarmsNobodyAndIsToldOf() {
        NodeObserver observers = of(
                new NodeObserver() {
                    @Override
                    public void onDial(Dial dial) {
                        throw new NoClassDefFoundError("test");
                    }
                },
                named("b"));
        for (int i = 0; i < 500; i++) {
            observers.onDial(DIAL);
        }
        assertThat(heard).hasSize(500);
        assertThat(log.warnings()).hasSize(10);
        assertThat(log.warnings().get(0)).contains("ObserversTest$", "failed", "NoClassDefFoundError: test");

        now += Duration.ofSeconds(10).toNanos();
        observers.onDial(DIAL);
        assertThat(log.warnings()).hasSize(11);
        assertThat(log.warnings().get(10)).contains("490 times before this one were not logged");
    }

    @Test
    void aFatalErrorReachesTheUncaughtHandlerAndNobodyElse() {
        List<Throwable> uncaught = new ArrayList<>();
        NodeObserver observers = of(new NodeObserver() {
            @Override
            public void onDial(Dial dial) {
                throw new OutOfMemoryError("test");
            }
        });
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((t, e) -> uncaught.add(e));
        try {
            observers.onDial(DIAL);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void oneThatIsSlowIsToldOf() {
        NodeObserver observers = of(new NodeObserver() {
            @Override
            public void onDial(Dial dial) {
                now += dial.nanos();
            }
        });
        observers.onDial(taking(GuardedObserver.MOST_NANOS));
        now += GuardedObserver.WINDOW_NANOS;
        observers.onDial(taking(GuardedObserver.MOST_NANOS));
        assertThat(log.warnings()).as("at the bound, in two windows").isEmpty();

        observers.onDial(taking(1_000_000));
        assertThat(log.warnings()).singleElement().asString().contains("ObserversTest$", "held loops for 501 ms");
    }

    @Test
    void oneThatIsAlwaysSlowIsToldOfOnceInTenSeconds() {
        NodeObserver observers = of(new NodeObserver() {
            @Override
            public void onDial(Dial dial) {
                now += dial.nanos();
            }
        });
        for (int i = 0; i < 60_000; i++) {
            observers.onDial(taking(1_000_000)); // a minute
        }
        assertThat(log.warnings()).hasSizeBetween(5, 7);
        assertThat(log.warnings().get(1)).contains("times before this one were not logged");
    }

    static Stream<BiConsumer<NodeObserver, PeerSession>> callsOfEachRecord() {
        return Stream.of(
                (observer, session) -> observer.onRecordSent(session, 1),
                (observer, session) -> observer.onRecordReceived(session, 1),
                (observer, session) -> observer.onAsked(session, REQUESTS),
                (observer, session) -> observer.onAnswered(session, REQUESTS),
                (observer, session) ->
                        observer.onHalfState(session, StreamId.of("x"), HalfState.IDLE, 1, HalfState.SENDING));
    }

    @ParameterizedTest
    @MethodSource("callsOfEachRecord")
    void oneThatIsSlowWithEachRecordIsToldOfThoughFewOfItsCallsAreTimed(BiConsumer<NodeObserver, PeerSession> call) {
        NodeObserver observers = of(proxy(NodeObserver.class, () -> now += 1_000_000));
        PeerSession none = proxy(PeerSession.class, () -> {});
        for (int i = 0; i < 496; i++) {
            call.accept(observers, none);
        }
        assertThat(log.warnings()).isEmpty();
        call.accept(observers, none);
        assertThat(log.warnings()).singleElement().asString().contains("held loops for 504 ms");
    }

    private static <T> T proxy(Class<T> type, Runnable called) {
        return type.cast(Proxy.newProxyInstance(
                ObserversTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    called.run();
                    return null;
                }));
    }

    private static NodeObserver.Dial taking(long nanos) {
        return new NodeObserver.Dial(1, PeerAddress.memory("x"), nanos, null);
    }

    private NodeObserver of(NodeObserver... observers) {
        return Objects.requireNonNull(Observers.of(List.of(observers), () -> now, () -> random++, log.logger()));
    }

    private NodeObserver named(String name) {
        return new NodeObserver() {
            @Override
            public void onDial(Dial dial) {
                heard.add(name);
            }
        };
    }
}

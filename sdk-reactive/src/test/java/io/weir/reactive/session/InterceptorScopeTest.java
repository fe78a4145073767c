package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.reactive.Interaction.Kind;
import io.weir.reactive.Interceptor;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What interceptors open around the call of a handler. */
class InterceptorScopeTest {

    private final List<String> log = new ArrayList<>();

    private Interceptor opening(String name) {
        return what -> what.within(() -> {
            log.add("+" + name);
            return () -> log.add("-" + name);
        });
    }

    private PeerNodeSpec handling(PeerNodeSpec spec) {
        return spec.onRequest("x", request -> {
                    log.add("called");
                    return Mono.defer(() -> {
                        log.add("subscribed");
                        return Mono.just(request.payload());
                    });
                })
                .onMessage("x", message -> Mono.fromRunnable(() -> log.add("subscribed")))
                .onStream("x", stream -> Mono.fromRunnable(() -> log.add("subscribed")));
    }

    private NodePair pair(UnaryOperator<PeerNodeSpec> spec) {
        return NodePair.of(base -> spec.apply(handling(base)));
    }

    private static void begin(NodePair pair, Kind kind) {
        switch (kind) {
            case REQUEST ->
                pair.session.request("x", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            case MESSAGE -> pair.session.send("x", "", Codec.utf8()).subscribe();
            default ->
                pair.session
                        .exchange("x", Mono.just(""), Codec.utf8(), Codec.utf8())
                        .subscribe(v -> {}, e -> {});
        }
        pair.settle();
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "MESSAGE", "EXCHANGE"})
    void areOpenWhileTheHandlerIsSubscribedToAndClosedInReverse(Kind kind) {
        try (NodePair pair = pair(spec -> spec.intercept(opening("1")).intercept(opening("2")))) {
            begin(pair, kind);
            assertThat(log)
                    .filteredOn(line -> !line.equals("called"))
                    .containsExactly("+1", "+2", "subscribed", "-2", "-1");
        }
    }

    @Test
    void areOpenedAgainOnTheThreadToWhichTheHandlerWasMoved() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Scheduler workers = Schedulers.fromExecutor(tasks::add);
        RequestHandler handler = request -> {
            log.add("called");
            return Mono.just(request.payload());
        };
        try (NodePair pair = NodePair.of(spec -> spec.intercept(opening("1")).onRequest("x", handler.on(workers)))) {
            begin(pair, Kind.REQUEST);
            assertThat(log).containsExactly("+1", "-1");
            tasks.removeFirst().run();
            assertThat(log).containsExactly("+1", "-1", "+1", "called", "-1");
        }
    }

    @Test
    void oneThatCannotBeOpenedIsTheHandlersFailureAndClosesThoseBeforeIt() {
        Interceptor failing = what -> what.within(() -> {
            throw new IllegalStateException("boom");
        });
        List<Throwable> failures = new ArrayList<>();
        try (NodePair pair = pair(spec -> spec.intercept(opening("1")).intercept(failing))) {
            pair.session.request("x", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, failures::add);
            pair.settle();
            assertThat(log).containsExactly("+1", "-1");
            assertThat(failures)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ReplyMissingException.class,
                            e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.APPLICATION_ERROR));
        }
    }

    @Test
    void oneThatCannotBeOpenedOnTheHandlersThreadIsTheHandlersFailureToo() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Scheduler workers = Schedulers.fromExecutor(tasks::add);
        Interceptor failing = what -> what.within(() -> {
            log.add("+");
            if (log.size() > 1) {
                throw new IllegalStateException("boom");
            }
            return () -> {};
        });
        RequestHandler handler = request -> Mono.just(request.payload());
        List<Throwable> failures = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.intercept(failing).onRequest("x", handler.on(workers)))) {
            pair.session.request("x", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, failures::add);
            pair.settle();
            tasks.removeFirst().run();
            pair.settle();
            assertThat(failures).singleElement().isInstanceOf(ReplyMissingException.class);
        }
    }

    @Test
    void oneThatCannotBeClosedHarmsNobody() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(e -> {
            if ("boom".equals(e.getMessage())) { // nodes of other tests may still be ending
                dropped.add(e);
            }
        });
        Interceptor failing = what -> what.within(() -> () -> {
            throw new IllegalStateException("boom");
        });
        List<String> replies = new ArrayList<>();
        try (NodePair pair = pair(spec -> spec.intercept(opening("1")).intercept(failing))) {
            pair.session.request("x", "a", Codec.utf8(), Codec.utf8()).subscribe(replies::add);
            pair.settle();
            assertThat(replies).containsExactly("a");
            assertThat(log).endsWith("-1");
            assertThat(dropped).hasSize(1);
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }
}

package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** The time that a requester waits, as its handler and what that asks in turn see it, in memory and in virtual time. */
class RequestTimeLeftTest {

    private static final Codec<String> TEXT = Codec.utf8();
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final List<Request> seen = new ArrayList<>();
    private final List<Duration> left = new ArrayList<>();

    private RequestHandler never() {
        return request -> {
            seen.add(request);
            left.add(request.remaining().orElseThrow());
            return Mono.never();
        };
    }

    @Test
    void theHandlerSeesHowLongTheRequesterStillWaits() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", never()))) {
            ask(pair, "slow", LIMIT);
            pair.settle();
            pair.advance(Duration.ofMillis(500));
            assertThat(left).containsExactly(LIMIT);
            assertThat(seen.get(0).remaining()).contains(Duration.ofMillis(1_500));
            pair.advance(Duration.ofSeconds(5));
            assertThat(seen.get(0).remaining()).contains(Duration.ZERO);
        }
    }

    @Test
    void isTheNodesTimeOutWhereNoOtherWasAskedFor() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", never()))) {
            pair.session.request("slow", "x", TEXT, TEXT).subscribe(value -> {}, e -> {});
            pair.settle();
            assertThat(left).containsExactly(NodeLimits.defaults().requestTimeout());
        }
    }

    @Test
    void isSeenOnTheThreadsToWhichAHandlerWasMoved() {
        RequestHandler moved = never().on(Schedulers.immediate());
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", moved))) {
            ask(pair, "slow", LIMIT);
            pair.settle();
            assertThat(left).containsExactly(LIMIT);
        }
    }

    // ---- what a handler asks in turn

    @ParameterizedTest
    @CsvSource({"30000, 1500", "1500, 1500", "1499, 1499", "100, 100"})
    void aNestedRequestHasNoMoreTimeThanIsLeft(long ownMillis, long nestedMillis) {
        RequestHandler outer = request -> Mono.delay(Duration.ofMillis(500), testTime())
                .then(request.session()
                        .request("inner", "x", TEXT, Codec.buffers(), within(Duration.ofMillis(ownMillis))));
        try (NodePair pair = pairWith(outer)) {
            AtomicReference<Throwable> failure = ask(pair, "outer", LIMIT);
            pair.settle();
            pair.advance(Duration.ofMillis(500));
            assertThat(left).containsExactly(Duration.ofMillis(nestedMillis));
            pair.advance(Duration.ofMillis(1_500));
            assertThat(failure.get()).isInstanceOf(ReplyMissingException.class);
            assertThat(pair.serverSession().messageStats().requestsOutstanding())
                    .isZero();
        }
    }

    private VirtualTimeScheduler time;

    private Scheduler testTime() {
        return time;
    }

    private NodePair pairWith(RequestHandler outer) {
        NodePair pair = NodePair.of(spec -> spec.onRequest("outer", outer), spec -> spec.onRequest("inner", never()));
        time = pair.time;
        return pair;
    }

    /** It was subscribed to by itself: nothing of the handler's is in its context. */
    @Test
    void whatIsAskedByItselfHasItsOwnTime() {
        RequestHandler outer = request -> {
            request.session().request("inner", "x", TEXT, TEXT).subscribe(value -> {}, e -> {});
            return Mono.just(request.payload());
        };
        try (NodePair pair = pairWith(outer)) {
            ask(pair, "outer", LIMIT);
            pair.settle();
            assertThat(left).containsExactly(NodeLimits.defaults().requestTimeout());
        }
    }

    @Test
    void nothingIsAskedWhenNoTimeIsLeft() {
        AtomicReference<Context> context = new AtomicReference<>();
        AtomicReference<Request> outerRequest = new AtomicReference<>();
        RequestHandler outer = request -> Mono.deferContextual(view -> {
            context.set(Context.of(view));
            outerRequest.set(request);
            return Mono.never();
        });
        try (NodePair pair = pairWith(outer)) {
            ask(pair, "outer", LIMIT);
            pair.settle();
            pair.advance(LIMIT.plusMillis(1));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            outerRequest
                    .get()
                    .session()
                    .request("inner", "x", TEXT, TEXT)
                    .contextWrite(context.get())
                    .subscribe(value -> {}, failure::set);
            pair.settle();
            assertThat(failure.get())
                    .isInstanceOfSatisfying(
                            ReplyMissingException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.REQUEST_TIMEOUT)));
            assertThat(failure.get()).hasMessageContaining("no time is left").hasMessageContaining("\"inner\"");
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void requestsOfHandlersThatWereAnsweredLeaveNoTimer() {
        RequestHandler later = request -> {
            Optional<Duration> remaining = request.remaining();
            return Mono.delay(remaining.orElseThrow().dividedBy(2), testTime()).thenReturn(request.payload());
        };
        try (NodePair pair = pairWith(later)) {
            for (int i = 0; i < 100; i++) {
                ask(pair, "outer", LIMIT.plusMillis(i));
                pair.advance(Duration.ofMillis(7));
            }
            pair.advance(Duration.ofSeconds(3));
            assertThat(pair.serverSession().messageStats().requestsInFlight()).isZero();
            assertThat(pair.session.messageStats().requestsReplied()).isEqualTo(100);
        }
    }

    private static AtomicReference<Throwable> ask(NodePair pair, String route, Duration limit) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        pair.session.request(route, "x", TEXT, TEXT, within(limit)).subscribe(value -> {}, failure::set);
        return failure;
    }

    private static RequestOptions within(Duration limit) {
        return RequestOptions.defaults().withTimeout(limit);
    }
}

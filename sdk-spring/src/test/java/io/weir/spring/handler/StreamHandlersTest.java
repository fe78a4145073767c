package io.weir.spring.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirStreamHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StreamHandlersTest {

    private final Handled handled = Handled.by(Market.class);
    private final PeerSession session = handled.nodes().session("client", "server");

    record Quote(String symbol, int number) {}

    static class Market {

        final List<Quote> taken = new ArrayList<>();

        @WeirStreamHandler("quotes")
        Flux<Quote> quotes(@WeirHeader("symbol") String symbol) {
            return Flux.range(1, 3).map(number -> new Quote(symbol, number));
        }

        @WeirStreamHandler("sums")
        Flux<Integer> sums(Flux<Integer> numbers) {
            return numbers.scan(Integer::sum);
        }

        @WeirStreamHandler("times")
        Flux<Integer> times(int count) {
            return Flux.range(0, count);
        }

        @WeirStreamHandler("first")
        Flux<Integer> first(Mono<Integer> count, PeerStream stream) {
            return count.flatMapMany(most -> Flux.range(0, most));
        }

        @WeirStreamHandler("taken")
        Mono<Void> take(Flux<Quote> quotes) {
            return quotes.doOnNext(taken::add).then();
        }

        @WeirStreamHandler(value = "endless", endless = true)
        Flux<Integer> endless() {
            return Flux.just(1).concatWith(Flux.never());
        }

        @WeirStreamHandler("long")
        Flux<Integer> takesLong() {
            return Flux.just(1).concatWith(Flux.never());
        }
    }

    @AfterEach
    void close() {
        handled.close();
    }

    @Test
    void sendsToASubscriber() {
        StreamOpen open = StreamOpen.named("quotes").withHeaders(Headers.of("symbol", "ACME"));

        StepVerifier.create(session.subscribe(open, StreamConfig.reliable(), Codec.json(Quote.class)))
                .expectNext(new Quote("ACME", 1), new Quote("ACME", 2), new Quote("ACME", 3))
                .verifyComplete();
    }

    @Test
    void takesAllThatThePeerSends() {
        StepVerifier.create(exchanged("sums", Flux.just(1, 2, 3)))
                .expectNext(1, 3, 6)
                .verifyComplete();
    }

    @Test
    void takesOneValueThatThePeerSends() {
        StepVerifier.create(exchanged("times", Mono.just(2))).expectNext(0, 1).verifyComplete();
        StepVerifier.create(exchanged("first", Mono.just(2))).expectNext(0, 1).verifyComplete();
    }

    @Test
    void maySendNothing() {
        StepVerifier.create(session.exchange(
                        "taken", Flux.just(new Quote("A", 1)), Codec.json(Quote.class), Codec.json(Quote.class)))
                .verifyComplete();

        assertThat(handled.bean(Market.class).taken).containsExactly(new Quote("A", 1));
    }

    @Test
    void whoSendsNoValueWhereOneIsWantedIsToldSo() {
        StepVerifier.create(session.subscribe("times", Codec.json(Integer.class)))
                .verifyErrorSatisfies(
                        e -> assertThat(((WeirException) e).reason().error()).isEqualTo(ErrorCode.DECODE_FAILED));
    }

    @Test
    void valueThatDoesNotFitIsTheCallersTypedError() {
        for (String name : List.of("sums", "times", "first")) {
            StepVerifier.create(session.exchange(name, Mono.just("many"), Codec.utf8(), Codec.utf8()))
                    .verifyErrorSatisfies(
                            e -> assertThat(((WeirException) e).reason().error())
                                    .as(name)
                                    .isEqualTo(ErrorCode.DECODE_FAILED));
        }
    }

    @Test
    void endlessOneEndsWithGoingAwayWhenItsSessionDrainsAndAnotherGoesOn() {
        List<Throwable> ends = new ArrayList<>();
        session.subscribe("endless", Codec.json(Integer.class)).subscribe(value -> {}, ends::add);
        List<Throwable> others = new ArrayList<>();
        session.subscribe("long", Codec.json(Integer.class)).subscribe(value -> {}, others::add);

        handled.nodes().session("server", "client").drain(Duration.ofSeconds(5)).subscribe(null, e -> {});
        handled.nodes().settle();

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamReset.class,
                        reset -> assertThat(reset.reason().error()).isEqualTo(ErrorCode.GOING_AWAY));
        assertThat(others).isEmpty();
    }

    private Flux<Integer> exchanged(String name, org.reactivestreams.Publisher<Integer> values) {
        return session.exchange(name, values, Codec.json(Integer.class), Codec.json(Integer.class));
    }
}

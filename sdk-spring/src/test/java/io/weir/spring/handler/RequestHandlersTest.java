package io.weir.spring.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirRequestHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RequestHandlersTest {

    private final Handled handled = Handled.by(Shop.class);
    private final PeerSession session = handled.nodes().session("client", "server");

    record Order(String symbol, int count) {}

    record Price(String symbol, long cents) {}

    static class Shop {

        int calls;

        @WeirRequestHandler("price")
        Mono<Price> price(Order order) {
            calls++;
            return Mono.just(new Price(order.symbol(), 42L * order.count()));
        }

        @WeirRequestHandler("later")
        Mono<Price> later(Mono<Order> order) {
            return order.map(given -> new Price(given.symbol(), 1));
        }

        @WeirRequestHandler("plain")
        List<Price> plain(List<Order> orders) {
            return orders.stream().map(order -> new Price(order.symbol(), 2)).toList();
        }

        @WeirRequestHandler("future")
        CompletableFuture<String> future() {
            return CompletableFuture.completedFuture("future");
        }

        @WeirRequestHandler("who")
        Mono<String> who(PeerId peer, PeerSession over, Request request, Headers headers) {
            boolean agree = over.peer().equals(peer) && request.headers().equals(headers);
            return Mono.just(peer + " " + agree);
        }

        @WeirRequestHandler("deadline")
        Mono<String> deadline(@WeirDeadline Optional<Duration> left) {
            return Mono.just(left.map(Duration::toString).orElse("none"));
        }

        @WeirRequestHandler("headers")
        Mono<String> headers(
                @WeirHeader("tenant") String tenant,
                @WeirHeader("count") Optional<Integer> count,
                @WeirHeader("region") @Nullable String region,
                @WeirHeader(value = "level", defaultValue = "7") int level) {
            return Mono.just(tenant + " " + count + " " + region + " " + level);
        }

        @WeirRequestHandler("${route.of.test}")
        Mono<String> named() {
            return Mono.just("by a placeholder");
        }

        @WeirRequestHandler("throws")
        Mono<String> throwing() {
            throw new IllegalStateException("a secret of this node");
        }

        @WeirRequestHandler("null")
        Mono<String> returningNull() {
            return null;
        }

        @WeirRequestHandler("nothing")
        @Nullable
        String nothing() {
            return null;
        }
    }

    @AfterEach
    void close() {
        handled.close();
    }

    @Test
    void takesAndGivesJson() {
        StepVerifier.create(session.request(
                        "price", new Order("ACME", 2), Codec.json(Order.class), Codec.json(Price.class)))
                .expectNext(new Price("ACME", 84))
                .verifyComplete();
    }

    @Test
    void takesItsValueAsAMonoToo() {
        StepVerifier.create(session.request(
                        "later", new Order("ACME", 2), Codec.json(Order.class), Codec.json(Price.class)))
                .expectNext(new Price("ACME", 1))
                .verifyComplete();
    }

    @Test
    void mayReturnTheAnswerItselfAndTakeGenericTypes() {
        StepVerifier.create(session.request(
                        "plain",
                        "[{\"symbol\":\"A\",\"count\":1},{\"symbol\":\"B\",\"count\":1}]",
                        Codec.utf8(),
                        Codec.utf8()))
                .expectNext("[{\"symbol\":\"A\",\"cents\":2},{\"symbol\":\"B\",\"cents\":2}]")
                .verifyComplete();
    }

    @Test
    void mayReturnAFuture() {
        assertThat(asked("future", RequestOptions.defaults())).isEqualTo("future");
    }

    @Test
    void isToldWhoAsksAndHow() {
        PeerId client = handled.nodes().node("client").id();

        assertThat(asked("who", RequestOptions.defaults().withHeader("a", "b"))).isEqualTo(client + " true");
    }

    @Test
    void isToldHowMuchTimeIsLeft() {
        assertThat(asked("deadline", RequestOptions.defaults().withTimeout(Duration.ofSeconds(3))))
                .isEqualTo("PT3S");
    }

    @Test
    void takesHeadersConvertedOptionalAbsentAndByDefault() {
        assertThat(asked(
                        "headers",
                        RequestOptions.defaults().withHeader("tenant", "t").withHeader("count", "3")))
                .isEqualTo("t Optional[3] null 7");
        assertThat(asked(
                        "headers",
                        RequestOptions.defaults().withHeader("tenant", "t").withHeader("level", "8")))
                .isEqualTo("t Optional.empty null 8");
    }

    @Test
    void itsNameMayBeAPlaceholder() {
        assertThat(asked("resolved", RequestOptions.defaults())).isEqualTo("by a placeholder");
    }

    @Test
    void payloadThatDoesNotFitIsTheCallersTypedErrorAndCallsNobody() {
        for (String wrong : List.of("", "{", "{\"symbol\":\"A\",\"count\":\"many\"}", "[]", "null")) {
            assertThat(refused("price", wrong, RequestOptions.defaults()))
                    .isEqualTo(CloseReason.remote(ErrorCode.DECODE_FAILED));
        }
        assertThat(handled.bean(Shop.class).calls).isZero();
    }

    @Test
    void headerThatIsAbsentOrDoesNotConvertIsTheCallersTypedError() {
        assertThat(refused("headers", "", RequestOptions.defaults()).error()).isEqualTo(ErrorCode.DECODE_FAILED);
        assertThat(refused(
                                "headers",
                                "",
                                RequestOptions.defaults()
                                        .withHeader("tenant", "t")
                                        .withHeader("level", "high"))
                        .error())
                .isEqualTo(ErrorCode.DECODE_FAILED);
    }

    @Test
    void whatItThrowsStaysHere() {
        CloseReason reason = refused("throws", "", RequestOptions.defaults());

        assertThat(reason.error()).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(reason.origin()).isEqualTo(Origin.REMOTE);
        assertThat(reason.detail()).doesNotContain("secret");
    }

    @Test
    void nullInPlaceOfAPublisherIsAFailureAndInPlaceOfAnAnswerNone() {
        assertThat(refused("null", "", RequestOptions.defaults()).error()).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(refused("nothing", "", RequestOptions.defaults()).error()).isEqualTo(ErrorCode.EMPTY_REPLY);
    }

    private @Nullable String asked(String route, RequestOptions options) {
        return session.request(route, "", Codec.utf8(), Codec.utf8(), options).block();
    }

    private CloseReason refused(String route, String payload, RequestOptions options) {
        CloseReason[] reason = new CloseReason[1];
        StepVerifier.create(session.request(route, payload, Codec.utf8(), Codec.utf8(), options))
                .verifyErrorSatisfies(e -> {
                    assertThat(e).isInstanceOf(ReplyMissingException.class);
                    reason[0] = ((ReplyMissingException) e).reason();
                });
        return reason[0];
    }
}

package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.HandlerError;
import io.weir.reactive.HandlerError.Kind;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class HandlerErrorsTest {

    private static final StreamConfig RELIABLE = StreamConfig.reliable();
    private static final PeerId PEER =
            Identity.generate(new Random(1)::nextBytes).peerId();
    private static final IllegalStateException FAILURE = new IllegalStateException("test");

    private final List<HandlerError> heard = new ArrayList<>();
    private final WarningLog log = new WarningLog();
    private final List<String> warnings = log.warnings();

    // ---- the log

    @Test
    void warnsWithNamePeerSessionAndCause() {
        HandlerErrors errors = new HandlerErrors(List.of(), log.logger());
        errors.tell(error(Kind.REQUEST, "quote"), 0);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("handler of requests \"quote\"", PEER.toString(), "session 7", FAILURE.toString());
    }

    @Test
    void warnsTenTimesAtOnceAndThenTellsHowManyItHasNotLogged() {
        HandlerErrors errors = new HandlerErrors(List.of(heard::add), log.logger());
        for (int i = 0; i < 500; i++) {
            errors.tell(error(Kind.STREAM, "x"), 0);
        }
        assertThat(warnings).hasSize(10);
        errors.tell(error(Kind.STREAM, "x"), Duration.ofSeconds(10).toNanos());
        assertThat(warnings).hasSize(11);
        assertThat(warnings.get(10)).contains("490 failures of it before this one were not logged");
        assertThat(heard).hasSize(501);
    }

    @Test
    void aNoisyHandlerHidesNoOther() {
        HandlerErrors errors = new HandlerErrors(List.of(), log.logger());
        for (int i = 0; i < 500; i++) {
            errors.tell(error(Kind.STREAM, "x"), 0);
        }
        errors.tell(error(Kind.STREAM, "y"), 0);
        errors.tell(error(Kind.MESSAGE, "x"), 0);
        assertThat(warnings).hasSize(12);
    }

    @Test
    void aHookThatThrowsHarmsNobody() {
        HandlerErrors errors = new HandlerErrors(
                List.of(
                        error -> {
                            throw new NoClassDefFoundError("test");
                        },
                        heard::add),
                log.logger());
        errors.tell(error(Kind.STREAM, "x"), 0);
        assertThat(heard).hasSize(1);
        assertThat(warnings).hasSize(1);
    }

    // ---- what is heard of

    @Test
    void hearsOfEveryHandlerThatFails() {
        assertHeard(
                Kind.STREAM,
                spec -> spec.onStream("x", stream -> Mono.error(FAILURE)),
                pair -> pair.session
                        .openStream("x", RELIABLE)
                        .receive(Codec.utf8())
                        .subscribe(v -> {}, e -> {}));
        assertHeard(
                Kind.STREAM,
                spec -> spec.onStream("x", stream -> stream.send(Flux.error(FAILURE), Codec.utf8())),
                pair -> pair.session
                        .openStream("x", RELIABLE)
                        .receive(Codec.utf8())
                        .subscribe(v -> {}, e -> {}));
        assertHeard(
                Kind.PUBLISHER,
                spec -> spec.onStream("x", stream -> {
                    stream.send(Flux.error(FAILURE), Codec.utf8()).subscribe(null, e -> {});
                    return Mono.never();
                }),
                pair -> pair.session
                        .openStream("x", RELIABLE)
                        .receive(Codec.utf8())
                        .subscribe(v -> {}, e -> {}));
        assertHeard(
                Kind.REQUEST,
                spec -> spec.onRequest("x", request -> Mono.error(FAILURE)),
                pair -> pair.session
                        .request("x", "a", Codec.utf8(), Codec.utf8())
                        .subscribe(v -> {}, e -> {}));
        assertHeard(
                Kind.REQUEST,
                spec -> spec.onRequest("x", RequestHandler.typed(Codec.utf8(), Codec.utf8(), v -> {
                    throw FAILURE;
                })),
                pair -> pair.session
                        .request("x", "a", Codec.utf8(), Codec.utf8())
                        .subscribe(v -> {}, e -> {}));
        assertHeard(
                Kind.MESSAGE,
                spec -> spec.onMessage("x", message -> Mono.error(FAILURE)),
                pair -> pair.session.send("x", "a", Codec.utf8()).subscribe());
    }

    @Test
    void hearsNothingWhereNothingFailed() {
        try (NodePair pair = NodePair.of(spec -> spec.onHandlerError(heard::add)
                .onStream("x", stream -> stream.send(Flux.just("a").concatWith(Flux.never()), Codec.utf8()))
                .onRequest("x", request -> Mono.error(new RequestRefusedException(ErrorCode.BUSY))))) {
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).take(1).subscribe();
            pair.session.request("x", "a", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
        }
        assertThat(heard).isEmpty();
    }

    private void assertHeard(
            Kind kind, UnaryOperator<PeerNodeSpec> handler, java.util.function.Consumer<NodePair> client) {
        heard.clear();
        try (NodePair pair = NodePair.of(spec -> handler.apply(spec.onHandlerError(heard::add)))) {
            client.accept(pair);
            pair.settle();
            assertThat(heard)
                    .containsExactly(new HandlerError(
                            kind, "x", pair.client.id(), pair.serverSession().id(), FAILURE));
        }
    }

    // ---- doubles

    private static HandlerError error(Kind kind, String name) {
        return new HandlerError(kind, name, PEER, 7, FAILURE);
    }
}

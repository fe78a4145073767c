package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.UserCode.Ends;
import io.weir.reactive.session.UserCode.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Every place where a session calls its users' code, with every kind of throwable: what each end sees of it. */
class UserCodeTest {

    /** Longer than an unclaimed stream waits, shorter than a request does. */
    private static final Duration FOR_A_WHILE = Duration.ofSeconds(12);

    static Stream<Arguments> matrix() {
        return UserCode.places().stream()
                .flatMap(place -> Arrays.stream(Blow.Kind.values()).map(kind -> Arguments.of(place, kind)));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void endsWhatItHappensInOrTheSessionAtBothEnds(UserCode place, Blow.Kind kind) {
        try (Blow blow = new Blow(kind)) {
            Scene scene = new Scene(blow);
            Sinks.Many<String> bystanding = Sinks.many().unicast().onBackpressureBuffer();
            try (NodePair pair =
                    NodePair.of(spec -> bystander(place.server().apply(scene).apply(spec), bystanding.asFlux()))) {
                scene.pair = pair;
                List<String> bystander = new ArrayList<>();
                pair.session
                        .openStream("bystander", StreamConfig.reliable())
                        .receive(Codec.utf8())
                        .subscribe(bystander::add, e -> bystander.add(Scene.codeOf(e)));
                pair.settle();

                place.client().on(pair, scene);
                pair.advance(FOR_A_WHILE);

                assertThat(blow.thrown).as("times it was reached").isPositive();
                if (!blow.isFatal() || place.ends() == Ends.NOBODY) {
                    assertOthersGoOn(pair, bystanding, bystander);
                    assertThat(scene.innocent.get())
                            .isEqualTo(place.ordinary().equals("nothing") ? null : place.ordinary());
                } else {
                    assertEnded(pair, place.ends());
                    assertThat(bystander).containsExactly("INTERNAL");
                }
                assertThrownOn(blow);
            }
        }
    }

    private static PeerNodeSpec bystander(PeerNodeSpec spec, Flux<String> elements) {
        return spec.onStream("bystander", stream -> stream.send(elements, Codec.utf8()))
                .onRequest("echo", RequestHandler.typed(Codec.utf8(), Codec.utf8(), Mono::just));
    }

    private static void assertOthersGoOn(NodePair pair, Sinks.Many<String> bystanding, List<String> bystander) {
        assertThat(pair.session.state()).isEqualTo(SessionState.READY);
        assertThat(pair.serverSession().state()).isEqualTo(SessionState.READY);
        bystanding.tryEmitNext("on");
        List<String> answers = new ArrayList<>();
        pair.session.request("echo", "and on", Codec.utf8(), Codec.utf8()).subscribe(answers::add);
        pair.settle();
        assertThat(bystander).containsExactly("on");
        assertThat(answers).containsExactly("and on");
    }

    private static void assertEnded(NodePair pair, Ends whose) {
        CloseReason here = CloseReason.local(ErrorCode.INTERNAL);
        CloseReason there = CloseReason.remote(ErrorCode.INTERNAL.number());
        assertThat(reasonOf(pair.session)).isEqualTo(whose == Ends.CLIENT ? here : there);
        assertThat(reasonOf(pair.serverSession())).isEqualTo(whose == Ends.SERVER ? here : there);
    }

    private static CloseReason reasonOf(PeerSession session) {
        AtomicReference<CloseReason> reason = new AtomicReference<>();
        session.onClose().subscribe(reason::set);
        return reason.get();
    }

    /** A fatal one reaches exactly one of the two; of the others the caller gets at most what is its own. */
    private static void assertThrownOn(Blow blow) {
        List<Throwable> got = new ArrayList<>(blow.uncaught);
        if (blow.isFatal()) {
            got.addAll(blow.toCaller);
            assertThat(got).containsExactly(blow.kind.throwable);
        } else {
            assertThat(got).isEmpty();
        }
    }
}

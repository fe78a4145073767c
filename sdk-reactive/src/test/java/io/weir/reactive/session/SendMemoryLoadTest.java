package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What waits to be sent to an honest peer that is slow. */
class SendMemoryLoadTest {

    private static final int MIB = 1024 * 1024;
    private static final NodeLimits LIMITS =
            NodeLimits.defaults().withSessionSendBudgetBytes(MIB).withNodeSendBudgetBytes(4 * MIB);

    private final Map<String, Slow> slow = new HashMap<>();

    private PeerNodeSpec slowly(PeerNodeSpec spec) {
        for (String name : List.of("a", "b")) {
            Slow subscriber = new Slow();
            slow.put(name, subscriber);
            spec = spec.onStream(
                    name,
                    stream -> Mono.fromRunnable(
                            () -> stream.receive(Codec.bytes()).subscribe(subscriber)));
        }
        return spec;
    }

    /** All of its element that fits the window is written; the rest is held, and what others hold must wait for it. */
    @Test
    void aLargeElementWaitsForMemoryAndGoesWhenAnotherStreamHasWrittenIts() {
        try (NodePair pair = NodePair.of(this::slowly, spec -> spec.limits(LIMITS))) {
            Map<String, AtomicLong> asked = new HashMap<>();
            for (String name : List.of("a", "b")) {
                AtomicLong requested = new AtomicLong();
                asked.put(name, requested);
                pair.session
                        .openStream(name, StreamConfig.reliable())
                        .send(
                                Flux.range(0, 3)
                                        .map(i -> new byte[MIB])
                                        .doOnRequest(requested::addAndGet)
                                        .hide(),
                                Codec.bytes())
                        .subscribe();
                pair.settle();
            }
            assertThat(pair.client.unsentBytes()).as("one of the two").isEqualTo(MIB + 128L);
            assertThat(asked.values()).as("one to send, and one to come").allMatch(n -> n.get() == 2);

            slow.get("b").request(3);
            pair.settle();
            assertThat(slow.get("b").taken).as("it waits for what a holds").isZero();

            slow.get("a").request(3);
            pair.settle();
            assertThat(slow.get("a").taken).isEqualTo(3);
            assertThat(slow.get("b").taken).isEqualTo(3);
            assertThat(pair.client.unsentBytes()).isZero();
        }
    }

    @Test
    void smallElementsGoOnBesideALargeOneThatStandsStill() {
        try (NodePair pair = NodePair.of(this::slowly, spec -> spec.limits(LIMITS))) {
            pair.session
                    .openStream("a", StreamConfig.reliable())
                    .send(Mono.just(new byte[MIB]), Codec.bytes())
                    .subscribe();
            pair.session
                    .openStream("b", StreamConfig.reliable())
                    .send(Flux.range(0, 10_000).map(i -> new byte[100]), Codec.bytes())
                    .subscribe();
            slow.get("b").request(Long.MAX_VALUE);
            pair.settle();

            assertThat(slow.get("b").taken).isEqualTo(10_000);
            assertThat(pair.client.unsentBytes()).isEqualTo(MIB + 128L);
        }
    }

    @Test
    void whatTrySendHasTakenIsBookedUntilItIsWrittenAndForgottenWithItsStream() {
        try (NodePair pair = NodePair.of(this::slowly, spec -> spec.limits(LIMITS))) {
            PeerStream a = pair.session.openStream("a", StreamConfig.reliable());
            assertThat(a.trySend(new byte[60_000], Codec.bytes())).isEqualTo(TrySend.OK);
            pair.settle();
            assertThat(pair.client.unsentBytes()).isZero();

            List<TrySend> answers = new ArrayList<>();
            RequestTest.onLoop(pair.session, () -> {
                for (int i = 0; i < 5; i++) {
                    answers.add(a.trySend(new byte[1_000], Codec.bytes()));
                }
                assertThat(pair.client.unsentBytes()).isEqualTo(5 * 1_128L);
                a.dispose();
                assertThat(pair.client.unsentBytes()).isZero();
            });
            assertThat(answers).containsOnly(TrySend.OK);
            pair.settle();
            assertThat(pair.client.unsentBytes()).isZero();
        }
    }

    /** Takes what it is told to, and counts. */
    private static final class Slow extends BaseSubscriber<byte[]> {
        private int taken;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // asks for nothing by itself
        }

        @Override
        protected void hookOnNext(byte[] value) {
            taken++;
        }
    }
}

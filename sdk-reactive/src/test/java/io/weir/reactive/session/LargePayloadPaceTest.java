package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Payloads larger than their window, of honest peers on slow links, while others wait. */
class LargePayloadPaceTest {

    private static final int MIB = 1024 * 1024;

    /** So much memory that two of 16 MiB are one too many. */
    private static final NodeLimits LIMITS =
            NodeLimits.defaults().withSessionBudgetBytes(16L * MIB).withNodeBudgetBytes(32L * MIB);

    private final List<Integer> taken = new ArrayList<>();

    @Test
    void anHonestPeerPassesSixteenMebibytesAtAHundredKilobytesASecond() {
        try (NodePair pair = NodePair.paced(
                Duration.ofMillis(50),
                100_000,
                spec -> spec.limits(LIMITS)
                        .onStream(
                                "sink",
                                stream -> stream.receive(Codec.bytes())
                                        .doOnNext(bytes -> taken.add(bytes.length))
                                        .then()),
                spec -> spec)) {
            List<String> ends = new ArrayList<>();
            send(pair.session, 16 * MIB, "slow", ends);
            pair.advance(Duration.ofSeconds(5));
            PeerNode other = pair.started(pair.network.node("another"));
            AtomicReference<PeerSession> session = new AtomicReference<>();
            other.connect(pair.network.address(NodePair.NAME)).subscribe(session::set);
            pair.advance(Duration.ofSeconds(1));
            send(session.get(), 16 * MIB - 1, "other", ends);
            pair.advance(Duration.ofSeconds(60));
            assertThat(taken).as("the other one waits").isEmpty();
            for (int i = 0; i < 30 && taken.size() < 2; i++) {
                pair.advance(Duration.ofSeconds(10));
            }
            assertThat(taken).containsExactly(16 * MIB, 16 * MIB - 1);
            assertThat(ends).containsExactlyInAnyOrder("slow sent", "other sent");
            other.dispose();
        }
    }

    /** A session has as much reserved for them as one may have, so the second waits until the first has been taken. */
    @Test
    void largePayloadsOfOneSessionFollowEachOther() {
        NodeLimits small =
                LIMITS.withMaxPayloadBytes(MIB).withSessionBudgetBytes(MIB).withNodeBudgetBytes(4L * MIB);
        try (NodePair pair = NodePair.of(spec -> spec.limits(small)
                .onStream(
                        "sink",
                        stream -> stream.receive(Codec.bytes())
                                .doOnNext(bytes -> taken.add(bytes.length))
                                .then()))) {
            List<String> ends = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                send(pair.session, MIB - i, "payload " + i, ends);
            }
            pair.settle();
            assertThat(taken).containsExactly(MIB, MIB - 1, MIB - 2);
            assertThat(ends).containsExactly("payload 0 sent", "payload 1 sent", "payload 2 sent");
        }
    }

    @Test
    void aPeerThatWaitedAndHasGonePressesOnNobodyAndLeavesNothingBooked() {
        NodeLimits small =
                LIMITS.withMaxPayloadBytes(MIB).withSessionBudgetBytes(MIB).withNodeBudgetBytes(2L * MIB);
        try (NodePair pair = NodePair.paced(
                Duration.ofMillis(50),
                10_000, // less than what is asked of a payload while others wait
                spec -> spec.limits(small)
                        .onStream(
                                "sink",
                                stream -> stream.receive(Codec.bytes())
                                        .doOnNext(bytes -> taken.add(bytes.length))
                                        .then()),
                spec -> spec)) {
            List<String> ends = new ArrayList<>();
            send(pair.session, MIB, "slow", ends);
            pair.advance(Duration.ofSeconds(5));
            PeerNode other = pair.started(pair.network.node("another"));
            AtomicReference<PeerSession> session = new AtomicReference<>();
            other.connect(pair.network.address(NodePair.NAME)).subscribe(session::set);
            pair.advance(Duration.ofSeconds(1));
            send(session.get(), MIB - 1, "other", new ArrayList<>());
            pair.advance(Duration.ofSeconds(1));
            other.dispose();
            for (int i = 0; i < 20 && ends.isEmpty(); i++) {
                pair.advance(Duration.ofSeconds(10));
            }
            assertThat(ends).containsExactly("slow sent");
            assertThat(taken).containsExactly(MIB);

            pair.session.dispose();
            pair.advance(Duration.ofSeconds(1));
            assertThat(pair.server.reservedBytes()).isZero();
        }
    }

    /** As the node knows of nobody who waits, and the session's next one need not wait for it either. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamThatWaitedAndHasEndedPressesOnNobody(boolean byItsReceiver) {
        NodeLimits small =
                LIMITS.withMaxPayloadBytes(MIB).withSessionBudgetBytes(MIB).withNodeBudgetBytes(2L * MIB);
        Sinks.Empty<Void> stop = Sinks.empty();
        try (NodePair pair = NodePair.paced(
                Duration.ofMillis(50),
                10_000, // less than what is asked of a payload while others wait
                spec -> spec.limits(small)
                        .onStream(
                                "sink",
                                stream -> stream.receive(Codec.bytes())
                                        .doOnNext(bytes -> taken.add(bytes.length))
                                        .then())
                        .onStream(
                                "stopped",
                                stream -> stream.receive(Codec.bytes())
                                        .takeUntilOther(stop.asMono())
                                        .then()),
                spec -> spec)) {
            List<String> ends = new ArrayList<>();
            send(pair.session, MIB, "slow", ends);
            pair.advance(Duration.ofSeconds(5));
            PeerNode other = pair.started(pair.network.node("another"));
            AtomicReference<PeerSession> session = new AtomicReference<>();
            other.connect(pair.network.address(NodePair.NAME)).subscribe(session::set);
            pair.advance(Duration.ofSeconds(1));
            Disposable waits = send(session.get(), "stopped", MIB - 1, "other", new ArrayList<>());
            pair.advance(Duration.ofSeconds(1));
            if (byItsReceiver) {
                stop.tryEmitEmpty();
            } else {
                waits.dispose();
            }
            for (int i = 0; i < 20 && ends.isEmpty(); i++) {
                pair.advance(Duration.ofSeconds(10));
            }
            assertThat(ends).containsExactly("slow sent");

            send(session.get(), MIB - 2, "next", ends);
            pair.advance(Duration.ofSeconds(200));
            assertThat(ends).containsExactly("slow sent", "next sent");
            assertThat(taken).containsExactly(MIB, MIB - 2);
            other.dispose();
        }
    }

    private static Disposable send(PeerSession session, int bytes, String name, List<String> ends) {
        return send(session, "sink", bytes, name, ends);
    }

    private static Disposable send(PeerSession session, String stream, int bytes, String name, List<String> ends) {
        return session.openStream(stream, StreamConfig.reliable())
                .send(Mono.just(new byte[bytes]), Codec.bytes())
                .subscribe(null, e -> ends.add(name + " " + e), () -> ends.add(name + " sent"));
    }
}

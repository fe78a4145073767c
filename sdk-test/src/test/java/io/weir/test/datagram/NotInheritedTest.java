package io.weir.test.datagram;

import static io.weir.test.datagram.Ends.CLIENT;
import static io.weir.test.datagram.Ends.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.DatagramEndpoint;
import io.weir.test.network.DatagramFate;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * The weaknesses of the stream API that Weir implements, none of which it has; one test each, over datagrams. More than 1,024
 * lost packets in a row are in {@link PathLivesTest}; that packets are spread over the round trip is in the core's PacerTest.
 */
final class NotInheritedTest {

    /** Reliable streams that deliver in arrival order. */
    @Test
    void aReliableStreamIsInOrderWhateverTheOrderOfArrival() {
        LinkProfile disorder = Ends.path(20, 20).withReordering(0.3).withJitter(Duration.ofMillis(5));
        try (Ends ends =
                new Ends(5, disorder).stream("numbers", Ends.numbered(2_000)).start()) {
            ends.finish(ends.receive("numbers"), 2_000, Duration.ofSeconds(20));
        }
    }

    /** Fire-and-forget losses that leak credit until the stream stalls for good: 1 % of loss, after some 6,000 packets. */
    @Test
    void lossesOfAFireAndForgetStreamGiveTheirCreditBack() {
        StreamConfig small = StreamConfig.fireAndForget().withFixedWindow(65_536);
        try (Ends ends = new Ends(5, Ends.path(20, 10))
                .stream("lossy", small, Ends.endless(900)).start()) {
            ends.network.between(SERVER, CLIENT).loss(0.01);
            List<Integer> received = new ArrayList<>();
            ends.session()
                    .openStream("lossy", small)
                    .receive(Codec.bytes())
                    .subscribe(element -> received.add(ByteBuffer.wrap(element).getInt()));
            ends.advanceMillis(2_000);
            int early = received.size();
            ends.advanceMillis(18_000);
            int before = received.size();
            ends.advanceMillis(2_000);
            assertThat(received).isSorted().doesNotHaveDuplicates();
            int sent = received.get(received.size() - 1) + 1;
            assertThat(sent).isGreaterThan(12_000);
            assertThat(1 - received.size() / (double) sent).isBetween(0.005, 0.02);
            assertThat(received.size() - before).isGreaterThan(early / 2);
        }
    }

    /** Grants at arrival instead of at consumption. */
    @Test
    void whoConsumesNothingGetsOneWindowAndNoMore() {
        try (Ends ends = new Ends(5, Ends.path(20, 20))
                .stream("endless", Ends.endless(1_008)).start()) {
            ends.network.between(SERVER, CLIENT).loss(0.05);
            List<byte[]> consumed = new ArrayList<>();
            Hesitant hesitant = new Hesitant(consumed);
            PeerStream stream =
                    ends.session().openStream("endless", StreamConfig.reliable().withFixedWindow(65_536));
            stream.receive(Codec.bytes()).subscribe(hesitant);
            ends.advanceMillis(5_000);
            assertThat(consumed).isEmpty();
            assertThat(stream.stats().rxSeq()).isEqualTo(64); // 65,536 of window / (16 + 1,008) for each

            hesitant.request(48);
            ends.advanceMillis(5_000);
            assertThat(consumed).hasSize(48);
            assertThat(stream.stats().rxSeq()).isBetween(65L, 64L + 48);
        }
    }

    /** A scheduler that own traffic bypasses: all of it goes by weight, the requests of this side's user too. */
    @Test
    void ownTrafficGoesByWeightToo() {
        Ends ends = new Ends(5, Ends.path(10, 20));
        try (ends) {
            ends.stream("heavy", StreamConfig.reliable().withFairnessWeight(4), Ends.endless(1_000)).stream(
                            "light", StreamConfig.reliable().withFairnessWeight(1), Ends.endless(1_000))
                    .start();
            Intake heavy = ends.receive("heavy");
            Intake light = ends.receive("light");
            ends.advanceMillis(2_000);
            long heavyBefore = heavy.bytes();
            long lightBefore = light.bytes();
            ends.advanceMillis(5_000);
            double ratio = (heavy.bytes() - heavyBefore) / (double) (light.bytes() - lightBefore);
            assertThat(ratio).isBetween(3.6, 4.4);
        }
    }

    /** Session keys derivable from the transcript: what was sealed in one session is nothing in the next of the same two. */
    @Test
    void recordedPacketsAreOfNoUseInAnotherSession() {
        try (Ends ends = new Ends(5, Ends.path(20, 20))
                .stream("numbers", Ends.numbered(500)).start()) {
            List<ByteBuffer> recorded = new ArrayList<>();
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                recorded.add(ByteBuffer.allocate(payload.remaining())
                        .put(payload.duplicate())
                        .flip());
                return DatagramFate.PASSES;
            });
            ends.finish(ends.receive("numbers"), 500, Duration.ofSeconds(5));
            ends.session().close().subscribe();
            ends.advanceMillis(2_000);
            List<ByteBuffer> fresh = new ArrayList<>();
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                fresh.add(ByteBuffer.allocate(payload.remaining())
                        .put(payload.duplicate())
                        .flip());
                return DatagramFate.PASSES;
            });
            ends.meet(Duration.ofSeconds(5));
            ends.advanceMillis(100);
            int index = fresh.get(fresh.size() - 1).getInt(1);
            int port = ((InetSocketAddress) ends.served().remoteAddress()).getPort();
            DatagramEndpoint attacker = ends.network.datagrams("attacker", 1);
            for (ByteBuffer packet : recorded) {
                ByteBuffer aimed = ByteBuffer.allocate(packet.remaining())
                        .put(packet.duplicate())
                        .flip();
                aimed.putInt(1, index);
                attacker.forge(SERVER, SimulatedNetwork.PORT, aimed, CLIENT, port);
            }
            ends.finish(ends.receive("numbers"), 500, Duration.ofSeconds(5));
        }
    }

    /** 60 to 90 s to notice a dead peer. */
    @Test
    void aDeadPeerIsNoticedWithinTheSilenceLimit() {
        try (Ends ends = new Ends(5, Ends.path(20, 20))
                .stream("endless", Ends.endless(1_000)).start()) {
            Intake endless = ends.receive("endless");
            List<CloseReason> reasons = new ArrayList<>();
            ends.session().onClose().subscribe(reasons::add);
            ends.served().onClose().subscribe(reasons::add);
            ends.advanceMillis(500);
            ends.network.partitionOneWay(SERVER, CLIENT);
            ends.network.partitionOneWay(CLIENT, SERVER);
            ends.advanceMillis(14_900);
            assertThat(reasons).isEmpty();
            ends.advanceMillis(600);
            assertThat(reasons).extracting(CloseReason::error).containsExactly(ErrorCode.SILENCE, ErrorCode.SILENCE);
            assertThat(endless.failure()).isNotNull();
        }
    }

    /** Datagrams above the path MTU: none but a few that ask for more. */
    @Test
    void datagramsFitThePath() {
        LinkProfile narrow = Ends.path(20, 20).withMtu(1_280);
        try (Ends ends =
                new Ends(5, narrow).stream("numbers", Ends.numbered(4_000)).start()) {
            int[] large = new int[1];
            int[] all = new int[1];
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                all[0]++;
                large[0] += payload.remaining() > 1_252 ? 1 : 0;
                return DatagramFate.PASSES;
            });
            ends.finish(ends.receive("numbers"), 4_000, Duration.ofSeconds(5));
            assertThat(all[0]).isGreaterThan(3_000);
            assertThat(large[0]).isBetween(1, 15);
        }
    }

    /** No drain on the wire. */
    @Test
    void whatWasBegunIsEndedBeforeANodeGoes() {
        try (Ends ends = new Ends(5, Ends.path(20, 20))
                .stream("numbers", Ends.numbered(4_000)).start()) {
            ends.network.between(SERVER, CLIENT).loss(0.02);
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(300);
            List<String> told = new ArrayList<>();
            ends.session().onDrain().subscribe(null, null, () -> told.add("drain"));
            ends.session().onClose().subscribe(reason -> told.add(reason.error().name()));
            ends.server().shutdown(Duration.ofSeconds(20)).subscribe(null, null, () -> told.add("shut down"));
            ends.advanceMillis(100);
            assertThat(told).containsExactly("drain");
            assertThat(ends.session().state()).isEqualTo(SessionState.DRAINING);
            ends.advanceUntil(() -> told.size() == 3, Duration.ofSeconds(20));
            numbers.assertComplete(4_000);
            assertThat(told).contains("shut down", ErrorCode.NONE.name());
        }
    }

    /** Asks for nothing of itself. */
    private static final class Hesitant extends BaseSubscriber<byte[]> {
        private final List<byte[]> consumed;

        Hesitant(List<byte[]> consumed) {
            this.consumed = consumed;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(byte[] element) {
            consumed.add(element);
        }
    }
}

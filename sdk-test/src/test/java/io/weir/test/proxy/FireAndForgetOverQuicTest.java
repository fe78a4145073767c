package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.quic.QuicTransport;
import io.weir.test.network.LinkProfile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Fire-and-forget halves over QUIC: by datagrams, of which a lossy path takes some, until an element is too large for one. */
final class FireAndForgetOverQuicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COUNT = 3_000;
    private static final int SMALL = 500;
    private static final int LARGE = 5_000;
    private static final int LARGE_NUMBER = 1_000;
    private static final LinkProfile LOSSY =
            LinkProfile.PERFECT.withLatency(Duration.ofMillis(2)).withLoss(0.1);

    private final QuicTransport serving = QuicTransport.create(1, UdpOptions.defaults());
    private final QuicTransport dialling = QuicTransport.create(1, UdpOptions.defaults());
    private final PeerNode server = Weir.node()
            .transport(serving)
            .listen(PeerAddress.quic("127.0.0.1", 0))
            .onStream("small", StreamConfig.fireAndForget(), sender(number -> SMALL))
            .onStream("reliable", StreamConfig.reliable(), sender(number -> SMALL))
            .onStream("large", StreamConfig.fireAndForget(), sender(number -> number == LARGE_NUMBER ? LARGE : SMALL))
            .onStream("wide", StreamConfig.fireAndForget(), sender(number -> number == LARGE_NUMBER ? 1 << 20 : SMALL))
            .startNow(PATIENCE);
    private final PeerNode client = Weir.node().transport(dialling).startNow(PATIENCE);
    private final UdpImpairment path = UdpImpairment.startNow(server.addresses().get(0), 11);

    private static StreamHandler sender(IntUnaryOperator size) {
        return stream -> stream.send(
                Flux.range(0, COUNT)
                        .map(number -> ByteBuffer.allocate(size.applyAsInt(number))
                                .putInt(number)
                                .array()),
                Codec.bytes());
    }

    @AfterEach
    void close() {
        client.dispose();
        server.dispose();
        path.close();
        dialling.disposeLater().block(PATIENCE);
        serving.disposeLater().block(PATIENCE);
    }

    private List<Integer> received(PeerSession session, String name, StreamConfig config) {
        PeerStream stream = session.openStream(name, config);
        List<Integer> numbers = stream.receive(Codec.bytes())
                .map(element -> ByteBuffer.wrap(element).getInt())
                .collectList()
                .block(PATIENCE);
        assertThat(numbers).isNotNull().isSorted().doesNotHaveDuplicates();
        return numbers;
    }

    private List<Integer> fireAndForget(String name) {
        return received(client.connectNow(path.address(), PATIENCE), name, StreamConfig.fireAndForget());
    }

    /** But what the buffers of the sockets in between have no room for. */
    @Test
    void hardlyAnythingIsLostWhereThePathLosesNothing() {
        path.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(1)));

        assertThat(fireAndForget("small")).hasSizeGreaterThan(COUNT * 9 / 10);
    }

    @Test
    void whatThePathLosesIsLostAndHoldsNothingUp() {
        path.profile(LOSSY);

        List<Integer> numbers = fireAndForget("small");

        // with two elements in a packet
        assertThat(numbers.size()).isBetween(COUNT * 3 / 4, COUNT - COUNT / 40);
    }

    /** Each is handed on, or too late, or lost for want of room in the sockets in between, or of patience of QUIC's. */
    @Test
    void whatIsOvertakenIsCountedAsLate() {
        path.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(2)).withReordering(0.2));

        List<Integer> numbers = fireAndForget("small");

        NodeStats.Traffic traffic = trafficOf(numbers.size());
        assertThat(traffic.late()).isPositive();
        assertThat(server.stats().traffic().sent().elements()).isEqualTo(COUNT);
        assertThat(numbers.size() + traffic.late()).isBetween(COUNT * 9L / 10, (long) COUNT);
    }

    /** Of the client, as soon as a stream that has just ended, and was told of, is counted among those that have. */
    private NodeStats.Traffic trafficOf(int elements) {
        return Flux.interval(Duration.ofMillis(1))
                .onBackpressureDrop()
                .map(tick -> client.stats().traffic())
                .filter(traffic -> traffic.received().elements() == elements)
                .blockFirst(PATIENCE);
    }

    @Test
    void reliableHalvesBesideAreComplete() {
        path.profile(LOSSY);
        PeerSession session = client.connectNow(path.address(), PATIENCE);

        assertThat(received(session, "reliable", StreamConfig.reliable())).hasSize(COUNT);
    }

    @Test
    void fromTheFirstElementOnThatFitsNoDatagramAllCome() {
        path.profile(LOSSY);

        List<Integer> numbers = fireAndForget("large");

        assertThat(numbers).contains(LARGE_NUMBER, COUNT - 1);
        assertThat(numbers.stream().filter(number -> number >= LARGE_NUMBER)).hasSize(COUNT - LARGE_NUMBER);
        assertThat(numbers.size()).isLessThan(COUNT - LARGE_NUMBER / 40);
    }

    @Test
    void oneThatIsLargerThanTheWindowComesWholeToo() {
        path.profile(LOSSY);

        List<Integer> numbers = fireAndForget("wide");

        assertThat(numbers.stream().filter(number -> number >= LARGE_NUMBER)).hasSize(COUNT - LARGE_NUMBER);
    }
}

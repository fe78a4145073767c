package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.Reliability;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.BlackHole;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.oracle.Delivery;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * What {@code SmallTransferTest} has on the simulated network, on the system's sockets: two nodes over datagrams, a scenario
 * between them. A transfer and requests at once; all arrives, once, in order.
 */
@Timeout(300)
abstract class ScenariosOverSockets {

    static final Duration PATIENCE = Duration.ofSeconds(110);
    private static final RequestOptions PATIENT = RequestOptions.defaults().withTimeout(PATIENCE);

    /** Where a third is lost, making a connection may take longer than the defaults allow, and so may its first words. */
    private static final NodeLimits LIMITS = NodeLimits.defaults()
            .withHandshakeTimeout(PATIENCE)
            .withConnectTimeout(PATIENCE)
            .withSilenceLimit(PATIENCE);

    private static final int ELEMENT_BYTES = 4_096;
    private static final int REQUESTS = 100;
    private static final int AT_ONCE = 32;

    /** By request, how often it was handled. */
    private final Map<Integer, Integer> handled = new ConcurrentHashMap<>();

    private final PeerNode server;
    final PeerNode client;
    final UdpImpairment proxy;

    /** @param place where the server listens */
    ScenariosOverSockets(PeerAddress place) {
        server = listening(place);
        client = Weir.node().limits(LIMITS).startNow(PATIENCE);
        proxy = UdpImpairment.startNow(server.addresses().get(0), 1);
    }

    private PeerNode listening(PeerAddress place) {
        return Weir.node()
                .limits(LIMITS)
                .listen(place)
                .onStream("echo", stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes()))
                .onRequest("double", request -> {
                    int number = request.payload().getInt();
                    handled.merge(number, 1, Integer::sum);
                    return Mono.just(ByteBuffer.allocate(4).putInt(2 * number).flip());
                })
                .startNow(PATIENCE);
    }

    @AfterEach
    void close() {
        client.dispose();
        server.dispose();
        proxy.close();
    }

    private static Flux<byte[]> elements(int count) {
        return Flux.range(0, count)
                .map(number -> ByteBuffer.allocate(ELEMENT_BYTES).putInt(number).array());
    }

    /** With so much to transfer that it takes about a second, more where something is to happen meanwhile. */
    static Stream<Arguments> scenarios() {
        return Stream.of(
                Arguments.of(Scenario.BOTTLENECK, 300),
                Arguments.of(Scenario.HANDSHAKE_LOSS, 50),
                Arguments.of(Scenario.TRANSFER_LOSS, 300),
                Arguments.of(Scenario.HANDSHAKE_CORRUPTION, 50),
                Arguments.of(Scenario.TRANSFER_CORRUPTION, 300),
                Arguments.of(blackHole(), 500),
                Arguments.of(Scenario.LONG_ROUND_TRIP, 50),
                Arguments.of(addressChange(), 500),
                Arguments.of(Scenario.WIFI, 2_000),
                Arguments.of(Scenario.G4, 1_000),
                Arguments.of(Scenario.G3, 50));
    }

    /** As the constant, but ten times as fast. */
    private static Scenario blackHole() {
        Scenario slow = Scenario.BLACK_HOLE;
        BlackHole fast = new BlackHole(Duration.ofMillis(500), Duration.ofMillis(200));
        return new Scenario("black hole", slow.profile(), fast, Duration.ZERO);
    }

    /** As the constant, but ten times as fast. */
    private static Scenario addressChange() {
        return new Scenario("address change", Scenario.ADDRESS_CHANGE.profile(), null, Duration.ofMillis(500));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void allArrivesOnce(Scenario scenario, int count) {
        proxy.play(scenario);
        PeerSession session = client.connectNow(proxy.address(), PATIENCE);

        StepVerifier.create(Mono.when(echo(session, count), requests(session)))
                .expectComplete()
                .verify(PATIENCE);

        proxy.close();
        for (Way way : Way.values()) {
            DatagramCounts counts = proxy.counts(way);
            assertThat(counts.came() + counts.duplicated())
                    .as("%s", counts)
                    .isEqualTo(counts.delivered() + counts.lost());
        }
    }

    /** Datagrams come twice, late and out of order besides. */
    @Test
    void allArrivesOnceWhateverTheOrder() {
        LinkProfile shuffled =
                LinkProfile.WIFI.withReordering(0.05).withDuplication(0.05).withJitter(Duration.ofMillis(3));

        allArrivesOnce(Scenario.of("shuffled", shuffled), 500);
    }

    /** There and back, whole and in order. */
    static Flux<byte[]> echo(PeerSession session, int count) {
        Delivery<byte[]> delivery = Delivery.of("echo", Reliability.RELIABLE);
        Flux<byte[]> back = session.exchange("echo", delivery.sending(elements(count)), Codec.bytes(), Codec.bytes());
        return delivery.receiving(back).doOnComplete(delivery::checkComplete);
    }

    private Mono<Void> requests(PeerSession session) {
        return Flux.range(0, REQUESTS)
                .flatMap(
                        number -> session.request("double", bytes(number), Codec.buffers(), Codec.buffers(), PATIENT)
                                .doOnNext(reply -> assertThat(reply.getInt()).isEqualTo(2 * number)),
                        AT_ONCE)
                .then(Mono.fromRunnable(() -> assertThat(handled)
                        .hasSize(REQUESTS)
                        .allSatisfy((number, times) -> assertThat(times).isEqualTo(1))));
    }

    private static ByteBuffer bytes(int number) {
        return ByteBuffer.allocate(4).putInt(number).flip();
    }
}

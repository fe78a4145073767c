package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.Backoff;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.test.network.SimulatedNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers once in a wanted peer's place does not keep the peer away for good. */
class ImpostorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Bytes of message 2, its length included: ephemeral key, static key and tag, identity proof and tag. */
    private static final int MESSAGE_2 = 2 + 32 + 48 + 112;

    private static final byte[] HTTP = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    static Stream<Arguments> answers() {
        return Stream.of(
                answer("a reject of our version", ErrorCode.VERSION_UNSUPPORTED, says(reject(0x12))),
                answer("a reject of our suite", ErrorCode.SUITE_UNSUPPORTED, says(reject(0x13))),
                answer("a reject that says what only a proven peer can", ErrorCode.NOT_ADMITTED, says(reject(0x18))),
                answer("a reject that says what only this node can", ErrorCode.SELF_CONNECT, says(reject(0x17))),
                answer("a reject with a number that nobody knows", ErrorCode.UNKNOWN, says(reject(0x7777))),
                answer("a reject without a reason", ErrorCode.NOT_WEIR, says(reject(0))),
                answer("HTTP", ErrorCode.NOT_WEIR, says(HTTP)),
                answer("a message that is too short", ErrorCode.HANDSHAKE_FAILED, says(new byte[] {0, 1, 2})),
                answer("a message that does not authenticate", ErrorCode.HANDSHAKE_FAILED, says(noise())),
                answer("another identity", ErrorCode.IDENTITY_MISMATCH, rogue -> rogue.handshake(MESSAGE_2)));
    }

    private static Arguments answer(String what, ErrorCode code, Consumer<RoguePeer> answer) {
        return Arguments.of(what, code, answer);
    }

    private static Consumer<RoguePeer> says(byte[] bytes) {
        return rogue -> rogue.write(bytes);
    }

    private static byte[] reject(int code) {
        return new byte[] {'W', 'E', 'I', 'R', 1, 1, (byte) (code >>> 8), (byte) code};
    }

    private static byte[] noise() {
        byte[] message = new byte[2 + 200];
        message[1] = (byte) 200;
        message[2] = 9; // the base point, a key of good order
        return message;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void connectsToTheTruePeerAfterAnImpostorHasAnsweredOnce(
            String what, ErrorCode code, Consumer<RoguePeer> behaviour) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(7)) {
            PeerNode keeper = started(network, network.node("keeper"));
            ManagedPeer peer;
            try (RogueListener place = RogueListener.in(network, "place")) {
                peer = keeper.peers()
                        .add(WantedPeer.of(network.identity("place").peerId(), place.address()));
                try (RoguePeer impostor = place.accept()) {
                    behaviour.accept(impostor);
                    network.settle();
                    assertThat(peer.state()).isInstanceOfSatisfying(PeerState.BackingOff.class, waiting -> {
                        assertThat(waiting.reason().error()).isEqualTo(code);
                        assertThat(waiting.until().toEpochMilli())
                                .isGreaterThan(TimeUnit.NANOSECONDS.toMillis(network.nowNanos())
                                        + Backoff.defaults().cap().toMillis() / 2
                                        - 1);
                    });
                }
            }
            network.startReading("place");

            PeerNode truth = started(network, network.listener("place"));
            network.advance(Backoff.defaults().cap().plusSeconds(1));

            assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
            truth.dispose();
            keeper.dispose();
            network.advance(Duration.ofSeconds(2));
        }
    }

    @Test
    void givesUpAPeerThatHasProvedWhoItIsAndDoesNotAdmit() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(7)) {
            PeerNode keeper = started(network, network.node("keeper"));
            ManagedPeer peer;
            try (RogueListener place = RogueListener.in(network, "place")) {
                peer = keeper.peers().add(WantedPeer.at(place.address()));
                try (RoguePeer proven = place.accept().handshake()) {
                    proven.send(new SessionFrame.End(ErrorCode.NOT_ADMITTED.number()));
                    network.settle();
                }
            }
            assertThat(peer.state()).isEqualTo(new PeerState.GaveUp(CloseReason.remote(ErrorCode.NOT_ADMITTED)));
            keeper.dispose();
            network.advance(Duration.ofSeconds(2));
        }
    }

    private static PeerNode started(SimulatedNetwork network, PeerNodeSpec spec) {
        List<PeerNode> started = new ArrayList<>();
        spec.start().subscribe(started::add);
        network.settle();
        return started.get(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectsToTheTruePeerAfterAnImpostorHasAnsweredOnceOverTcp(boolean http) throws IOException {
        ConnectionPolicy policy = ConnectionPolicy.defaults()
                .withInitialDelay(Duration.ofMillis(10))
                .withLongestDelay(Duration.ofMillis(500));
        Identity truth = Identity.generate();
        PeerNode keeper = Weir.node().connections(policy).startNow(PATIENCE);
        PeerNode node = null;
        try {
            PeerAddress place;
            ManagedPeer peer;
            try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
                server.setSoTimeout((int) PATIENCE.toMillis());
                place = PeerAddress.tcp("127.0.0.1", server.getLocalPort());
                peer = keeper.peers().add(WantedPeer.of(truth.peerId(), place));
                try (Socket impostor = server.accept()) {
                    impostor.getOutputStream().write(http ? HTTP : reject(0x12));
                    PeerState answered = peer.states()
                            .filter(state -> state instanceof PeerState.BackingOff || state instanceof PeerState.GaveUp)
                            .blockFirst(PATIENCE);
                    assertThat(answered).isInstanceOf(PeerState.BackingOff.class);
                }
            }
            node = Weir.node().identity(truth).listen(place).startNow(PATIENCE);
            assertThat(peer.session().block(PATIENCE)).isNotNull();
        } finally {
            keeper.dispose();
            if (node != null) {
                node.dispose();
            }
        }
    }
}

package io.weir.reactive.session.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.DropCounts;
import io.weir.core.handshake.DatagramInitiator;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.identity.Identity;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Any datagrams at a port that listens, between those of a genuine handshake: each is answered, taken, or counted as dropped; an
 * answer goes only to an INIT, and has less than a fifth of its bytes, or to a question, and has less; and the genuine peer gets in
 * afterwards. An input is steps of a kind, a length and that many bytes: a datagram of its own, six times as long with zeros, the
 * genuine INIT or FINISH with these bytes added to its own, or as many tenths of a second that pass.
 */
class PortFuzzTest {

    private static final PathAddress PEER = new PathAddress(Bytes.copyOf(new byte[] {10, 0, 0, 2}), 4_001);
    private static final int OWN_INDEX = 0xA11CE;
    private static final FastPaths FAST_PATHS = new FastPaths(Map.of(VoteCodec.COMMAND, PortFuzzTest::vote), 1_000);
    private static final RootSet ROOTS = RootSet.of(List.of(Bytes.copyOf(new byte[32])));
    private static final Identity NODE = Identity.generate();
    private static final Identity OTHER = Identity.generate();

    /** Each type alone and with the length of an INIT, the genuine ones altered, and time. */
    static Stream<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int type = 0; type < 20; type++) {
            seeds.add(new byte[] {0, 1, (byte) type});
            byte[] init = new byte[2 + 200];
            init[1] = (byte) 200;
            init[2] = (byte) type;
            init[3] = 1;
            seeds.add(init);
        }
        for (int at : new int[] {0, 1, 2, 3, 4, 8, 9, 40, 100}) {
            for (int kind = 1; kind <= 2; kind++) {
                byte[] altered = new byte[2 + at + 1];
                altered[0] = (byte) kind;
                altered[1] = (byte) (at + 1);
                altered[2 + at] = 1;
                seeds.add(altered);
            }
        }
        byte[] votes = new byte[2 + 51]; // six times as long, a question of nine roots
        votes[1] = 51;
        votes[2] = DatagramType.FAST.number();
        votes[3] = VoteCodec.COMMAND;
        seeds.add(votes);
        seeds.add(new byte[] {1, 0, 1, 0, 2, 0, 2, 0, 3, 101, 1, 0});
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest
    void datagrams(byte[] input) {
        RandomBytes random = new Random(5)::nextBytes;
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        HandSocket socket = new HandSocket(SessionLoop.on(time));
        NodeDrops drops = new NodeDrops(null);
        Port port = new PortGroup(
                        List.of(socket),
                        (group, number, bound) ->
                                new Port(group, number, bound, "udp", settings(random), drops, new NodeCounts()))
                .first();
        List<Object> arrived = new ArrayList<>();
        port.begin();
        port.listen(arrived::add);
        Peer genuine = new Peer(random, socket);
        for (int at = 0; at + 1 < input.length; ) {
            int length = input[at + 1] & 0xFF;
            byte[] bytes = Arrays.copyOfRange(input, at + 2, Math.max(at + 2, Math.min(input.length, at + 2 + length)));
            switch (input[at] & 3) {
                case 0 -> check(port, socket, arrived, Arrays.copyOf(bytes, 6 * bytes.length));
                case 1 -> check(port, socket, arrived, added(genuine.init, bytes));
                case 2 -> check(port, socket, arrived, added(genuine.finish(port), bytes));
                default -> time.advanceTimeBy(Duration.ofMillis(100L * length));
            }
            at += 2 + length;
        }
        // half-open handshakes are forgotten, and of FINISH more are tried
        time.advanceTimeBy(Duration.ofSeconds(10));
        int before = arrived.size();
        Peer late = new Peer(random, socket);
        port.onDatagram(late.finish(port), 0, late.finish(port).length, PEER, Ecn.NOT_ECT);
        assertThat(arrived).hasSize(before + 1);
    }

    private static void check(Port port, HandSocket socket, List<Object> arrived, byte[] datagram) {
        long dropped = port.drops().total();
        int taken = arrived.size();
        socket.sent.clear();

        port.onDatagram(datagram, 0, datagram.length, PEER, Ecn.NOT_ECT);
        port.onReceived();

        for (HandSocket.Sent sent : socket.sent) {
            boolean question = datagram[0] == DatagramType.FAST.number();
            assertThat(datagram[0]).isIn(DatagramType.INIT.number(), DatagramType.FAST.number());
            assertThat(question ? sent.bytes().length : sent.bytes().length * 5).isLessThan(datagram.length);
        }
        assertThat(socket.sent.size() + arrived.size() - taken + port.drops().total() - dropped)
                .as("answered, taken, or counted as dropped")
                .isOne();
    }

    private static byte[] added(byte[] genuine, byte[] more) {
        byte[] altered = genuine.clone();
        for (int i = 0; i < more.length && i < altered.length; i++) {
            altered[i] += more[i];
        }
        return altered;
    }

    private static boolean vote(ByteBuffer question, ByteBuffer answer) {
        return new VoteCodec(null).answer(question, ROOTS, answer) == VoteCodec.Outcome.ANSWERED;
    }

    private static HandshakeConfig config(Identity identity, RandomBytes random) {
        return HandshakeConfig.of(identity, X25519KeyPair.generate(random));
    }

    private static PortSettings settings(RandomBytes random) {
        return PortSettings.of(config(NODE, random), random, NodeLimits.defaults(), FAST_PATHS);
    }

    /** One that wants a session. */
    private static final class Peer {
        private final HandSocket socket;
        private final DatagramInitiator initiator;
        final byte[] init;
        private byte @Nullable [] finish;

        Peer(RandomBytes random, HandSocket socket) {
            this.socket = socket;
            initiator = new DatagramInitiator(
                    config(OTHER, random),
                    OWN_INDEX,
                    random,
                    new DropCounts(),
                    socket.loop().nowNanos());
            init = Objects.requireNonNull(initiator.poll(socket.loop().nowNanos()));
        }

        /** Message 3, for which it asks with its INIT, and with its cookie if it must. */
        byte[] finish(Port port) {
            byte[] next = init;
            while (finish == null) {
                socket.sent.clear();
                port.onDatagram(next, 0, next.length, PEER, Ecn.NOT_ECT);
                byte[] answer = socket.sent.get(0).bytes();
                initiator.receive(answer, answer.length, socket.loop().nowNanos());
                next = Objects.requireNonNull(initiator.poll(socket.loop().nowNanos()), "no answer to " + answer[0]);
                finish = initiator.established() == null ? null : next;
            }
            return finish;
        }
    }
}

package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.error.Origin;
import io.weir.core.handshake.Reject;
import io.weir.core.identity.Identity;
import io.weir.core.identity.IdentityException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.node.EventLog;
import io.weir.reactive.node.Heap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes over real TCP before there is a session, and what a dialler, a listener and a start can meet: each has a
 * typed event or error, and the session that was there before goes on ({@link TcpVictim}).
 */
class BadInputTest {

    private static final Duration PATIENCE = TcpVictim.PATIENCE;

    /** For whom a test has to wait; it holds for the victim's friends too. */
    private static final NodeLimits SHORT_HANDSHAKE = NodeLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(4));

    /** Preamble, length field and Noise message 1. */
    private static final int OPENING_BYTES = 8 + 2 + 32;

    /** Length field, encrypted static key, and the encrypted identity proof of 96 bytes. */
    private static final int MESSAGE_3_BYTES = 2 + 48 + 112;

    // ---- what is not Weir

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void refusesGarbage(long seed) {
        byte[] garbage = new byte[2_000];
        new Random(seed).nextBytes(garbage);
        garbage[0] = (byte) (garbage[0] == 'W' ? 'X' : garbage[0]);
        try (TcpVictim victim = TcpVictim.start()) {
            assertRefused(victim, garbage, ErrorCode.NOT_WEIR);
        }
    }

    @Test
    void refusesGarbageBehindAGoodBeginning() {
        byte[] almost = {'W', 'E', 'I', 'R', 1, 0, 7, 0};
        byte[] noise = Arrays.copyOf(RoguePeer.opening(), OPENING_BYTES + 500);
        Arrays.fill(noise, OPENING_BYTES, noise.length, (byte) 0x55);
        try (TcpVictim victim = TcpVictim.start()) {
            assertRefused(victim, almost, ErrorCode.NOT_WEIR);
            assertRefused(victim, noise, ErrorCode.HANDSHAKE_FAILED);
        }
    }

    @Test
    void refusesPlainHttp() {
        byte[] request =
                "GET / HTTP/1.1\r\nHost: weir\r\nUser-Agent: curious\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (TcpVictim victim = TcpVictim.start()) {
            assertRefused(victim, request, ErrorCode.NOT_WEIR);
        }
    }

    private static void assertRefused(TcpVictim victim, byte[] said, ErrorCode code) {
        try (RoguePeer rogue = RoguePeer.dial(victim.address())) {
            rogue.write(said);
            victim.log.refused(code);
            rogue.awaitClosed();
        }
    }

    @Test
    void tellsAPeerOfAnotherVersionWhatItSpeaks() {
        byte[] opening = RoguePeer.opening();
        opening[4] = 9;
        try (TcpVictim victim = TcpVictim.start();
                RoguePeer rogue = RoguePeer.dial(victim.address())) {
            rogue.write(opening);
            assertThat(rogue.awaitClosed())
                    .isEqualTo(Reject.of(ErrorCode.VERSION_UNSUPPORTED).encode());
            victim.log.refused(ErrorCode.VERSION_UNSUPPORTED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x02, 0x04, 0x80, 0xff})
    void rejectsAnotherSuite(int suite) {
        byte[] opening = RoguePeer.opening();
        opening[5] = (byte) suite;
        try (TcpVictim victim = TcpVictim.start();
                RoguePeer rogue = RoguePeer.dial(victim.address())) {
            rogue.write(opening);
            assertThat(rogue.awaitClosed())
                    .isEqualTo(Reject.of(ErrorCode.SUITE_UNSUPPORTED).encode());
            victim.log.refused(ErrorCode.SUITE_UNSUPPORTED);
        }
    }

    @Test
    void shrugsOffPortScanners() {
        try (TcpVictim victim = TcpVictim.start()) {
            for (int i = 0; i < 20; i++) {
                RoguePeer.dial(victim.address()).close();
                RoguePeer.dial(victim.address()).abort();
            }
            victim.log.refused(40, ErrorCode.LINK_LOST);
        }
    }

    // ---- lengths

    @Test
    void refusesAHandshakeMessageOfNoLength() {
        byte[] opening = Arrays.copyOf(RoguePeer.opening(), 10);
        opening[8] = 0;
        opening[9] = 0;
        try (TcpVictim victim = TcpVictim.start()) {
            assertRefused(victim, opening, ErrorCode.HANDSHAKE_FAILED);
        }
    }

    @Test
    void refusesALengthThatNoHandshakeMessageHas() {
        byte[] opening = Arrays.copyOf(RoguePeer.opening(), 10);
        opening[8] = (byte) 0xff;
        opening[9] = (byte) 0xff;
        try (TcpVictim victim = TcpVictim.start()) {
            assertRefused(victim, opening, ErrorCode.HANDSHAKE_FAILED);
        }
    }

    @Test
    void givesUpOnPeersThatSayNoMoreInTime() {
        List<RoguePeer> rogues = new ArrayList<>();
        try (TcpVictim victim = TcpVictim.start(spec -> spec.limits(SHORT_HANDSHAKE))) {
            for (int bytes : new int[] {0, 1, 8, 10, OPENING_BYTES}) {
                RoguePeer rogue = RoguePeer.dial(victim.address());
                rogues.add(rogue);
                rogue.write(Arrays.copyOf(RoguePeer.opening(), bytes));
            }
            victim.log.refused(rogues.size(), ErrorCode.HANDSHAKE_TIMEOUT);
            rogues.forEach(RoguePeer::awaitClosed);
        } finally {
            rogues.forEach(RoguePeer::close);
        }
    }

    @Test
    void givesUpOnAPeerThatWithholdsItsHello() {
        try (TcpVictim victim = TcpVictim.start(spec -> spec.limits(SHORT_HANDSHAKE));
                RoguePeer rogue = RoguePeer.dial(victim.address())) {
            rogue.handshake();
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
            victim.log.refused(ErrorCode.HANDSHAKE_TIMEOUT);
        }
    }

    @Test
    @Timeout(120)
    void tenThousandHalfOpenConnectsExhaustNothing() throws IOException {
        int count = 10_000;
        int most = 1_024;
        NodeLimits limits = NodeLimits.defaults()
                .withMaxSessionsPerAddress(count)
                .withMaxHandshakes(most)
                .withMaxConnectsPerSecond(1_000_000)
                .withHandshakeTimeout(Duration.ofMinutes(2));
        byte[] announced = Arrays.copyOf(RoguePeer.opening(), 10); // a length with nothing behind it
        List<SocketChannel> open = new ArrayList<>();
        try (TcpVictim victim = TcpVictim.start(spec -> spec.limits(limits))) {
            long before = Heap.used();
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), victim.address().port());
            for (int opened = 1; opened <= count; opened++) {
                open.add(halfOpen(address, announced));
                if (open.size() == 2 * most || opened == count) {
                    victim.log.refused(opened - most, ErrorCode.TOO_MANY_HANDSHAKES);
                    closeRefused(open, most);
                }
            }
            victim.assertGoesOn();

            assertThat(Heap.used() - before).as("heap that they hold").isLessThan(48L << 20);

            closeAll(open);
            victim.log.refused(most, ErrorCode.LINK_LOST);
        } finally {
            closeAll(open);
        }
    }

    private static SocketChannel halfOpen(InetSocketAddress address, byte[] said) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.configureBlocking(false);
        try {
            channel.write(ByteBuffer.wrap(said));
        } catch (IOException e) {
            // refused already
        }
        return channel;
    }

    /** Keeps the files that are open bounded: closes this end of what the node has closed, until so many are left. */
    private static void closeRefused(List<SocketChannel> channels, int left) throws IOException {
        ByteBuffer reject = ByteBuffer.allocate(Reject.LENGTH);
        while (channels.size() > left) {
            List<SocketChannel> refused = new ArrayList<>();
            for (SocketChannel channel : channels) {
                try {
                    if (channel.read(reject.clear()) < 0) {
                        refused.add(channel);
                    }
                } catch (IOException e) {
                    refused.add(channel);
                }
            }
            channels.removeAll(refused);
            closeAll(refused);
        }
    }

    private static void closeAll(List<SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
        channels.clear();
    }

    // ---- handshakes

    @Test
    void refusesAHandshakeThatIsCutAnywhere() {
        byte[] opening = RoguePeer.opening();
        int cuts = 0;
        try (TcpVictim victim = TcpVictim.start()) {
            for (int bytes = 1; bytes <= OPENING_BYTES; bytes++) {
                try (RoguePeer rogue = RoguePeer.dial(victim.address())) {
                    rogue.write(Arrays.copyOf(opening, bytes));
                    rogue.fin();
                    victim.log.refused(++cuts, ErrorCode.LINK_LOST);
                }
            }
            for (int bytes = 1; bytes < MESSAGE_3_BYTES; bytes += 7) {
                try (RoguePeer rogue = RoguePeer.dial(victim.address())) {
                    rogue.handshake(OPENING_BYTES + bytes);
                    rogue.fin();
                    victim.log.refused(++cuts, ErrorCode.LINK_LOST);
                }
            }
        }
    }

    @Test
    void refusesAReplayedHandshake() {
        try (TcpVictim victim = TcpVictim.start();
                RoguePeer genuine = RoguePeer.dial(victim.address());
                RoguePeer replaying = RoguePeer.dial(victim.address())) {
            genuine.session();
            replaying.write(genuine.said());
            victim.log.refused(ErrorCode.HANDSHAKE_FAILED);
            replaying.awaitClosed();
            // and the session whose bytes they were goes on
            genuine.send(new SessionFrame.Ping(7));
            assertThat(genuine.await(SessionFrame.Pong.class).token()).isEqualTo(7);
        }
    }

    @Test
    void refusesItselfAsAPeer() {
        Identity own = Identity.generate();
        try (TcpVictim victim = TcpVictim.start(spec -> spec.identity(own))) {
            PeerAddress self = victim.address();
            PeerAddress anonymous = PeerAddress.tcp(self.host(), self.port());
            assertThatThrownBy(() -> victim.node.connectNow(anonymous, PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT)));
            assertThat(victim.log.setupFailed().error()).isEqualTo(ErrorCode.SELF_CONNECT);
        }
    }

    @Test
    void failsADialWhosePeerIsAnother() {
        try (TcpVictim victim = TcpVictim.start()) {
            PeerNode dialling = Weir.node().startNow(PATIENCE);
            EventLog log = new EventLog(dialling);
            PeerAddress mistaken =
                    victim.address().expecting(Identity.generate().peerId());
            assertThatThrownBy(() -> dialling.connectNow(mistaken, PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.IDENTITY_MISMATCH)));
            assertThat(log.setupFailed().error()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
            // the one that was dialled learns nothing, not even who it was
            victim.log.refused(ErrorCode.LINK_LOST);
            dialling.dispose();
        }
    }

    // ---- what a dialler can meet

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 50, 193})
    void failsADialWhosePeerCutsTheHandshake(int bytes) throws IOException {
        assertDialFails(CloseReason.local(ErrorCode.LINK_LOST), rogue -> {
            if (bytes > 0) {
                rogue.handshake(bytes);
            }
            rogue.fin();
        });
    }

    @Test
    void failsADialToAServerThatSpeaksHttp() throws IOException {
        assertDialFails(
                CloseReason.local(ErrorCode.NOT_WEIR),
                rogue -> rogue.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void failsADialToAPeerOfAnotherVersion() throws IOException {
        assertDialFails(
                CloseReason.unproven(ErrorCode.VERSION_UNSUPPORTED.number()),
                rogue -> rogue.write(new Reject(2, 3, 0x12).encode()));
    }

    @Test
    void failsADialToAPeerThatSaysNothing() throws IOException {
        assertDialFails(CloseReason.local(ErrorCode.HANDSHAKE_TIMEOUT), rogue -> {});
    }

    @Test
    void failsADialToAPeerThatWithholdsItsHello() throws IOException {
        assertDialFails(CloseReason.local(ErrorCode.HANDSHAKE_TIMEOUT), RoguePeer::handshake);
    }

    private static void assertDialFails(CloseReason reason, Consumer<RoguePeer> behaviour) throws IOException {
        try (RogueListener listening = RogueListener.onLoopback();
                TcpVictim victim = TcpVictim.start(spec -> spec.limits(SHORT_HANDSHAKE))) {
            var dial = victim.node.connect(listening.address()).toFuture();
            try (RoguePeer rogue = listening.accept()) {
                behaviour.accept(rogue);
                assertThat(dial)
                        .failsWithin(PATIENCE)
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(ConnectException.class)
                        .satisfies(e -> assertThat(((ConnectException) e.getCause()).reason())
                                .isEqualTo(reason));
                assertThat(victim.log.setupFailed()).isEqualTo(reason);
            }
        }
    }

    @Test
    void failsADialToAPortWhereNobodyListens() throws IOException {
        try (Socket deaf = new Socket(); // has a port, so that nobody else gets it, and does not listen
                TcpVictim victim = TcpVictim.start()) {
            deaf.bind(new InetSocketAddress("127.0.0.1", 0));
            PeerAddress nobody = PeerAddress.tcp("127.0.0.1", deaf.getLocalPort());
            assertThatThrownBy(() -> victim.node.connectNow(nobody, PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED)));
            assertThat(victim.log.setupFailed().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
        }
    }

    @Test
    void failsADialToANameThatHasNoAddress() {
        try (TcpVictim victim = TcpVictim.start()) {
            assertThatThrownBy(() -> victim.node.connectNow(PeerAddress.tcp("nowhere.weir.invalid", 7400), PATIENCE))
                    .isInstanceOfSatisfying(ConnectException.class, e -> {
                        assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.UNRESOLVED));
                        assertThat(e.reason().retryable()).isTrue();
                        assertThat(e).hasMessageContaining("UNRESOLVED");
                    });
            assertThat(victim.log.setupFailed().error()).isEqualTo(ErrorCode.UNRESOLVED);
        }
    }

    // ---- what a start can meet

    @Test
    void failsToListenOnATakenPort() {
        try (TcpVictim victim = TcpVictim.start()) {
            PeerAddress taken = PeerAddress.tcp("127.0.0.1", victim.address().port());
            assertThatThrownBy(() -> Weir.node().listen(taken).startNow(PATIENCE))
                    .isInstanceOfSatisfying(ListenException.class, e -> {
                        assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.BIND_FAILED));
                        assertThat(e.reason().origin()).isEqualTo(Origin.LOCAL);
                        assertThat(e.getCause()).hasMessageContaining(taken.toString());
                    });
        }
    }

    @Test
    void tellsOfAListenerThatCouldNotBeBound() {
        try (TcpVictim victim = TcpVictim.start()) {
            PeerAddress taken = PeerAddress.tcp("127.0.0.1", victim.address().port());
            List<PeerEvent> told = new CopyOnWriteArrayList<>();
            assertThatThrownBy(
                            () -> Weir.node().onEvent(told::add).listen(taken).startNow(PATIENCE))
                    .isInstanceOf(ListenException.class);
            assertThat(told)
                    .containsExactly(new PeerEvent.ListeningError(taken, CloseReason.local(ErrorCode.BIND_FAILED)));
        }
    }

    @Test
    void failsToLoadAKeyFileThatIsNone(@TempDir Path directory) throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        Path text = Files.writeString(directory.resolve("text"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
        assertProblem(directory.resolve("missing"), IdentityException.Problem.UNREADABLE);
        assertProblem(directory, IdentityException.Problem.UNREADABLE);
        assertProblem(empty, IdentityException.Problem.EMPTY);
        assertProblem(text, IdentityException.Problem.NOT_A_KEYSET);
    }

    private static void assertProblem(Path file, IdentityException.Problem problem) {
        assertThatThrownBy(() -> Weir.node().identity(Identity.load(file)))
                .isInstanceOfSatisfying(IdentityException.class, e -> {
                    assertThat(e.problem()).isEqualTo(problem);
                    assertThat(e).hasMessageContaining(file.toString());
                });
    }

    // ---- events

    @Test
    void countsEveryRefusalOnce() {
        try (TcpVictim victim = TcpVictim.start()) {
            refusesOneOfEach(victim);
            List<ErrorCode> told = victim.log.soFar(PeerEvent.InboundRefused.class).stream()
                    .map(e -> e.reason().error())
                    .toList();
            assertThat(told).hasSize(3).containsAll(Set.of(ErrorCode.NOT_WEIR, ErrorCode.LINK_LOST));
        }
    }

    private static void refusesOneOfEach(TcpVictim victim) {
        assertRefused(victim, new byte[] {1, 2, 3}, ErrorCode.NOT_WEIR);
        assertRefused(victim, "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII), ErrorCode.NOT_WEIR);
        victim.log.refused(2, ErrorCode.NOT_WEIR);
        RoguePeer.dial(victim.address()).close();
        victim.log.refused(ErrorCode.LINK_LOST);
    }
}

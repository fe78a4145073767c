package io.weir.test.rogue;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.StreamHandshake;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.RecordFraming;
import io.weir.core.wire.SessionFrame;
import io.weir.test.network.SimulatedNetwork;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer that can do the handshake as well as any, and then writes and withholds whatever a test wants: raw bytes,
 * records of its own, frames that no honest peer would send. It never answers by itself, not even a PING, and never
 * reads but when it is asked what it heard.
 *
 * <pre>{@code
 * try (SimulatedNetwork network = SimulatedNetwork.seeded(7)) {
 *     network.listener("victim").start().subscribe(...);
 *     try (RoguePeer rogue = RoguePeer.dial(network, "rogue", network.address("victim")).session()) {
 *         rogue.send(RogueFrames.open(3, "quotes"), RogueFrames.data(3, 60_000), RogueFrames.data(3, 60_000));
 *         assertThat(rogue.await(StreamFrame.Stop.class).code()).isEqualTo(ErrorCode.FLOW_CONTROL.number());
 *     }
 * }
 * }</pre>
 *
 * <p>It dials, over TCP or on a {@link SimulatedNetwork}, or is dialled at a {@link RogueListener}. On a simulated
 * network no call lets time pass, and everything follows from the network's seed; its host must be its own. Over TCP
 * whoever waits for the node waits 20 seconds at the most. What cannot be had is an {@link AssertionError}.
 *
 * <p>Thread: one at a time; on a simulated network, the network's.
 */
public final class RoguePeer implements AutoCloseable {

    private static final RandomBytes SECURE = new SecureRandom()::nextBytes;

    private static final int MOST_RECORDED = 4_096;

    private final RogueWire wire;
    private final boolean initiator;
    private final HandshakeConfig config;
    private final RandomBytes random;
    private final RecordFraming framing = RecordFraming.records();
    private final RogueEar ear = new RogueEar();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private long bytesRead;
    private @Nullable RecordCipher sealing;
    private @Nullable RecordCipher opening;
    private @Nullable Hello heardHello;

    private RoguePeer(RogueWire wire, boolean initiator, HandshakeConfig config, RandomBytes random) {
        this.wire = wire;
        this.initiator = initiator;
        this.config = config;
        this.random = random;
    }

    /** Connected to a TCP listener, as anybody; nothing said yet. */
    public static RoguePeer dial(PeerAddress address) {
        return dial(address, anybody());
    }

    /** Connected to a TCP listener; nothing said yet. */
    public static RoguePeer dial(PeerAddress address, HandshakeConfig config) {
        return new RoguePeer(SocketWire.dial(address.host(), address.port()), true, config, SECURE);
    }

    /** Connected from a host on which no node is to a node of that network, as anybody; nothing said yet. */
    public static RoguePeer dial(SimulatedNetwork network, String host, PeerAddress address) {
        RandomBytes random = randomness(network, host);
        return new RoguePeer(SimulatedWire.dial(network, host, address), true, anybody(random), random);
    }

    /** The same with an identity, expectations and a network key of the test's own. */
    public static RoguePeer dial(SimulatedNetwork network, String host, PeerAddress address, HandshakeConfig config) {
        return new RoguePeer(SimulatedWire.dial(network, host, address), true, config, randomness(network, host));
    }

    static RoguePeer accepted(RogueWire wire) {
        return new RoguePeer(wire, false, anybody(), SECURE);
    }

    static RoguePeer accepted(RogueWire wire, SimulatedNetwork network, String host) {
        RandomBytes random = randomness(network, host);
        return new RoguePeer(wire, false, anybody(random), random);
    }

    /** A fresh identity with default settings. */
    public static HandshakeConfig anybody() {
        return anybody(SECURE);
    }

    static HandshakeConfig anybody(RandomBytes random) {
        return HandshakeConfig.of(Identity.generate(random), X25519KeyPair.generate(random));
    }

    private static RandomBytes randomness(SimulatedNetwork network, String host) {
        return network.randomness("rogue peers at " + host);
    }

    /** The first bytes of an initiator: preamble, length and Noise message 1. */
    public static byte[] opening() {
        StreamHandshake handshake = StreamHandshake.initiator(anybody(), SECURE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes;
        while ((bytes = handshake.pollOutput()) != null) {
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    /** Who it proves to be. */
    public PeerId id() {
        return config.identity().peerId();
    }

    /** This end's address; the node sees it as its peer's when this dialled without a network in between that changes it. */
    public SocketAddress source() {
        return wire.source();
    }

    // ---- handshake

    /** A genuine handshake, without HELLO. */
    public RoguePeer handshake() {
        return handshake(Integer.MAX_VALUE);
    }

    /** A genuine handshake of which only the first bytes are sent, however many it takes to reach that number. */
    public RoguePeer handshake(int sentAtMost) {
        StreamHandshake handshake =
                initiator ? StreamHandshake.initiator(config, random) : StreamHandshake.responder(config, random);
        while (true) {
            byte[] bytes;
            while ((bytes = handshake.pollOutput()) != null) {
                int left = sentAtMost - said.size();
                write(left < bytes.length ? Arrays.copyOf(bytes, left) : bytes);
                if (said.size() == sentAtMost) {
                    return this;
                }
            }
            if (handshake.result() instanceof Established established) {
                sealing = established.sending();
                opening = established.receiving();
                return this;
            }
            if (handshake.result() != null) {
                throw new AssertionError("no handshake: " + handshake.result());
            }
            if (!unread.hasRemaining() && !readMore(true)) {
                throw new AssertionError("the node ended the connection during the handshake");
            }
            handshake.receive(unread);
        }
    }

    /** A genuine handshake and HELLO, and the node's HELLO: from here on the node holds a session. */
    public RoguePeer session() {
        return session(Hello.defaults());
    }

    /** The same, with what this HELLO claims. */
    public RoguePeer session(Hello hello) {
        handshake();
        send(hello);
        heardHello = await(Hello.class);
        return this;
    }

    /** The HELLO that {@link #session} heard: what the node allows at first. */
    public Hello hello() {
        return Objects.requireNonNull(heardHello, "no session yet");
    }

    // ---- saying

    /** Any bytes, as they are. */
    public void write(byte[] bytes) {
        if (said.size() < MOST_RECORDED) {
            said.writeBytes(bytes);
        }
        wire.write(bytes);
    }

    /** Everything written so far, the handshake and some more at the most. */
    public byte[] said() {
        return said.toByteArray();
    }

    /** One record of these frames. */
    public void send(Frame... frames) {
        sendPlaintext(RogueFrames.plaintext(frames));
    }

    /** One record of any plaintext. */
    public void sendPlaintext(byte[] plaintext) {
        write(sealed(plaintext));
    }

    /** The next record, length field included, not sent. */
    public byte[] sealed(byte[] plaintext) {
        return sealedAs(cipher().nextNumber(), plaintext);
    }

    private RecordCipher cipher() {
        return Objects.requireNonNull(sealing, "no handshake yet");
    }

    /** A record sealed as if it were that one: higher than all before, and at most 2^20 ahead. Not sent. */
    public byte[] sealedAs(long number, byte[] plaintext) {
        byte[] record = new byte[RecordFraming.HEADER_BYTES + plaintext.length + RecordFraming.TAG_BYTES];
        RecordFraming.writeHeader(record, 0, record.length - RecordFraming.HEADER_BYTES);
        cipher().seal(number, plaintext, 0, plaintext.length, record, RecordFraming.HEADER_BYTES);
        return record;
    }

    /** The first half of these bytes. */
    public void writeHalf(byte[] bytes) {
        write(Arrays.copyOf(bytes, bytes.length / 2));
    }

    /** FIN: its output ends, without END. */
    public void fin() {
        wire.closeOutput();
    }

    /** RST, as from an operating system whose process died; on a simulated network for all links of its host. */
    public void abort() {
        wire.abort();
    }

    // ---- hearing

    /** The node's next frame, or null when it has ended the connection. */
    public @Nullable Frame next() {
        return ear.next(() -> nextRecord(true));
    }

    /** The frames that have come by now, without waiting for more. */
    public List<Frame> heard() {
        return ear.all(() -> nextRecord(false));
    }

    /** The node's next frame of a kind; others are skipped. */
    public <F extends Frame> F await(Class<F> kind) {
        return ear.await(kind, () -> nextRecord(true));
    }

    /** The code of the node's END. */
    public ErrorCode awaitEnd() {
        return ErrorCode.of(await(SessionFrame.End.class).code());
    }

    /** The node's next bytes, unopened; they are not heard again. */
    public byte[] awaitBytes() {
        if (!unread.hasRemaining() && !readMore(true)) {
            throw new AssertionError("the node ended the connection");
        }
        byte[] bytes = new byte[unread.remaining()];
        unread.get(bytes);
        return bytes;
    }

    /** Reads on until the node has ended the connection; all that it said, unopened. */
    public byte[] awaitClosed() {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        do {
            byte[] bytes = new byte[unread.remaining()];
            unread.get(bytes);
            heard.writeBytes(bytes);
        } while (readMore(true));
        return heard.toByteArray();
    }

    /** Bytes that the node has written and this has read. */
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() {
        wire.close();
    }

    private boolean nextRecord(boolean wait) {
        RecordFraming.Cut cut;
        while ((cut = framing.cut(unread)) == RecordFraming.Cut.MORE) {
            if (!readMore(wait)) {
                return false;
            }
        }
        if (cut == RecordFraming.Cut.MALFORMED) {
            throw new AssertionError("the node wrote a malformed record");
        }
        byte[] plaintext = new byte[framing.length() - RecordFraming.TAG_BYTES];
        int length = Objects.requireNonNull(opening)
                .openNext(framing.array(), framing.offset(), framing.length(), plaintext, 0);
        if (length < 0) {
            throw new AssertionError("the node wrote a record that does not open");
        }
        ear.hear(plaintext, length);
        return true;
    }

    private boolean readMore(boolean wait) {
        byte[] bytes = wait ? wire.read() : wire.poll();
        if (bytes == null || bytes.length == 0) {
            return false;
        }
        bytesRead += bytes.length;
        unread = ByteBuffer.wrap(bytes);
        return true;
    }
}

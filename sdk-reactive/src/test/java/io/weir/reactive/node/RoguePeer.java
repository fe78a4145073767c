package io.weir.reactive.node;

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
import io.weir.core.wire.Bytes;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.RecordFraming;
import io.weir.core.wire.VarInt;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.io.ByteArrayOutputStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer that can do the handshake as well as any, and then writes and withholds whatever a test wants: raw bytes,
 * records of its own, frames that no honest peer would send. It never answers by itself, not even a PING.
 */
final class RoguePeer implements AutoCloseable {

    private static final RandomBytes RANDOM = new SecureRandom()::nextBytes;

    private static final int MOST_RECORDED = 4_096;

    private final RogueWire wire;
    private final boolean initiator;
    private final HandshakeConfig config;
    private final RecordFraming framing = RecordFraming.records();
    private final FrameReader reader = new FrameReader();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private long bytesRead;
    private @Nullable RecordCipher sealing;
    private @Nullable RecordCipher opening;

    private RoguePeer(RogueWire wire, boolean initiator, HandshakeConfig config) {
        this.wire = wire;
        this.initiator = initiator;
        this.config = config;
    }

    /** Connected to a TCP listener; nothing said yet. */
    static RoguePeer dial(PeerAddress address) {
        return dial(address, anybody());
    }

    static RoguePeer dial(PeerAddress address, HandshakeConfig config) {
        return new RoguePeer(RogueWire.dial(address), true, config);
    }

    /** Connected to a listener in memory. */
    static RoguePeer dial(MemoryNetwork network, TrackedTime time, String name) {
        return new RoguePeer(RogueWire.dial(network.transport(), network, time, name), true, anybody());
    }

    /** The same, from that source address. */
    static RoguePeer dial(MemoryNetwork network, TrackedTime time, String name, String source) {
        return new RoguePeer(RogueWire.dial(network.transport(source), network, time, name), true, anybody());
    }

    /** The far end of the next connection that a node dials. */
    static RoguePeer accept(ServerSocket server) {
        return new RoguePeer(RogueWire.accept(server), false, anybody());
    }

    /** A fresh identity with default settings. */
    static HandshakeConfig anybody() {
        return HandshakeConfig.of(Identity.generate(), X25519KeyPair.generate(RANDOM));
    }

    /** The first bytes of an initiator: preamble, length and Noise message 1. */
    static byte[] opening() {
        StreamHandshake handshake = StreamHandshake.initiator(anybody(), RANDOM);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes;
        while ((bytes = handshake.pollOutput()) != null) {
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    PeerId id() {
        return config.identity().peerId();
    }

    // ---- handshake

    /** A genuine handshake, without HELLO. */
    RoguePeer handshake() {
        return handshake(Integer.MAX_VALUE);
    }

    /** A genuine handshake of which only the first bytes are sent, however many it takes to reach that number. */
    RoguePeer handshake(int sentAtMost) {
        StreamHandshake handshake =
                initiator ? StreamHandshake.initiator(config, RANDOM) : StreamHandshake.responder(config, RANDOM);
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
            if (!unread.hasRemaining() && !readMore()) {
                throw new AssertionError("the node ended the connection during the handshake");
            }
            handshake.receive(unread);
        }
    }

    /** A genuine handshake and HELLO, and the node's HELLO: from here on the node holds a session. */
    RoguePeer session() {
        return session(Frame.Hello.defaults());
    }

    RoguePeer session(Frame.Hello hello) {
        handshake();
        send(hello);
        await(Frame.Hello.class);
        return this;
    }

    // ---- saying

    /** Any bytes, as they are. */
    void write(byte[] bytes) {
        if (said.size() < MOST_RECORDED) {
            said.writeBytes(bytes);
        }
        wire.write(bytes);
    }

    /** Everything written so far, the handshake and some more at the most. */
    byte[] said() {
        return said.toByteArray();
    }

    /** One record of these frames. */
    void send(Frame... frames) {
        sendPlaintext(plaintext(frames));
    }

    /** What a record of these frames holds. */
    static byte[] plaintext(Frame... frames) {
        FrameWriter writer = new FrameWriter(FrameWriter.RECORD_MAX, FrameWriter.RECORD_MAX);
        for (Frame frame : frames) {
            if (!writer.write(frame)) {
                throw new AssertionError("the frames do not fit into one record");
            }
        }
        return Arrays.copyOf(writer.array(), writer.position());
    }

    /** One record of any plaintext. */
    void sendPlaintext(byte[] plaintext) {
        write(sealed(plaintext));
    }

    /** The next record, length field included, not sent. */
    byte[] sealed(byte[] plaintext) {
        byte[] record = new byte[RecordFraming.HEADER_BYTES + plaintext.length + RecordFraming.TAG_BYTES];
        RecordFraming.writeHeader(record, 0, record.length - RecordFraming.HEADER_BYTES);
        Objects.requireNonNull(sealing).sealNext(plaintext, 0, plaintext.length, record, RecordFraming.HEADER_BYTES);
        return record;
    }

    /** OPEN of the first epoch of a stream, reliable. */
    static Frame.Open open(long handle, String name) {
        return open(handle, handle, 1, name);
    }

    static Frame.Open open(long handle, long id, long epoch, String name) {
        return new Frame.Open(handle, id, epoch, true, name, Headers.empty());
    }

    /** A whole element. */
    static Frame.Data data(long handle, int length) {
        return new Frame.Data(handle, true, true, -1, -1, -1, Bytes.copyOf(new byte[length]));
    }

    /** The first fragment of an element of that many bytes. */
    static Frame.Data fragment(long handle, long total, int length) {
        return new Frame.Data(handle, true, false, -1, -1, total, Bytes.copyOf(new byte[length]));
    }

    /** A frame type and its fields as varints, legal or not. */
    static byte[] raw(long type, long... fields) {
        byte[] bytes = new byte[VarInt.MAX_LENGTH * (1 + fields.length)];
        int end = VarInt.write(bytes, 0, type);
        for (long field : fields) {
            end = VarInt.write(bytes, end, field);
        }
        return Arrays.copyOf(bytes, end);
    }

    void fin() {
        wire.closeOutput();
    }

    void abort() {
        wire.abort();
    }

    // ---- hearing

    /** The node's next frame, or null when it has ended the connection. */
    @Nullable
    Frame next() {
        while (true) {
            switch (reader.next()) {
                case DATA -> {
                    return reader.data();
                }
                case MESSAGE -> {
                    return reader.message().frame();
                }
                case FRAME -> {
                    return reader.frame();
                }
                case MALFORMED -> throw new AssertionError("the node wrote a malformed frame: " + reader.problem());
                case END -> {
                    if (!nextRecord()) {
                        return null;
                    }
                }
            }
        }
    }

    /** The node's next frame of a kind; others are skipped. */
    <F extends Frame> F await(Class<F> kind) {
        Frame frame;
        while ((frame = next()) != null) {
            if (kind.isInstance(frame)) {
                return kind.cast(frame);
            }
        }
        throw new AssertionError("the node ended the connection without " + kind.getSimpleName());
    }

    /** The code of the node's END. */
    ErrorCode awaitEnd() {
        return ErrorCode.of(await(Frame.End.class).code());
    }

    /** Reads on until the node has ended the connection; all that it said, unopened. */
    byte[] awaitClosed() {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        do {
            byte[] bytes = new byte[unread.remaining()];
            unread.get(bytes);
            heard.writeBytes(bytes);
        } while (readMore());
        return heard.toByteArray();
    }

    /** Bytes that the node has written and this has read. */
    long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() {
        wire.close();
    }

    private boolean nextRecord() {
        RecordFraming.Cut cut;
        while ((cut = framing.cut(unread)) == RecordFraming.Cut.MORE) {
            if (!readMore()) {
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
        reader.reset(plaintext, 0, length);
        return true;
    }

    private boolean readMore() {
        byte[] bytes = wire.read();
        if (bytes == null) {
            return false;
        }
        bytesRead += bytes.length;
        unread = ByteBuffer.wrap(bytes);
        return true;
    }
}

package io.weir.core.handshake;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.HandshakeResult.Failed;
import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One side of the handshake on a link that carries a byte stream (PROTOCOL sections 1 and 2).
 *
 * <p>A pure machine: {@link #receive} takes bytes in any cuts and never more than the handshake's own, {@link #pollOutput}
 * gives what is to be written, and {@link #result} tells the end. What a peer sends never throws. Time limits are the
 * caller's ({@link #abort}). It holds a few hundred bytes until the peer's first message is whole.
 *
 * <pre>{@code
 *   initiator                                                     responder
 *      |---- preamble, length, Noise 1 (e; empty payload) ----------->|  REPLY | PREAMBLE, LENGTH, BODY
 *      |<--- reject (then close)  or  length, Noise 2 (identity) -----|  REPLY, REJECT or BODY
 *      |---- length, Noise 3 (identity) ----------------------------->|  ENDED | LENGTH, BODY, ENDED
 *
 *   handshake message
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |      length (at most 1,200)   |       Noise message ...
 *   +-------------------------------+-------------------------------+
 * }</pre>
 *
 * <p>The initiator compares the proved identity with the one expected before it makes message 3, which reveals its own.
 * HELLO is no part of this: it is the first record. Confined to one thread at a time.
 */
public final class StreamHandshake {
    /** The longest handshake message in bytes. */
    public static final int MAX_MESSAGE_LENGTH = 1_200;

    private static final int LENGTH_FIELD = 2;

    private enum Phase {
        PREAMBLE,
        REPLY,
        REJECT,
        LENGTH,
        BODY,
        ENDED
    }

    private final Role role;
    private final HandshakeConfig config;
    private final RandomBytes random;
    private final Queue<byte[]> output = new ArrayDeque<>(2); // at most the units of one turn: preamble and message 1

    private Phase phase;
    private byte[] unit;
    private int filled;
    private CipherSuite suite;
    private @Nullable HandshakeState noise;
    private @Nullable PeerId peer;
    private @Nullable HandshakeResult result;

    private StreamHandshake(Role role, HandshakeConfig config, RandomBytes random) {
        this.role = role;
        this.config = config;
        this.random = random;
        this.suite = config.suite();
        this.phase = role == Role.INITIATOR ? Phase.REPLY : Phase.PREAMBLE;
        this.unit = new byte[role == Role.INITIATOR ? LENGTH_FIELD : Preamble.LENGTH];
    }

    /** The side that dialled; its preamble and message 1 are ready to be polled. */
    public static StreamHandshake initiator(HandshakeConfig config, RandomBytes random) {
        StreamHandshake handshake = new StreamHandshake(Role.INITIATOR, config, random);
        byte[] preamble = Preamble.encode(config.suite(), config.networkKey() != null);
        handshake.output.add(preamble);
        HandshakeState noise = handshake.startNoise(preamble);
        byte[] message = noise.writeMessage(h -> new byte[0]);
        if (message == null) {
            throw new IllegalStateException("message 1 mixes no key of the peer");
        }
        handshake.send(message);
        return handshake;
    }

    /** The side that was dialled; it waits for a preamble. */
    public static StreamHandshake responder(HandshakeConfig config, RandomBytes random) {
        return new StreamHandshake(Role.RESPONDER, config, random);
    }

    /**
     * Takes what belongs to the handshake from {@code in}, in any cuts; once there is a {@link #result}, whatever
     * follows is left in place: after success it is the peer's first records.
     */
    public void receive(ByteBuffer in) {
        while (phase != Phase.ENDED && in.hasRemaining()) {
            switch (phase) {
                case PREAMBLE -> onPreambleByte(in.get());
                case REPLY -> onReplyByte(in.get());
                case REJECT -> onRejectByte(in.get());
                case LENGTH, BODY -> fill(in);
                case ENDED -> throw new IllegalStateException("the loop ends here");
            }
        }
    }

    /** The next bytes to write to the link, in order, or null if there are none. A reject comes after failure too. */
    public byte @Nullable [] pollOutput() {
        return output.poll();
    }

    /** How it ended, or null as long as it has not. */
    public @Nullable HandshakeResult result() {
        return result;
    }

    /** Which side this is. */
    public Role role() {
        return role;
    }

    /**
     * Gives up for a reason outside: a time limit (HANDSHAKE_TIMEOUT), the end of the link (LINK_LOST). Nothing more is
     * written, secrets are wiped. Without effect once there is a result.
     */
    public void abort(ErrorCode code) {
        if (result == null) {
            output.clear();
            fail(code, "given up while waiting for " + awaited());
        }
    }

    @Override
    public String toString() {
        return "StreamHandshake[" + role + ", " + (result == null ? "waiting for " + awaited() : result) + "]";
    }

    private void onPreambleByte(byte b) {
        int index = filled;
        unit[filled++] = b;
        if (index < Preamble.VERSION_AT) {
            if (!Preamble.isMagic(index, b)) {
                fail(ErrorCode.NOT_WEIR, "byte " + index + " of the link, " + hex(b) + ", begins no preamble");
            }
        } else if (index == Preamble.VERSION_AT) {
            if (b != Preamble.VERSION) {
                reject(ErrorCode.VERSION_UNSUPPORTED, "the initiator asks for version " + (b & 0xff));
            }
        } else if (index == Preamble.SUITE_AT) {
            onSuite(b);
        } else if (b != 0) {
            fail(ErrorCode.NOT_WEIR, "byte " + index + " of the preamble, " + hex(b) + ", must be 0");
        } else if (filled == Preamble.LENGTH) {
            startNoise(unit);
            expect(Phase.LENGTH, LENGTH_FIELD);
        }
    }

    private void onSuite(byte bits) {
        CipherSuite asked = Preamble.suite(bits);
        if (asked == null) {
            reject(ErrorCode.SUITE_UNSUPPORTED, "the initiator asks for unknown suite " + hex(bits));
        } else if (Preamble.hasPsk(bits) != (config.networkKey() != null)) {
            reject(
                    ErrorCode.SUITE_UNSUPPORTED,
                    Preamble.hasPsk(bits)
                            ? "the initiator has a network key and this node has none"
                            : "the initiator has no network key and this node has one");
        } else {
            suite = asked;
        }
    }

    /** The responder's first bytes: a length, whose first byte is at most 4, or a reject, which begins with 'W'. */
    private void onReplyByte(byte b) {
        unit[filled++] = b;
        if (filled == 1 && Preamble.isMagic(0, b)) {
            expect(Phase.REJECT, Reject.LENGTH);
            unit[filled++] = b;
        } else if (filled == 1 && (b & 0xff) > MAX_MESSAGE_LENGTH >>> 8) {
            fail(ErrorCode.NOT_WEIR, "the responder's first byte, " + hex(b) + ", begins neither message nor reject");
        } else if (filled == LENGTH_FIELD) {
            onLength();
        }
    }

    private void onRejectByte(byte b) {
        int index = filled;
        unit[filled++] = b;
        if (index < Preamble.VERSION_AT && !Preamble.isMagic(index, b)) {
            fail(ErrorCode.NOT_WEIR, "byte " + index + " of the responder, " + hex(b) + ", belongs to no reject");
        } else if (filled == Reject.LENGTH) {
            Reject reject = Reject.decode(unit);
            if (reject == null) {
                fail(ErrorCode.NOT_WEIR, "the responder refuses with code 0, which is no reason");
            } else {
                end(new Failed(reject.reason()));
            }
        }
    }

    private void fill(ByteBuffer in) {
        int count = Math.min(in.remaining(), unit.length - filled);
        in.get(unit, filled, count);
        filled += count;
        if (filled == unit.length) {
            if (phase == Phase.LENGTH) {
                onLength();
            } else {
                onMessage(unit);
            }
        }
    }

    private void onLength() {
        int length = (unit[0] & 0xff) << 8 | unit[1] & 0xff;
        if (length < minimumLength() || length > MAX_MESSAGE_LENGTH) {
            fail(
                    ErrorCode.HANDSHAKE_FAILED,
                    awaited() + " claims " + length + " bytes; " + minimumLength() + " to " + MAX_MESSAGE_LENGTH
                            + " are possible");
        } else {
            expect(Phase.BODY, length);
        }
    }

    private void onMessage(byte[] message) {
        HandshakeState state = started();
        boolean keysMeet = role == Role.RESPONDER && config.networkKey() != null && expectsProof();
        String refused = awaited() + " is not authentic" + (keysMeet ? "; the network keys probably differ" : "");
        byte[] payload = state.readMessage(message);
        if (payload == null) {
            fail(keysMeet ? ErrorCode.NETWORK_KEY_MISMATCH : ErrorCode.HANDSHAKE_FAILED, refused);
        } else if (role == Role.RESPONDER && !state.isFinished()) {
            onMessage1(state, payload);
        } else if (acceptProof(state, payload)) {
            if (role == Role.INITIATOR) {
                reply(state);
            }
            if (result == null) {
                establish(state);
            }
        }
    }

    private void onMessage1(HandshakeState state, byte[] payload) {
        if (payload.length != 0) {
            fail(ErrorCode.HANDSHAKE_FAILED, "message 1 carries a payload");
            return;
        }
        reply(state);
        if (result == null) {
            expect(Phase.LENGTH, LENGTH_FIELD);
        }
    }

    private void reply(HandshakeState state) {
        byte[] message = state.writeMessage(h -> IdentityProof.prove(config.identity(), role, h));
        if (message == null) {
            fail(ErrorCode.HANDSHAKE_FAILED, "the peer's key is of small order");
        } else {
            send(message);
        }
    }

    private boolean acceptProof(HandshakeState state, byte[] payload) {
        PeerId proved = IdentityProof.verify(payload, role.other(), state.payloadHash());
        PeerId expected = config.expectedPeer();
        if (proved == null) {
            fail(ErrorCode.IDENTITY_INVALID, "the peer's identity proof is malformed or false");
            return false;
        }
        if (proved.equals(config.identity().peerId())) {
            fail(ErrorCode.SELF_CONNECT, "the peer is this node itself, " + proved);
            return false;
        }
        if (expected != null && !proved.equals(expected)) {
            fail(ErrorCode.IDENTITY_MISMATCH, "the peer is " + proved + ", not " + expected);
            return false;
        }
        peer = proved;
        return true;
    }

    private void establish(HandshakeState state) {
        PeerId proved = peer;
        if (proved == null) {
            throw new IllegalStateException("no session without a peer");
        }
        byte[][] keys = state.split();
        byte[] own = keys[role == Role.INITIATOR ? 0 : 1];
        byte[] others = keys[role == Role.INITIATOR ? 1 : 0];
        CipherProvider provider = config.recordProvider();
        Established established = new Established(
                proved,
                RecordCipher.sealing(suite, provider, own),
                RecordCipher.opening(suite, provider, others),
                state.handshakeHash());
        Arrays.fill(own, (byte) 0);
        Arrays.fill(others, (byte) 0);
        end(established);
    }

    private HandshakeState startNoise(byte[] prologue) {
        NetworkKey networkKey = config.networkKey();
        byte[] psk = networkKey == null ? null : networkKey.bytes();
        HandshakeState state = new HandshakeState(
                new NoiseProtocol(psk == null ? HandshakePattern.XX : HandshakePattern.XXPSK3, suite),
                role == Role.INITIATOR,
                prologue,
                config.staticKey(),
                random,
                psk);
        if (psk != null) {
            Arrays.fill(psk, (byte) 0);
        }
        noise = state;
        return state;
    }

    private HandshakeState started() {
        HandshakeState state = noise;
        if (state == null) {
            throw new IllegalStateException("no message comes before the preamble");
        }
        return state;
    }

    private void send(byte[] message) {
        output.add(ByteBuffer.allocate(LENGTH_FIELD + message.length)
                .putShort((short) message.length)
                .put(message)
                .array());
    }

    private void expect(Phase next, int length) {
        phase = next;
        unit = new byte[length];
        filled = 0;
    }

    private void reject(ErrorCode code, String detail) {
        output.add(Reject.of(code).encode());
        fail(code, detail);
    }

    private void fail(ErrorCode code, String detail) {
        end(new Failed(CloseReason.local(code, detail)));
    }

    private void end(HandshakeResult ended) {
        result = ended;
        phase = Phase.ENDED;
        unit = new byte[0];
        if (noise != null) {
            noise.destroy();
            noise = null;
        }
    }

    /** Bytes of the shortest valid message: keys, tags and the payload that PROTOCOL section 2 prescribes. */
    private int minimumLength() {
        int key = 32;
        int tag = CipherSuite.TAG_LENGTH;
        if (role == Role.INITIATOR) {
            return key + key + tag + IdentityProof.LENGTH + tag;
        }
        if (expectsProof()) {
            return key + tag + IdentityProof.LENGTH + tag;
        }
        return config.networkKey() == null ? key : key + tag; // in psk handshakes even an empty payload is sealed
    }

    /** Whether the next message is one that carries an identity proof: 2 to the initiator, 3 to the responder. */
    private boolean expectsProof() {
        return role == Role.INITIATOR || started().messagesDone() > 0;
    }

    private String awaited() {
        if (phase == Phase.PREAMBLE) {
            return "the preamble";
        }
        return role == Role.INITIATOR ? "message 2" : expectsProof() ? "message 3" : "message 1";
    }

    private static String hex(byte b) {
        return String.format("0x%02x", b & 0xff);
    }
}

package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Failed;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
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
    private @Nullable KeyExchange exchange;
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
        KeyExchange exchange = handshake.startExchange(preamble);
        handshake.send(exchange.writeFirst());
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

    /** Whether the length of the peer's next message is known, and not all of it has come; of another thread it is told a little later. */
    public boolean readsBody() {
        Phase now = phase;
        return now == Phase.BODY || now == Phase.REJECT;
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
            startExchange(unit);
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
        if (length < started().messageLength() || length > MAX_MESSAGE_LENGTH) {
            fail(
                    ErrorCode.HANDSHAKE_FAILED,
                    awaited() + " claims " + length + " bytes; " + started().messageLength() + " to "
                            + MAX_MESSAGE_LENGTH + " are possible");
        } else {
            expect(Phase.BODY, length);
        }
    }

    private void onMessage(byte[] message) {
        KeyExchange started = started();
        CloseReason refused = started.read(message);
        if (refused == null && started.isOurTurn()) {
            byte[] answer = started.write();
            if (answer == null) {
                refused = CloseReason.local(ErrorCode.HANDSHAKE_FAILED, "the peer's key is of small order");
            } else {
                send(answer);
            }
        }
        if (refused != null) {
            end(new Failed(refused));
        } else if (started.isFinished()) {
            end(started.establish());
        } else {
            expect(Phase.LENGTH, LENGTH_FIELD);
        }
    }

    private KeyExchange startExchange(byte[] prologue) {
        KeyExchange started = KeyExchange.begin(role, config, suite, prologue, random);
        exchange = started;
        return started;
    }

    private KeyExchange started() {
        KeyExchange started = exchange;
        if (started == null) {
            throw new IllegalStateException("no message comes before the preamble");
        }
        return started;
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
        if (exchange != null) {
            exchange.destroy();
            exchange = null;
        }
    }

    private String awaited() {
        if (phase == Phase.PREAMBLE) {
            return "the preamble";
        }
        return role == Role.INITIATOR ? "message 2" : started().awaited();
    }

    private static String hex(byte b) {
        return String.format("0x%02x", b & 0xff);
    }
}

package io.weir.core.handshake;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketHeader;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Established;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to meet a peer over datagrams, on the side that dials (PROTOCOL sections 1 and 2). It alone sends again.
 *
 * <pre>
 *                 RETRY, once: at once again, with its cookie
 *                +--+
 *                v  |   RESPONSE, authentic               an authentic packet
 *   ----------&gt; INIT ---------------------------&gt; FINISH --------------------&gt; CONFIRMED
 *                 |                                  |
 *                 |  aborted; or refused, and no     |  aborted
 *                 |  better answer within 1 s        |
 *                 +------------&gt; FAILED &lt;------------+
 * </pre>
 *
 * <p>Whoever sees an INIT can answer it, faster than the peer and with whatever it likes. So an answer that does not authenticate
 * is dropped, and one that would end the attempt (a REJECT, a proof that is false or another's) only does so if no good one comes
 * within a second. At the time of FINISH the keys are there, and packets may go out with it; that the peer agrees, its first
 * packet shows. Loop-confined; times are monotonic nanoseconds.
 */
public final class DatagramInitiator {
    /** The first wait for an answer: 1 s, as where nothing is known of a path (RFC 8085 section 3.1.1); doubles up to 8 s. */
    public static final long FIRST_WAIT_NANOS = 1_000_000_000L;

    private static final long LONGEST_WAIT_NANOS = 8 * FIRST_WAIT_NANOS;

    /** How long a refusal waits for a better answer. */
    public static final long REFUSAL_NANOS = 1_000_000_000L;

    /** Answers that do not authenticate are tried so often for each datagram sent; each costs two key agreements. */
    private static final int TRIES = 8;

    /** What a peer may keep FEEDBACK back for (PROTOCOL section 4). */
    private static final long FEEDBACK_NANOS = 25_000_000L;

    private enum Phase {
        INIT,
        FINISH,
        CONFIRMED,
        FAILED
    }

    private final int ownIndex;
    private final DropCounts drops;
    private final boolean psk;
    private final byte[] prologue;
    private final byte[] message1;

    private KeyExchange exchange;
    private Phase phase = Phase.INIT;
    private byte[] datagram;
    private boolean retried;
    private int sent;
    private int tries;
    private long sentAtNanos;
    private long waitNanos = FIRST_WAIT_NANOS;
    private long nextNanos;
    private @Nullable CloseReason refusal;
    private long refusedAtNanos;

    private int peerIndex = ReceiverIndexes.NONE;
    private long roundTripNanos;
    private @Nullable Established established;
    private @Nullable CloseReason failure;

    /**
     * Begins; the first INIT is due at once.
     *
     * @param ownIndex claimed for this attempt among the {@link ReceiverIndexes} of the port, and the caller's to release
     * @param drops where it counts what it drops
     */
    public DatagramInitiator(
            HandshakeConfig config, int ownIndex, RandomBytes random, DropCounts drops, long nowNanos) {
        if (ownIndex == ReceiverIndexes.NONE) {
            throw new IllegalArgumentException("ownIndex is 0, which is no index");
        }
        this.ownIndex = ownIndex;
        this.drops = drops;
        this.psk = config.networkKey() != null;
        this.nextNanos = nowNanos;
        this.prologue = Init.prologue(Preamble.suiteBits(config.suite(), psk), ownIndex);
        this.exchange = KeyExchange.begin(Role.INITIATOR, config, config.suite(), prologue, random);
        this.message1 = exchange.writeFirst();
        this.datagram = Init.encode(prologue, new byte[0], message1);
    }

    /** The datagram that is due, or null. */
    public byte @Nullable [] poll(long nowNanos) {
        if (refusal != null && isWaiting() && nowNanos - refusedAtNanos >= REFUSAL_NANOS) {
            fail(refusal);
        }
        if (!isWaiting() || nowNanos - nextNanos < 0) {
            return null;
        }
        if (sent > 0) {
            waitNanos = Math.min(2 * waitNanos, LONGEST_WAIT_NANOS);
        }
        sent++;
        tries = TRIES;
        sentAtNanos = nowNanos;
        nextNanos = nowNanos + waitNanos;
        return datagram.clone();
    }

    /** When {@link #poll} has something to do next; {@link Long#MAX_VALUE} once the attempt is over. */
    public long deadlineNanos() {
        if (!isWaiting()) {
            return Long.MAX_VALUE;
        }
        long refusedNanos = refusedAtNanos + REFUSAL_NANOS;
        return refusal != null && refusedNanos - nextNanos < 0 ? refusedNanos : nextNanos;
    }

    /** A datagram of type RETRY, RESPONSE or REJECT with this attempt's receiver index has come, from position 0 on. */
    public void receive(byte[] answer, int length, long nowNanos) {
        if (length < HandshakeDatagrams.RETRY_HEADER) {
            drops.add(Drop.TRUNCATED);
            return;
        }
        DatagramType type = DatagramType.of(answer[0]);
        if (type == null || PacketHeader.receiverIndex(answer) != ownIndex) {
            drops.add(type == null ? Drop.UNKNOWN_TYPE : Drop.UNKNOWN_INDEX);
        } else if (phase != Phase.INIT) {
            drops.add(Drop.LATE);
        } else {
            switch (type) {
                case RETRY -> onRetry(answer, length, nowNanos);
                case RESPONSE -> onResponse(answer, length, nowNanos);
                case REJECT -> onReject(answer, length, nowNanos);
                case INIT, FINISH, PACKET -> drops.add(Drop.MALFORMED);
            }
        }
    }

    /** The peer's first authentic packet has come: nothing is sent any more. */
    public void onAuthenticated() {
        if (phase == Phase.FINISH) {
            phase = Phase.CONFIRMED;
        }
    }

    /**
     * Gives up for a reason outside: a time limit (HANDSHAKE_TIMEOUT), the end of the node. Without effect once the attempt is
     * over. Who has taken the keys closes them.
     */
    public void abort(ErrorCode code) {
        if (!isWaiting()) {
            return;
        }
        if (refusal != null) {
            fail(refusal);
        } else if (phase == Phase.INIT) {
            fail(CloseReason.local(code, "no answer to message 1"));
        } else {
            String keys = psk ? "; the network keys may differ" : "";
            fail(CloseReason.local(code, "no packet in answer to message 3" + keys));
        }
    }

    /** The peer and the keys, once its RESPONSE has come; null before. */
    public @Nullable Established established() {
        return established;
    }

    /** What goes into packets to the peer, once there are keys; 0 before. */
    public int peerIndex() {
        return peerIndex;
    }

    /** What INIT and RESPONSE took; 0 before, and where INIT went out more than once, so that nobody knows. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    /** Whether the peer has shown that it has the keys too. */
    public boolean confirmed() {
        return phase == Phase.CONFIRMED;
    }

    /** Why the attempt failed; null if it has not. */
    public @Nullable CloseReason failure() {
        return failure;
    }

    @Override
    public String toString() {
        return "DatagramInitiator[" + phase + (failure == null ? "" : ", " + failure) + "]";
    }

    private void onRetry(byte[] retry, int length, long nowNanos) {
        byte[] cookie = HandshakeDatagrams.cookie(retry, length);
        if (cookie.length == 0 || cookie.length > Init.LONGEST_COOKIE) {
            drops.add(cookie.length == 0 ? Drop.TRUNCATED : Drop.MALFORMED);
        } else if (retried) {
            drops.add(Drop.LATE);
        } else {
            retried = true;
            send(Init.encode(prologue, cookie, message1), FIRST_WAIT_NANOS, nowNanos);
        }
    }

    private void onResponse(byte[] response, int length, long nowNanos) {
        Drop wrong = wrongWith(response, length);
        if (wrong != null) {
            drops.add(wrong);
            return;
        }
        KeyExchange attempt = exchange.copy();
        attempt.bind(Arrays.copyOf(response, HandshakeDatagrams.RESPONSE_HEADER));
        CloseReason refused = attempt.read(Arrays.copyOfRange(response, HandshakeDatagrams.RESPONSE_HEADER, length));
        int index = HandshakeDatagrams.senderIndex(response);
        byte[] header = HandshakeDatagrams.finishHeader(index);
        byte[] message = refused == null ? writeBehind(attempt, header) : null;
        if (message != null) {
            exchange.destroy();
            exchange = attempt;
            peerIndex = index;
            accept(HandshakeDatagrams.join(header, message), nowNanos);
            return;
        }
        tries--;
        if (refused != null && attempt.isAuthentic()) {
            refuse(refused, nowNanos);
        } else {
            drops.add(Drop.NOT_AUTHENTIC);
        }
        attempt.destroy();
    }

    private static byte @Nullable [] writeBehind(KeyExchange attempt, byte[] header) {
        attempt.bind(header);
        return attempt.write();
    }

    private @Nullable Drop wrongWith(byte[] response, int length) {
        if (length < HandshakeDatagrams.RESPONSE_LENGTH) {
            return Drop.TRUNCATED;
        }
        if (length > HandshakeDatagrams.RESPONSE_LENGTH
                || !HandshakeDatagrams.isWhole(response, HandshakeDatagrams.RESPONSE_HEADER)
                || HandshakeDatagrams.senderIndex(response) == ReceiverIndexes.NONE) {
            return Drop.MALFORMED;
        }
        return tries == 0 ? Drop.NOT_AUTHENTIC : null;
    }

    private void accept(byte[] finish, long nowNanos) {
        // Karn's rule: an answer to what went out twice tells no round trip. RFC 9002 section 6.2.1, with the first
        // sample.
        roundTripNanos = sent == 1 ? nowNanos - sentAtNanos : 0;
        long measured = 3 * roundTripNanos + FEEDBACK_NANOS;
        long wait = sent == 1 ? Math.max(FEEDBACK_NANOS, Math.min(measured, FIRST_WAIT_NANOS)) : FIRST_WAIT_NANOS;
        established = exchange.establish();
        exchange.destroy();
        refusal = null;
        phase = Phase.FINISH;
        send(finish, wait, nowNanos);
    }

    private void onReject(byte[] datagram, int length, long nowNanos) {
        Reject reject = length == HandshakeDatagrams.REJECT_LENGTH ? HandshakeDatagrams.rejection(datagram) : null;
        if (reject == null) {
            drops.add(length < HandshakeDatagrams.REJECT_LENGTH ? Drop.TRUNCATED : Drop.MALFORMED);
        } else {
            refuse(reject.reason(), nowNanos);
        }
    }

    private void refuse(CloseReason reason, long nowNanos) {
        if (refusal == null) {
            refusal = reason;
            refusedAtNanos = nowNanos;
        }
    }

    private void send(byte[] next, long firstWaitNanos, long nowNanos) {
        datagram = next;
        sent = 0;
        waitNanos = firstWaitNanos;
        nextNanos = nowNanos;
    }

    private void fail(CloseReason reason) {
        if (phase == Phase.INIT) {
            exchange.destroy();
        }
        phase = Phase.FAILED;
        failure = reason;
    }

    private boolean isWaiting() {
        return phase == Phase.INIT || phase == Phase.FINISH;
    }
}

package io.weir.core.integrity;

import io.weir.core.crypto.KeyedMac;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Question and answer of a vote, command 7 of the fast path (PROTOCOL section 1), as they lie behind type and command of a datagram.
 * The MAC is HMAC-SHA-256 of the whole datagram before it, type and command included, cut to 16 bytes; its presence is told by the
 * length modulo 32. An answer has one if its question has, and is smaller than that all the same.
 *
 * <pre>
 *   question   nonce (16), 1 to 64 roots of 32 bytes [, MAC (16)]
 *   answer     vote u8, nonce (16) [, MAC (16)]
 * </pre>
 *
 * <p>Confined to one thread at a time. What is asked and answered makes no objects without a key.
 */
public final class VoteCodec {

    /** The command of votes. */
    public static final int COMMAND = 7;

    /** Bytes of what the answer repeats. */
    public static final int NONCE_LENGTH = 16;

    /** Bytes of a MAC. */
    static final int MAC_LENGTH = 16;

    /** The longest answer. */
    public static final int MOST_ANSWER_BYTES = 1 + NONCE_LENGTH + MAC_LENGTH;

    private static final byte[] QUESTION = {0x10, COMMAND};
    private static final byte[] ANSWER = {0x11, COMMAND};

    private final @Nullable KeyedMac mac;

    /** What has become of a question. */
    public enum Outcome {
        /** The answer was written. */
        ANSWERED,
        /** Of a length that no question has. */
        MALFORMED,
        /** Its MAC is wrong, or there is no key to tell. */
        NOT_AUTHENTIC
    }

    /**
     * Of those who have a key; without one, of everybody.
     *
     * @param key null where there is none
     */
    public VoteCodec(@Nullable VoteKey key) {
        mac = key == null ? null : key.mac();
    }

    /** Whether a question of that length has a MAC, if it is one. */
    public static boolean isSealed(ByteBuffer question) {
        return question.remaining() % RootSet.ROOT_LENGTH == 0;
    }

    /** How many bytes a question has. */
    public int questionLength(int roots) {
        return NONCE_LENGTH + roots * RootSet.ROOT_LENGTH + (mac == null ? 0 : MAC_LENGTH);
    }

    /** Asks with a nonce of 16 bytes, which nobody can guess: writes {@link #questionLength} bytes. */
    public void ask(byte[] nonce, RootSet roots, ByteBuffer to) {
        if (nonce.length != NONCE_LENGTH) {
            throw new IllegalArgumentException("nonce has " + nonce.length + " bytes, must have " + NONCE_LENGTH);
        }
        int start = to.position();
        to.put(nonce);
        roots.write(to);
        if (mac != null) {
            seal(mac, QUESTION, start, to);
        }
    }

    /**
     * Answers a question, from its position to its limit, by what this side has. A question with a MAC wants the key; one without is
     * answered in any case, and proves as little as it is.
     *
     * @param answer has room for {@link #MOST_ANSWER_BYTES}; written only if that is the outcome
     */
    public Outcome answer(ByteBuffer question, RootSet own, ByteBuffer answer) {
        int length = question.remaining();
        boolean sealed = isSealed(question);
        int roots = (length - NONCE_LENGTH) / RootSet.ROOT_LENGTH;
        if (!sealed && length % RootSet.ROOT_LENGTH != NONCE_LENGTH
                || length < NONCE_LENGTH + RootSet.ROOT_LENGTH
                || roots > RootSet.MOST_ROOTS) {
            return Outcome.MALFORMED;
        }
        if (sealed && (mac == null || !isAuthentic(mac, QUESTION, question))) {
            return Outcome.NOT_AUTHENTIC;
        }
        int at = question.position();
        int start = answer.position();
        Vote vote = own.matches(question, at + NONCE_LENGTH, roots) ? Vote.AGREE : Vote.DISAGREE;
        answer.put(vote.number());
        answer.putLong(question.getLong(at)).putLong(question.getLong(at + Long.BYTES));
        if (sealed && mac != null) {
            seal(mac, ANSWER, start, answer);
        }
        return Outcome.ANSWERED;
    }

    /**
     * The vote of an answer, from its position to its limit, to a question with that nonce; null if it is none: of another length or
     * nonce, with a number that is no vote, or not authentic where there is a key.
     */
    public @Nullable Vote vote(byte[] nonce, ByteBuffer answer) {
        boolean fits = answer.remaining() == 1 + NONCE_LENGTH + (mac == null ? 0 : MAC_LENGTH)
                && answer.slice(answer.position() + 1, NONCE_LENGTH).equals(ByteBuffer.wrap(nonce));
        return fits && (mac == null || isAuthentic(mac, ANSWER, answer))
                ? Vote.of(answer.get(answer.position()))
                : null;
    }

    /** Puts the MAC behind what has been written. */
    private static void seal(KeyedMac mac, byte[] head, int start, ByteBuffer to) {
        to.put(mac.compute(head, written(to, start, to.position()), MAC_LENGTH));
    }

    private static boolean isAuthentic(KeyedMac mac, byte[] head, ByteBuffer sealed) {
        int end = sealed.limit() - MAC_LENGTH;
        byte[] claimed = new byte[MAC_LENGTH];
        sealed.get(end, claimed);
        return mac.verify(head, written(sealed, sealed.position(), end), claimed);
    }

    private static ByteBuffer written(ByteBuffer in, int start, int end) {
        return in.slice(start, end - start);
    }
}

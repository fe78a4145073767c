package io.weir.core.wire;

import org.jspecify.annotations.Nullable;

/** A frame about what may be sent: of a half, or of one of the three kinds that the session has credit for as a whole. */
public sealed interface CreditFrame extends Frame {

    /** The pseudo handle that stands for opens. */
    long OPENS_HANDLE = 0;

    /** The pseudo handle that stands for requests and one-way messages. */
    long REQUESTS_HANDLE = 1;

    /** The pseudo handle that stands for replies. */
    long REPLIES_HANDLE = 2;

    /**
     * Gives credit on the peer's half: an absolute limit, so that repeating it is harmless.
     *
     * <pre>
     * | 0x06 | handle v | consumed v | limit v |
     * </pre>
     *
     * @param handle the peer's; 0 = opens, 1 = requests and one-way messages, 2 = replies
     * @param consumed cost taken by the application so far
     * @param limit cost that may be sent in all
     */
    record Window(long handle, long consumed, long limit) implements CreditFrame {
        public Window {
            FieldCheck.range("WINDOW handle", handle, 0, VarInt.MAX);
            FieldCheck.range("WINDOW consumed", consumed, 0, VarInt.MAX);
            FieldCheck.range("WINDOW limit", limit, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.WINDOW;
        }
    }

    /**
     * Says that the sender has something to send and too little credit; once for each limit.
     *
     * <pre>
     * | 0x07 | handle v | limit v | sent v |
     * </pre>
     *
     * @param handle the sender's, or one of the three pseudo handles
     * @param limit the limit in force; of requests and replies the one that what waits would need
     * @param sent cost sent so far, at most the limit
     */
    record Blocked(long handle, long limit, long sent) implements CreditFrame {
        public Blocked {
            FieldCheck.range("BLOCKED handle", handle, 0, VarInt.MAX);
            FieldCheck.range("BLOCKED limit", limit, 0, VarInt.MAX);
            FieldCheck.range("BLOCKED sent", sent, 0, VarInt.MAX);
            FieldCheck.legal(problem(limit, sent));
        }

        static @Nullable String problem(long limit, long sent) {
            return sent > limit ? "BLOCKED sent is above its limit" : null;
        }

        @Override
        public FrameType type() {
            return FrameType.BLOCKED;
        }
    }
}

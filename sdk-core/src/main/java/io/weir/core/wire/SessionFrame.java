package io.weir.core.wire;

/** A frame that speaks of the session as a whole: its beginning, its life and its end. */
public sealed interface SessionFrame extends Frame
        permits Hello,
                SessionFrame.Ping,
                SessionFrame.Pong,
                SessionFrame.Heartbeat,
                SessionFrame.Goaway,
                SessionFrame.End {

    /**
     * Asks for a PONG with the same token.
     *
     * <pre>
     * | 0x01 | token u64 |
     * </pre>
     *
     * @param token any 64 bits
     */
    record Ping(long token) implements SessionFrame {
        @Override
        public FrameType type() {
            return FrameType.PING;
        }
    }

    /**
     * Answers a PING.
     *
     * <pre>
     * | 0x02 | token u64 |
     * </pre>
     *
     * @param token the PING's
     */
    record Pong(long token) implements SessionFrame {
        @Override
        public FrameType type() {
            return FrameType.PONG;
        }
    }

    /**
     * Says only that the sender lives.
     *
     * <pre>
     * | 0x03 |
     * </pre>
     */
    record Heartbeat() implements SessionFrame {
        @Override
        public FrameType type() {
            return FrameType.HEARTBEAT;
        }
    }

    /**
     * The sender is about to end the session; what lies above the ids was not processed and may be tried elsewhere.
     *
     * <pre>
     * | 0x0D | last handle v | last message id v | deadline ms v | code v |
     * </pre>
     *
     * @param lastHandle the highest of the peer's handles that was accepted
     * @param lastMessageId the highest of the peer's message ids that was accepted
     * @param deadlineMillis time from now until the session ends
     * @param code number of an error code
     */
    record Goaway(long lastHandle, long lastMessageId, long deadlineMillis, long code) implements SessionFrame {
        public Goaway {
            FieldCheck.range("GOAWAY last handle", lastHandle, 0, VarInt.MAX);
            FieldCheck.range("GOAWAY last message id", lastMessageId, 0, VarInt.MAX);
            FieldCheck.range("GOAWAY deadline", deadlineMillis, 0, VarInt.MAX);
            FieldCheck.range("GOAWAY code", code, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.GOAWAY;
        }
    }

    /**
     * Ends the session: the only clean close.
     *
     * <pre>
     * | 0x0E | code v |
     * </pre>
     *
     * @param code number of an error code
     */
    record End(long code) implements SessionFrame {
        public End {
            FieldCheck.range("END code", code, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.END;
        }
    }
}

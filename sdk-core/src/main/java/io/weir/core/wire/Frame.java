package io.weir.core.wire;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A frame: the unit inside a record or packet (PROTOCOL section 3). A frame object is always legal: constructors refuse
 * what is out of range, since that is a caller's bug, and a {@link FrameReader} finds every violation before it builds.
 * DATA and MESSAGE are written and read without objects of this kind on the hot path.
 *
 * <p>Layouts are in the notation of {@code docs-site/protocol.md}: v is a {@link VarInt}, which has no width of its own, and
 * the first byte is the type.
 */
public sealed interface Frame {

    /** Which kind this is. */
    FrameType type();

    /** The lowest handle that a stream half can have; those below belong to the session (PROTOCOL section 3, WINDOW). */
    long FIRST_HANDLE = 3;

    /** The pseudo handle of WINDOW and BLOCKED that stands for opens. */
    long OPENS_HANDLE = 0;

    /** The pseudo handle of WINDOW and BLOCKED that stands for requests and one-way messages. */
    long REQUESTS_HANDLE = 1;

    /** The pseudo handle of WINDOW and BLOCKED that stands for replies. */
    long REPLIES_HANDLE = 2;

    /** What an element costs beside its length, in credit and in the offset space of its half. */
    int ELEMENT_OVERHEAD = 16;

    /**
     * Bytes without meaning.
     *
     * <pre>
     * | 0x00 | 0x00 | ...
     * </pre>
     *
     * @param length bytes, one for each PADDING frame; 1 to {@link FrameWriter#RECORD_MAX}
     */
    record Padding(int length) implements Frame {
        public Padding {
            FieldCheck.range("PADDING length", length, 1, FrameWriter.RECORD_MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.PADDING;
        }
    }

    /**
     * Asks for a PONG with the same token.
     *
     * <pre>
     * | 0x01 | token u64 |
     * </pre>
     *
     * @param token any 64 bits
     */
    record Ping(long token) implements Frame {
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
    record Pong(long token) implements Frame {
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
    record Heartbeat() implements Frame {
        @Override
        public FrameType type() {
            return FrameType.HEARTBEAT;
        }
    }

    /**
     * Each side's first frame: what it allows and expects, setting by setting. Each component is the {@link HelloSetting} of
     * that name, which says what it may be. Unknown settings are skipped when read, repeated ones are an error, absent ones
     * mean what {@link #defaults()} has.
     *
     * <pre>
     * | 0x04 | n v | n x ( number v | value bytes ) |
     * </pre>
     *
     * @param maxDatagramBytes 0 = not told
     * @param incarnation 0 = not told
     * @param pskMac null = none
     * @param largestRequest less than the request window = that
     * @param largestReply less than the reply window = that
     */
    record Hello(
            long initialWindow,
            long openLimit,
            long requestWindow,
            long replyWindow,
            long maxPayloadBytes,
            long silenceLimitMillis,
            long maxDatagramBytes,
            long incarnation,
            @Nullable Bytes pskMac,
            long largestRequest,
            long largestReply)
            implements Frame {

        private static final Hello DEFAULTS = new Hello(
                HelloSetting.INITIAL_WINDOW.absent(),
                HelloSetting.OPEN_LIMIT.absent(),
                HelloSetting.REQUEST_WINDOW.absent(),
                HelloSetting.REPLY_WINDOW.absent(),
                HelloSetting.MAX_PAYLOAD.absent(),
                HelloSetting.SILENCE_LIMIT.absent(),
                HelloSetting.MAX_DATAGRAM.absent(),
                HelloSetting.INCARNATION.absent(),
                null,
                HelloSetting.LARGEST_REQUEST.absent(),
                HelloSetting.LARGEST_REPLY.absent());

        public Hello {
            HelloSetting.INITIAL_WINDOW.check(initialWindow);
            HelloSetting.OPEN_LIMIT.check(openLimit);
            HelloSetting.REQUEST_WINDOW.check(requestWindow);
            HelloSetting.REPLY_WINDOW.check(replyWindow);
            HelloSetting.MAX_PAYLOAD.check(maxPayloadBytes);
            HelloSetting.SILENCE_LIMIT.check(silenceLimitMillis);
            HelloSetting.MAX_DATAGRAM.check(maxDatagramBytes);
            HelloSetting.INCARNATION.check(incarnation);
            HelloSetting.PSK_MAC.check(pskMac == null ? HelloSetting.PSK_MAC.absent() : pskMac.length());
            HelloSetting.LARGEST_REQUEST.check(largestRequest);
            HelloSetting.LARGEST_REPLY.check(largestReply);
        }

        /** What absent settings mean. */
        public static Hello defaults() {
            return DEFAULTS;
        }

        public Hello withInitialWindow(long value) {
            return with(HelloSetting.INITIAL_WINDOW, value);
        }

        public Hello withOpenLimit(long value) {
            return with(HelloSetting.OPEN_LIMIT, value);
        }

        public Hello withRequestWindow(long value) {
            return with(HelloSetting.REQUEST_WINDOW, value);
        }

        public Hello withReplyWindow(long value) {
            return with(HelloSetting.REPLY_WINDOW, value);
        }

        public Hello withMaxPayloadBytes(long value) {
            return with(HelloSetting.MAX_PAYLOAD, value);
        }

        public Hello withSilenceLimitMillis(long value) {
            return with(HelloSetting.SILENCE_LIMIT, value);
        }

        public Hello withMaxDatagramBytes(long value) {
            return with(HelloSetting.MAX_DATAGRAM, value);
        }

        public Hello withIncarnation(long value) {
            return with(HelloSetting.INCARNATION, value);
        }

        public Hello withPskMac(@Nullable Bytes value) {
            return with(HelloSetting.PSK_MAC, 0, value);
        }

        public Hello withLargestRequest(long value) {
            return with(HelloSetting.LARGEST_REQUEST, value);
        }

        public Hello withLargestReply(long value) {
            return with(HelloSetting.LARGEST_REPLY, value);
        }

        /** A copy in which that setting, any but {@link HelloSetting#PSK_MAC}, has another value. */
        Hello with(HelloSetting changed, long value) {
            return with(changed, value, null);
        }

        private Hello with(HelloSetting changed, long value, @Nullable Bytes mac) {
            return new Hello(
                    changed == HelloSetting.INITIAL_WINDOW ? value : initialWindow,
                    changed == HelloSetting.OPEN_LIMIT ? value : openLimit,
                    changed == HelloSetting.REQUEST_WINDOW ? value : requestWindow,
                    changed == HelloSetting.REPLY_WINDOW ? value : replyWindow,
                    changed == HelloSetting.MAX_PAYLOAD ? value : maxPayloadBytes,
                    changed == HelloSetting.SILENCE_LIMIT ? value : silenceLimitMillis,
                    changed == HelloSetting.MAX_DATAGRAM ? value : maxDatagramBytes,
                    changed == HelloSetting.INCARNATION ? value : incarnation,
                    changed == HelloSetting.PSK_MAC ? mac : pskMac,
                    changed == HelloSetting.LARGEST_REQUEST ? value : largestRequest,
                    changed == HelloSetting.LARGEST_REPLY ? value : largestReply);
        }

        /** What that setting is; of {@link HelloSetting#PSK_MAC} its length. */
        long value(HelloSetting setting) {
            return switch (setting) {
                case INITIAL_WINDOW -> initialWindow;
                case OPEN_LIMIT -> openLimit;
                case REQUEST_WINDOW -> requestWindow;
                case REPLY_WINDOW -> replyWindow;
                case MAX_PAYLOAD -> maxPayloadBytes;
                case SILENCE_LIMIT -> silenceLimitMillis;
                case MAX_DATAGRAM -> maxDatagramBytes;
                case INCARNATION -> incarnation;
                case PSK_MAC -> pskMac == null ? setting.absent() : pskMac.length();
                case LARGEST_REQUEST -> largestRequest;
                case LARGEST_REPLY -> largestReply;
            };
        }

        /** Whether that setting goes onto the wire. */
        boolean says(HelloSetting setting) {
            return setting.hasDefault() || value(setting) != setting.absent();
        }

        @Override
        public FrameType type() {
            return FrameType.HELLO;
        }
    }

    /**
     * Opens the sender's half of an epoch of a stream. Flags: bit 0 = reliable, bit 1 = with a window, bit 2 = only a
     * handler will do, bit 3 = an answer; the other bits are 0.
     *
     * <pre>
     * | 0x05 | handle v | id u64 | epoch v | flags v | [window v] | name text | headers |
     * </pre>
     *
     * @param handle what the frames of this half carry from now on; 3 or more
     * @param id the stream's id, any 64 bits
     * @param epoch which life of the stream
     * @param reliable whether losses are repaired
     * @param window the limit at which the peer's half begins if this OPEN begins the epoch there, in place of HELLO's, which is
     *     the most it may be; {@link #NO_WINDOW} = HELLO's
     * @param answer whether the sender has seen the peer's OPEN of this epoch
     * @param handlerOnly whether the peer is to refuse it at once unless a handler takes it; says nothing in an answer
     * @param name at most 255 bytes of UTF-8
     * @param headers what the opener says about the stream
     */
    record Open(
            long handle,
            long id,
            long epoch,
            boolean reliable,
            long window,
            boolean handlerOnly,
            boolean answer,
            String name,
            Headers headers)
            implements Frame {

        /** As {@code window}: the peer's half begins as HELLO says. */
        public static final long NO_WINDOW = -1;

        static final int RELIABLE = 1;
        static final int WINDOW = 2;
        static final int HANDLER_ONLY = 4;
        static final int ANSWER = 8;
        static final int FLAGS = RELIABLE | WINDOW | HANDLER_ONLY | ANSWER;

        /** One that begins a stream, which may wait until somebody claims it, with the windows of HELLO. */
        public Open(long handle, long id, long epoch, boolean reliable, String name, Headers headers) {
            this(handle, id, epoch, reliable, NO_WINDOW, false, false, name, headers);
        }

        public Open {
            FieldCheck.range("OPEN handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("OPEN epoch", epoch, 0, VarInt.MAX);
            FieldCheck.range("OPEN window", window, NO_WINDOW, VarInt.MAX);
            Text.encode("OPEN name", name);
            Objects.requireNonNull(headers, "headers");
        }

        int flags() {
            return (reliable ? RELIABLE : 0)
                    | (hasWindow() ? WINDOW : 0)
                    | (handlerOnly ? HANDLER_ONLY : 0)
                    | (answer ? ANSWER : 0);
        }

        /** Whether it announces a window of its own. */
        public boolean hasWindow() {
            return window != NO_WINDOW;
        }

        @Override
        public FrameType type() {
            return FrameType.OPEN;
        }
    }

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
    record Window(long handle, long consumed, long limit) implements Frame {
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
    record Blocked(long handle, long limit, long sent) implements Frame {
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

    /**
     * Ends the sending half behind what was sent: everything is delivered first, then the end.
     *
     * <pre>
     * | 0x08 | handle v | final offset v | elements v | code v |
     * </pre>
     *
     * @param handle the sender's
     * @param finalOffset cost sent in all
     * @param elements number of elements sent, each of which cost at least 16
     * @param code 0 for completion, else the number of the error that ends the half
     */
    record Close(long handle, long finalOffset, long elements, long code) implements Frame {
        public Close {
            FieldCheck.range("CLOSE handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("CLOSE final offset", finalOffset, 0, VarInt.MAX);
            FieldCheck.range("CLOSE elements", elements, 0, VarInt.MAX);
            FieldCheck.range("CLOSE code", code, 0, VarInt.MAX);
            FieldCheck.legal(problem(finalOffset, elements));
        }

        static @Nullable String problem(long finalOffset, long elements) {
            return elements > finalOffset / ELEMENT_OVERHEAD ? "CLOSE elements cost more than its final offset" : null;
        }

        @Override
        public FrameType type() {
            return FrameType.CLOSE;
        }
    }

    /**
     * Ends the sending half before its time; what was not delivered is discarded.
     *
     * <pre>
     * | 0x09 | handle v | code v |
     * </pre>
     *
     * @param handle the sender's
     * @param code number of an error code
     */
    record Reset(long handle, long code) implements Frame {
        public Reset {
            FieldCheck.range("RESET handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("RESET code", code, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.RESET;
        }
    }

    /**
     * Says that the receiving half wants no more.
     *
     * <pre>
     * | 0x0A | handle v | code v |
     * </pre>
     *
     * @param handle the peer's
     * @param code number of an error code
     */
    record Stop(long handle, long code) implements Frame {
        public Stop {
            FieldCheck.range("STOP handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("STOP code", code, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.STOP;
        }
    }

    /**
     * Packets that arrived, on datagram links. The highest range comes first; each further one is told as the gap below
     * the one before and its own length, both less one as in RFC 9000 section 19.3.1.
     *
     * <pre>
     * | 0x0B | largest v | delay v | first range v | n v | n x ( gap v | length v ) | ect0 v | ect1 v | ce v |
     * </pre>
     *
     * @param ranges what arrived, highest first, with at least one number missing between two; 1 to 4,096 ranges
     * @param delayMicros time between the arrival of the largest and this frame
     * @param ect0 packets that arrived marked ECT(0)
     * @param ect1 packets that arrived marked ECT(1)
     * @param ce packets that arrived marked CE
     */
    record Feedback(List<PacketRange> ranges, long delayMicros, long ect0, long ect1, long ce) implements Frame {

        /** Half of the replay window: more gaps than that cannot be told apart. */
        static final int MAX_RANGES = 4096;

        public Feedback {
            ranges = List.copyOf(ranges);
            FieldCheck.range("FEEDBACK ranges", ranges.size(), 1, MAX_RANGES);
            FieldCheck.range("FEEDBACK delay", delayMicros, 0, VarInt.MAX);
            FieldCheck.range("FEEDBACK ect0", ect0, 0, VarInt.MAX);
            FieldCheck.range("FEEDBACK ect1", ect1, 0, VarInt.MAX);
            FieldCheck.range("FEEDBACK ce", ce, 0, VarInt.MAX);
            for (int i = 1; i < ranges.size(); i++) {
                if (ranges.get(i).last() > ranges.get(i - 1).first() - 2) {
                    throw new IllegalArgumentException("FEEDBACK ranges must descend with gaps, " + ranges.get(i)
                            + " comes after " + ranges.get(i - 1));
                }
            }
        }

        /** The highest number that arrived. */
        public long largest() {
            return ranges.get(0).last();
        }

        @Override
        public FrameType type() {
            return FrameType.FEEDBACK;
        }
    }

    /**
     * One fragment of a message. Packet 0 carries the name and the headers.
     *
     * <pre>
     * | 0x0C | message type v | num_packets v | packet_id v | reply_id v | [name text | headers] | payload bytes |
     * </pre>
     *
     * @param messageType what the message is
     * @param numPackets how many fragments it has, 1 to 65,535
     * @param packetId which of them this is, 0 to {@code numPackets} - 1
     * @param replyId the message's id; an answer has its request's
     * @param name what it is for, at most 255 bytes of UTF-8; empty unless packet 0
     * @param headers what the sender says about it; empty unless packet 0
     * @param payload the fragment's bytes
     */
    record Message(
            MessageType messageType,
            int numPackets,
            int packetId,
            long replyId,
            String name,
            Headers headers,
            Bytes payload)
            implements Frame {

        static final int MAX_PACKETS = 0xFFFF;

        public Message {
            Objects.requireNonNull(messageType, "messageType");
            Objects.requireNonNull(payload, "payload");
            FieldCheck.range("MESSAGE num_packets", numPackets, 1, MAX_PACKETS);
            FieldCheck.range("MESSAGE packet_id", packetId, 0, numPackets - 1);
            FieldCheck.range("MESSAGE reply_id", replyId, 0, VarInt.MAX);
            Text.encode("MESSAGE name", name);
            if (packetId > 0 && !(name.isEmpty() && headers.isEmpty())) {
                throw new IllegalArgumentException(
                        "MESSAGE packet_id is " + packetId + ", name and headers must be empty but in packet 0");
            }
        }

        @Override
        public FrameType type() {
            return FrameType.MESSAGE;
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
    record Goaway(long lastHandle, long lastMessageId, long deadlineMillis, long code) implements Frame {
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
    record End(long code) implements Frame {
        public End {
            FieldCheck.range("END code", code, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.END;
        }
    }

    /**
     * An element or a fragment of one. The low four bits of the type tell which fields follow: F = FIRST, L = LAST, O =
     * OFFSET, S = SEQ.
     *
     * <pre>
     * | 0 0 1 0 S O L F | handle v | [offset v] | [seq v] | [total v] | payload bytes |
     * </pre>
     *
     * @param handle the sender's; 3 or more
     * @param first whether the element begins here
     * @param last whether the element ends here
     * @param offset where this begins in the offset space of the half; -1 = absent, as on ordered links
     * @param seq number of the element; -1 = absent
     * @param total bytes of the whole element, more than this fragment has; -1 = absent, unless first and not last
     * @param payload the bytes; at least one unless first
     */
    record Data(long handle, boolean first, boolean last, long offset, long seq, long total, Bytes payload)
            implements Frame {

        static final int FIRST = 1;
        static final int LAST = 2;
        static final int OFFSET = 4;
        static final int SEQ = 8;

        public Data {
            FieldCheck.range("DATA handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("DATA offset", offset, -1, VarInt.MAX);
            FieldCheck.range("DATA seq", seq, -1, VarInt.MAX);
            FieldCheck.range("DATA total", total, -1, VarInt.MAX);
            if (first && !last ? total < 0 : total != -1) {
                throw new IllegalArgumentException("DATA total is " + total
                        + ", must be present in a first fragment that is not the last, and -1 elsewhere");
            }
            FieldCheck.legal(problem(first, offset, total, payload.length()));
        }

        static @Nullable String problem(boolean first, long offset, long total, int length) {
            if (total >= 0 && (total <= length || total > VarInt.MAX - ELEMENT_OVERHEAD)) {
                return "DATA total is not more than the first fragment, or above the offset space";
            }
            if (!first && length == 0) {
                return "DATA fragment continues an element without a byte";
            }
            return offset > VarInt.MAX - ELEMENT_OVERHEAD - length ? "DATA ends above the offset space" : null;
        }

        int flags() {
            return (first ? FIRST : 0) | (last ? LAST : 0) | (offset >= 0 ? OFFSET : 0) | (seq >= 0 ? SEQ : 0);
        }

        @Override
        public FrameType type() {
            return FrameType.DATA;
        }
    }

    /**
     * A frame of a later version, which this one skips. {@link FrameReader} does not hand it out.
     *
     * <pre>
     * | type v, 0x40 or more | bytes |
     * </pre>
     *
     * @param number the type, 0x40 or more
     * @param payload its content
     */
    record Unknown(long number, Bytes payload) implements Frame {
        public Unknown {
            FieldCheck.range("frame type", number, FrameType.UNKNOWN.number(), VarInt.MAX);
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public FrameType type() {
            return FrameType.UNKNOWN;
        }
    }
}

package io.weir.core.wire;

import io.weir.core.error.ErrorCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A frame of one half of a stream: it begins, carries or ends it. */
public sealed interface StreamFrame extends Frame {

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
            implements StreamFrame {

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
            implements StreamFrame {

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
     * Ends the sending half behind what was sent: everything is delivered first, then the end.
     *
     * <pre>
     * | 0x08 | handle v | final offset v | elements v | code v | [detail] |
     * </pre>
     *
     * @param handle the sender's
     * @param finalOffset cost sent in all, that of the detail included
     * @param elements number of elements sent, each of which cost at least 16
     * @param code 0 for completion, else the number of the error that ends the half
     * @param detail of a code that is an application's; else {@link ErrorDetail#NONE}
     */
    record Close(long handle, long finalOffset, long elements, long code, ErrorDetail detail) implements StreamFrame {

        /** One without more than its code. */
        public Close(long handle, long finalOffset, long elements, long code) {
            this(handle, finalOffset, elements, code, ErrorDetail.NONE);
        }

        public Close {
            FieldCheck.range("CLOSE handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("CLOSE final offset", finalOffset, 0, VarInt.MAX);
            FieldCheck.range("CLOSE elements", elements, 0, VarInt.MAX);
            FieldCheck.range("CLOSE code", code, 0, VarInt.MAX);
            if (!ErrorCode.isApplications(code) && !detail.equals(ErrorDetail.NONE)) {
                throw new IllegalArgumentException(
                        "CLOSE code is " + code + ", must be an application's with a detail");
            }
            FieldCheck.legal(problem(finalOffset, elements, detail));
        }

        static @Nullable String problem(long finalOffset, long elements, ErrorDetail detail) {
            long left = finalOffset - detail.cost();
            return left < 0 || elements > left / ELEMENT_OVERHEAD
                    ? "CLOSE elements and detail cost more than its final offset"
                    : null;
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
    record Reset(long handle, long code) implements StreamFrame {
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
     * Says that the receiving half wants no more. Flags: bit 0 = refuses; the other bits are 0.
     *
     * <pre>
     * | 0x0A | handle v | flags v | code v |
     * </pre>
     *
     * @param handle the peer's
     * @param refuses whether the sender will never open its own half, so that both halves of the peer end
     * @param code number of an error code
     */
    record Stop(long handle, boolean refuses, long code) implements StreamFrame {

        static final int REFUSES = 1;

        /** One that means this half only. */
        public Stop(long handle, long code) {
            this(handle, false, code);
        }

        public Stop {
            FieldCheck.range("STOP handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("STOP code", code, 0, VarInt.MAX);
        }

        int flags() {
            return refuses ? REFUSES : 0;
        }

        @Override
        public FrameType type() {
            return FrameType.STOP;
        }
    }

    /**
     * Says how far a fire-and-forget half goes by datagrams, which may be lost: DATA below the limit does, all from there on is in
     * the half's own stream, and complete. PROTOCOL section 4, "Order".
     *
     * <pre>
     * | 0x0F | handle v | limit v |
     * </pre>
     *
     * @param handle the sender's
     * @param limit an offset; {@link #OPEN_END}: no end is decided
     */
    record Datagrams(long handle, long limit) implements StreamFrame {

        /** As {@code limit}: everything so far goes by datagrams. */
        public static final long OPEN_END = VarInt.MAX;

        public Datagrams {
            FieldCheck.range("DATAGRAMS handle", handle, FIRST_HANDLE, VarInt.MAX);
            FieldCheck.range("DATAGRAMS limit", limit, 0, VarInt.MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.DATAGRAMS;
        }
    }
}

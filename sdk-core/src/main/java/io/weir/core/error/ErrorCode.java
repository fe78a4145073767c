package io.weir.core.error;

import java.util.Arrays;
import java.util.Locale;

/**
 * The table of error codes: number on the wire, layer, whether trying again can help, and what it means. Numbers are
 * stable, below 2<sup>16</sup>, and travel as a varint in CLOSE, RESET, STOP, GOAWAY, END and the MESSAGE of an error, and as a
 * u16 in the clear-text reject (PROTOCOL sections 1 and 3). {@code docs-site/errors.md} prints this table.
 */
public enum ErrorCode {
    /** Closed in good order. Retryable; session layer, 0x00. */
    NONE(0x00, Layer.SESSION, true, "Closed in good order."),
    /** The node that ended the session met a fault of its own. Retryable; session layer, 0x01. */
    INTERNAL(0x01, Layer.SESSION, true, "The node that ended the session met a fault of its own."),
    /** A frame that is well formed but not allowed at this point. Not retryable; session layer, 0x02. */
    PROTOCOL_VIOLATION(0x02, Layer.SESSION, false, "A frame that is well formed but not allowed at this point."),
    /** Bytes that are not a frame, or a field outside its range. Not retryable; session layer, 0x03. */
    MALFORMED_FRAME(0x03, Layer.SESSION, false, "Bytes that are not a frame, or a field outside its range."),
    /** More was sent than the receiver had given credit for. Not retryable; stream layer, 0x04. */
    FLOW_CONTROL(0x04, Layer.STREAM, false, "More was sent than the receiver had given credit for."),
    /** A stream was opened beyond the open limit. Not retryable; session layer, 0x05. */
    STREAM_LIMIT(0x05, Layer.SESSION, false, "A stream was opened beyond the open limit."),
    /** A record did not authenticate: altered, replayed or lost bytes. Retryable; session layer, 0x06. */
    DECRYPTION_FAILED(0x06, Layer.SESSION, true, "A record did not authenticate: altered, replayed or lost bytes."),
    /** The session's keys have reached their limit of use. Retryable; session layer, 0x07. */
    KEY_EXHAUSTED(0x07, Layer.SESSION, true, "The session's keys have reached their limit of use."),
    /** Nothing was heard from the peer for longer than the silence limit. Retryable; transport layer, 0x08. */
    SILENCE(0x08, Layer.TRANSPORT, true, "Nothing was heard from the peer for longer than the silence limit."),
    /** The connection broke, or ended without an authenticated END. Retryable; transport layer, 0x09. */
    LINK_LOST(0x09, Layer.TRANSPORT, true, "The connection broke, or ended without an authenticated END."),
    /** The address did not accept a connection. Retryable; transport layer, 0x0A. */
    CONNECT_FAILED(0x0A, Layer.TRANSPORT, true, "The address did not accept a connection."),
    /** The host name has no address. Retryable; transport layer, 0x0B. */
    UNRESOLVED(0x0B, Layer.TRANSPORT, true, "The host name has no address."),
    /** The local address could not be bound. Not retryable; transport layer, 0x0C. */
    BIND_FAILED(0x0C, Layer.TRANSPORT, false, "The local address could not be bound."),
    /** The node was closed, and its sessions with it. Retryable; session layer, 0x0D. */
    NODE_CLOSED(0x0D, Layer.SESSION, true, "The node was closed, and its sessions with it."),
    /** The receiver has no capacity at this moment; nothing was processed. Retryable; session layer, 0x0E. */
    BUSY(0x0E, Layer.SESSION, true, "The receiver has no capacity at this moment; nothing was processed."),
    /** Go on elsewhere: nothing new is taken here any more, or what was sent here ends. Retryable; session layer, 0x0F. */
    GOING_AWAY(
            0x0F,
            Layer.SESSION,
            true,
            "Go on elsewhere: nothing new is taken here any more, or what was sent here ends."),

    /** The handshake was not complete within its time limit. Retryable; handshake layer, 0x10. */
    HANDSHAKE_TIMEOUT(0x10, Layer.HANDSHAKE, true, "The handshake was not complete within its time limit."),
    /** The other end does not speak this protocol. Not retryable; handshake layer, 0x11. */
    NOT_WEIR(0x11, Layer.HANDSHAKE, false, "The other end does not speak this protocol."),
    /** The two ends have no protocol version in common. Not retryable; handshake layer, 0x12. */
    VERSION_UNSUPPORTED(0x12, Layer.HANDSHAKE, false, "The two ends have no protocol version in common."),
    /** The responder does not run the suite that was asked for. Not retryable; handshake layer, 0x13. */
    SUITE_UNSUPPORTED(0x13, Layer.HANDSHAKE, false, "The responder does not run the suite that was asked for."),
    /** A handshake message did not authenticate. Not retryable; handshake layer, 0x14. */
    HANDSHAKE_FAILED(0x14, Layer.HANDSHAKE, false, "A handshake message did not authenticate."),
    /** The identity proof is missing, malformed or false. Not retryable; handshake layer, 0x15. */
    IDENTITY_INVALID(0x15, Layer.HANDSHAKE, false, "The identity proof is missing, malformed or false."),
    /** The peer proved another identity than the one expected. Not retryable; handshake layer, 0x16. */
    IDENTITY_MISMATCH(0x16, Layer.HANDSHAKE, false, "The peer proved another identity than the one expected."),
    /** The node met its own identity. Not retryable; handshake layer, 0x17. */
    SELF_CONNECT(0x17, Layer.HANDSHAKE, false, "The node met its own identity."),
    /** The peer proved its identity, and admission refused it. Not retryable; handshake layer, 0x18. */
    NOT_ADMITTED(0x18, Layer.HANDSHAKE, false, "The peer proved its identity, and admission refused it."),
    /** Too many handshakes are in progress. Retryable; handshake layer, 0x19. */
    TOO_MANY_HANDSHAKES(0x19, Layer.HANDSHAKE, true, "Too many handshakes are in progress."),
    /** The limit of sessions is reached. Retryable; handshake layer, 0x1A. */
    TOO_MANY_SESSIONS(0x1A, Layer.HANDSHAKE, true, "The limit of sessions is reached."),
    /** Another session with the same peer lives on instead. Retryable; handshake layer, 0x1B. */
    DUPLICATE_SESSION(0x1B, Layer.HANDSHAKE, true, "Another session with the same peer lives on instead."),
    /** The limit of sessions from one network address is reached. Retryable; handshake layer, 0x1C. */
    TOO_MANY_SESSIONS_PER_ADDRESS(
            0x1C, Layer.HANDSHAKE, true, "The limit of sessions from one network address is reached."),
    /** A newer connection of the same peer took the session's place. Retryable; session layer, 0x1D. */
    REPLACED(0x1D, Layer.SESSION, true, "A newer connection of the same peer took the session's place."),
    /** This node cannot dial the address, whoever is there. Not retryable; transport layer, 0x1E. */
    ADDRESS_UNUSABLE(0x1E, Layer.TRANSPORT, false, "This node cannot dial the address, whoever is there."),
    /** The handshake ended where the network keys meet: they probably differ. Not retryable; handshake layer, 0x1F. */
    NETWORK_KEY_MISMATCH(
            0x1F, Layer.HANDSHAKE, false, "The handshake ended where the network keys meet: they probably differ."),

    /** The sender's publisher, the receiver's subscriber or a request was cancelled. Retryable; stream layer, 0x20. */
    CANCELLED(
            0x20, Layer.STREAM, true, "The sender's publisher, the receiver's subscriber or a request was cancelled."),
    /** The application's publisher or handler failed. Not retryable; application layer, 0x21. */
    APPLICATION_ERROR(0x21, Layer.APPLICATION, false, "The application's publisher or handler failed."),
    /** No handler takes streams of this name. Not retryable; stream layer, 0x22. */
    REFUSED(0x22, Layer.STREAM, false, "No handler takes streams of this name."),
    /** The stream was opened with an epoch that is already over. Retryable; stream layer, 0x23. */
    STALE_EPOCH(0x23, Layer.STREAM, true, "The stream was opened with an epoch that is already over."),
    /** A newer epoch of the same stream took over. Retryable; stream layer, 0x24. */
    SUPERSEDED(0x24, Layer.STREAM, true, "A newer epoch of the same stream took over."),
    /** Nobody used the stream, or the session, for its idle time-out. Retryable; stream layer, 0x25. */
    IDLE_TIMEOUT(0x25, Layer.STREAM, true, "Nobody used the stream, or the session, for its idle time-out."),
    /** An element or a message is larger than the receiver's maximum. Not retryable; stream layer, 0x26. */
    PAYLOAD_TOO_LARGE(0x26, Layer.STREAM, false, "An element or a message is larger than the receiver's maximum."),
    /** The receiver's codec could not decode an element. Not retryable; stream layer, 0x27. */
    DECODE_FAILED(0x27, Layer.STREAM, false, "The receiver's codec could not decode an element."),
    /** The sender's codec could not encode an element. Not retryable; stream layer, 0x28. */
    ENCODE_FAILED(0x28, Layer.STREAM, false, "The sender's codec could not encode an element."),
    /** The peer did not consume everything within the drain time-out. Retryable; stream layer, 0x29. */
    DRAIN_TIMEOUT(0x29, Layer.STREAM, true, "The peer did not consume everything within the drain time-out."),
    /** The stream was disposed of by its owner. Retryable; stream layer, 0x2A. */
    STREAM_CLOSED(0x2A, Layer.STREAM, true, "The stream was disposed of by its owner."),
    /** Nobody claimed the incoming stream in time. Not retryable; stream layer, 0x2B. */
    UNCLAIMED(0x2B, Layer.STREAM, false, "Nobody claimed the incoming stream in time."),
    /** Too many requests are unanswered, or too many bytes wait to be sent. Retryable; session layer, 0x2C. */
    TOO_MANY_REQUESTS(
            0x2C, Layer.SESSION, true, "Too many requests are unanswered, or too many bytes wait to be sent."),
    /** No handler answers requests of this name. Not retryable; application layer, 0x2D. */
    NO_HANDLER(0x2D, Layer.APPLICATION, false, "No handler answers requests of this name."),
    /** The handler completed without a value. Not retryable; application layer, 0x2E. */
    EMPTY_REPLY(0x2E, Layer.APPLICATION, false, "The handler completed without a value."),
    /** No answer came within the request's time limit. Retryable; session layer, 0x2F. */
    REQUEST_TIMEOUT(0x2F, Layer.SESSION, true, "No answer came within the request's time limit."),
    /** An element larger than its window came too slowly while others waited for the memory. Retryable; stream layer, 0x30. */
    PAYLOAD_TIMEOUT(
            0x30,
            Layer.STREAM,
            true,
            "An element larger than its window came too slowly while others waited for the memory."),
    /** There is no session with the peer that takes new calls. Retryable; session layer, 0x31. */
    NOT_CONNECTED(0x31, Layer.SESSION, true, "There is no session with the peer that takes new calls."),
    /** One network address connects more often than it may. Retryable; handshake layer, 0x32. */
    TOO_MANY_CONNECTS(0x32, Layer.HANDSHAKE, true, "One network address connects more often than it may."),
    /** The peer has taken nothing of what waited for it for longer than the limit. Retryable; transport layer, 0x33. */
    STALLED(0x33, Layer.TRANSPORT, true, "The peer has taken nothing of what waited for it for longer than the limit."),

    /** A number that this version does not know. Not retryable; session layer, 0xFFFF. */
    UNKNOWN(0xFFFF, Layer.SESSION, false, "A number that this version does not know.");

    /**
     * The numbers from here to {@link #LAST_OF_APPLICATIONS} belong to applications: the table stays below 2<sup>16</sup>, and
     * is never asked what they mean.
     */
    public static final long FIRST_OF_APPLICATIONS = 0x1_0000;

    /** The last number that belongs to applications. */
    public static final long LAST_OF_APPLICATIONS = 0x1_FFFF;

    /** Numbers of all codes but {@link #UNKNOWN} are below this. */
    private static final int DENSE = 0x40;

    private static final ErrorCode[] BY_NUMBER = new ErrorCode[DENSE];

    static {
        Arrays.fill(BY_NUMBER, UNKNOWN);
        for (ErrorCode code : values()) {
            if (code != UNKNOWN) {
                BY_NUMBER[code.number] = code;
            }
        }
    }

    private final int number;
    private final Layer layer;
    private final boolean retryable;
    private final String description;

    ErrorCode(int number, Layer layer, boolean retryable, String description) {
        this.number = number;
        this.layer = layer;
        this.retryable = retryable;
        this.description = description;
    }

    /**
     * The code with that number: {@link #APPLICATION_ERROR} for those of applications, {@link #UNKNOWN} for every other that is
     * not in the table, negative ones included.
     */
    public static ErrorCode of(long number) {
        if (isApplications(number)) {
            return APPLICATION_ERROR;
        }
        return number >= 0 && number < DENSE ? BY_NUMBER[(int) number] : UNKNOWN;
    }

    /** Whether that number belongs to applications. */
    public static boolean isApplications(long number) {
        return number >= FIRST_OF_APPLICATIONS && number <= LAST_OF_APPLICATIONS;
    }

    /** The number on the wire, 0 to 65,535. */
    public long number() {
        return number;
    }

    /** Where the failure arose. */
    public Layer layer() {
        return layer;
    }

    /** Whether the same attempt, made again later, can succeed without anybody changing anything. */
    public boolean retryable() {
        return retryable;
    }

    /** One sentence for people. */
    public String description() {
        return description;
    }

    /** A number as people read it: {@code 0x0A}. */
    static String hex(long number) {
        return number >= 0 && number < 0x10 ? "0x0" + digit(number) : "0x" + digit(number);
    }

    private static String digit(long number) {
        return Long.toHexString(number).toUpperCase(Locale.ROOT);
    }
}

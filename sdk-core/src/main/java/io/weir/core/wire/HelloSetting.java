package io.weir.core.wire;

import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link Hello}: of each one its number on the wire, what it may be, and what its absence means. The
 * record's checks, both directions of its codec and the table in {@code docs-site/protocol.md} follow this list.
 */
public enum HelloSetting {
    INITIAL_WINDOW(
            1,
            "initialWindow",
            Value.varInt(0),
            65_536,
            "credit of each half that the other side opens, before any WINDOW"),
    OPEN_LIMIT(
            2,
            "openLimit",
            Value.varInt(0),
            Frame.FIRST_HANDLE + 256,
            "the other side may open handles below this, until a WINDOW raises it"),
    REQUEST_WINDOW(3, "requestWindow", Value.varInt(0), 1 << 20, "credit for requests and one-way messages"),
    REPLY_WINDOW(4, "replyWindow", Value.varInt(0), 1 << 20, "credit for replies"),
    MAX_PAYLOAD(5, "maxPayloadBytes", Value.varInt(0), 16 << 20, "bytes of the largest element taken"),
    SILENCE_LIMIT(
            6, "silenceLimitMillis", Value.varInt(1), 15_000, "the link is lost when nothing is heard for so many ms"),
    MAX_DATAGRAM(7, "maxDatagramBytes", Value.varInt(1_200), 0, "bytes of the largest datagram taken"),
    INCARNATION(8, "incarnation", Value.u64(), 0, "random number of the process; 0 is none"),
    PSK_MAC(9, "pskMac", Value.bytes(32), -1, "proof of the network key, on QUIC"),
    LARGEST_REQUEST(
            10,
            "largestRequest",
            Value.varInt(0),
            0,
            "the most that one request or one-way message may cost, if above the request window"),
    LARGEST_REPLY(
            11, "largestReply", Value.varInt(0), 0, "the most that one reply may cost, if above the reply window"),
    FEATURES(
            12,
            "features",
            Value.varInt(0),
            0,
            "what this side understands: bit 0 errors of applications, bit 1 time limits of requests");

    private static final HelloSetting[] ALL = values();

    private final int number;
    private final String field;
    private final Value value;
    private final long absent;
    private final String description;

    HelloSetting(int number, String component, Value value, long absent, String description) {
        this.number = number;
        this.field = "HELLO " + component + (value.form() == Form.BYTES ? " length" : "");
        this.value = value;
        this.absent = absent;
        this.description = description;
    }

    /** The setting of that number; null if this version knows none. */
    static @Nullable HelloSetting of(long number) {
        for (HelloSetting setting : ALL) {
            if (setting.number == number) {
                return setting;
            }
        }
        return null;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** What it says, in words. */
    public String description() {
        return description;
    }

    /** The least legal value; of {@link #PSK_MAC}, which is no number, the least length. */
    public long least() {
        return value.least();
    }

    /** The highest legal value; of {@link #PSK_MAC} the highest length. */
    public long most() {
        return value.most();
    }

    /** What its absence means: a value of its own where there is a default, else one that stands for none. */
    public long absent() {
        return absent;
    }

    /** Whether absence means what could have been said too. */
    public boolean hasDefault() {
        return absent > 0;
    }

    Form form() {
        return value.form();
    }

    /** The name of its field, for errors. */
    String field() {
        return field;
    }

    /** Refuses what is neither legal nor absence. */
    void check(long value) {
        if (value != absent) {
            FieldCheck.range(field, value, least(), most());
        }
    }

    /** How a value is written. */
    enum Form {
        VARINT,
        U64,
        BYTES
    }

    private record Value(Form form, long least, long most) {

        static Value varInt(long least) {
            return new Value(Form.VARINT, least, VarInt.MAX);
        }

        static Value u64() {
            return new Value(Form.U64, Long.MIN_VALUE, Long.MAX_VALUE);
        }

        static Value bytes(int length) {
            return new Value(Form.BYTES, length, length);
        }
    }
}

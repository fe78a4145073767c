package io.weir.core.wire;

import io.weir.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Legal frames of every kind, drawn from a seed, with a liking for the edges of each range. */
final class RandomFrames {

    private static final int KINDS = FrameType.values().length;

    private final Random random;

    RandomFrames(long seed) {
        this.random = new Random(seed);
    }

    Frame next() {
        return of(FrameType.values()[random.nextInt(KINDS)]);
    }

    Frame of(FrameType type) {
        return switch (type) {
            case PADDING -> new LinkFrame.Padding(1 + random.nextInt(40));
            case PING -> new SessionFrame.Ping(random.nextLong());
            case PONG -> new SessionFrame.Pong(random.nextLong());
            case HEARTBEAT -> new SessionFrame.Heartbeat();
            case HELLO -> hello();
            case OPEN -> open();
            case WINDOW -> new CreditFrame.Window(number(), number(), number());
            case BLOCKED -> blocked();
            case CLOSE -> close();
            case RESET -> new StreamFrame.Reset(handle(), number());
            case STOP -> new StreamFrame.Stop(handle(), random.nextBoolean(), number());
            case FEEDBACK -> new LinkFrame.Feedback(ranges(), number(), number(), number(), number());
            case MESSAGE -> message();
            case GOAWAY -> new SessionFrame.Goaway(number(), number(), number(), number());
            case END -> new SessionFrame.End(number());
            case DATAGRAMS -> new StreamFrame.Datagrams(handle(), number());
            case DATA -> data();
            case UNKNOWN -> new LinkFrame.Unknown(0x40 + number(VarInt.MAX - 0x40), bytes(300));
        };
    }

    /** 0 to the largest varint, every length of encoding equally likely, edges often. */
    long number() {
        return number(VarInt.MAX);
    }

    private long number(long max) {
        int bits = new int[] {6, 14, 30, 62}[random.nextInt(4)];
        long top = (1L << bits) - 1;
        long value = switch (random.nextInt(4)) {
            case 0 -> top;
            case 1 -> bits == 62 ? 1L << 30 : top + 1;
            default -> random.nextLong() & top;
        };
        return Math.min(value, max);
    }

    private long handle() {
        return Math.max(Frame.FIRST_HANDLE, number());
    }

    private Frame open() {
        return new StreamFrame.Open(
                handle(),
                random.nextLong(),
                number(),
                random.nextBoolean(),
                random.nextBoolean() ? number() : StreamFrame.Open.NO_WINDOW,
                random.nextBoolean(),
                random.nextBoolean(),
                name(),
                headers());
    }

    private Frame hello() {
        return new Hello(
                number(),
                number(),
                number(),
                number(),
                number(),
                Math.max(1, number()),
                random.nextBoolean() ? 0 : Math.max(1_200, number()),
                random.nextBoolean() ? 0 : random.nextLong(),
                random.nextBoolean() ? null : fixedBytes(32),
                random.nextBoolean() ? 0 : number(),
                random.nextBoolean() ? 0 : number(),
                random.nextBoolean() ? 0 : number());
    }

    private Frame blocked() {
        long limit = number();
        return new CreditFrame.Blocked(number(), limit, number(limit));
    }

    private Frame close() {
        long code = errorCode();
        ErrorDetail detail = detail(code);
        long finalOffset = Math.max(number(), detail.cost());
        long elements = number((finalOffset - detail.cost()) / 16);
        return new StreamFrame.Close(handle(), finalOffset, elements, code, detail);
    }

    /** Every third is an application's. */
    private long errorCode() {
        return random.nextInt(3) == 0 ? ErrorCode.FIRST_OF_APPLICATIONS + random.nextInt(0x1_0000) : number();
    }

    private ErrorDetail detail(long code) {
        return ErrorCode.isApplications(code)
                ? new ErrorDetail(random.nextBoolean(), name(), bytes(8_192))
                : ErrorDetail.NONE;
    }

    private List<PacketRange> ranges() {
        List<PacketRange> ranges = new ArrayList<>();
        long top = number();
        while (ranges.isEmpty() || top >= 0 && ranges.size() < 60) {
            long first = top - Math.min(top, number(1L << random.nextInt(40)));
            ranges.add(new PacketRange(first, top));
            top = first - 2 - number(1L << random.nextInt(40));
        }
        return ranges;
    }

    private Frame message() {
        MessageType type = MessageType.values()[random.nextInt(MessageType.values().length)];
        if (type.compareTo(MessageType.REPLY) > 0) {
            Bytes body = type == MessageType.ERROR ? code() : Bytes.empty();
            return new MessageFrame(type, 1, 0, number(), name(), headers(), body);
        }
        int packets = (int) Math.max(1, number(0xFFFF));
        int packet = random.nextBoolean() ? 0 : random.nextInt(packets);
        long millisLeft = type == MessageType.REQUEST && random.nextBoolean() ? number() : MessageFrame.NO_LIMIT;
        return packet == 0
                ? new MessageFrame(type, packets, packet, number(), name(), headers(), bytes(2_000), millisLeft)
                : new MessageFrame(type, packets, packet, number(), "", Headers.empty(), bytes(2_000));
    }

    private Bytes code() {
        long code = errorCode();
        return Bytes.copyOf(detail(code).encode(code));
    }

    private Frame data() {
        boolean first = random.nextBoolean();
        boolean last = random.nextBoolean();
        Bytes payload = first ? bytes(2_000) : fixedBytes(1 + random.nextInt(2_000));
        long highest = VarInt.MAX - 16 - payload.length();
        long offset = random.nextBoolean() ? -1 : number(highest);
        long seq = random.nextBoolean() ? -1 : number();
        long total = first && !last ? Math.max(payload.length() + 1, number(VarInt.MAX - 16)) : -1;
        return new StreamFrame.Data(handle(), first, last, offset, seq, total, payload);
    }

    private Headers headers() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        int n = random.nextInt(4) == 0 ? random.nextInt(65) : random.nextInt(3);
        for (int i = 0; i < n; i++) {
            entries.put("h" + i, fixedBytes(random.nextInt(50)).toByteArray());
        }
        return Headers.of(entries);
    }

    private String name() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "n".repeat(255);
            case 2 -> "größe \uD83D\uDE80 価格";
            default -> "quotes";
        };
    }

    private Bytes bytes(int max) {
        return fixedBytes(random.nextInt(3) == 0 ? 0 : random.nextInt(max));
    }

    private Bytes fixedBytes(int length) {
        byte[] array = new byte[length];
        random.nextBytes(array);
        return Bytes.copyOf(array);
    }
}

package io.weir.core.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads and writes the fields of HELLO: how many settings, then of each its number, its length and its value. */
final class HelloCodec {

    private static final int MAX_SETTINGS = 64;
    private static final HelloSetting[] SETTINGS = HelloSetting.values();

    private HelloCodec() {}

    /** Null if the bytes are no HELLO; the violation is left in {@code in}. */
    static @Nullable Hello read(ByteReader in) {
        int n = (int) in.varInt("HELLO parameter count", 0, MAX_SETTINGS);
        long[] seen = new long[Math.max(n, 0)];
        Hello hello = Hello.defaults();
        for (int i = 0; i < n && !in.failed(); i++) {
            seen[i] = in.varInt("HELLO parameter id");
            for (int j = 0; j < i; j++) {
                if (seen[j] == seen[i]) {
                    in.fail("HELLO parameter " + seen[i] + " is repeated");
                }
            }
            int length = in.length("HELLO parameter length", Integer.MAX_VALUE);
            int start = in.position();
            hello = setting(hello, seen[i], length, in);
            if (in.position() != start + length) {
                in.fail(wrongLength(seen[i]));
            }
        }
        return in.failed() ? null : hello;
    }

    /** The same HELLO with what that setting says, which may be longer or shorter than announced. */
    private static Hello setting(Hello hello, long number, int length, ByteReader in) {
        HelloSetting setting = HelloSetting.of(number);
        if (setting == null) {
            in.skip(length);
            return hello;
        }
        return switch (setting.form()) {
            case VARINT -> {
                long value = in.varInt("HELLO parameter value", setting.least(), setting.most());
                yield in.failed() ? hello : hello.with(setting, value);
            }
            case U64 -> hello.with(setting, in.u64(setting.field()));
            case BYTES -> {
                if (length >= setting.least() && length <= setting.most()) {
                    yield hello.withPskMac(in.raw(length));
                }
                in.fail(wrongLength(number));
                yield hello;
            }
        };
    }

    private static String wrongLength(long number) {
        return "HELLO parameter " + number + " has a wrong length";
    }

    /** Everything that has a default is written all the same: the peer's version may have other defaults. */
    static void write(Hello hello, ByteSink out) {
        int n = 0;
        for (HelloSetting setting : SETTINGS) {
            n += hello.says(setting) ? 1 : 0;
        }
        out.varInt(FrameType.HELLO.number());
        out.varInt(n);
        for (HelloSetting setting : SETTINGS) {
            if (hello.says(setting)) {
                out.varInt(setting.number());
                value(hello, setting, out);
            }
        }
    }

    private static void value(Hello hello, HelloSetting setting, ByteSink out) {
        long value = hello.value(setting);
        switch (setting.form()) {
            case VARINT -> {
                out.varInt(VarInt.length(value));
                out.varInt(value);
            }
            case U64 -> {
                out.varInt(Long.BYTES);
                out.u64(value);
            }
            case BYTES -> out.bytes(Objects.requireNonNull(hello.pskMac()));
        }
    }
}

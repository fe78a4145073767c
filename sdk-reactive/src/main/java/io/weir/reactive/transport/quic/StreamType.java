package io.weir.reactive.transport.quic;

import io.weir.reactive.transport.Lane;
import org.jspecify.annotations.Nullable;

/** What a QUIC stream carries: its first byte. PROTOCOL section 1. */
enum StreamType {
    /** The control lane: exactly one in each direction. */
    CONTROL(Lane.CONTROL),
    /** The DATA of one half. */
    HALF(Lane.HALF),
    /** Lanes of messages, as many as its sender likes. */
    MESSAGES(Lane.MESSAGE),
    /** The last frames of the control lane, END behind them: taken when every stream opened before has ended. */
    END(Lane.CONTROL);

    private static final StreamType[] ALL = values();

    private final Lane lane;

    StreamType(Lane lane) {
        this.lane = lane;
    }

    /** Which lane the frames in it are of. */
    Lane lane() {
        return lane;
    }

    /** The first byte. */
    int number() {
        return ordinal();
    }

    /** The one of that number; null if there is none. */
    static @Nullable StreamType of(int number) {
        return number < ALL.length ? ALL[number] : null;
    }
}

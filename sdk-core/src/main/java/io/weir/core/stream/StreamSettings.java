package io.weir.core.stream;

import io.weir.core.error.Legal;
import io.weir.core.wire.FrameOrder;
import java.util.Objects;

/**
 * What a session allows.
 *
 * @param initialWindowBytes credit of each half that the peer opens, 16 to 2^30; part of HELLO
 * @param freeWindowBytes with what a claimed stream begins whose config asks for no size of its own;
 *     {@code initialWindowBytes} to 2^30
 * @param maxStreams streams that the peer may have open at once, 0 to 2^20
 * @param maxPayloadBytes largest element taken, 0 to 2^31 - 1,025; part of HELLO
 * @param maxUnclaimed streams of the peer that may wait for somebody to claim them, 0 to 2^20
 * @param maxOpened streams that this side may have open, or waiting for the peer to allow their OPEN; 1 to 2^20
 * @param order what the carrier promises of the order of frames
 */
public record StreamSettings(
        long initialWindowBytes,
        long freeWindowBytes,
        int maxStreams,
        long maxPayloadBytes,
        int maxUnclaimed,
        int maxOpened,
        FrameOrder order) {

    /** Largest payload that one array can hold. */
    private static final long MOST_PAYLOAD_BYTES = Integer.MAX_VALUE - 1_024;

    private static final int MOST = 1 << 20;

    public StreamSettings {
        Legal.range("initialWindowBytes", initialWindowBytes, StreamConfig.MIN_WINDOW_BYTES, 1L << 30);
        Legal.range("freeWindowBytes", freeWindowBytes, initialWindowBytes, 1L << 30);
        Legal.range("maxStreams", maxStreams, 0, MOST);
        Legal.range("maxPayloadBytes", maxPayloadBytes, 0, MOST_PAYLOAD_BYTES);
        Legal.range("maxUnclaimed", maxUnclaimed, 0, MOST);
        Legal.range("maxOpened", maxOpened, 1, MOST);
        Objects.requireNonNull(order, "order");
    }

    /** With one window for all that ask for none, over an ordered link. */
    public StreamSettings(
            long initialWindowBytes, int maxStreams, long maxPayloadBytes, int maxUnclaimed, int maxOpened) {
        this(
                initialWindowBytes,
                initialWindowBytes,
                maxStreams,
                maxPayloadBytes,
                maxUnclaimed,
                maxOpened,
                FrameOrder.TOTAL);
    }

    /** With one window for all that ask for none, 16 unclaimed streams and 4,096 of this side's own. */
    public StreamSettings(long initialWindowBytes, int maxStreams, long maxPayloadBytes) {
        this(initialWindowBytes, maxStreams, maxPayloadBytes, 16, 4_096);
    }

    /** The same with another {@code freeWindowBytes}. */
    public StreamSettings withFreeWindow(long bytes) {
        return new StreamSettings(
                initialWindowBytes, bytes, maxStreams, maxPayloadBytes, maxUnclaimed, maxOpened, order);
    }

    /** The same with another {@code maxOpened}. */
    public StreamSettings withMaxOpened(int streams) {
        return new StreamSettings(
                initialWindowBytes, freeWindowBytes, maxStreams, maxPayloadBytes, maxUnclaimed, streams, order);
    }

    /** The same for a carrier that promises another order. */
    public StreamSettings withOrder(FrameOrder carrierOrder) {
        return new StreamSettings(
                initialWindowBytes,
                freeWindowBytes,
                maxStreams,
                maxPayloadBytes,
                maxUnclaimed,
                maxOpened,
                carrierOrder);
    }

    /** 65,536 bytes of window, 256 streams, 16 MiB payload, 16 unclaimed streams, 4,096 of this side's own. */
    public static StreamSettings defaults() {
        return new StreamSettings(65_536, 256, 16 << 20);
    }
}

package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamListener;
import org.jspecify.annotations.Nullable;

/**
 * What the core tells of a stream's epoch: gives it to the half or the close that it is about, with the peer's codes as
 * exceptions, and counts what the peer does as use of the stream. Loop-confined.
 */
final class EpochListener implements StreamListener {

    private final LiveStream stream;
    private final OutboundHalf outbound;
    private final InboundHalf inbound;
    private final StreamClose close;

    EpochListener(LiveStream stream, StreamClose close) {
        this.stream = stream;
        this.outbound = stream.outbound;
        this.inbound = stream.inbound;
        this.close = close;
    }

    @Override
    public void onSendable() {
        stream.touch();
        stream.expiry.onOpened();
        outbound.onSendable();
    }

    @Override
    public void onSendEnded(@Nullable ErrorCode stopped, long rawCode) {
        outbound.end(stopped == null ? null : new StreamStopped(CloseReason.remote(rawCode)));
    }

    @Override
    public void onSendSettled(@Nullable ErrorCode stopped, long rawCode) {
        close.onSettled(stopped == null ? null : new StreamStopped(CloseReason.remote(rawCode)));
    }

    @Override
    public boolean onElement(byte[] array, int offset, int length) {
        stream.touch();
        return inbound.onElement(array, offset, length);
    }

    @Override
    public void onReceiveEnded(@Nullable ErrorCode reset, long rawCode) {
        if (reset == null) {
            inbound.end(null);
        } else {
            inbound.endTold(rawCode);
        }
    }

    @Override
    public void onEnded() {
        if (!stream.isOver()) {
            // both halves were confirmed ended, so each has told its end already; be safe against a missing one
            outbound.end(null);
            inbound.end(null);
        }
    }
}

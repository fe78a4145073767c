package io.weir.reactive.transport.quic;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All streams of this side's on one connection: each is opened when there is something for it, as far as the peer allows it. They
 * know how much QUIC has not taken. Loop-confined.
 */
final class OutboundStreams implements LaneOutput.Owner {

    /** Bytes that wait for QUIC in all, above which no lane but control is asked. */
    static final int MOST_HELD_UP = 64 * 1024;

    /** Hears when it can go on. Not from inside a call of its own. */
    interface Owner {
        /** There is room again, for that half's stream too if it is not null. */
        void onRoom(@Nullable HalfOutput half);

        /** The peer takes no more of a stream, to which it has no right. */
        void onRefused(Throwable cause);
    }

    private final QuicConnection connection;
    private final Owner owner;
    private final Map<Integer, LaneOutput> messages = new HashMap<>();
    private final Set<HalfOutput> streamless = new LinkedHashSet<>();
    private @Nullable LaneOutput control;
    private int heldUp;
    private long takenAtNanos;

    OutboundStreams(QuicConnection connection, Owner owner) {
        this.connection = connection;
        this.owner = owner;
    }

    /** Whether little enough waits, so that lanes are to be asked. */
    boolean takeMore() {
        return heldUp < MOST_HELD_UP;
    }

    /** How long QUIC has taken nothing of what waits, in ns until now; 0 where nothing does. */
    long stalledNanos(long nowNanos) {
        return heldUp == 0 ? 0 : nowNanos - takenAtNanos;
    }

    /** The one of control; null if the peer does not allow it yet. No other is opened before it. */
    @Nullable
    LaneOutput control() {
        if (control == null) {
            control = open(StreamType.CONTROL, this);
        }
        return control;
    }

    /** One of messages, by its number. Where the peer allows no more, those of large messages are that of small ones, for good. */
    @Nullable
    LaneOutput messages(int number) {
        LaneOutput known = messages.get(number);
        if (known == null && control != null) {
            known = open(StreamType.MESSAGES, this);
            if (known == null && number != MessageOutputs.SMALL) {
                known = messages.get(MessageOutputs.SMALL);
            }
            if (known != null) {
                messages.put(number, known);
            }
        }
        return known;
    }

    /** Whether the peer allows one for a half now; if not, the half is among {@link #allowed} later. */
    boolean allowsHalf(HalfOutput half) {
        boolean allowed = control != null && connection.allowsStream();
        if (!allowed) {
            streamless.add(half);
        }
        return allowed;
    }

    /** A fresh one for a half for which it is allowed; null if the connection is over. */
    @Nullable
    LaneOutput half(HalfOutput half) {
        return open(StreamType.HALF, new OfHalf(half));
    }

    /** This half needs none any more. */
    void forget(HalfOutput half) {
        streamless.remove(half);
    }

    /** All that there are now but those of halves, which know their own. */
    Set<LaneOutput> withoutHalves() {
        Set<LaneOutput> all = new LinkedHashSet<>();
        if (control != null) {
            all.add(control);
        }
        all.addAll(messages.values());
        return all;
    }

    /** The peer allows more: the halves that wait for one, which are asked again. */
    List<HalfOutput> allowed() {
        List<HalfOutput> waiting = new ArrayList<>(streamless);
        streamless.clear();
        return waiting;
    }

    /** Ends all but those of halves. */
    void finish() {
        LaneOutput known = control;
        if (known != null) {
            known.finish();
        }
        new HashSet<>(messages.values()).forEach(LaneOutput::finish);
    }

    /** The last one, with these frames; null if the peer does not allow it yet. The result tells when QUIC has taken it. */
    @Nullable
    ChannelFuture last(byte[] frames) {
        LaneOutput made = open(StreamType.END, this);
        if (made == null) {
            return null;
        }
        made.write(frames, 0, frames.length);
        return made.finish();
    }

    private @Nullable LaneOutput open(StreamType type, LaneOutput.Owner hears) {
        QuicStreamChannel stream = connection.openStream();
        return stream == null ? null : new LaneOutput(stream, type, hears);
    }

    // ---- what becomes of what is written

    @Override
    public void onHeldUp(int bytes) {
        if (heldUp == 0) {
            takenAtNanos = connection.loop().nowNanos();
        }
        heldUp += bytes;
    }

    @Override
    public void onTaken(int bytes) {
        onTaken(bytes, null);
    }

    private void onTaken(int bytes, @Nullable HalfOutput half) {
        heldUp -= bytes;
        takenAtNanos = connection.loop().nowNanos();
        owner.onRoom(half);
    }

    @Override
    public void onRefused(Throwable cause) {
        owner.onRefused(cause);
    }

    /** The stream of a half, which has its turn again when QUIC has taken what waited. */
    private final class OfHalf implements LaneOutput.Owner {
        private final HalfOutput half;

        OfHalf(HalfOutput half) {
            this.half = half;
        }

        @Override
        public void onHeldUp(int bytes) {
            OutboundStreams.this.onHeldUp(bytes);
        }

        @Override
        public void onTaken(int bytes) {
            OutboundStreams.this.onTaken(bytes, half);
        }

        @Override
        public void onRefused(Throwable cause) {
            owner.onRefused(cause);
        }
    }
}

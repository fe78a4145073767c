package io.weir.reactive.transport.quic;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import io.weir.core.path.PathStats;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a connection is like, as QUIC's library counts it. Asked only when somebody wants to know; a look costs two calls
 * into it. Confined to the channel's loop.
 */
final class QuicPath {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final QuicChannel channel;
    private int active;
    private long leastRtt = Long.MAX_VALUE;
    private @Nullable PathStats last;

    QuicPath(QuicChannel channel) {
        this.channel = channel;
    }

    /** How it is now, or was when the connection ended; null if nobody has looked before that, or there were no keys yet. */
    @Nullable
    PathStats stats() {
        QuicConnectionPathStats path = channel.isActive() ? activePath() : null;
        QuicConnectionStats all = path == null ? null : now(channel.collectStats());
        if (path != null && all != null) {
            leastRtt = Math.min(leastRtt, path.rtt());
            last = of(path, all);
        }
        return last;
    }

    private PathStats of(QuicConnectionPathStats path, QuicConnectionStats all) {
        double seconds = (double) Math.max(1, path.rtt()) / NANOS_PER_SECOND;
        return new PathStats(
                path.rtt(),
                leastRtt,
                path.cwnd(),
                0, // it does not tell
                all.sent(),
                all.lost(),
                all.retrans(),
                (int) path.pmtu(),
                (long) (path.cwnd() / seconds));
    }

    /** A peer that has moved has left others behind. */
    private @Nullable QuicConnectionPathStats activePath() {
        QuicConnectionPathStats path = now(channel.collectPathStats(active));
        for (int other = 0; path != null && !path.active(); other++) {
            active = other;
            path = now(channel.collectPathStats(other));
        }
        active = path == null ? 0 : active;
        return path;
    }

    /** On the loop everything is known at once. */
    private static <T> @Nullable T now(Future<T> asked) {
        return asked.isSuccess() ? asked.getNow() : null;
    }
}

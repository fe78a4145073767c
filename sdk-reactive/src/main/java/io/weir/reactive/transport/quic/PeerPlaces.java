package io.weir.reactive.transport.quic;

import io.weir.reactive.transport.SessionLoop;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where the peer of one accepted connection is, or was, and when it moves, what makes up for what was under way to elsewhere: see
 * {@link LastDatagrams}. There are no more places than the library keeps, {@link QuicCodecs#MOST_ADDRESSES}. Loop-confined.
 */
final class PeerPlaces {

    /** When it is sent again besides, as the first may be lost: behind the move, in ns. */
    private static final long[] AGAIN_NANOS = {100_000_000L, 400_000_000L, 1_600_000_000L};

    private final LastDatagrams lasts;
    private final SessionLoop loop;
    private final Set<InetSocketAddress> places = new LinkedHashSet<>();
    private boolean over;

    PeerPlaces(LastDatagrams lasts, SessionLoop loop) {
        this.lasts = lasts;
        this.loop = loop;
    }

    /** A packet has come from there, which proves nothing yet. But a peer takes nothing that is more than 128 packets late. */
    void seen(InetSocketAddress at) {
        if (over || places.size() >= QuicCodecs.MOST_ADDRESSES || !places.add(at)) {
            return;
        }
        lasts.watch(at);
        for (InetSocketAddress left : places) {
            byte[] last = left.equals(at) ? null : lasts.last(left);
            if (last != null) {
                lasts.sendUnproved(last, at);
            }
        }
    }

    /** It is proved to be there: what was under way to elsewhere since it was there is lost. */
    void moved(InetSocketAddress to) {
        seen(to);
        lasts.stopWaiting(to);
        for (InetSocketAddress left : places) {
            byte[] last = left.equals(to) ? null : lasts.last(left);
            if (last != null) {
                lasts.forgetLast(left);
                lasts.send(last, to);
                for (long nanos : AGAIN_NANOS) {
                    loop.schedule(() -> sendAgain(last, to), loop.nowNanos() + nanos);
                }
            }
        }
    }

    private void sendAgain(byte[] last, InetSocketAddress to) {
        if (!over) {
            lasts.send(last, to);
        }
    }

    /** The connection is over. */
    void clear() {
        over = true;
        places.forEach(lasts::stopWaiting);
        places.forEach(lasts::forget);
        places.clear();
    }
}

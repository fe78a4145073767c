package io.weir.core.path;

import io.weir.core.error.Legal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How large datagrams may be on one path, found by probing (DPLPMTUD, RFC 8899, as RFC 9000 section 14.3 uses it): 1,200
 * bytes, which the handshake has proved to pass, and more as soon as a probe of that size was acknowledged.
 *
 * <pre>
 *              probe acknowledged, or lost less than 3 times
 *                  +-----------+
 *                  v           |
 *   start --&gt; SEARCHING -------+--nothing more to win--&gt; SEARCH COMPLETE
 *                  ^                                          |
 *                  +------------600 s have passed-------------+
 *                  |
 *                  +--60 s--BLACK HOLE (1,200 bytes) &lt;--large packets get lost, small ones arrive-- any
 * </pre>
 *
 * <p>A probe is a packet like any other, filled up with PADDING, with nothing in it that would be missed; one is under way at
 * a time. Its loss is no sign of congestion. Deterministic, loop-confined.
 */
final class PathMtu {

    /** What each path carries that Weir can use; BASE_PLPMTU and MIN_PLPMTU. */
    static final int BASE_BYTES = 1_200;
    /** The most that UDP carries over IPv4. */
    static final int MOST_BYTES = 65_507;

    /** PMTU_RAISE_TIMER, RFC 8899 section 5.1.1. */
    static final long RAISE_NANOS = 600_000_000_000L;

    static final long BLACK_HOLE_NANOS = 60_000_000_000L;

    /** More than the probes of one search, 6 common sizes and 16 halvings. */
    private static final int MOST_REFUSED = 32;

    private static final long NONE = -1;

    private int limit;
    private int bytes = BASE_BYTES;
    private MtuSearch search;
    private BlackHoleDetector detector = new BlackHoleDetector(BASE_BYTES);
    private long searchNanos; // when the next search begins, if none is going on
    private boolean searching = true;
    private long probe = NONE;
    private int probeBytes;
    private boolean probeUnderWay;
    private @Nullable Set<Long>
            refusedProbes; // which were not sent, and are not known to be lost yet; at most MOST_REFUSED

    /** For a new path, with datagrams of up to {@code limit} bytes, {@link #BASE_BYTES} to {@link #MOST_BYTES}. */
    PathMtu(int limit) {
        this.limit = requireLimit("limit", limit);
        search = new MtuSearch(bytes, limit);
    }

    static int requireLimit(String name, int bytes) {
        Legal.range(name, bytes, BASE_BYTES, MOST_BYTES);
        return bytes;
    }

    /** Datagrams may have so many bytes from now on, as far as the peer goes: more than before, and what is larger is searched. */
    void onLimit(int most) {
        limit = requireLimit("limit", most);
        if (most > bytes && !probeUnderWay) {
            searching = true;
            search = new MtuSearch(bytes, most);
        }
    }

    /** The size of datagrams now. */
    int bytes() {
        return bytes;
    }

    /** The size of the probe that is due, or 0. */
    int probeDue(long nowNanos) {
        if (probeUnderWay) {
            return 0;
        }
        if (!searching) {
            if (nowNanos - searchNanos < 0) {
                return 0;
            }
            searching = true;
            search = new MtuSearch(bytes, limit);
        }
        int size = search.next();
        if (size == 0) {
            searching = false;
            searchNanos = nowNanos + RAISE_NANOS;
        }
        return size;
    }

    /** The probe went out as this packet. */
    void onProbeSent(long number, int size) {
        probe = number;
        probeBytes = size;
        probeUnderWay = true;
    }

    /** A packet has arrived. Returns whether datagrams may be larger from now on. */
    boolean onAcked(long number, int size) {
        detector.onAcked(number, size);
        if (number != probe) {
            return false;
        }
        probe = NONE;
        probeUnderWay = false;
        search.onArrived(probeBytes);
        bytes = probeBytes;
        return true;
    }

    /** A packet is taken to be lost. Returns whether that may be congestion: not of a probe (RFC 8899 section 3). */
    boolean onLost(long number, int size) {
        if (refusedProbes != null && refusedProbes.remove(number)) {
            return false;
        }
        if (number != probe) {
            detector.onLost(number, size);
            return true;
        }
        // Its number is kept: it may arrive yet.
        if (probeUnderWay) {
            probeUnderWay = false;
            if (searching) {
                search.onLost();
            }
        }
        return false;
    }

    /** A FEEDBACK was read to its end. Returns whether datagrams have to be smaller from now on. */
    boolean onFeedbackEnd(long nowNanos) {
        return detector.onFeedbackEnd() && shrink(nowNanos);
    }

    /**
     * The system has refused to send a datagram of this size: it is larger than its interface takes. Returns whether datagrams
     * have to be smaller from now on.
     */
    boolean onRefused(int size, long nowNanos) {
        if (size <= bytes) {
            return shrink(nowNanos);
        }
        if (probeUnderWay && size == probeBytes) {
            probeUnderWay = false;
            keepRefused(probe);
            probe = NONE;
        }
        search.onRefused(size);
        return false;
    }

    /** It was not sent, so that its loss will say nothing about the path: neither congestion nor a black hole. */
    private void keepRefused(long number) {
        if (refusedProbes == null) {
            refusedProbes = new HashSet<>();
        }
        if (refusedProbes.size() < MOST_REFUSED) {
            refusedProbes.add(number);
        }
    }

    private boolean shrink(long nowNanos) {
        detector = new BlackHoleDetector(BASE_BYTES);
        searching = false;
        searchNanos = nowNanos + BLACK_HOLE_NANOS;
        probe = NONE;
        probeUnderWay = false;
        boolean smaller = bytes > BASE_BYTES;
        bytes = BASE_BYTES;
        return smaller;
    }
}
